/*
 * pointwise_fp32.c: the pointwise convolution: its weights, and the reference that says what is meant.
 */
#include "nn/kernels/pointwise_parts.h"

#include "nn/choices/choices.h"

enum { GROUP = LU_POINTWISE_GROUP, PANEL = LU_POINTWISE_PANEL };

int64_t lu_pointwise_depth(const struct lu_pointwise *c)
{
	int64_t depth = 0;

	for (int i = 0; i < c->images; i++)
		depth += c->image[i].channels;
	return depth;
}

int64_t lu_pointwise_block(const struct lu_pointwise *c)
{
	const int64_t depth = lu_pointwise_depth(c), all = c->chips * c->out_height * c->out_width;
	const int64_t groups =
		lu_choose_groups(LU_KERNEL_POINTWISE, depth * GROUP * (int64_t)sizeof(float), lu_pointwise_weights(c));
	const int64_t most = (all + GROUP - 1) / GROUP;

	return (groups < most ? groups : most) * GROUP;
}

size_t lu_pointwise_weights(const struct lu_pointwise *c)
{
	return (size_t)((lu_pointwise_depth(c) + 1) * c->out_channels) * sizeof(float);
}

size_t lu_pointwise_scratch(const struct lu_pointwise *c)
{
	return (size_t)(lu_pointwise_block(c) * lu_pointwise_depth(c)) * sizeof(float);
}

/* Where the weight of channel 'k' for output 'o' lies. */
static int64_t weight_place(const struct lu_pointwise *c, int64_t o, int64_t k)
{
	const int64_t panel = o / PANEL * PANEL, width = c->out_channels - panel < PANEL ? PANEL / 2 : PANEL;

	return panel * lu_pointwise_depth(c) + k * width + o - panel;
}

void lu_pointwise_pack(const struct lu_pointwise *c, const float *const weights[], const float *const biases[],
		       void *packed)
{
	float *to = packed, *bias = to + lu_pointwise_depth(c) * c->out_channels;

	for (int64_t o = 0; o < c->out_channels; o++) {
		int64_t at = 0;

		bias[o] = 0;
		for (int i = 0; i < c->images; i++) {
			const int64_t channels = c->image[i].channels;

			for (int64_t k = 0; k < channels; k++, at++)
				to[weight_place(c, o, at)] = weights[i][o * channels + k];
			bias[o] += biases[i] != NULL ? biases[i][o] : 0;
		}
	}
}

void lu_pointwise_reference(const struct lu_pointwise *c, const float *const x[], const float *shortcut, float *y,
			    void *scratch)
{
	const int64_t area = c->out_height * c->out_width;
	const float *w = c->weights, *bias = w + lu_pointwise_depth(c) * c->out_channels;

	(void)scratch;
	for (int64_t pixel = 0; pixel < c->chips * area; pixel++)
		for (int64_t o = 0; o < c->out_channels; o++) {
			const int64_t row = pixel % area / c->out_width, column = pixel % c->out_width;
			float sum = bias[o];
			int64_t at = 0;

			for (int i = 0; i < c->images; i++) {
				const struct lu_pointwise_image *m = &c->image[i];
				const float *from = x[i] + ((pixel / area * m->height + row * m->stride) * m->width +
							    column * m->stride) *
								   m->channels;

				for (int64_t k = 0; k < m->channels; k++, at++)
					sum += from[k] * w[weight_place(c, o, at)];
			}
			sum += shortcut != NULL ? shortcut[pixel * c->out_channels + o] : 0;
			y[pixel * c->out_channels + o] = lu_clip(sum, c->clip);
		}
}
