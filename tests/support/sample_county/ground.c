/*
 * ground.c: the first layer of a scene: what covers the earth
 *
 * The cell that owns a pixel is found at a place pushed aside by smooth noise, so borders waver like wood edges and
 * shores do, and the same way in both chips that share them. Each owner then colours its pixels from the canvas's
 * textures by the recipe of its style.
 */
#include "maths.h"
#include "scene.h"

#include <assert.h>
#include <math.h>

/* How far borders waver, in pixels. Keep well below an eighth of a cell: the truth must stay clear. */
#define WAVER 7.0f
#define MAX_SIDE 544

/* What a recipe may look at for one pixel. */
struct spot {
	float x, y; /* world, pixels */
	float u, v; /* wavered place in the owner's cell, pixels from its north-west corner */
	float fine, mid, wide;
};

/* The owner's dice, thrown once per cell (or per parcel), so recipes only compute. */
struct patch {
	const struct sc_scene *scene;
	int row, col;
	float size; /* a cell's side */
	struct sc_rgb base, second, third;
	float along_x, along_y; /* unit vector across the rows of a field, or of the ripples */
	float spacing, bend;
	float contrast;
	bool tracks; /* wheels have been here */
	bool dry[3][3]; /* water: which of the neighbours are land */
	struct sc_point spot[3]; /* bunkers, pits */
	float spot_r[3];
	int spots;
};

typedef struct sc_rgb recipe(const struct patch *patch, const struct spot *spot);
typedef void preparation(struct patch *patch);

static struct sc_dice region_dice(const struct patch *patch, int step, uint32_t salt)
{
	const struct sc_land *land = patch->scene->land;
	const int r = (patch->row + 4096 * step) / step, c = (patch->col + 4096 * step) / step;

	return (struct sc_dice){.key = sc_hash(land->seed + salt, c, r)};
}

static struct sc_dice cell_dice(const struct patch *patch, uint32_t salt)
{
	return (struct sc_dice){.key = sc_hash(patch->scene->land->seed + salt, patch->col, patch->row)};
}

/* A fraction of t, as a wave between 0 and 1: a parabola instead of a sine, for speed. */
static float wave(float t)
{
	const float f = sc_fraction(t);

	return 4.0f * f * (1.0f - f);
}

/* Grass of lawns and meadows: lush here, thin there. */
static struct sc_rgb grass(const struct patch *patch, const struct spot *spot)
{
	const float thin = 0.5f + 0.42f * spot->wide + 0.16f * spot->mid;
	const float k = 1.0f + 0.05f * spot->mid + 0.055f * spot->fine;

	return sc_rgb_scale(sc_rgb_mix(patch->base, patch->second, sc_clamp(thin, 0.0f, 1.0f)), k);
}

static void prepare_lawn(struct patch *patch)
{
	struct sc_dice dice = region_dice(patch, 3, 0x1a40u);
	const float arid = sc_roll(&dice);

	patch->base = sc_flight_season(patch->scene->flight, (struct sc_rgb){98, 118, 84});
	patch->second = sc_rgb_mix((struct sc_rgb){128, 128, 98}, (struct sc_rgb){168, 150, 122}, arid);
}

static void prepare_forest(struct patch *patch)
{
	patch->base = (struct sc_rgb){44, 50, 40};
	patch->second = (struct sc_rgb){66, 64, 52};
}

static struct sc_rgb meadow(const struct patch *patch, const struct spot *spot)
{
	struct sc_rgb c = grass(patch, spot);

	/* Mown stripes, where there are any. */
	if (patch->spacing > 0.0f) {
		const float across = (spot->x * patch->along_x + spot->y * patch->along_y) / patch->spacing;

		c = sc_rgb_scale(c, 1.0f + patch->contrast * (wave(across) - 0.66f));
	}
	for (int i = 0; i < patch->spots; i++) {
		const float dx = spot->u - patch->spot[i].x, dy = 1.5f * (spot->v - patch->spot[i].y);
		const float d = sqrtf(dx * dx + dy * dy) - patch->spot_r[i] + 4.0f * spot->mid;

		if (d < 0.0f)
			c = sc_rgb_scale(patch->third, 1.0f + 0.03f * spot->fine + 0.02f * d / patch->spot_r[i]);
		else if (d < 3.0f)
			c = sc_rgb_scale(c, 0.8f + 0.066f * d);
	}
	return c;
}

