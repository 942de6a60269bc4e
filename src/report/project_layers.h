/*
 * project_layers.h: inside report/ only: which outputs are layers of the project, in which group, under which name.
 */
#ifndef LU_REPORT_PROJECT_LAYERS_H
#define LU_REPORT_PROJECT_LAYERS_H

#include <jansson.h>

#include "base/geometry.h"
#include "report/page.h"

/* From the top of the legend to its bottom, which is the order in which they cover each other. */
enum lu_project_group {
	LU_GROUP_CANDIDATES,
	LU_GROUP_PLACES,
	LU_GROUP_SIGNIFICANCE,
	LU_GROUP_CHANGE,
	LU_GROUP_DATES,
	LU_GROUP_CONFIDENCE,
	LU_GROUP_IMAGERY,
	LU_PROJECT_GROUPS,
};
extern const char *const lu_project_groups[LU_PROJECT_GROUPS];

struct lu_project_layer {
	enum lu_project_group group;
	char *id, *name;
	char *source; /* as the project names it: relative to the folder */
	char *path; /* as this program opens it */
	bool vector, visible;
	double opacity;
	size_t entries; /* of a raster's legend; 0: not known */
	char start[16], end[16]; /* days, of a map of a date that tells its time; else "" */
};
struct lu_project_layers {
	struct lu_project_layer *items;
	size_t count;
	char from[16], to[16]; /* days that all maps lie between, or "" */
};

/* What the raster 'file' ("landuse.tif") of a date or pair 'of' is called for a person; lu_free it. NULL: no memory. */
char *lu_raster_title(const char *file, const char *of);

/* By the names of the files; 'statistics' has the dates and the pairs. Release also after a failure. */
enum lu_status lu_project_layers_list(const struct lu_page_files *files, const json_t *statistics,
				      struct lu_project_layers *out, struct lu_error *err);
void lu_project_layers_release(struct lu_project_layers *layers);

#endif
