/*
 * trajectory_rows.h: each cell's classes through all dates, as mapped and by the most probable sequence, and what they tell.
 *
 * One map may err at one date. The chain over all dates (change/timeline.h) gives each cell its most
 * probable sequence of classes; where the maps changed and the sequence did not, the map was unstable and
 * the land stayed as it was.
 */
#ifndef LU_CHANGE_TRAJECTORY_ROWS_H
#define LU_CHANGE_TRAJECTORY_ROWS_H

#include "change/detect.h"
#include "change/trajectory.h"
#include "maps/products.h"

/* All borrowed. */
struct lu_time_task {
	const char *folder;
	const struct lu_frame *frame;
	struct lu_detector *detector;
	size_t dates;
	const char *const *labels; /* one a date; FOLDER/LABEL is there */
	const struct lu_legend *legend; /* class k of the detector is legend->classes[k] */
	const char *const *metadata; /* "KEY=VALUE", NULL-terminated, 16 at most */
};

/* One row of cells at a time. */
struct lu_trajectory_rows {
	const struct lu_time_task *task;
	const uint16_t *mapped; /* the row's maps, borrowed */
	uint16_t *smoothed; /* dates x cols: values of classes; what is not mapped or uncertain at the date stays so */
	uint8_t *trajectory; /* cols: enum lu_trajectory */
	int *change; /* cols: the date at which the sequence first differs, or -1 */
	uint16_t *paths; /* scratch: cols x dates */
};

/* Release it also after a failure. */
enum lu_status lu_trajectory_rows_init(struct lu_trajectory_rows *trajectories, const struct lu_time_task *task,
				       struct lu_error *err);
void lu_trajectory_rows_release(struct lu_trajectory_rows *trajectories);

/* Read row 'row', of which 'maps' are the classes as they were mapped, a row a date (dates x cols; kept by address). */
enum lu_status lu_trajectory_rows_read(struct lu_trajectory_rows *trajectories, int64_t row, const uint16_t *maps,
				       struct lu_error *err);

#endif
