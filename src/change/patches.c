/* patches.c: union-find over a list of cells in row order. */
#include "change/patches.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The root of a cell's patch; paths are halved on the way. */
static uint32_t root_of(struct lu_flagged_cell *cells, uint32_t at)
{
	while (cells[at].patch != at)
		at = cells[at].patch = cells[cells[at].patch].patch;
	return at;
}

/* The lower number stays: a patch is named by its cell nearest the north-west. */
static void join(struct lu_flagged_cell *cells, uint32_t a, uint32_t b)
{
	const uint32_t x = root_of(cells, a), y = root_of(cells, b);

	if (x < y)
		cells[y].patch = x;
	else
		cells[x].patch = y;
}

/* Join each cell to the one before it and the one above; 'above' runs through the row before. */
static void join_all(struct lu_flagged_cell *cells, size_t count)
{
	size_t above = 0;

	for (size_t i = 0; i < count; i++) {
		const struct lu_flagged_cell *cell = &cells[i];
		if (i > 0 && cells[i - 1].row == cell->row && cells[i - 1].col == cell->col - 1 &&
		    cells[i - 1].to == cell->to)
			join(cells, (uint32_t)i, (uint32_t)(i - 1));
		while (cells[above].row < cell->row - 1 ||
		       (cells[above].row == cell->row - 1 && cells[above].col < cell->col))
			above++;
		if (cells[above].row == cell->row - 1 && cells[above].col == cell->col && cells[above].to == cell->to)
			join(cells, (uint32_t)i, (uint32_t)above);
	}
	for (size_t i = 0; i < count; i++)
		cells[i].patch = root_of(cells, (uint32_t)i);
}

static int by_patch(const void *a, const void *b)
{
	const struct lu_flagged_cell *x = a, *y = b;

	if (x->patch != y->patch)
		return x->patch < y->patch ? -1 : 1;
	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->col > y->col) - (x->col < y->col);
}

static int best_first(const void *a, const void *b)
{
	const struct lu_patch *x = a, *y = b;

	if (x->probability != y->probability)
		return x->probability > y->probability ? -1 : 1;
	if (x->area_m2 != y->area_m2)
		return x->area_m2 > y->area_m2 ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

/* The figures of a patch from its cells; 'areas' is scratch, one a class. */
static void describe(struct lu_patch *patch, const struct lu_flagged_cell *cells, double *areas, size_t classes)
{
	int64_t right = cells[0].col, bottom = cells[0].row;

	memset(areas, 0, classes * sizeof(*areas));
	patch->to = cells[0].to;
	patch->window = (struct lu_rect){.x = cells[0].col, .y = cells[0].row};
	for (size_t i = 0; i < patch->count; i++) {
		patch->area_m2 += cells[i].area_m2;
		patch->probability += (double)cells[i].probability / (double)patch->count;
		areas[cells[i].from] += cells[i].area_m2;
		patch->window.x = cells[i].col < patch->window.x ? cells[i].col : patch->window.x;
		right = cells[i].col > right ? cells[i].col : right;
		bottom = cells[i].row > bottom ? cells[i].row : bottom;
	}
	for (size_t k = 1; k < classes; k++)
		patch->from = areas[k] > areas[patch->from] ? (uint16_t)k : patch->from;
	patch->window.width = right + 1 - patch->window.x;
	patch->window.height = bottom + 1 - patch->window.y;
}

enum lu_status lu_patches_make(const struct lu_flagged_cell *cells, size_t count, const bool *pairs, size_t classes,
			       struct lu_patches *out, struct lu_error *err)
{
	double *areas = NULL;
	enum lu_status status;

	*out = (struct lu_patches){0};
	if (count > UINT32_MAX)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%zu flagged cells are too many to join to patches", count);
	LU_TRY(lu_alloc(&out->cells, count, sizeof(*out->cells), "flagged cells", err));
	LU_TRY(lu_alloc(&areas, classes, sizeof(*areas), "areas", err));
	for (size_t i = 0; i < count; i++) {
		if (!pairs[cells[i].from * classes + cells[i].to])
			continue;
		out->cells[out->cell_count] = cells[i];
		out->cells[out->cell_count].patch = (uint32_t)out->cell_count;
		out->cell_count++;
	}
	join_all(out->cells, out->cell_count);
	qsort(out->cells, out->cell_count, sizeof(*out->cells), by_patch);
	for (size_t i = 0; i < out->cell_count; i++)
		out->count += i == 0 || out->cells[i].patch != out->cells[i - 1].patch;
	LU_TRY(lu_alloc(&out->patches, out->count, sizeof(*out->patches), "patches", err));
	for (size_t i = 0, patch = 0; i < out->cell_count; patch++) {
		struct lu_patch *at = &out->patches[patch];
		at->first = i;
		while (i < out->cell_count && out->cells[i].patch == out->cells[at->first].patch)
			i++;
		at->count = i - at->first;
		describe(at, out->cells + at->first, areas, classes);
	}
	qsort(out->patches, out->count, sizeof(*out->patches), best_first);
out:
	lu_free(areas);
	if (status != LU_OK)
		lu_patches_release(out);
	return status;
}

void lu_patches_release(struct lu_patches *patches)
{
	lu_free(patches->patches);
	lu_free(patches->cells);
	*patches = (struct lu_patches){0};
}

const struct lu_flagged_cell *lu_patch_surest(const struct lu_patches *patches, const struct lu_patch *patch)
{
	const struct lu_flagged_cell *cells = patches->cells + patch->first, *best = cells;

	for (size_t i = 1; i < patch->count; i++)
		best = cells[i].probability > best->probability ? &cells[i] : best;
	return best;
}