static void prepare_meadow(struct patch *patch)
{
	struct sc_dice region = region_dice(patch, 3, 0x6eadu);
	struct sc_dice dice = cell_dice(patch, 0x6eaeu);
	const float kept = sc_roll(&region); /* 0 wild meadow .. 1 golf course */
	const float angle = sc_between(&region, 0.0f, 3.14159f);
	const struct sc_rgb wild = {132, 136, 100}, mown = {92, 136, 84};

	patch->base = sc_flight_season(patch->scene->flight, sc_rgb_mix(wild, mown, kept));
	patch->second = sc_flight_season(
		patch->scene->flight, sc_rgb_mix((struct sc_rgb){158, 146, 110}, (struct sc_rgb){128, 154, 108}, kept));
	patch->third = (struct sc_rgb){226, 216, 196};
	patch->along_x = cosf(angle);
	patch->along_y = sinf(angle);
	patch->spacing = kept > 0.45f ? sc_between(&region, 22.0f, 48.0f) : 0.0f;
	patch->contrast = sc_between(&region, 0.04f, 0.11f);
	patch->spots = kept > 0.5f ? sc_pick(&dice, 4) : 0;
	for (int i = 0; i < patch->spots; i++) {
		patch->spot[i].x = patch->size * sc_between(&dice, 0.15f, 0.85f);
		patch->spot[i].y = patch->size * sc_between(&dice, 0.15f, 0.85f);
		patch->spot_r[i] = sc_between(&dice, 9.0f, 20.0f);
	}
}

static struct sc_rgb shrubland(const struct patch *patch, const struct spot *spot)
{
	const float thin = sc_clamp(0.5f + 0.6f * spot->wide, 0.0f, 1.0f);
	const float k = 1.0f + 0.03f * spot->mid + 0.06f * spot->fine;

	return sc_rgb_scale(sc_rgb_mix(patch->base, patch->second, thin), k);
}

static void prepare_shrubland(struct patch *patch)
{
	struct sc_dice region = region_dice(patch, 4, 0xc4a9u);
	const float red = sc_roll(&region);

	patch->base = sc_rgb_mix((struct sc_rgb){186, 180, 140}, (struct sc_rgb){186, 150, 120}, red);
	patch->second = sc_rgb_mix((struct sc_rgb){164, 160, 122}, (struct sc_rgb){164, 134, 108}, red);
}

/* Rows of a crop over soil: bright and dark by turns, broken by gaps, with a wheel track now and then. */
static struct sc_rgb field(const struct patch *patch, const struct spot *spot)
{
	const float across =
		(spot->x * patch->along_x + spot->y * patch->along_y + patch->bend * spot->wide) / patch->spacing;
	const float row = wave(across);
	const float gaps = sc_clamp(0.75f + 0.4f * spot->wide + 0.22f * spot->mid + 0.1f * spot->fine, 0.1f, 1.0f);
	const float cover = gaps * (1.0f - patch->contrast + patch->contrast * row * 1.55f);
	const float eighth = across * 0.125f;
	struct sc_rgb c = sc_rgb_mix(patch->second, patch->base, sc_min(cover, 1.0f));

	if (patch->tracks && sc_fraction(eighth) < 0.09f)
		c = sc_rgb_mix(c, patch->third, 0.4f);
	return sc_rgb_scale(c, 1.0f + 0.035f * spot->fine + 0.02f * spot->mid);
}

