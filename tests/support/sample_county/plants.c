/*
 * plants.c: the third layer of a scene: bushes and trees
 *
 * Plants stand on a jittered lattice over the whole world. Each point asks the cell it stands in whether something
 * grows there and what. Lattice rows are walked from north to south in every chip, so crowns overlap in the same
 * order on both sides of a seam.
 */
#include "town.h"

#define TREE_STEP 12
#define BUSH_STEP 8
#define REACH 44 /* crowns and shades reach no further, pixels */

struct plant {
	float x, y, radius;
	float height_m;
	struct sc_rgb colour;
	float leafy; /* 1 in full leaf .. 0 bare */
	float shade; /* depth of its shade, 0 .. 1 */
};

/* What grows in a cell; thrown once per region so stands are alike inside. */
struct growth {
	float trees; /* share of tree points that bear one */
	float bushes;
	float radius_min, radius_max;
	float clump; /* trees gather where the clump noise is above this; -2: everywhere */
};

static const struct growth growths[SC_STYLE_COUNT] = {
	[SC_FOREST_STAND] = {0.95f, 0.10f, 5.0f, 15.0f, -2.0f}, [SC_CHAPARRAL] = {0.004f, 0.62f, 5.0f, 9.0f, -2.0f},
	[SC_GOLFCOURSE] = {0.50f, 0.01f, 6.0f, 13.0f, 0.50f},   [SC_SPARSE] = {0.50f, 0.05f, 6.0f, 14.0f, 0.05f},
	[SC_MEDIUM] = {0.10f, 0.08f, 5.0f, 12.0f, -2.0f},       [SC_DENSE] = {0.05f, 0.05f, 4.0f, 9.0f, -2.0f},
	[SC_MOBILEHOMES] = {0.04f, 0.04f, 4.0f, 8.0f, -2.0f},   [SC_BUILDINGS] = {0.02f, 0.0f, 4.0f, 7.0f, -2.0f},
	[SC_FREEWAY] = {0.10f, 0.08f, 5.0f, 10.0f, 0.1f},       [SC_INTERSECTION] = {0.05f, 0.03f, 4.0f, 9.0f, -2.0f},
};

/* Stay off country roads, which run along cell edges. */
static bool on_country_road(const struct sc_land *land, int row, int col, float u, float v, float margin)
{
	const float size = (float)land->chip_px;

	return (u < margin && sc_land_road_west(land, col)) ||
	       (u > size - margin && sc_land_road_west(land, col + 1)) ||
	       (v < margin && sc_land_road_north(land, row)) ||
	       (v > size - margin && sc_land_road_north(land, row + 1));
}

/* Stands change their kind over the land, not at cell edges: (x, y) is in cells. */
static struct sc_rgb leaf_colour(const struct sc_scene *scene, float x, float y, struct sc_dice *dice)
{
	static const struct sc_rgb leaves[][3] = {
		{{88, 110, 72}, {78, 104, 70}, {100, 116, 76}}, /* broadleaf */
		{{62, 80, 62}, {54, 72, 60}, {70, 86, 64}}, /* conifer */
		{{84, 98, 84}, {96, 106, 94}, {72, 88, 78}}, /* greyish, in haze */
		{{108, 100, 80}, {92, 92, 74}, {116, 104, 90}}, /* turning */
	};
	const struct sc_land *land = scene->land;
	const float stand = sc_fbm_at(land->seed + 0x57a4du, x / 3.0f, y / 3.0f);
	const int base = stand < -0.22f ? 1 : stand < 0.12f ? 0 : stand < 0.3f ? 2 : 3;
	const int kind = sc_roll(dice) < 0.85f ? base : sc_pick(dice, 4);
	const struct sc_rgb c = sc_rgb_scale(leaves[kind][sc_pick(dice, 3)], sc_between(dice, 0.84f, 1.14f));

	/* Conifers keep their colour, the others follow the season half as much as grass does. */
	return kind == 1 ? c : sc_rgb_mix(c, sc_flight_season(scene->flight, c), 0.5f);
}

