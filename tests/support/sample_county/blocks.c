/*
 * blocks.c: how a cell of town is laid out, for each developed style
 *
 * A layout places parts (town.h) in the cell's frame. The cell's dice are keyed by place, so the same houses stand
 * there at every date; only what moves (cars) is keyed by the flight.
 */
#include "town.h"

#define STREET_HALF 12.0f
#define ALLEY_HALF 9.0f
#define LANE_HALF 7.0f

static const struct sc_rgb lot_asphalt = {116, 114, 110};

/* Roofs of one neighbourhood resemble each other: four cells share their palette. */
static struct sc_rgb roof_colour(const struct sc_frame *frame, struct sc_dice *dice)
{
	static const struct sc_rgb palettes[][4] = {
		{{132, 128, 122}, {112, 106, 100}, {150, 142, 132}, {98, 94, 92}},
		{{164, 122, 100}, {150, 108, 88}, {176, 140, 116}, {138, 112, 98}},
		{{178, 160, 128}, {160, 142, 112}, {190, 176, 148}, {142, 124, 100}},
		{{214, 212, 206}, {180, 178, 172}, {228, 226, 220}, {132, 128, 124}},
		{{84, 80, 80}, {104, 100, 100}, {72, 70, 72}, {126, 118, 112}},
	};
	const float area = 2.0f * frame->size;
	const int home = (int)(5.0f * sc_unit(sc_hash(frame->scene->land->seed + 0x400fu, sc_floor(frame->x / area),
						      sc_floor(frame->y / area))));
	const int palette = sc_roll(dice) < 0.8f ? home : sc_pick(dice, 5);

	return sc_rgb_scale(palettes[palette][sc_pick(dice, 4)], sc_between(dice, 0.93f, 1.07f));
}

static void yard(const struct sc_frame *frame, float u0, float v0, float u1, float v1, struct sc_dice *dice)
{
	static const struct sc_rgb covers[] = {
		{96, 128, 80}, {118, 132, 92}, {150, 142, 112}, {168, 156, 134}, {88, 110, 76},
	};
	const struct sc_rgb cover = covers[sc_pick(dice, 5)];
	struct sc_point corner[4];

	sc_frame_box(frame, u0, v0, u1, v1, corner);
	sc_canvas_fill(frame->scene->canvas, corner, 4, sc_flight_season(frame->scene->flight, cover), 0.65f, 0.07f);
	/* A fence shows as a thin dark line. */
	sc_frame_box(frame, u1 - 0.7f, v0, u1 + 0.7f, v1, corner);
	sc_canvas_shade(frame->scene->canvas, corner, 4, 0.45f);
}

static void pool(const struct sc_frame *frame, float u, float v, struct sc_dice *dice)
{
	const float a = sc_between(dice, 4.0f, 6.5f), b = sc_between(dice, 6.5f, 10.0f);

	sc_pavement_paint(frame, u - a - 4.0f, v - b - 4.0f, u + a + 4.0f, v + b + 4.0f,
			  (struct sc_rgb){196, 190, 178});
	sc_pavement_paint(frame, u - a, v - b, u + a, v + b, (struct sc_rgb){96, 184, 204});
}

/*
 * One side of a residential street: lots along u, each with a house, a drive and a yard.
 * 'toward' is +1 for the side of growing v.
 */
struct terrace {
	float street_v, street_half;
	float toward;
	float lot; /* lot width wanted */
	float depth; /* from the kerb to the fence behind */
	float setback; /* from the kerb to the front door */
	float house_u, house_v; /* half sizes */
};