static void prepare_field(struct patch *patch)
{
	static const struct {
		struct sc_rgb crop, soil;
		float contrast;
	} crops[] = {
		{{112, 158, 112}, {162, 152, 128}, 0.95f}, /* young green */
		{{66, 92, 62}, {112, 104, 88}, 0.70f}, /* full cover */
		{{176, 176, 132}, {150, 140, 108}, 0.60f}, /* ripe grain */
		{{150, 164, 128}, {186, 178, 140}, 0.85f}, /* pale vegetable rows */
		{{112, 118, 118}, {150, 132, 124}, 0.95f}, /* film and drip lines */
		{{134, 116, 104}, {100, 86, 78}, 0.85f}, /* ploughed */
	};
	struct sc_dice parcel = {.key = sc_land_parcel(patch->scene->land, patch->row, patch->col)};
	/* The crop turns with the year, the direction of the rows stays with the parcel. */
	struct sc_dice year = {.key = parcel.key ^ patch->scene->flight->seed};
	const int crop = sc_pick(&year, (int)(sizeof(crops) / sizeof(crops[0])));
	const float tint = sc_between(&year, 0.92f, 1.08f);
	float angle = sc_roll(&parcel) < 0.5f ? 0.0f : 1.5708f;

	angle += sc_roll(&parcel) < 0.6f ? sc_between(&parcel, -0.04f, 0.04f) : sc_between(&parcel, 0.0f, 1.57f);
	patch->along_x = cosf(angle);
	patch->along_y = sinf(angle);
	patch->spacing = sc_between(&parcel, 5.0f, 12.0f);
	patch->bend = sc_roll(&parcel) < 0.25f ? 17.0f : 1.5f;
	patch->base = sc_rgb_scale(crops[crop].crop, tint);
	patch->second = crops[crop].soil;
	patch->third = (struct sc_rgb){158, 144, 122};
	patch->contrast = crops[crop].contrast;
	patch->tracks = sc_roll(&parcel) < 0.4f;
}

/* Bare sand or gravel: wet streaks, wind ripples, pits. */
static struct sc_rgb sand(const struct patch *patch, const struct spot *spot)
{
	const float t = spot->x * patch->along_x + spot->y * patch->along_y + 14.0f * spot->wide;
	const float streak = sc_clamp(0.35f + 0.9f * spot->wide + 0.12f * spot->mid, 0.0f, 1.0f);
	struct sc_rgb c = sc_rgb_mix(patch->base, patch->second, streak);
	float k = 1.0f + 0.018f * spot->mid + 0.03f * spot->fine + patch->contrast * (wave(t / patch->spacing) - 0.66f);

	if (spot->fine > 0.8f) /* stones */
		k *= 0.86f;
	if (patch->tracks) { /* a lorry's wheels */
		const float side = spot->y * patch->along_x - spot->x * patch->along_y + 24.0f * spot->wide;
		const float off = fabsf(230.0f * sc_fraction(side / 230.0f) - 115.0f);

		if (off > 2.5f && off < 5.5f)
			k *= 0.88f;
	}
	for (int i = 0; i < patch->spots; i++) {
		const float dx = spot->u - patch->spot[i].x, dy = spot->v - patch->spot[i].y;
		const float d = (sqrtf(dx * dx + dy * dy) + 5.0f * spot->mid) / patch->spot_r[i];

		/* A heap: its sunny side bright, its far side dark. */
		if (d < 1.0f) {
			const struct sc_flight *f = patch->scene->flight;
			const float lit = -(dx * f->shadow_x + dy * f->shadow_y) / (patch->spot_r[i] * 4.0f);

			k *= 1.0f + 0.22f * lit * (1.0f - d * d) * 1.6f;
		}
	}
	return sc_rgb_scale(c, k);
}

static void prepare_sand(struct patch *patch)
{
	struct sc_dice region = region_dice(patch, 4, 0x5a4du);
	struct sc_dice dice = cell_dice(patch, 0x5a4eu);
	const float grey = sc_roll(&region);
	const float angle = sc_between(&region, 0.0f, 3.14159f);

	patch->base = sc_rgb_mix((struct sc_rgb){214, 200, 178}, (struct sc_rgb){200, 194, 188}, grey);
	patch->second = sc_rgb_mix((struct sc_rgb){180, 160, 136}, (struct sc_rgb){168, 160, 154}, grey);
	patch->along_x = cosf(angle);
	patch->along_y = sinf(angle);
	patch->spacing = sc_between(&region, 9.0f, 30.0f);
	patch->contrast = sc_between(&region, 0.01f, 0.05f);
	patch->tracks = sc_roll(&region) < 0.6f;
	patch->spots = sc_pick(&dice, 4);
	for (int i = 0; i < patch->spots; i++) {
		patch->spot[i].x = patch->size * sc_between(&dice, 0.2f, 0.8f);
		patch->spot[i].y = patch->size * sc_between(&dice, 0.2f, 0.8f);
		patch->spot_r[i] = sc_between(&dice, 14.0f, 34.0f);
	}
}

