/*
 * time_products.h: what three dates or more say together, as rasters.
 *
 * One map may err at one date. The chain over all dates (change/timeline.h) gives each cell its most
 * probable sequence of classes; where the maps changed and the sequence did not, the map flickered and
 * the land stayed as it was.
 */
#ifndef LU_JOB_TIME_PRODUCTS_H
#define LU_JOB_TIME_PRODUCTS_H

#include "change/timeline.h"
#include "job/change/detect.h"
#include "job/county/products.h"

/* All borrowed. */
struct lu_time_task {
	const char *folder;
	const struct lu_frame *frame;
	struct lu_detector *detector;
	size_t dates;
	const char *const *labels; /* one a date; FOLDER/LABEL is there */
	const struct lu_class_rows *maps; /* as they were mapped, one a date */
	const struct lu_legend *legend; /* class k of the detector is legend->classes[k] */
	const char *const *metadata; /* "KEY=VALUE", NULL-terminated, 16 at most */
};

/*
 * FOLDER/LABEL/landuse_smoothed.tif	the class by the sequence; cells not mapped at the date stay so
 * FOLDER/trajectory.tif		1 stable, 2 one change, 3 flicker, 4 several changes; 0: not mapped at two dates
 * FOLDER/year_of_change.tif		the year of the date at which the sequence first differs, 0 elsewhere; left
 *					out when a label does not begin with a year
 */
enum lu_status lu_products_time(const struct lu_time_task *task, struct lu_outputs *outputs, struct lu_error *err);

/* The year that a label begins with ("2016", "2016-07-01", "20160701"), or 0. */
int lu_label_year(const char *label);

#endif