static void terrace_yards(const struct sc_frame *frame, const struct terrace *t, struct sc_dice *dice)
{
	const int lots = (int)(frame->size / t->lot + 0.5f);
	const float lot = frame->size / (float)lots;
	const float kerb = t->street_v + t->toward * (t->street_half + 4.5f);

	for (int i = 0; i < lots; i++) {
		const float u0 = lot * (float)i, u1 = u0 + lot;
		const float drive = u0 + lot * (sc_roll(dice) < 0.5f ? 0.2f : 0.7f);
		const float door = kerb + t->toward * t->setback;
		const float back = kerb + t->toward * (t->setback + 2.0f * t->house_v);
		const float fence = kerb + t->toward * t->depth;

		yard(frame, u0, sc_min(kerb, fence), u1, sc_max(kerb, fence), dice);
		sc_pavement_paint(frame, drive - 5.5f, sc_min(kerb - t->toward * 5.0f, door), drive + 5.5f,
				  sc_max(kerb - t->toward * 5.0f, door),
				  sc_rgb_scale((struct sc_rgb){182, 178, 168}, sc_between(dice, 0.8f, 1.1f)));
		if (t->depth > 70.0f && sc_roll(dice) < 0.16f)
			pool(frame, u0 + 0.5f * lot, 0.5f * (back + fence), dice);
	}
}

static void terrace_houses(const struct sc_frame *frame, const struct terrace *t, struct sc_dice *dice)
{
	struct sc_dice today = {.key = frame->key ^ frame->scene->flight->seed ^ (uint32_t)(t->toward > 0.0f) ^
				       (uint32_t)t->street_v};
	const int lots = (int)(frame->size / t->lot + 0.5f);
	const float lot = frame->size / (float)lots;
	const float kerb = t->street_v + t->toward * (t->street_half + 4.5f);

	for (int i = 0; i < lots; i++) {
		const float half_v = t->house_v * sc_between(dice, 0.85f, 1.1f);
		const float half_u = sc_min(t->house_u * sc_between(dice, 0.85f, 1.12f), 0.48f * lot);
		struct sc_house house = {
			.u = lot * ((float)i + 0.5f) + sc_between(dice, -1.5f, 1.5f),
			.v = kerb + t->toward * (t->setback + half_v + sc_between(dice, -1.0f, 3.0f)),
			.half_u = half_u,
			.half_v = half_v,
			.height_m = sc_between(dice, 3.6f, 6.5f),
			.roof = sc_roll(dice) < 0.45f ? SC_ROOF_HIP : SC_ROOF_GABLE,
			.colour = roof_colour(frame, dice),
		};

		if (sc_roll(dice) < 0.06f)
			continue; /* an empty lot */
		sc_house_paint(frame, &house);
		if (sc_roll(dice) < 0.55f) { /* a wing makes an L */
			house.u += half_u * sc_between(dice, -0.45f, 0.45f);
			house.v += t->toward * half_v * (sc_roll(dice) < 0.5f ? -0.55f : 0.55f);
			house.half_u *= 0.45f;
			house.half_v *= 0.75f;
			house.height_m *= 0.8f;
			sc_house_paint(frame, &house);
		}
		if (sc_roll(dice) < 0.25f && t->depth > 60.0f) { /* a shed in the yard */
			house.u = lot * ((float)i + sc_between(dice, 0.2f, 0.8f));
			house.v = kerb + t->toward * (t->depth - 8.0f);
			house.half_u = sc_between(dice, 3.0f, 6.0f);
			house.half_v = sc_between(dice, 3.0f, 5.0f);
			house.height_m = 2.4f;
			house.colour = sc_rgb_scale((struct sc_rgb){180, 178, 174}, sc_between(dice, 0.6f, 1.2f));
			sc_house_paint(frame, &house);
		}
		if (sc_roll(&today) < 0.3f)
			sc_car_paint(frame, lot * ((float)i + 0.5f), t->street_v + t->toward * (t->street_half - 4.0f),
				     0.0f, &today);
	}
}

static void medium_terraces(const struct sc_frame *frame, struct terrace pair[2])
{
	for (int i = 0; i < 2; i++)
		pair[i] = (struct terrace){
			.street_v = 0.5f * frame->size,
			.street_half = STREET_HALF,
			.toward = i ? 1.0f : -1.0f,
			.lot = 56.0f,
			.depth = 0.5f * frame->size - 18.0f,
			.setback = 12.0f,
			.house_u = 21.0f,
			.house_v = 19.0f,
		};
}

