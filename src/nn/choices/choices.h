/*
 * choices.h: which kernel runs a layer, how many chips travel together, and how much of it stays in a cache.
 *
 * All of it is decided by the tables of choices.c, from shapes and from what the processor is; never by timing in a run, and
 * never by how many chips there are, so that the same inputs give the same bits on all processors of a tier. What the tables say was
 * measured with bench_nn and stands beside each row.
 */
#ifndef LU_NN_CHOICES_H
#define LU_NN_CHOICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "landuse.h"

/* Kernels that are not always the best that could run a layer. */
enum lu_kernel {
	LU_KERNEL_WINOGRAD, /* in fp16, too */
	LU_KERNEL_WINOGRAD_FP16, /* its groups */
	LU_KERNEL_POINTWISE,
	LU_KERNEL_INVERTED_RESIDUAL,
	LU_KERNEL_CONV_FP16,
	LU_KERNEL_PLAIN_IMAGE, /* oneDNN's that reads an image as it comes */
};

struct lu_layer_facts {
	int64_t in_channels, out_channels;
	int64_t out_height, out_width;
	size_t weight_bytes; /* packed */
};

/* Is it worth it? Whether the kernel can do what is asked, its caller knows. */
bool lu_choose_kernel(enum lu_kernel kernel, const struct lu_layer_facts *facts);

/* How many groups of 'group_bytes' of numbers a kernel takes before its weights pass by once more; at least 1. */
int64_t lu_choose_groups(enum lu_kernel kernel, int64_t group_bytes, size_t weight_bytes);

/*
 * Chips of a batch, for a plan of one chip with these bytes. 'pace': how many times as fast as in float32 it multiplies, by precision and
 * by whether the processor has AMX.
 */
int lu_choose_batch(size_t weight_bytes, size_t arena_bytes, int pace);
int lu_choose_pace(enum lu_precision precision, bool amx);

/* What it is worth, in bytes a chip, that a layer of a batch runs chip by chip; and from which sum on it is done. */
double lu_choose_front_gain(double image_bytes, double weight_bytes, int batch);
double lu_choose_front_least(void);

#endif
