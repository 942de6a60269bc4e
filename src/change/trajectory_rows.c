/* trajectory_rows.c: sequences and maps, side by side, a row at a time. */
#include "change/trajectory_rows.h"

#include "base/memory.h"
#include "change/timeline.h"

enum lu_status lu_trajectory_rows_init(struct lu_trajectory_rows *trajectories, const struct lu_time_task *task,
				       struct lu_error *err)
{
	const size_t cols = (size_t)task->frame->width, cells = cols * task->dates;
	enum lu_status status;

	*trajectories = (struct lu_trajectory_rows){.task = task};
	LU_TRY(lu_alloc(&trajectories->paths, cells, sizeof(*trajectories->paths), "a row of sequences", err));
	LU_TRY(lu_alloc(&trajectories->smoothed, cells, sizeof(*trajectories->smoothed), "a row of sequences", err));
	LU_TRY(lu_alloc(&trajectories->trajectory, cols, 1, "a row of trajectories", err));
	LU_TRY(lu_alloc(&trajectories->change, cols, sizeof(*trajectories->change), "a row of changes", err));
out:
	return status;
}

void lu_trajectory_rows_release(struct lu_trajectory_rows *trajectories)
{
	lu_free(trajectories->paths);
	lu_free(trajectories->smoothed);
	lu_free(trajectories->trajectory);
	lu_free(trajectories->change);
	*trajectories = (struct lu_trajectory_rows){0};
}

/* A cell's class trajectory by its sequence; where that stands still and the maps did not, they are unstable. */
static enum lu_trajectory tell(const uint16_t *map, const uint16_t *path, size_t dates, int *change)
{
	const enum lu_trajectory told = lu_trajectory_of(path, dates, change);
	int unused;

	if (told == LU_TRAJECTORY_STABLE && lu_trajectory_of(map, dates, &unused) != LU_TRAJECTORY_STABLE)
		return LU_TRAJECTORY_UNSTABLE;
	return told;
}

enum lu_status lu_trajectory_rows_read(struct lu_trajectory_rows *trajectories, int64_t row, const uint16_t *maps,
				       struct lu_error *err)
{
	const struct lu_time_task *task = trajectories->task;
	const size_t cols = (size_t)task->frame->width, dates = task->dates;
	enum lu_status status;

	LU_TRY(lu_detector_paths(task->detector, row, trajectories->paths, err));
	trajectories->mapped = maps;
	for (size_t col = 0; col < cols; col++) {
		uint16_t map[LU_MAX_DATES], path[LU_MAX_DATES];
		for (size_t d = 0; d < dates; d++) {
			const uint16_t class = trajectories->paths[col * dates + d];
			const uint16_t mapped = trajectories->mapped[d * cols + col];
			const bool uncertain = mapped != 0 && mapped == task->legend->uncertain;
			path[d] = class == LU_NOT_MAPPED ? 0 : task->legend->classes[class].value;
			map[d] = uncertain ? 0 : mapped;
			trajectories->smoothed[d * cols + col] = uncertain ? mapped : path[d];
		}
		trajectories->trajectory[col] = (uint8_t)tell(map, path, dates, &trajectories->change[col]);
	}
out:
	return status;
}