static void dense_terraces(const struct sc_frame *frame, struct terrace four[4])
{
	for (int i = 0; i < 4; i++)
		four[i] = (struct terrace){
			.street_v = frame->size * (i < 2 ? 0.25f : 0.75f),
			.street_half = ALLEY_HALF,
			.toward = i & 1 ? 1.0f : -1.0f,
			.lot = 38.0f,
			.depth = 0.25f * frame->size - 13.5f,
			.setback = 4.0f,
			.house_u = 17.0f,
			.house_v = 15.5f,
		};
}

static void pave_medium(const struct sc_frame *frame)
{
	struct sc_dice dice = {.key = frame->key ^ 0x3ed1u};
	struct terrace pair[2];

	medium_terraces(frame, pair);
	for (int i = 0; i < 2; i++)
		terrace_yards(frame, &pair[i], &dice);
	sc_street_paint(frame, 0.5f * frame->size, STREET_HALF, false);
}

static void build_medium(const struct sc_frame *frame)
{
	struct sc_dice dice = {.key = frame->key ^ 0x3ed2u};
	struct terrace pair[2];

	medium_terraces(frame, pair);
	for (int i = 0; i < 2; i++)
		terrace_houses(frame, &pair[i], &dice);
}

static void pave_dense(const struct sc_frame *frame)
{
	struct sc_dice dice = {.key = frame->key ^ 0xde41u};
	struct terrace four[4];

	dense_terraces(frame, four);
	for (int i = 0; i < 4; i++)
		terrace_yards(frame, &four[i], &dice);
	sc_street_paint(frame, 0.25f * frame->size, ALLEY_HALF, false);
	sc_street_paint(frame, 0.75f * frame->size, ALLEY_HALF, false);
}

static void build_dense(const struct sc_frame *frame)
{
	struct sc_dice dice = {.key = frame->key ^ 0xde42u};
	struct terrace four[4];

	dense_terraces(frame, four);
	for (int i = 0; i < 4; i++)
		terrace_houses(frame, &four[i], &dice);
}

/* Where the one or two houses of a sparse cell stand; the same dice for drive and house. */
static int sparse_homes(const struct sc_frame *frame, struct sc_house home[2])
{
	struct sc_dice dice = {.key = frame->key ^ 0x59a4u};
	const int homes = 1 + (sc_roll(&dice) < 0.55f);

	for (int i = 0; i < homes; i++) {
		const float side = (i ? -1.0f : 1.0f) * (sc_roll(&dice) < 0.5f || homes > 1 ? 1.0f : -1.0f);

		home[i] = (struct sc_house){
			.u = frame->size * sc_between(&dice, 0.28f, 0.72f),
			.v = frame->size * (0.5f + side * sc_between(&dice, 0.25f, 0.3f)),
			.half_u = sc_between(&dice, 20.0f, 30.0f),
			.half_v = sc_between(&dice, 14.0f, 19.0f),
			.tilt = sc_between(&dice, -0.5f, 0.5f),
			.height_m = sc_between(&dice, 4.5f, 7.0f),
			.roof = sc_roll(&dice) < 0.6f ? SC_ROOF_HIP : SC_ROOF_GABLE,
			.colour = roof_colour(frame, &dice),
		};
	}
	return homes;
}

static void pave_sparse(const struct sc_frame *frame)
{
	struct sc_house home[2];
	const int homes = sparse_homes(frame, home);
	const float mid = 0.5f * frame->size;
	const struct sc_rgb drive = {158, 150, 138};

	for (int i = 0; i < homes; i++) {
		struct sc_dice dice = {.key = frame->key ^ (0x59b0u + (uint32_t)i)};
		const float a = sc_between(&dice, 48.0f, 66.0f), b = sc_between(&dice, 34.0f, 44.0f);
		const struct sc_rgb lawn = sc_flight_season(frame->scene->flight, (struct sc_rgb){96, 124, 78});
		struct sc_point ring[8];

		for (int k = 0; k < 8; k++) {
			const float angle = 0.785398f * (float)k;

			ring[k] = sc_frame_tilted(frame, home[i].u, home[i].v, home[i].tilt, a * cosf(angle),
						  b * sinf(angle));
		}
		sc_canvas_fill(frame->scene->canvas, ring, 8, lawn, 0.75f, 0.07f);
		sc_pavement_paint(frame, home[i].u - 6.0f, sc_min(mid, home[i].v), home[i].u + 6.0f,
				  sc_max(mid, home[i].v), drive);
		sc_pavement_paint(frame, home[i].u + 4.0f, home[i].v + 8.0f, home[i].u + 26.0f, home[i].v + 28.0f,
				  drive);
		if (sc_roll(&dice) < 0.25f)
			pool(frame, home[i].u - 28.0f, home[i].v + 24.0f, &dice);
	}
	sc_pavement_paint(frame, 0, mid - LANE_HALF, frame->size, mid + LANE_HALF, (struct sc_rgb){122, 118, 112});
}

