/*
 * augment.h: the further ways to look at a chip that 'augment' names.
 *
 *	flips		left-right, and top-bottom
 *	rotations	by one, two and three quarters; with flips all eight ways to lay a square
 *	colour		each of these also once with colour jitter, drawn by the picture's content
 */
#ifndef LU_LEARN_AUGMENT_H
#define LU_LEARN_AUGMENT_H

#include "learn/score_pictures.h"

enum { LU_MOST_POSES = 16 };

/*
 * The poses that 'words' ("flips,colour") ask for, the first as it is; NULL: that alone.
 * LU_ERROR_ARGUMENT: a word that is none of the three, with the nearest.
 */
enum lu_status lu_augment_list(const char *words, lu_pose poses[LU_MOST_POSES], size_t *count, struct lu_error *err);

#endif
