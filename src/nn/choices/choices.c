/*
 * choices.c: see choices.h. bench_nn --layers, --batch and tests/bench/networks.py measure again.
 *
 * Processors: "Emerald Rapids" is one core of an Intel Xeon of that generation, 48 KiB and 2 MiB of cache beside it; "Zen 5" one
 * of an AMD EPYC, 48 KiB and 1 MiB. Both are of the AVX-512 tier, for which the kernels are; below it oneDNN's run.
 */
#include "nn/choices/choices.h"

/* A kernel is taken where one of its rows fits: 0 is no condition. */
static const struct {
	enum lu_kernel kernel;
	int64_t multiple; /* of both channels */
	int64_t least_in, most_in, least_out, most_out;
	size_t most_weight_bytes;
	int64_t least_gain; /* multiplications of a 3x3 sum for one by tiles of 4x4, which have 36 for 16 results */
} kernels[] = {
	/*
	 * 4 where 4x4 tiles fit the image, 3 at 14 x 14 and 7 x 7; beside them stands that a run reads four times as many weights.
	 * oneDNN's time over ours, ResNet-18, Emerald Rapids, with 1, 2, 4 and 32 chips a run:
	 *	56 x 56 x 64	2.1  2.2  2.4  2.2
	 *	28 x 28 x 128	1.6  1.9  2.3  2.3
	 *	14 x 14 x 256	0.7  1.1  1.5  2.0
	 *	7 x 7 x 512	0.4  0.6  1.0  1.4
	 * With the batch by rule all of them pay; ResNet-18 would lose a tenth without the last, and use 72 MiB of weights instead
	 * of 153. At batch 1, which is for trying, it loses a fifth with them. In fp16 each of these layers takes 0.49 to 0.62 of
	 * the time with 2 to 16 chips, and 0.30 to 0.59 with 1.
	 */
	{LU_KERNEL_WINOGRAD, .multiple = 16, .least_gain = 2},
	/*
	 * Zen 5, two threads, GFLOP/s of a layer within its network, oneDNN's and ours: ResNet-50's 1x1 layers 179 and 191 (the network
	 * 53.3 and 56.4 chips/s), those of 960 -> 160, 960 -> 320 and 320 -> 1280 channels at 5 x 5 (aerial-large) 152, 156 and 159, and 174, 177
	 * and 191, 112 -> 1280 at 7 x 7 (aerial-21) 152 and 185. Fewer than 64 channels were not measured.
	 */
	{LU_KERNEL_POINTWISE, .multiple = 16, .least_in = 64, .least_out = 64},
	/*
	 * Worth it while the weights, which are read again for each few pixels, stay in the cache beside the rows. Emerald Rapids,
	 * MobileNetV2 1.0, three rounds: of blocks with up to 450 KiB of weights, three steps of oneDNN take 1.0 (96 -> 576 -> 96
	 * channels, 14 x 14) to 1.9 times as long (16 -> 96 -> 24 at 112 x 112), but 0.8 times from 600 KiB on (160 -> 960 -> 160 at
	 * 7 x 7).
	 */
	{LU_KERNEL_INVERTED_RESIDUAL, .most_weight_bytes = (size_t)512 << 10},
	/*
	 * An image of few channels, read as it comes, is left to oneDNN where 16 outputs are made of it: 112 x 112 x 16 of 3 planes take
	 * 55 us there in float32 and 85 here (Emerald Rapids). To 64 outputs, by windows of 7 x 7, it is 1,170 us, with a reorder, and 700.
	 */
	{LU_KERNEL_CONV_FP16, .most_in = 4, .least_out = 17},
	{LU_KERNEL_CONV_FP16, .least_in = 5},
	/*
	 * oneDNN has a kernel that reads a plain image of few channels and writes blocks of 16. With 16 outputs that is byte for byte
	 * the channels-last layout its other kernels want, so the image needs no reordering: 140 -> 77 us a chip on MobileNetV2's
	 * first layer (Emerald Rapids). With more outputs a larger reorder follows.
	 */
	{LU_KERNEL_PLAIN_IMAGE, .most_in = 4, .least_out = 16, .most_out = 16},
};

bool lu_choose_kernel(enum lu_kernel kernel, const struct lu_layer_facts *f)
{
	const int64_t tiles = ((f->out_height + 3) / 4) * ((f->out_width + 3) / 4);

	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		const int64_t multiple = kernels[i].multiple > 0 ? kernels[i].multiple : 1;

		if (kernels[i].kernel == kernel && f->in_channels % multiple == 0 && f->out_channels % multiple == 0 &&
		    f->in_channels >= kernels[i].least_in && f->out_channels >= kernels[i].least_out &&
		    (kernels[i].most_in == 0 || f->in_channels <= kernels[i].most_in) &&
		    (kernels[i].most_out == 0 || f->out_channels <= kernels[i].most_out) &&
		    (kernels[i].most_weight_bytes == 0 || f->weight_bytes <= kernels[i].most_weight_bytes) &&
		    9 * f->out_height * f->out_width >= kernels[i].least_gain * 36 * tiles)
			return true;
	}
	return false;
}

