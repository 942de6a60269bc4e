/*
 * winograd_parts.h: what the files of the Winograd convolution share: tiles, and where things lie.
 *
 * Packed weights: for each of 36 points, for each 32 outputs, in_channels x 32; a last 16 outputs lie
 * as in_channels x 16. Then the biases.
 */
#ifndef LU_NN_KERNELS_WINOGRAD_PARTS_H
#define LU_NN_KERNELS_WINOGRAD_PARTS_H

#include "nn/kernels/winograd.h"

/* sqrt(1/2) and sqrt(2) */
#define LU_WINOGRAD_A 0.70710678118654752440
#define LU_WINOGRAD_B 1.41421356237309504880

enum {
	LU_WINOGRAD_TILE = 4, /* results a side */
	LU_WINOGRAD_PATCH = 6, /* numbers they see */
	LU_WINOGRAD_POINTS = 36,
	LU_WINOGRAD_GROUP = 14, /* tiles that are multiplied together */
	/* Floats of 16 channels of a group: points x tiles x 16. They fit the first cache while they are made. */
	LU_WINOGRAD_SLAB = LU_WINOGRAD_POINTS * LU_WINOGRAD_GROUP * 16,
};

/* Groups of tiles of a run, over all chips; the last may have fewer tiles. */
int64_t lu_winograd_groups(const struct lu_winograd *c);
/*
 * Groups that are transformed before they are multiplied. Scratch is a patch on its way, the transformed input of these
 * groups and their products, both by group and 16 channels, a slab each.
 */
int64_t lu_winograd_block(const struct lu_winograd *c);

/* Tiles of a run, over all chips. */
int64_t lu_winograd_tiles(const struct lu_winograd *c);

/* Where tile 'at' is: its chip, and the first row and column of its results. */
struct lu_winograd_place {
	int64_t chip, row, column;
};
struct lu_winograd_place lu_winograd_place(const struct lu_winograd *c, int64_t at);

/* Of the 6x6 numbers that the tile at 'from' sees of channel 'k', number 'i'; 0 outside the image. */
float lu_winograd_number(const struct lu_winograd *c, const float *x, struct lu_winograd_place from, int i, int64_t k);
/* To the tile behind it, without a division. */
void lu_winograd_step(const struct lu_winograd *c, struct lu_winograd_place *place);

/* The nine weights of an input for an output, at all points. */
void lu_winograd_taps(const float weights[9], double points[LU_WINOGRAD_POINTS]);

#endif