static void paint_shade(const struct sc_scene *scene, const struct plant *plant)
{
	struct sc_canvas *canvas = scene->canvas;
	const struct sc_rect area = canvas->area;
	const float r = plant->radius;
	const float x = plant->x + scene->flight->shadow_x * plant->height_m;
	const float y = plant->y + scene->flight->shadow_y * plant->height_m;
	const int x0 = (int)sc_max(x - r, (float)area.x), x1 = (int)sc_min(x + r + 1.0f, (float)(area.x + area.w));
	const int y0 = (int)sc_max(y - r, (float)area.y), y1 = (int)sc_min(y + r + 1.0f, (float)(area.y + area.h));
	const float inv = 1.0f / (r * r);

	for (int py = y0; py < y1; py++) {
		for (int px = x0; px < x1; px++) {
			const size_t at = sc_canvas_at(canvas, px, py);
			const float dx = (float)px + 0.5f - x, dy = (float)py + 0.5f - y;
			const float q =
				1.0f - (dx * dx + dy * dy) * inv + 0.3f * canvas->mid[at] + 0.3f * canvas->fine[at];

			if (q > 0.0f)
				sc_canvas_darken(canvas, at, plant->shade * sc_min(3.0f * q, 1.0f));
		}
	}
}

/* A crown is a rough ball of leaves: lit on its sunny side, ragged at its rim, dappled all over. */
static void paint_crown(const struct sc_scene *scene, const struct plant *plant)
{
	struct sc_canvas *canvas = scene->canvas;
	const struct sc_rect area = canvas->area;
	const struct sc_flight *flight = scene->flight;
	const float r = plant->radius * 1.2f;
	const int x0 = (int)sc_max(plant->x - r, (float)area.x);
	const int x1 = (int)sc_min(plant->x + r + 1.0f, (float)(area.x + area.w));
	const int y0 = (int)sc_max(plant->y - r, (float)area.y);
	const int y1 = (int)sc_min(plant->y + r + 1.0f, (float)(area.y + area.h));
	const float inv = 1.0f / plant->radius;
	const float reach = sqrtf(flight->shadow_x * flight->shadow_x + flight->shadow_y * flight->shadow_y);
	const float sun_x = -flight->shadow_x / reach, sun_y = -flight->shadow_y / reach;

	for (int py = y0; py < y1; py++) {
		for (int px = x0; px < x1; px++) {
			const size_t at = sc_canvas_at(canvas, px, py);
			const float dx = ((float)px + 0.5f - plant->x) * inv, dy = ((float)py + 0.5f - plant->y) * inv;
			const float q = 1.0f - (dx * dx + dy * dy) + 0.30f * canvas->mid[at] + 0.42f * canvas->fine[at];
			float light;

			if (q <= 0.0f)
				continue;
			light = 0.97f + 0.30f * (dx * sun_x + dy * sun_y) + 0.58f * canvas->fine[at] +
				0.14f * canvas->mid[at];
			sc_canvas_blend(canvas, at, sc_rgb_scale(plant->colour, sc_max(light, 0.3f)),
					plant->leafy * sc_min(4.0f * q, 1.0f));
		}
	}
}

/* Within a few pixels of a neighbour that is neither water nor town? */
static bool on_wild_bank(const struct sc_scene *scene, int row, int col, float u, float v)
{
	const float size = (float)scene->land->chip_px, bank = 9.0f;
	const int down = v < bank ? -1 : v > size - bank, right = u < bank ? -1 : u > size - bank;
	enum sc_class beyond;

	if (!down && !right)
		return false;
	beyond = sc_style_class(sc_scene_style(scene, row + down, col + right));
	return beyond == SC_FOREST || beyond == SC_HERBACEOUS || beyond == SC_CULTIVATED;
}