/* Bytes of numbers that a kernel keeps in a cache, beside weights that stay in the second one and beside larger ones. */
static const struct {
	enum lu_kernel kernel;
	size_t small_weight_bytes;
	int64_t beside_small, beside_large, least_groups; /* beside large ones */
} blocks[] = {
	/*
	 * As many groups of tiles as keep their transforms (31.5 KiB for each 16 channels in and out) in the second cache; but weights
	 * that do not stay there are read again for each block, and are worth 112 tiles. Zen 5, ResNet-50's thirteen layers from memory:
	 * this 5.24 ms, half of it and 6 groups 5.27, twice and 5 groups 5.25, four times and 10 groups 5.32.
	 */
	{LU_KERNEL_WINOGRAD, (size_t)1 << 20, 32 * 32256, 32 * 32256, 8},
	{LU_KERNEL_WINOGRAD_FP16, (size_t)1 << 20, 32 * 39168, 32 * 39168, 8},
	/*
	 * Numbers of a block of pixels stay in the second cache while all weights pass by; where the weights stay there themselves,
	 * few pixels at a time stay in the first one. Zen 5, numbers and weights from memory, share of the peak over the layers of
	 * ResNet-50: 16 and 128, 256 or 512 KiB 0.87, 32 and 512 KiB 0.85.
	 */
	{LU_KERNEL_POINTWISE, (size_t)256 << 10, 16 << 10, 256 << 10, 1},
};

int64_t lu_choose_groups(enum lu_kernel kernel, int64_t group_bytes, size_t weight_bytes)
{
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		const bool small = weight_bytes <= blocks[i].small_weight_bytes;
		const int64_t least = small ? 1 : blocks[i].least_groups;
		const int64_t groups = (small ? blocks[i].beside_small : blocks[i].beside_large) / group_bytes;

		if (blocks[i].kernel == kernel)
			return groups < least ? least : groups;
	}
	return 1;
}

/*
 * Emerald Rapids, chips a second of processor time:
 *	batch			1	2	4	8	16	32	by rule
 *	SqueezeNet 1.1		278	243	233		216		1
 *	MobileNetV2 0.35	1,115	1,114	1,118				1
 *	ResNet-20		3,135	3,754	3,970	3,824	3,596		4
 *	ResNet-18		38	56	70		83	80	16
 *	ResNet-50		19	22	23		26	26	16
 *	VGG-11					22	25	27	16
 *	AlexNet						142	162	32
 * ResNet-50 on two threads of a Zen 5: 8, 16 and 32 chips 53.0, 55.2 and 51.1 chips/s. An engine that multiplies faster than
 * float32 waits for weights the more. Beyond 32 the weights' share is small on every network tried.
 */
enum { ACTIVATIONS_FOR_WEIGHTS = 3, MOST_CHIPS = 32 };

int lu_choose_batch(size_t weight_bytes, size_t arena_bytes, int pace)
{
	int batch = 1;

	while (batch < MOST_CHIPS &&
	       (size_t)pace * weight_bytes / (size_t)batch > ACTIVATIONS_FOR_WEIGHTS * arena_bytes)
		batch *= 2;
	return batch;
}

/* Of AMX, half of what it promises: a tile product is 8,192 multiply-adds in 16 cycles in bf16, float32's 32 in one. */
int lu_choose_pace(enum lu_precision precision, bool amx)
{
	if (precision == LU_PRECISION_FP16)
		return 2; /* as many fp16 numbers as floats in a register */
	if (!amx)
		return 1;
	return precision == LU_PRECISION_BF16 ? 8 : precision == LU_PRECISION_INT8 ? 16 : 1;
}

/*
 * What a batch has between two layers stays in a core's cache up to this many bytes. Zen 5, processor time of a chip in ms, the least of
 * many passes:
 *	layers of ResNet-50			1 chip	4	16
 *	7 x 7 to 56 x 56			8.1	9.2	9.8
 *	28 x 28					8.1	8.6	9.1
 *	14 x 14					14.4	13.2	13.2
 *	7 x 7					8.2	7.2	6.4
 */
enum { CACHE_BYTES = 2 << 20 };

double lu_choose_front_gain(double image_bytes, double weight_bytes, int batch)
{
	return (image_bytes > CACHE_BYTES ? image_bytes / batch : 0) - weight_bytes;
}

double lu_choose_front_least(void)
{
	return CACHE_BYTES;
}
