/*
 * page_data.h: inside report/ only: outputs as JSON for the page's script.
 */
#ifndef LU_REPORT_PAGE_DATA_H
#define LU_REPORT_PAGE_DATA_H

#include <jansson.h>

#include "base/geometry.h"
#include "report/page.h"

/* The cells that the page's pictures have. */
struct lu_page_grid {
	struct lu_frame frame; /* of the maps; lu_frame_release it */
	int64_t step; /* cells of the maps for one of the pictures', along a side; 0: there is no map */
	int64_t width, height; /* of the pictures */
};

/* FOLDER/statistics.json, for json_decref. LU_ERROR_FORMAT: it is not as landuse writes it. */
enum lu_status lu_page_statistics(const struct lu_page_files *files, json_t **out, struct lu_error *err);

/* Is FOLDER/'name' among the files? */
bool lu_page_has(const struct lu_page_files *files, const char *name);

/*
 * The maps as pictures that the script takes apart again, into 'page': of each date red = class and green = confidence in
 * percent, of each pair red = from, green = to of the flagged cells, blue = percent of change; the grid and
 * the classes with their colours. 'statistics' names dates and pairs.
 */
enum lu_status lu_page_maps(const struct lu_page_files *files, const json_t *statistics, json_t *page,
			    struct lu_page_grid *grid, struct lu_error *err);

/* Outlines in cells of the pictures, into 'page': the boundary, zones, candidates with their facts and the best with pictures. */
enum lu_status lu_page_shapes(const struct lu_page_files *files, const struct lu_page_grid *grid, json_t *page,
			      struct lu_error *err);

#endif
