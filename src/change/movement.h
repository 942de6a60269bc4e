/*
 * movement.h: how far a cell's answers moved between two dates, beyond what is usual on this ground.
 *
 * What is doubtful at one date is doubtful at the other: answers of ground that stays hardly move, whatever they say, and
 * those of a boundary that moves do, even where the most probable class stays. What moves all cells of a class alike is no
 * change but the season, the light or the camera, so it is taken off first: of each class at the earlier date the median
 * movement.
 */
#ifndef LU_CHANGE_MOVEMENT_H
#define LU_CHANGE_MOVEMENT_H

#include "base/error.h"

/*
 * The usual movement from each date to the next into usual[(dates - 1) x classes x classes], rows = the class at the earlier
 * date, of 'cells' (count x dates x classes; a date that is all 0 was not mapped). A class of fewer than 20 cells moves as all
 * do. LU_ERROR_MEMORY. Any thread.
 */
enum lu_status lu_movement_usual(const float *cells, size_t count, size_t dates, size_t classes, double *usual,
				 struct lu_error *err);

/*
 * Of a cell (dates x classes) that is mapped at both: Euclidean distance of the two dates' log-probabilities, less their means
 * over the classes and the usual movement of the steps between.
 */
double lu_movement_distance(const double *usual, const float *cell, size_t earlier, size_t later, size_t classes);

#endif
