/* time_tally.c: class trajectories counted row by row. */
#include "change/time_tally.h"

#include "base/memory.h"

static enum lu_status make_tables(const struct lu_time_task *task, struct lu_time_tally *out, struct lu_error *err)
{
	const size_t classes = task->legend->count;
	uint16_t *values = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&values, classes, sizeof(*values), "class values", err));
	for (size_t k = 0; k < classes; k++)
		values[k] = task->legend->classes[k].value;
	LU_TRY(lu_alloc(&out->in_time, task->dates, sizeof(struct lu_transition *), "tables", err));
	out->dates = task->dates;
	for (size_t d = 0; d < task->dates; d++)
		LU_TRY(lu_transition_new(values, classes, &out->in_time[d], err));
	LU_TRY(lu_transition_new((const uint16_t[]){LU_TRAJECTORY_STABLE, LU_TRAJECTORY_CHANGED, LU_TRAJECTORY_UNSTABLE,
						    LU_TRAJECTORY_SEVERAL},
				 4, &out->trajectory, err));
out:
	lu_free(values);
	return status;
}

enum lu_status lu_time_tally_begin(const struct lu_time_task *task, struct lu_time_tally *out, struct lu_error *err)
{
	enum lu_status status;

	*out = (struct lu_time_tally){0};
	LU_TRY(make_tables(task, out, err));
	LU_TRY(lu_alloc(&out->told, (size_t)task->frame->width, sizeof(*out->told), "a row", err));
out:
	return status;
}

enum lu_status lu_time_tally_add(struct lu_time_tally *tally, const struct lu_trajectory_rows *trajectories,
				 const double *area_m2, struct lu_error *err)
{
	const size_t cols = (size_t)trajectories->task->frame->width;
	enum lu_status status = LU_OK;

	for (size_t d = 0; d < tally->dates; d++)
		LU_TRY(lu_transition_add(tally->in_time[d], trajectories->mapped + d * cols,
					 trajectories->smoothed + d * cols, area_m2, cols, err));
	for (size_t col = 0; col < cols; col++)
		tally->told[col] = trajectories->trajectory[col];
	LU_TRY(lu_transition_add(tally->trajectory, tally->told, tally->told, area_m2, cols, err));
out:
	return status;
}

void lu_time_tally_release(struct lu_time_tally *tally)
{
	for (size_t d = 0; d < tally->dates; d++)
		lu_transition_free(tally->in_time[d]);
	lu_free(tally->in_time);
	lu_free(tally->told);
	lu_transition_free(tally->trajectory);
	*tally = (struct lu_time_tally){0};
}