static void build_sparse(const struct sc_frame *frame)
{
	struct sc_house home[2];
	struct sc_dice today = {.key = frame->key ^ frame->scene->flight->seed};
	const int homes = sparse_homes(frame, home);

	for (int i = 0; i < homes; i++) {
		struct sc_house wing = home[i];

		sc_house_paint(frame, &home[i]);
		wing.u += 0.6f * home[i].half_u;
		wing.v += 0.75f * home[i].half_v;
		wing.half_u *= 0.42f;
		wing.half_v *= 0.95f;
		sc_house_paint(frame, &wing);
		if (sc_roll(&today) < 0.7f)
			sc_car_paint(frame, home[i].u + 22.0f, home[i].v + 24.0f, 1.5708f, &today);
	}
}

static void pave_mobilehomes(const struct sc_frame *frame)
{
	for (int i = 0; i < 3; i++)
		sc_pavement_paint(frame, 0, frame->size * ((float)i + 0.5f) / 3.0f - 8.0f, frame->size,
				  frame->size * ((float)i + 0.5f) / 3.0f + 8.0f, (struct sc_rgb){128, 126, 120});
}

static void build_mobilehomes(const struct sc_frame *frame)
{
	struct sc_dice dice = {.key = frame->key ^ 0x30b1u};
	struct sc_dice today = {.key = frame->key ^ frame->scene->flight->seed};
	const float third = frame->size / 3.0f;
	const int along = (int)(frame->size / 22.0f);
	const float pitch = frame->size / (float)along;

	for (int side = 0; side < 6; side++) {
		const float road = third * ((float)(side / 2) + 0.5f), toward = side & 1 ? 1.0f : -1.0f;

		for (int i = 0; i < along; i++) {
			const struct sc_house home = {
				.u = pitch * ((float)i + 0.5f),
				.v = road + toward * (0.25f * third + 5.0f + sc_between(&dice, -1.0f, 1.0f)),
				.half_u = sc_between(&dice, 5.5f, 7.5f),
				.half_v = 0.25f * third - sc_between(&dice, 5.0f, 7.0f),
				.tilt = 0.12f * toward,
				.height_m = 3.2f,
				.roof = SC_ROOF_GABLE,
				.colour = sc_rgb_scale((struct sc_rgb){206, 204, 198}, sc_between(&dice, 0.72f, 1.16f)),
			};

			sc_house_paint(frame, &home);
			if (sc_roll(&today) < 0.4f)
				sc_car_paint(frame, home.u + 11.0f, road + toward * 14.0f, 1.5708f, &today);
		}
	}
}

static void pave_buildings(const struct sc_frame *frame)
{
	struct sc_dice dice = {.key = frame->key ^ 0xb10cu};
	const struct sc_rgb lot = sc_rgb_scale(lot_asphalt, sc_between(&dice, 0.82f, 1.35f));

	sc_pavement_paint(frame, 0, 4.0f, frame->size, frame->size - 4.0f, lot);
	sc_street_paint(frame, 0.5f * frame->size, STREET_HALF + 2.0f, true);
}

