/*
 * windows.h: cells larger than the ground that the network looks at: a store of their scores comes of the mean of its
 * windows' probabilities.
 *
 *	+---+---+---+
 *	|   |   |   |	a cell of 'times' x 'times' windows, each scored as a cell of its own
 *	+---+---+---+	(score.h); windows that do not touch the county are not looked at
 *	|   |   |   |
 *	+---+---+---+
 *
 * The windows' scores lie on disk until the cells' are whole, as those of a county mapped window by window would: a stopped
 * run goes on from there, and memory is one row of cells.
 */
#ifndef LU_MAPS_WINDOWS_H
#define LU_MAPS_WINDOWS_H

#include "maps/score.h"

/* Behind a date's label, which has no such character: the name of its windows' store. */
#define LU_WINDOWS_SUFFIX "@windows"

struct lu_windows {
	int times; /* 1: a window is a cell */
	const struct lu_coverage *coverage; /* of the windows */
	const char *folder, *name; /* where their store may lie */
	const char *fingerprint; /* of what scores depend on */
};

/*
 * lu_score of windows or cells: 'task' has the windows' grid, and the cells' coverage, store and first row. A cell is mapped where
 * min_valid of its windows that touch the county are, and '*result' counts cells. LU_ERROR_MISMATCH when imagery was
 * exchanged while windows were scored: their scores are then gone.
 */
enum lu_status lu_windows_score(const struct lu_score_task *task, const struct lu_windows *windows,
				struct lu_score_result *result, struct lu_error *err);

/* Bytes that this holds beside the score's own, for a county of 'cols' windows across. */
size_t lu_windows_bytes(int64_t cols, int times, size_t classes);

#endif
