/*
 * landscape.c: water first, then towns, then farms, then the wild rest
 *
 * Every step ranks the cells still free and settles the best of them. Free cells are marked SC_STYLE_COUNT.
 */
#include "landscape.h"

#include "maths.h"
#include "noise.h"
#include "rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FREE SC_STYLE_COUNT

typedef float score_fn(const struct sc_land *land, int row, int col);

static float min_side(const struct sc_land *land)
{
	return (float)(land->cols < land->rows ? land->cols : land->rows);
}

/* Towns are this many cells apart: small counties still get one, large ones many. */
static float town_pitch(const struct sc_land *land)
{
	return sc_clamp(0.7f * min_side(land), 6.0f, 26.0f);
}

/* Distance to a town's centre over the town's size, for the nearest town; its key in *town. */
static float town_distance(const struct sc_land *land, int row, int col, uint32_t *town)
{
	const float pitch = town_pitch(land);
	const float x = ((float)col + 0.5f) / pitch, y = ((float)row + 0.5f) / pitch;
	float best = 1e9f;

	for (int j = sc_floor(y) - 1; j <= sc_floor(y) + 1; j++) {
		for (int i = sc_floor(x) - 1; i <= sc_floor(x) + 1; i++) {
			struct sc_dice dice = {.key = sc_hash(land->seed + 0x70a4u, i, j)};
			const float cx = (float)i + sc_between(&dice, 0.2f, 0.8f);
			const float cy = (float)j + sc_between(&dice, 0.2f, 0.8f);
			const float size = sc_between(&dice, 0.5f, 1.4f);
			const float d = sqrtf((x - cx) * (x - cx) + (y - cy) * (y - cy)) / size;

			if (d < best) {
				best = d;
				*town = dice.key;
			}
		}
	}
	return best;
}

float sc_landscape_urban(const struct sc_land *land, int row, int col)
{
	uint32_t town;
	const float d = town_distance(land, row, col, &town);

	return 1.0f - d + 0.22f * sc_fbm_at(land->seed + 0x0b4au, (float)col / 3.0f, (float)row / 3.0f);
}

static float farm_score(const struct sc_land *land, int row, int col)
{
	/* Whole parcels are tilled or not: the field is read once per 2 x 2 block. */
	const float x = (float)(col / 2), y = (float)(row / 2);

	return sc_fbm_at(land->seed + 0xfa44u, x / 4.5f, y / 4.5f) +
	       0.3f * (sc_unit(sc_land_parcel(land, row, col)) - 0.5f);
}

static float wild_score(const struct sc_land *land, int row, int col)
{
	return sc_fbm_at(land->seed + 0x311du, (float)col / 5.0f, (float)row / 5.0f) +
	       0.06f * sc_unit(sc_hash(land->seed, col, row));
}

static float shrub_score(const struct sc_land *land, int row, int col)
{
	return sc_fbm_at(land->seed + 0x5420u, (float)col / 4.0f, (float)row / 4.0f);
}

static float lake_score(const struct sc_land *land, int row, int col)
{
	return sc_fbm_at(land->seed + 0x1a4eu, (float)col / 4.0f, (float)row / 4.0f);
}

/* Gravel and sand lie along water, else in the occasional quarry. */
static float barren_score(const struct sc_land *land, int row, int col)
{
	float score = sc_fbm_at(land->seed + 0xba44u, (float)col / 3.5f, (float)row / 3.5f);

	for (int down = -1; down <= 1; down++)
		for (int right = -1; right <= 1; right++)
			if (land->style[sc_land_at(land, row + down, col + right)] == SC_RIVER)
				score += 0.12f;
	return score;
}

/* Rank the free cells; 'list' has room for all. Returns how many there are. */
static size_t rank_free(const struct sc_land *land, score_fn *score, struct sc_ranked *list)
{
	size_t count = 0;

	for (int row = 0; row < land->rows; row++) {
		for (int col = 0; col < land->cols; col++) {
			const size_t at = sc_land_at(land, row, col);

			if (land->style[at] == FREE)
				list[count++] = (struct sc_ranked){score(land, row, col), (int)at};
		}
	}
	sc_rank(list, count);
	return count;
}

static size_t share_of(const struct sc_land *land, float share)
{
	return (size_t)(share * (float)sc_land_cells(land) + 0.5f);
}

static void settle_best(struct sc_land *land, score_fn *score, float share, enum sc_style style, struct sc_ranked *list)
{
	const size_t count = rank_free(land, score, list), wanted = share_of(land, share);

	for (size_t i = 0; i < count && i < wanted; i++)
		land->style[list[i].cell] = (uint8_t)style;
}