static void build_buildings(const struct sc_frame *frame)
{
	static const struct sc_rgb roofs[] = {
		{236, 236, 232}, {214, 212, 208}, {184, 182, 178}, {150, 148, 144},
		{196, 184, 164}, {112, 112, 114}, {226, 228, 230},
	};
	struct sc_dice dice = {.key = frame->key ^ 0xb10du};
	struct sc_dice today = {.key = frame->key ^ frame->scene->flight->seed};
	const float mid = 0.5f * frame->size, kerb = STREET_HALF + 7.0f;

	for (int side = -1; side <= 1; side += 2) {
		const int halls = 1 + sc_pick(&dice, 3);
		const float pitch = frame->size / (float)halls;

		for (int i = 0; i < halls; i++) {
			const float room = mid - kerb; /* depth between the street and the cell's edge */
			const float half_v = 0.5f * (room - sc_between(&dice, 14.0f, 30.0f));
			const struct sc_house hall = {
				.u = pitch * ((float)i + 0.5f),
				.v = mid + (float)side * (kerb + 6.0f + half_v),
				.half_u = 0.5f * pitch - sc_between(&dice, 5.0f, 14.0f),
				.half_v = half_v,
				.height_m = sc_between(&dice, 5.0f, 12.0f),
				.roof = SC_ROOF_FLAT,
				.colour = sc_rgb_scale(roofs[sc_pick(&dice, 7)], sc_between(&dice, 0.94f, 1.04f)),
			};

			sc_hall_paint(frame, &hall, &dice);
			if (sc_roll(&dice) < 0.5f) { /* a storey more on part of it */
				struct sc_house upper = hall;

				upper.half_u *= sc_between(&dice, 0.3f, 0.6f);
				upper.half_v *= sc_between(&dice, 0.4f, 0.8f);
				upper.height_m = 3.5f;
				upper.colour = sc_rgb_scale(upper.colour, sc_between(&dice, 0.85f, 1.08f));
				sc_hall_paint(frame, &upper, &dice);
			}
		}
		for (float u = 8.0f; u < frame->size - 8.0f; u += 10.5f)
			if (sc_roll(&today) < 0.35f)
				sc_car_paint(frame, u, mid + (float)side * (frame->size * 0.5f - 12.0f), 1.5708f,
					     &today);
	}
}

/* A double row of stalls and the aisle beside it. */
#define STALL_DEPTH 17.0f
#define STALL_WIDTH 8.6f
#define AISLE 21.0f

static void pave_parkinglot(const struct sc_frame *frame)
{
	struct sc_dice dice = {.key = frame->key ^ 0x9a4cu};
	const struct sc_rgb lot = sc_rgb_scale(lot_asphalt, sc_between(&dice, 0.8f, 1.3f));

	sc_pavement_paint(frame, 0, 0, frame->size, frame->size, lot);
}

static void build_parkinglot(const struct sc_frame *frame)
{
	struct sc_dice dice = {.key = frame->key ^ 0x9a4du};
	struct sc_dice today = {.key = frame->key ^ frame->scene->flight->seed};
	const float busy = sc_between(&today, 0.35f, 0.95f);
	const float slant = sc_roll(&dice) < 0.4f ? sc_between(&dice, 0.2f, 0.5f) : 0.0f;
	const struct sc_rgb paint = {206, 206, 200};
	const float margin = 9.0f;

	for (float v = 12.0f; v + 2.0f * STALL_DEPTH < frame->size; v += 2.0f * STALL_DEPTH + AISLE) {
		for (int side = 0; side < 2; side++) {
			const float top = v + (side ? STALL_DEPTH : 0.0f);
			const float lean = slant * STALL_DEPTH * (side ? -1.0f : 1.0f);

			for (float u = margin; u + STALL_WIDTH < frame->size - margin; u += STALL_WIDTH) {
				struct sc_point line[4] = {
					sc_frame_point(frame, u - 0.5f - 0.5f * lean, top),
					sc_frame_point(frame, u + 0.5f - 0.5f * lean, top),
					sc_frame_point(frame, u + 0.5f + 0.5f * lean, top + STALL_DEPTH),
					sc_frame_point(frame, u - 0.5f + 0.5f * lean, top + STALL_DEPTH),
				};
				const float local = busy + 0.45f * sc_noise_at(frame->key, u / 60.0f, top / 40.0f);
				const float tilt = (side ? -1.5708f : 1.5708f) - atanf(slant) * (side ? -1.0f : 1.0f);

				sc_canvas_fill(frame->scene->canvas, line, 4, paint, 0.6f, 0.0f);
				if (sc_roll(&today) < local)
					sc_car_paint(frame, u + 0.5f * STALL_WIDTH,
						     top + 0.5f * STALL_DEPTH + sc_between(&today, -1.0f, 1.0f), tilt,
						     &today);
			}
		}
	}
}

