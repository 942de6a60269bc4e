/*
 * change.c: processes of change, applied one after the other to the cells that fit them best
 */
#include "change.h"

#include "landscape.h"
#include "maths.h"
#include "noise.h"
#include "rank.h"

#include <stdlib.h>
#include <string.h>

/* Change that the boundary cuts away would be in the list and on no map. */
#define MOSTLY_INSIDE 204

#define FROM(style) (1u << (style))

struct process {
	float share; /* of all change */
	unsigned from; /* styles it can happen to */
	float urban; /* how much nearness to a town counts */
	float cluster; /* size of its patches, cells */
	enum sc_style to[4]; /* what comes: one for each patch */
};

static const struct process processes[] = {
	/* A subdivision is built on fields and meadows at the edge of town. */
	{0.40f,
	 FROM(SC_AGRICULTURAL) | FROM(SC_GOLFCOURSE) | FROM(SC_FOREST_STAND) | FROM(SC_CHAPARRAL),
	 1.0f,
	 1.6f,
	 {SC_MEDIUM, SC_DENSE, SC_MEDIUM, SC_PARKINGLOT}},
	/* Fields are given up. */
	{0.12f, FROM(SC_AGRICULTURAL), -0.2f, 1.8f, {SC_GOLFCOURSE, SC_GOLFCOURSE, SC_CHAPARRAL, SC_GOLFCOURSE}},
	/* What was given up grows over, */
	{0.10f, FROM(SC_GOLFCOURSE), -0.2f, 1.8f, {SC_CHAPARRAL, SC_CHAPARRAL, SC_CHAPARRAL, SC_FOREST_STAND}},
	/* and closes to wood. */
	{0.10f, FROM(SC_CHAPARRAL), -0.2f, 1.8f, {SC_FOREST_STAND, SC_FOREST_STAND, SC_FOREST_STAND, SC_FOREST_STAND}},
	/* Wood is cleared: for a quarry, a field, a meadow. */
	{0.16f, FROM(SC_FOREST_STAND), 0.2f, 1.8f, {SC_BEACH, SC_AGRICULTURAL, SC_GOLFCOURSE, SC_BEACH}},
	/* Ponds are dug, one here, one there. */
	{0.12f,
	 FROM(SC_AGRICULTURAL) | FROM(SC_GOLFCOURSE) | FROM(SC_CHAPARRAL) | FROM(SC_BEACH),
	 0.0f,
	 0.7f,
	 {SC_RIVER, SC_RIVER, SC_RIVER, SC_RIVER}},
};

#define PROCESSES (sizeof(processes) / sizeof(processes[0]))

static uint8_t *styles_of(const struct sc_land *land, int date)
{
	return land->style + (size_t)date * sc_land_cells(land);
}

/* Let one process change at most 'wanted' cells that nothing has happened to yet. Returns how many it did. */
static size_t apply(struct sc_land *land, int date, const struct process *process, size_t wanted,
		    struct sc_ranked *list)
{
	const uint32_t seed = sc_hash(land->seed + 0xc4a6eu, date, (int)(process - processes));
	const uint8_t *before = styles_of(land, date - 1);
	uint8_t *after = styles_of(land, date);
	size_t count = 0, told;

	for (int row = 0; row < land->rows; row++) {
		for (int col = 0; col < land->cols; col++) {
			const size_t at = sc_land_at(land, row, col);
			const float x = (float)col / process->cluster, y = (float)row / process->cluster;

			if (land->inside[at] < MOSTLY_INSIDE || after[at] != before[at] ||
			    !(process->from & FROM(before[at])))
				continue;
			list[count].score = sc_noise_at(seed, x + 0.5f, y + 0.5f) +
					    process->urban * sc_landscape_urban(land, row, col);
			list[count++].cell = (int)at;
		}
	}
	sc_rank(list, count);
	told = count < wanted ? count : wanted;
	for (size_t i = 0; i < told; i++) {
		/* Patches of about two cells become the same thing. */
		const int row = list[i].cell / land->cols, col = list[i].cell % land->cols;

		after[list[i].cell] = (uint8_t)process->to[sc_hash(seed, col / 2, row / 2) & 3u];
	}
	return told;
}

bool sc_change_plan(struct sc_land *land, int date, double share)
{
	const size_t cells = sc_land_cells(land);
	struct sc_ranked *list = malloc(cells * sizeof(*list));
	size_t inside = 0, wanted, done = 0;
	float due = 0.0f;

	if (!list)
		return false;
	memcpy(styles_of(land, date), styles_of(land, date - 1), cells);
	for (size_t i = 0; i < cells; i++)
		inside += land->inside[i] > 0;
	wanted = (size_t)(share * (double)inside + 0.5);
	/* Each process is due up to its cumulated share, so what one cannot change the next ones make good. */
	for (size_t i = 0; i < PROCESSES; i++) {
		size_t target;

		due += processes[i].share;
		target = i + 1 == PROCESSES ? wanted : (size_t)(due * (float)wanted + 0.5f);
		if (target > done)
			done += apply(land, date, &processes[i], target - done, list);
	}
	/* And whatever is still missing goes to any that still can. */
	for (size_t i = 0; i < PROCESSES && done < wanted; i++)
		done += apply(land, date, &processes[i], wanted - done, list);
	free(list);
	return true;
}

bool sc_changed(const struct sc_land *land, int date, int row, int col)
{
	return sc_land_class(land, date, row, col) != sc_land_class(land, date - 1, row, col);
}
