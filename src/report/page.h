/*
 * page.h: report.html: what a run found, as one page for a person who has a browser and nothing else.
 *
 * All is made from the outputs themselves: the figures are those of statistics.json, word for word, maps those of the
 * rasters (brought to fewer cells where they have many), places those of the GeoPackages. The page holds them as data;
 * its script (page/) draws. It asks nothing of a network, and the same outputs give the same bytes.
 */
#ifndef LU_REPORT_PAGE_H
#define LU_REPORT_PAGE_H

#include "base/error.h"
#include "report/charts.h"

/* The outputs of a folder: names relative to it. All borrowed. */
struct lu_page_files {
	const char *folder;
	char *const *paths;
	size_t count;
	const struct lu_page_imagery *imagery; /* what the maps were made from, as far as it is known */
	size_t imagery_count;
};
struct lu_page_imagery {
	const char *label; /* of the date */
	const char *path;
};

#define LU_PAGE_NAME "report.html"
#define LU_PAGE_PRINTED "report.pdf"

/*
 * Write FOLDER/report.html and its figures in FOLDER/charts durably; '*charts' are these figures, for lu_charts_release also
 * after a failure. statistics.json must be among the files; what else is not there is left out of the page. LU_ERROR_FORMAT:
 * an output is not as landuse writes it.
 */
enum lu_status lu_page_write(const struct lu_page_files *files, struct lu_charts *charts, struct lu_error *err);

#endif
