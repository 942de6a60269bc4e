/*
 * flight.c: draws a date's sky and season by chance, and develops canvases with it
 */
#include "flight.h"

#include "maths.h"

#include <assert.h>
#include <math.h>

/* The widest chip. */
#define MAX_WIDTH 512
/* Contrast turns about this. */
#define MID_GREY 118.0f
#define PI 3.14159265f
#define PIXELS_PER_METRE (1.0f / 0.3f)

struct sc_flight sc_flight_plan(uint32_t seed, int index)
{
	struct sc_dice dice = {.key = sc_hash(seed, index, 0x5ca1e)};
	struct sc_flight flight = {.seed = sc_hash(seed, index, 0xf11e)};
	/* Surveys fly in the hours around noon: the sun stands between south-east and south-west. */
	const float azimuth = sc_between(&dice, 115.0f, 245.0f) * PI / 180.0f;
	const float height = sc_between(&dice, 36.0f, 62.0f) * PI / 180.0f;
	const float reach = PIXELS_PER_METRE / tanf(height);
	const float bright = sc_between(&dice, 0.88f, 1.12f);
	const float warm = sc_between(&dice, -0.045f, 0.045f);
	const float green = sc_between(&dice, -0.03f, 0.03f);
	const float air = sc_between(&dice, 0.0f, 14.0f);

	flight.shadow_x = -sinf(azimuth) * reach;
	flight.shadow_y = cosf(azimuth) * reach;
	flight.dryness = sc_between(&dice, 0.0f, 0.75f);
	flight.gain[0] = bright * (1.0f + warm);
	flight.gain[1] = bright * (1.0f + green);
	flight.gain[2] = bright * (1.0f - warm);
	flight.haze[0] = air * 0.8f;
	flight.haze[1] = air * 0.9f;
	flight.haze[2] = air * 1.1f;
	flight.contrast = sc_between(&dice, 0.90f, 1.12f);
	flight.blur = sc_between(&dice, 0.04f, 0.13f);
	flight.grain = sc_between(&dice, 3.0f, 7.0f);
	return flight;
}

struct sc_rgb sc_flight_season(const struct sc_flight *flight, struct sc_rgb lush)
{
	const float light = 0.35f * lush.r + 0.5f * lush.g + 0.15f * lush.b;
	const struct sc_rgb straw = {light * 1.16f, light * 1.02f, light * 0.80f};

	return sc_rgb_mix(lush, straw, 0.75f * flight->dryness);
}

/* 1 .. 255: no byte is 0. */
static uint8_t to_byte(float v)
{
	return (uint8_t)(sc_clamp(v, 1.0f, 255.0f) + 0.5f);
}

/* Mostly grey noise with a little of each channel's own: a debayered sensor's. */
static void throw_grain(const struct sc_flight *flight, int x0, int y, int width, float grain[3][MAX_WIDTH])
{
	const float grey_amp = flight->grain / 255.0f, own_amp = 0.6f * flight->grain / 31.0f;

	for (int x = 0; x < width; x++) {
		const uint32_t h = sc_hash(flight->seed, x0 + x, y);
		const float grey = grey_amp * (float)(int)((h & 255u) + (h >> 8 & 255u)) - flight->grain;

		grain[0][x] = grey + own_amp * ((float)(int)(h >> 16 & 31u) - 15.5f);
		grain[1][x] = grey + own_amp * ((float)(int)(h >> 21 & 31u) - 15.5f);
		grain[2][x] = grey + own_amp * ((float)(int)(h >> 26 & 31u) - 15.5f);
	}
}

/*
 * One row of one channel through the lens, added to its grain. A function of its own so that 'restrict' lets the
 * compiler work on many pixels at once.
 */
static void develop_row(const struct sc_flight *flight, int channel, const float *restrict above,
			const float *restrict here, const float *restrict below, float *restrict out, int width)
{
	const float gain = flight->gain[channel] * flight->contrast;
	const float lift = flight->gain[channel] * MID_GREY * (1.0f - flight->contrast) + flight->haze[channel];
	const float side = gain * flight->blur, self = gain - 4.0f * side;

	for (int x = 0; x < width; x++)
		out[x] += self * here[x] + side * (here[x - 1] + here[x + 1] + above[x] + below[x]) + lift;
}

void sc_flight_develop(const struct sc_flight *flight, const struct sc_canvas *canvas, struct sc_rect out, uint8_t *dst,
		       size_t stride)
{
	const size_t row = (size_t)canvas->area.w;
	float line[3][MAX_WIDTH];

	assert(out.w <= MAX_WIDTH);
	assert(out.x > canvas->area.x && out.x + out.w < canvas->area.x + canvas->area.w);
	assert(out.y > canvas->area.y && out.y + out.h < canvas->area.y + canvas->area.h);
	for (int y = 0; y < out.h; y++) {
		uint8_t *to = dst + (size_t)y * stride;
		const size_t at = sc_canvas_at(canvas, out.x, out.y + y);

		throw_grain(flight, out.x, out.y + y, out.w, line);
		for (int k = 0; k < 3; k++) {
			const float *here = canvas->plane[k] + at;

			develop_row(flight, k, here - row, here, here + row, line[k], out.w);
		}
		for (int x = 0; x < out.w; x++)
			for (int k = 0; k < 3; k++)
				*to++ = to_byte(line[k][x]);
	}
}
