/*
 * gate_fp32.c: see gate_fp32.h.
 */
#include "nn/kernels/clones.h"
#include "nn/kernels/gate_fp32.h"

/* Full blocks of a size that the compiler knows. */
static inline __attribute__((always_inline)) void gate_blocks(const struct lu_gate *g, const int block, int64_t blocks,
							      const float *x, const float *restrict gate, float *y)
{
	for (int64_t p = 0; p < g->pixels; p++)
		for (int64_t b = 0; b < blocks; b++)
			for (int i = 0; i < block; i++)
				y[p * g->channels + b * block + i] =
					x[b * g->next_block + p * g->pixel + i] * gate[b * block + i];
}

LU_CLONES static void gate_16(const struct lu_gate *g, const float *x, const float *restrict gate, float *y)
{
	gate_blocks(g, 16, g->channels / 16, x, gate, y);
}

LU_CLONES static void gate_8(const struct lu_gate *g, const float *x, const float *restrict gate, float *y)
{
	gate_blocks(g, 8, g->channels / 8, x, gate, y);
}

/* Channels from 'first' on, of which those of a block lie together. */
LU_CLONES static void gate_any(const struct lu_gate *g, int64_t first, const float *x, const float *restrict gate,
			       float *y)
{
	for (int64_t p = 0; p < g->pixels; p++)
		for (int64_t c = first; c < g->channels; c += g->block) {
			const int64_t n = g->channels - c < g->block ? g->channels - c : g->block;
			const float *from = x + c / g->block * g->next_block + p * g->pixel;
			float *to = y + p * g->channels + c;

			for (int64_t i = 0; i < n; i++)
				to[i] = from[i] * gate[c + i];
		}
}

void lu_gate_run(const struct lu_gate *g, const float *x, const float *gate, float *y)
{
	for (int64_t n = 0; n < g->chips; n++, x += g->chip, gate += g->gate, y += g->channels * g->pixels) {
		const int64_t full = g->channels / g->block * g->block;

		if (g->block != 16 && g->block != 8) {
			gate_any(g, 0, x, gate, y);
			continue;
		}
		if (g->block == 16)
			gate_16(g, x, gate, y);
		else
			gate_8(g, x, gate, y);
		gate_any(g, full, x, gate, y);
	}
}