/* Where a river's middle crosses a row, in columns. */
static float river_at(const struct sc_land *land, int river, float row)
{
	struct sc_dice dice = {.key = sc_hash(land->seed + 0x41e4u, river, 0)};
	const float home = sc_between(&dice, 0.15f, 0.85f) * (float)land->cols;
	const float sway = sc_clamp(0.16f * (float)land->cols, 1.0f, 9.0f);

	return home + 1.6f * sway * sc_fbm_at(dice.key, row / (2.2f * sway), 0.5f);
}

/* A river runs from north to south, one cell wide; its cells share edges all the way. */
static void dig_rivers(struct sc_land *land)
{
	const int rivers = 1 + land->cols / 80;

	for (int river = 0; river < rivers; river++) {
		for (int row = 0; row < land->rows; row++) {
			const float a = river_at(land, river, (float)row), b = river_at(land, river, (float)row + 1.0f);
			const int first = sc_floor(sc_min(a, b)), last = sc_floor(sc_max(a, b));

			for (int col = first; col <= last; col++)
				if (col >= 0 && col < land->cols)
					land->style[sc_land_at(land, row, col)] = SC_RIVER;
		}
	}
}

/* One freeway crosses the county from west to east, over the river on a dam. Returns how many cells it takes. */
static size_t build_freeway(struct sc_land *land)
{
	struct sc_dice dice = {.key = sc_mix(land->seed + 0xf4eau)};
	const int row = (int)((float)land->rows * sc_between(&dice, 0.25f, 0.75f));

	if (land->rows < 10)
		return 0;
	for (int col = 0; col < land->cols; col++) {
		const size_t at = sc_land_at(land, row, col);

		land->style[at] = SC_FREEWAY;
	}
	return (size_t)land->cols;
}

/* From the centre out: halls and car parks, dense, medium and sparse housing. */
static enum sc_style town_style(const struct sc_land *land, int row, int col, float rank)
{
	const float chance = sc_unit(sc_hash(land->seed + 0x70a5u, col, row));

	rank += 0.12f * (chance - 0.5f);
	if (rank < 0.62f && col % 4 == 2 && row % 4 == 1)
		return SC_INTERSECTION;
	if (rank < 0.16f)
		return chance < 0.62f ? SC_BUILDINGS : SC_PARKINGLOT;
	if (rank < 0.42f)
		return SC_DENSE;
	if (rank < 0.70f)
		return sc_fbm_at(land->seed + 0x30b0u, (float)col / 2.0f, (float)row / 2.0f) > 0.33f ? SC_MOBILEHOMES
												     : SC_MEDIUM;
	return SC_SPARSE;
}

static void build_towns(struct sc_land *land, size_t taken, struct sc_ranked *list)
{
	const size_t count = rank_free(land, sc_landscape_urban, list);
	size_t wanted = share_of(land, SC_SHARE_DEVELOPED);

	wanted = wanted > taken ? wanted - taken : 0;
	for (size_t i = 0; i < count && i < wanted; i++) {
		const int row = list[i].cell / land->cols, col = list[i].cell % land->cols;

		land->style[list[i].cell] = (uint8_t)town_style(land, row, col, (float)i / (float)wanted);
	}
}

static void lay_axes(struct sc_land *land)
{
	for (int row = 0; row < land->rows; row++) {
		for (int col = 0; col < land->cols; col++) {
			const size_t at = sc_land_at(land, row, col);
			uint32_t town;

			town_distance(land, row, col, &town);
			land->axis[at] = land->style[at] == SC_FREEWAY ? 0 : town & 1u;
		}
	}
}

bool sc_landscape_settle(struct sc_land *land)
{
	const size_t cells = sc_land_cells(land);
	struct sc_ranked *list = malloc(cells * sizeof(*list));
	size_t taken;

	if (!list)
		return false;
	memset(land->style, FREE, cells);
	dig_rivers(land);
	settle_best(land, lake_score, SC_SHARE_LAKES, SC_RIVER, list);
	taken = build_freeway(land);
	build_towns(land, taken, list);
	settle_best(land, barren_score, SC_SHARE_BARREN, SC_BEACH, list);
	settle_best(land, farm_score, SC_SHARE_CULTIVATED, SC_AGRICULTURAL, list);
	settle_best(land, shrub_score, SC_SHARE_SHRUB, SC_CHAPARRAL, list);
	settle_best(land, wild_score, SC_SHARE_HERBACEOUS, SC_GOLFCOURSE, list);
	settle_best(land, wild_score, 1.0f, SC_FOREST_STAND, list);
	lay_axes(land);
	free(list);
	return true;
}