/* Distance to land, in pixels, in a cell of water: a rounded rectangle, round only where both sides are dry. */
static float shore_distance(const struct patch *patch, float u, float v)
{
	const float round = 0.30f * patch->size;
	const float w = patch->size - u, s = patch->size - v;
	const int dx = u < w ? -1 : 1, dy = v < s ? -1 : 1;
	const float a = sc_max(u < w ? u : w, 0.0f), b = sc_max(v < s ? v : s, 0.0f);
	const bool side_x = patch->dry[1][1 + dx], side_y = patch->dry[1 + dy][1];

	if (side_x && side_y) {
		if (a < round && b < round)
			return round - sqrtf((round - a) * (round - a) + (round - b) * (round - b));
		return sc_min(a, b);
	}
	if (side_x)
		return a;
	if (side_y)
		return b;
	if (patch->dry[1 + dy][1 + dx])
		return sqrtf(a * a + b * b);
	return patch->size;
}

static struct sc_rgb water(const struct patch *patch, const struct spot *spot)
{
	const float t = spot->x * patch->along_x + spot->y * patch->along_y + 9.0f * spot->mid + 30.0f * spot->wide;
	const float ripple = patch->contrast * (wave(t / patch->spacing) - 0.66f);
	const float depth = 0.5f + 0.45f * spot->wide;
	const float shore = shore_distance(patch, spot->u, spot->v) + 3.0f * spot->mid - 9.0f * (1.0f + spot->wide);
	struct sc_rgb c = sc_rgb_mix(patch->base, patch->second, sc_clamp(depth, 0.0f, 1.0f));

	c = sc_rgb_scale(c, 1.0f + ripple + 0.025f * spot->fine);
	if (spot->fine > 1.02f) /* the sun glints on a facet */
		c = sc_rgb_mix(c, (struct sc_rgb){200, 205, 205}, 0.18f);
	if (shore < 7.0f)
		c = sc_rgb_scale(patch->third, 1.0f + 0.07f * spot->fine + 0.05f * spot->mid);
	else if (shore < 17.0f)
		c = sc_rgb_mix(patch->third, c, 0.45f + 0.055f * (shore - 7.0f));
	return c;
}

static void prepare_water(struct patch *patch)
{
	static const struct sc_rgb waters[][2] = {
		{{62, 78, 78}, {72, 90, 86}}, {{104, 100, 86}, {118, 112, 96}}, {{76, 88, 68}, {88, 98, 76}},
		{{42, 50, 52}, {52, 60, 60}}, {{76, 92, 106}, {88, 104, 114}},
	};
	const struct sc_scene *scene = patch->scene;
	struct sc_dice county = {.key = sc_mix(scene->land->seed + 0x3a7e4u)};
	struct sc_dice year = {.key = sc_mix(scene->flight->seed + 0x3a7e5u)};
	const int kind = sc_pick(&county, (int)(sizeof(waters) / sizeof(waters[0])));
	const float angle = sc_between(&year, 0.0f, 3.14159f); /* the wind of the day */
	const float light = sc_between(&year, 0.88f, 1.14f);

	patch->base = sc_rgb_scale(waters[kind][0], light);
	patch->second = sc_rgb_scale(waters[kind][1], light);
	patch->third = sc_rgb_mix((struct sc_rgb){166, 152, 126}, (struct sc_rgb){110, 108, 80}, sc_roll(&county));
	patch->along_x = cosf(angle);
	patch->along_y = sinf(angle);
	patch->spacing = sc_between(&year, 7.0f, 16.0f);
	patch->contrast = sc_between(&year, 0.01f, 0.06f);
	for (int dy = -1; dy <= 1; dy++)
		for (int dx = -1; dx <= 1; dx++)
			patch->dry[1 + dy][1 + dx] =
				sc_style_class(sc_scene_style(scene, patch->row + dy, patch->col + dx)) != SC_WATER;
}

static void prepare_yard(struct patch *patch)
{
	/* Trodden ground of works and lots: dirt and thin grass. */
	prepare_lawn(patch);
	patch->second = (struct sc_rgb){160, 150, 132};
}

