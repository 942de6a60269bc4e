/* stories.c: sequences and maps, side by side. */
#include "change/stories.h"

#include "base/memory.h"
#include "change/timeline.h"

enum lu_status lu_stories_init(struct lu_stories *stories, const struct lu_time_task *task, struct lu_error *err)
{
	const size_t cols = (size_t)task->frame->width, cells = cols * task->dates;
	enum lu_status status;

	*stories = (struct lu_stories){.task = task};
	LU_TRY(lu_alloc(&stories->paths, cells, sizeof(*stories->paths), "a row of sequences", err));
	LU_TRY(lu_alloc(&stories->smoothed, cells, sizeof(*stories->smoothed), "a row of sequences", err));
	LU_TRY(lu_alloc(&stories->trajectory, cols, 1, "a row of trajectories", err));
	LU_TRY(lu_alloc(&stories->change, cols, sizeof(*stories->change), "a row of changes", err));
out:
	return status;
}

void lu_stories_release(struct lu_stories *stories)
{
	lu_free(stories->paths);
	lu_free(stories->smoothed);
	lu_free(stories->trajectory);
	lu_free(stories->change);
	*stories = (struct lu_stories){0};
}

/* A cell's story by its sequence; where that stands still and the maps did not, they flickered. */
static enum lu_trajectory tell(const uint16_t *map, const uint16_t *path, size_t dates, int *change)
{
	const enum lu_trajectory told = lu_trajectory_of(path, dates, change);
	int unused;

	if (told == LU_TRAJECTORY_STABLE && lu_trajectory_of(map, dates, &unused) != LU_TRAJECTORY_STABLE)
		return LU_TRAJECTORY_FLICKER;
	return told;
}

enum lu_status lu_stories_row(struct lu_stories *stories, int64_t row, const uint16_t *maps, struct lu_error *err)
{
	const struct lu_time_task *task = stories->task;
	const size_t cols = (size_t)task->frame->width, dates = task->dates;
	enum lu_status status;

	LU_TRY(lu_detector_paths(task->detector, row, stories->paths, err));
	stories->mapped = maps;
	for (size_t col = 0; col < cols; col++) {
		uint16_t map[LU_MAX_DATES], path[LU_MAX_DATES];
		for (size_t d = 0; d < dates; d++) {
			const uint16_t class = stories->paths[col * dates + d];
			path[d] = class == LU_NOT_MAPPED ? 0 : task->legend->classes[class].value;
			map[d] = stories->mapped[d * cols + col];
			stories->smoothed[d * cols + col] = path[d];
		}
		stories->trajectory[col] = (uint8_t)tell(map, path, dates, &stories->change[col]);
	}
out:
	return status;
}