/* The tree at a lattice point, if one stands there. */
static bool tree_at(const struct sc_scene *scene, int i, int j, struct plant *tree)
{
	const struct sc_land *land = scene->land;
	struct sc_dice dice = {.key = sc_hash(land->seed + 0x74eeu, i, j)};
	const float x = ((float)i + sc_roll(&dice)) * TREE_STEP, y = ((float)j + sc_roll(&dice)) * TREE_STEP;
	const float size = (float)land->chip_px;
	const int col = sc_floor(x / size), row = sc_floor(y / size);
	const enum sc_style style = sc_scene_style(scene, row, col);
	const struct growth *growth = &growths[style];
	const float u = x - (float)col * size, v = y - (float)row * size;
	const struct sc_frame frame = sc_frame_of(scene, row, col);
	float share = growth->trees;
	float roomy;

	/* Hedges between parcels, on some parcels' edges. */
	if (style == SC_AGRICULTURAL && (u < 6.0f || v < 6.0f) &&
	    sc_land_parcel(land, row, col) != sc_land_parcel(land, v < 6.0f ? row - 1 : row, v < 6.0f ? col : col - 1))
		share = (sc_land_parcel(land, row, col) & 3u) == 0 ? 0.8f : 0.0f;
	/* Woods on the banks of rivers and ponds. */
	if (style == SC_RIVER && on_wild_bank(scene, row, col, u, v))
		share = 0.55f;
	if (growth->clump > -1.0f && sc_fbm_at(land->seed + 0xc1a9u, x / 70.0f, y / 70.0f) < growth->clump - 0.2f)
		share *= 0.08f;
	if (sc_roll(&dice) >= share)
		return false;
	if (sc_block_clear(&frame, style, x, y) || on_country_road(land, row, col, u, v, 15.0f))
		return false;
	roomy = sc_roll(&dice);
	if (style == SC_FOREST_STAND) /* stands of small and of large trees */
		roomy *= 0.70f + 0.30f * sc_noise_at(land->seed + 0x51feu, x / (2.5f * size), y / (2.5f * size));
	tree->x = x;
	tree->y = y;
	tree->radius = growth->radius_min > 0.0f
			       ? growth->radius_min + roomy * (growth->radius_max - growth->radius_min)
			       : 4.0f + 4.0f * roomy;
	tree->height_m = 0.36f * tree->radius * sc_between(&dice, 0.8f, 1.25f);
	tree->colour = leaf_colour(scene, x / size, y / size, &dice);
	tree->leafy = 1.0f;
	tree->shade = style == SC_FOREST_STAND ? 0.5f : 0.8f; /* among trees, shade is lit from all around */
	return true;
}

static bool bush_at(const struct sc_scene *scene, int i, int j, struct plant *bush)
{
	const struct sc_land *land = scene->land;
	struct sc_dice dice = {.key = sc_hash(land->seed + 0xb054u, i, j)};
	const float x = ((float)i + sc_roll(&dice)) * BUSH_STEP, y = ((float)j + sc_roll(&dice)) * BUSH_STEP;
	const float size = (float)land->chip_px;
	const int col = sc_floor(x / size), row = sc_floor(y / size);
	const enum sc_style style = sc_scene_style(scene, row, col);
	const float u = x - (float)col * size, v = y - (float)row * size;
	const struct sc_frame frame = sc_frame_of(scene, row, col);
	float share = growths[style].bushes;
	float small;

	if (style == SC_CHAPARRAL)
		share += 0.34f * sc_fbm_at(land->seed + 0xb055u, x / 160.0f, y / 160.0f);
	if (sc_roll(&dice) >= share)
		return false;
	if (sc_block_clear(&frame, style, x, y) || on_country_road(land, row, col, u, v, 11.0f))
		return false;
	small = sc_roll(&dice);
	bush->x = x;
	bush->y = y;
	bush->radius = 1.6f + 3.2f * small * small + (sc_roll(&dice) < 0.04f ? 3.0f : 0.0f);
	bush->height_m = 0.16f * bush->radius;
	bush->colour =
		sc_rgb_scale(sc_rgb_mix((struct sc_rgb){98, 84, 60}, (struct sc_rgb){74, 80, 58}, sc_roll(&dice)),
			     sc_between(&dice, 0.8f, 1.15f));
	bush->leafy = 0.92f;
	bush->shade = 0.7f;
	return true;
}

static bool near_canvas(const struct sc_canvas *canvas, const struct plant *plant)
{
	const struct sc_rect area = canvas->area;

	return plant->x > (float)(area.x - REACH) && plant->x < (float)(area.x + area.w + REACH) &&
	       plant->y > (float)(area.y - REACH) && plant->y < (float)(area.y + area.h + REACH);
}

static void paint_lattice(const struct sc_scene *scene, int step,
			  bool (*plant_at)(const struct sc_scene *, int, int, struct plant *))
{
	const struct sc_rect area = scene->canvas->area;
	const int i0 = sc_floor((float)(area.x - REACH) / (float)step);
	const int i1 = sc_floor((float)(area.x + area.w + REACH) / (float)step);
	const int j0 = sc_floor((float)(area.y - REACH) / (float)step);
	const int j1 = sc_floor((float)(area.y + area.h + REACH) / (float)step);
	struct plant plant;

	for (int j = j0; j <= j1; j++) {
		for (int i = i0; i <= i1; i++) {
			if (!plant_at(scene, i, j, &plant) || !near_canvas(scene->canvas, &plant))
				continue;
			paint_shade(scene, &plant);
			paint_crown(scene, &plant);
		}
	}
}

void sc_plants_paint(const struct sc_scene *scene)
{
	paint_lattice(scene, BUSH_STEP, bush_at);
	paint_lattice(scene, TREE_STEP, tree_at);
}