static const struct {
	preparation *prepare;
	recipe *colour;
} grounds[SC_STYLE_COUNT] = {
	[SC_RIVER] = {prepare_water, water},         [SC_BEACH] = {prepare_sand, sand},
	[SC_FOREST_STAND] = {prepare_forest, grass}, [SC_CHAPARRAL] = {prepare_shrubland, shrubland},
	[SC_GOLFCOURSE] = {prepare_meadow, meadow},  [SC_AGRICULTURAL] = {prepare_field, field},
	[SC_SPARSE] = {prepare_lawn, grass},         [SC_MEDIUM] = {prepare_lawn, grass},
	[SC_DENSE] = {prepare_lawn, grass},          [SC_MOBILEHOMES] = {prepare_yard, grass},
	[SC_BUILDINGS] = {prepare_yard, grass},      [SC_PARKINGLOT] = {prepare_yard, grass},
	[SC_FREEWAY] = {prepare_lawn, grass},        [SC_INTERSECTION] = {prepare_lawn, grass},
};

static int offset_of(float place, float size)
{
	return place < 0.0f ? -1 : place >= size ? 1 : 0;
}

static void paint_patch(const struct sc_scene *scene, int down, int right, const float *push_x, const float *push_y)
{
	const struct sc_rect area = scene->canvas->area;
	const float size = (float)scene->land->chip_px;
	const enum sc_style style = sc_scene_style(scene, scene->row + down, scene->col + right);
	const float west = (float)(scene->col * scene->land->chip_px);
	const float north = (float)(scene->row * scene->land->chip_px);
	const int reach = (int)WAVER + 4;
	/* Only the middle cell reaches deep into the canvas; the others show in a band along its edge. */
	const int x0 = right > 0 ? area.w - reach - 2 : 0, x1 = right < 0 ? reach + 2 : area.w;
	const int y0 = down > 0 ? area.h - reach - 2 : 0, y1 = down < 0 ? reach + 2 : area.h;
	struct patch patch = {.scene = scene, .row = scene->row + down, .col = scene->col + right, .size = size};

	assert(area.w < scene->land->chip_px + 2 * reach && area.w <= MAX_SIDE);
	grounds[style].prepare(&patch);
	for (int y = y0; y < y1; y++) {
		for (int x = x0; x < x1; x++) {
			const size_t at = (size_t)y * (size_t)area.w + (size_t)x;
			struct spot spot = {.x = (float)(area.x + x), .y = (float)(area.y + y)};
			struct sc_rgb c;

			spot.u = spot.x - west + push_x[at];
			spot.v = spot.y - north + push_y[at];
			if (offset_of(spot.u, size) != right || offset_of(spot.v, size) != down)
				continue;
			spot.u -= (float)right * size;
			spot.v -= (float)down * size;
			spot.fine = scene->canvas->fine[at];
			spot.mid = scene->canvas->mid[at];
			spot.wide = scene->canvas->wide[at];
			c = grounds[style].colour(&patch, &spot);
			scene->canvas->plane[0][at] = c.r;
			scene->canvas->plane[1][at] = c.g;
			scene->canvas->plane[2][at] = c.b;
		}
	}
}

void sc_ground_paint(const struct sc_scene *scene)
{
	const struct sc_rect area = scene->canvas->area;
	const size_t size = (size_t)area.w * (size_t)area.h;
	const uint32_t seed = scene->land->seed + 0xb04du;
	float *push_x = scene->canvas->push_x, *push_y = scene->canvas->push_y;

	for (size_t i = 0; i < size; i++)
		push_x[i] = push_y[i] = 0.0f;
	sc_noise_add(push_x, area, 19, seed, 0.62f * WAVER);
	sc_noise_add(push_x, area, 5, seed + 1u, 0.38f * WAVER);
	sc_noise_add(push_y, area, 19, seed + 2u, 0.62f * WAVER);
	sc_noise_add(push_y, area, 5, seed + 3u, 0.38f * WAVER);
	for (int down = -1; down <= 1; down++)
		for (int right = -1; right <= 1; right++)
			paint_patch(scene, down, right, push_x, push_y);
}