static void build_crossing(const struct sc_frame *frame)
{
	struct sc_dice dice = {.key = frame->key ^ 0xc40du};

	for (int corner = 0; corner < 4; corner++) {
		const float room = 0.5f * frame->size - 36.0f, half = 0.5f * room;
		const float u = corner & 1 ? frame->size - half : half;
		const float v = corner & 2 ? frame->size - half : half;
		const struct sc_house shop = {
			.u = u,
			.v = v,
			.half_u = half - sc_between(&dice, 9.0f, 18.0f),
			.half_v = half - sc_between(&dice, 9.0f, 18.0f),
			.height_m = sc_between(&dice, 4.0f, 8.0f),
			.roof = SC_ROOF_FLAT,
			.colour = roof_colour(frame, &dice),
		};
		const float what = sc_roll(&dice);

		if (what > 0.75f)
			continue; /* a green corner */
		sc_pavement_paint(frame, u - half + 2.0f, v - half + 2.0f, u + half - 2.0f, v + half - 2.0f,
				  lot_asphalt);
		if (what < 0.55f)
			sc_hall_paint(frame, &shop, &dice);
	}
	sc_crossing_paint(frame);
}

static const struct {
	void (*pave)(const struct sc_frame *frame);
	void (*build)(const struct sc_frame *frame);
} blocks[SC_STYLE_COUNT] = {
	[SC_SPARSE] = {pave_sparse, build_sparse},
	[SC_MEDIUM] = {pave_medium, build_medium},
	[SC_DENSE] = {pave_dense, build_dense},
	[SC_MOBILEHOMES] = {pave_mobilehomes, build_mobilehomes},
	[SC_BUILDINGS] = {pave_buildings, build_buildings},
	[SC_PARKINGLOT] = {pave_parkinglot, build_parkinglot},
	[SC_FREEWAY] = {NULL, sc_freeway_paint},
	[SC_INTERSECTION] = {NULL, build_crossing},
};

void sc_block_pave(const struct sc_frame *frame, enum sc_style style)
{
	if (blocks[style].pave)
		blocks[style].pave(frame);
}

void sc_block_build(const struct sc_frame *frame, enum sc_style style)
{
	if (blocks[style].build)
		blocks[style].build(frame);
}

static bool near_home(const struct sc_frame *frame, float u, float v)
{
	struct sc_house home[2];
	const int homes = sparse_homes(frame, home);

	for (int i = 0; i < homes; i++)
		if (fabsf(u - home[i].u) < 40.0f && fabsf(v - home[i].v) < 30.0f)
			return true;
	return false;
}

bool sc_block_clear(const struct sc_frame *frame, enum sc_style style, float x, float y)
{
	const float v = (frame->turned ? x - frame->x : y - frame->y) / frame->size;
	const float u = (frame->turned ? y - frame->y : x - frame->x) / frame->size;

	switch (style) {
	case SC_SPARSE:
		return fabsf(v - 0.5f) < 0.08f || near_home(frame, u * frame->size, v * frame->size);
	case SC_MEDIUM:
		return fabsf(v - 0.5f) < 0.1f || fabsf(fabsf(v - 0.5f) - 0.23f) < 0.07f;
	case SC_BUILDINGS:
		return fabsf(v - 0.5f) < 0.46f;
	case SC_DENSE:
		return fabsf(v - 0.25f) < 0.07f || fabsf(v - 0.75f) < 0.07f ||
		       fabsf(fabsf(sc_fraction(2.0f * v) - 0.5f) - 0.28f) < 0.1f;
	case SC_MOBILEHOMES:
		return fabsf(sc_fraction(3.0f * v) - 0.5f) < 0.15f;
	case SC_FREEWAY:
		return fabsf(v - 0.5f) < 0.4f;
	case SC_INTERSECTION:
		return fabsf(v - 0.5f) < 0.18f || fabsf(u - 0.5f) < 0.18f;
	case SC_PARKINGLOT:
		return true;
	default:
		return false;
	}
}
