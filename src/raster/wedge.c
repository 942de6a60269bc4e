/* wedge.c: a flood from the corners over a coarse lattice, which reads no more of the file than it covers. See wedge.h. */
#include "raster/wedge.h"

#include <gdal.h>
#include <string.h>

#include "base/memory.h"
#include "raster/blank.h"
#include "raster/trap.h"

/* At most so many cells a side, of so many pixels at least; and what is looked at in each. */
enum { MOST_CELLS = 256, LEAST_SIDE = 4, PROBE = 2 };

/* A wedge of fewer cells is not worth the word. */
enum { LEAST_CELLS = 4 };

static bool get(const uint8_t *cells, int i)
{
	return (cells[i / 8] >> (i % 8) & 1) != 0;
}

static void put(uint8_t *cells, int i)
{
	cells[i / 8] |= (uint8_t)(1 << (i % 8));
}

struct flood {
	GDALDatasetH dataset;
	const struct lu_member *member;
	size_t bands;
	struct lu_wedge *wedge;
	uint8_t *reached; /* a bit a cell */
	int *queue;
	size_t head, tail;
};

/* Does the middle of a cell (at the file's edge that edge, where wedges run out) hold nothing but the fill? */
static bool is_fill(const struct flood *flood, int col, int row)
{
	const struct lu_wedge *wedge = flood->wedge;
	const int width = (int)flood->member->width, height = (int)flood->member->height;
	const int middle = (wedge->side - PROBE) / 2;
	int x = col * wedge->side + middle, y = row * wedge->side + middle;
	double pixels[PROBE * PROBE];

	x = col == 0 ? 0 : col + 1 < wedge->across && x + PROBE < width ? x : width - PROBE;
	y = row == 0 ? 0 : row + 1 < wedge->down && y + PROBE < height ? y : height - PROBE;
	for (size_t b = 0; b < flood->bands; b++) {
		if (GDALRasterIO(GDALGetRasterBand(flood->dataset, flood->member->bands[b]), GF_Read, x, y, PROBE,
				 PROBE, pixels, PROBE, PROBE, GDT_Float64, 0, 0) != CE_None)
			return false;
		for (int i = 0; i < PROBE * PROBE; i++)
			if (pixels[i] != wedge->value)
				return false;
	}
	return true;
}

static void reach(struct flood *flood, int col, int row)
{
	const struct lu_wedge *wedge = flood->wedge;
	const int at = row * wedge->across + col;

	if (col < 0 || row < 0 || col >= wedge->across || row >= wedge->down || get(flood->reached, at))
		return;
	put(flood->reached, at);
	if (is_fill(flood, col, row))
		flood->queue[flood->tail++] = at;
}

/* From the corners that are fill to all that hangs together with them; then every cell beside it counts as near. */
static void spread(struct flood *flood)
{
	struct lu_wedge *wedge = flood->wedge;
	const int right = wedge->across - 1, bottom = wedge->down - 1;

	reach(flood, 0, 0);
	reach(flood, right, 0);
	reach(flood, 0, bottom);
	reach(flood, right, bottom);
	while (flood->head < flood->tail) {
		const int at = flood->queue[flood->head++], col = at % wedge->across, row = at / wedge->across;
		for (int side = 0; side < 9; side++) {
			const int c = col + side % 3 - 1, r = row + side / 3 - 1;
			if (c >= 0 && r >= 0 && c <= right && r <= bottom)
				put(wedge->cells, r * wedge->across + c);
		}
		reach(flood, col - 1, row);
		reach(flood, col + 1, row);
		reach(flood, col, row - 1);
		reach(flood, col, row + 1);
	}
}

static bool trace(GDALDatasetH dataset, size_t bands, double value, const struct lu_member *member,
		  struct lu_wedge *wedge)
{
	const int64_t longest = member->width > member->height ? member->width : member->height;
	struct flood flood = {.dataset = dataset, .member = member, .bands = bands, .wedge = wedge};
	size_t count;

	*wedge = (struct lu_wedge){.value = value, .side = (int)((longest + MOST_CELLS - 1) / MOST_CELLS)};
	wedge->side = wedge->side > LEAST_SIDE ? wedge->side : LEAST_SIDE;
	wedge->across = (int)((member->width + wedge->side - 1) / wedge->side);
	wedge->down = (int)((member->height + wedge->side - 1) / wedge->side);
	count = (size_t)wedge->across * (size_t)wedge->down;
	if (lu_alloc(&wedge->cells, count / 8 + 1, 1, "fill", NULL) == LU_OK &&
	    lu_alloc(&flood.reached, count / 8 + 1, 1, "fill", NULL) == LU_OK &&
	    lu_alloc(&flood.queue, count, sizeof(*flood.queue), "fill", NULL) == LU_OK)
		spread(&flood);
	lu_free(flood.reached);
	lu_free(flood.queue);
	return flood.tail >= LEAST_CELLS;
}

void lu_wedge_look(void *dataset, const struct lu_selection *selection, struct lu_member *member)
{
	const int right = (int)member->width - LU_BLANK_SIDE, bottom = (int)member->height - LU_BLANK_SIDE;
	struct lu_blank blank = {0};
	struct lu_trap trap;

	if (member->validity != LU_VALID_ALL || selection->rule == LU_NODATA_NONE || right < 0 || bottom < 0)
		return;
	lu_trap_set(&trap);
	for (int corner = 0; corner < 4 && !blank.found; corner++)
		blank = lu_blank_square(dataset, member, selection->count, corner % 2 * right, corner / 2 * bottom);
	if (blank.found && blank.exact && trace(dataset, selection->count, blank.value, member, &member->wedge) &&
	    trap.text[0] == '\0') {
		for (size_t i = 0; i < selection->count; i++)
			member->nodata[i] = blank.value;
		member->validity = LU_VALID_NODATA;
	} else {
		lu_wedge_release(&member->wedge);
	}
	lu_trap_drop(&trap);
}

void lu_wedge_release(struct lu_wedge *wedge)
{
	lu_free(wedge->cells);
	*wedge = (struct lu_wedge){0};
}

bool lu_wedge_holds(const struct lu_wedge *wedge, const struct lu_member *member, double x, double y)
{
	if (!(x >= 0 && y >= 0 && x < (double)member->width && y < (double)member->height))
		return true;
	return wedge->cells != NULL && get(wedge->cells, (int)y / wedge->side * wedge->across + (int)x / wedge->side);
}
