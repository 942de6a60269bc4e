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

/* The poses that 'wanted' asks for, constants of enum lu_augment, and how many: the first is the chip as it is. */
size_t lu_augment_list(unsigned wanted, lu_pose poses[LU_MOST_POSES]);
/* "flips,colour"; "none". */
void lu_augment_words(unsigned wanted, char text[32]);

#endif
