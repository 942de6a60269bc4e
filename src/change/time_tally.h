/*
 * time_tally.h: areas of what three dates or more say together.
 */
#ifndef LU_CHANGE_TIME_TALLY_H
#define LU_CHANGE_TIME_TALLY_H

#include "change/trajectory_rows.h"
#include "maps/transition.h"

struct lu_time_tally {
	struct lu_transition **in_time; /* one a date: rows = as mapped, columns = smoothed in time */
	size_t dates;
	struct lu_transition *trajectory; /* enum lu_trajectory crossed with itself */
	uint16_t *told; /* scratch: one row */
};

/* Begin, then add every row of trajectories with its cells' areas inside the county. Release '*out' also after a failure. */
enum lu_status lu_time_tally_begin(const struct lu_time_task *task, struct lu_time_tally *out, struct lu_error *err);
enum lu_status lu_time_tally_add(struct lu_time_tally *tally, const struct lu_trajectory_rows *trajectories,
				 const double *area_m2, struct lu_error *err);
void lu_time_tally_release(struct lu_time_tally *tally);

#endif
