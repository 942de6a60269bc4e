/* cover.c: cells with and without imagery, and the places that these make up. */
#include "grid/cover.h"

#include "base/hooks.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "raster/view.h"

/* A lattice of so many places a side is fine enough for a figure with one decimal. */
enum { MOST_A_SIDE = 1024 };

enum state { OUTSIDE, COVERED, BARE, COUNTED };

struct lattice {
	int64_t width, height, step; /* cells from place to place */
	uint8_t *states;
	double *shares; /* of the cell inside the county */
	int64_t *stack; /* of places still to be looked around */
};

/* Which places have imagery; '*reached': whether any of it lies in some chip. */
static enum lu_status look(const struct lu_imagery *imagery, const struct lu_date_grids *grids, size_t date,
			   const struct lu_coverage *coverage, struct lattice *lattice, bool *reached,
			   struct lu_error *err)
{
	const struct lu_grid *grid = &grids->dates[date];
	const int64_t times = grids->windows;
	const struct lu_frame reach = lu_grid_reach(grid);
	const int overhang = lu_grid_overhang(grid);
	struct lu_view *view = NULL;
	enum lu_status status;

	LU_TRY(lu_view_new(imagery, &reach, &view, err));
	*reached = lattice->step > 1;
	for (int64_t i = 0; i < lattice->width * lattice->height; i++) {
		const int64_t row = i / lattice->width * lattice->step, col = i % lattice->width * lattice->step;
		/* From the first window of the cell to its last. */
		const struct lu_rect first = lu_grid_chip(grid, row * times, col * times);
		const struct lu_rect last = lu_grid_chip(grid, row * times + times - 1, col * times + times - 1);
		const struct lu_rect whole = {overhang + first.x, overhang + first.y, last.x + last.width - first.x,
					      last.y + last.height - first.y};
		const struct lu_rect middle = {whole.x + whole.width / 2, whole.y + whole.height / 2, 1, 1};
		lattice->shares[i] = lu_coverage_share(coverage, row, col);
		if (!(lattice->shares[i] > 0))
			continue;
		/* Of a cell that the county's line cuts, the middle may lie where nobody needs imagery. */
		lattice->states[i] = lu_view_touches(view, lattice->shares[i] < 1 ? whole : middle) ? COVERED : BARE;
		*reached = *reached || lu_view_touches(view, whole);
	}
out:
	lu_view_free(view);
	return status;
}

/* Parts of the county by thirds of its box. */
static const char *direction(double x, double y)
{
	static const char *const names[3][3] = {{"in the north-west", "in the north", "in the north-east"},
						{"in the west", "in the middle", "in the east"},
						{"in the south-west", "in the south", "in the south-east"}};
	const int col = x < 1.0 / 3 ? 0 : x < 2.0 / 3 ? 1 : 2, row = y < 1.0 / 3 ? 0 : y < 2.0 / 3 ? 1 : 2;

	return names[row][col];
}

/* The area, in cells, of the place that begins at 'at'; its middle goes to x and y, from 0 to 1. */
static double measure_place(struct lattice *lattice, int64_t at, double *x, double *y)
{
	static const int ways[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
	double area = 0, sum_x = 0, sum_y = 0;
	size_t depth = 0;

	lattice->stack[depth++] = at;
	lattice->states[at] = COUNTED;
	while (depth > 0) {
		const int64_t i = lattice->stack[--depth], col = i % lattice->width, row = i / lattice->width;
		area += lattice->shares[i];
		sum_x += lattice->shares[i] * ((double)col + 0.5);
		sum_y += lattice->shares[i] * ((double)row + 0.5);
		for (int k = 0; k < 4; k++) {
			const int64_t c = col + ways[k][0], r = row + ways[k][1], next = r * lattice->width + c;
			if (c < 0 || r < 0 || c >= lattice->width || r >= lattice->height ||
			    lattice->states[next] != BARE)
				continue;
			lattice->states[next] = COUNTED;
			lattice->stack[depth++] = next;
		}
	}
	*x = sum_x / area / (double)lattice->width;
	*y = sum_y / area / (double)lattice->height;
	return area;
}

static void count(struct lattice *lattice, struct lu_cover *out)
{
	double all = 0, covered = 0, largest = 0;

	out->where = "";
	for (int64_t i = 0; i < lattice->width * lattice->height; i++) {
		all += lattice->shares[i];
		covered += lattice->states[i] == COVERED ? lattice->shares[i] : 0;
		if (lattice->states[i] != BARE)
			continue;
		double x, y;
		const double area = measure_place(lattice, i, &x, &y);
		out->places++;
		if (area > largest) {
			largest = area;
			out->where = direction(x, y);
		}
	}
	out->share = all > 0 ? covered / all : 0;
	out->largest_m2 = all > 0 ? largest / all : 0; /* of the county: see lu_cover_find */
}

enum lu_status lu_cover_find(const struct lu_imagery *imagery, const struct lu_date_grids *grids, size_t date,
			     const struct lu_ground *ground, struct lu_cover *out, struct lu_error *err)
{
	const struct lu_frame *windows = &grids->dates[date].cells;
	const int64_t width = windows->width / grids->windows, height = windows->height / grids->windows;
	const int64_t longest = width > height ? width : height;
	struct lattice lattice = {.step = (longest + MOST_A_SIDE - 1) / MOST_A_SIDE};
	enum lu_status status;

	*out = (struct lu_cover){0};
	lattice.width = (width + lattice.step - 1) / lattice.step;
	lattice.height = (height + lattice.step - 1) / lattice.step;
	const size_t places = (size_t)(lattice.width * lattice.height);
	LU_TRY(lu_alloc(&lattice.states, places, sizeof(*lattice.states), "a county's coverage", err));
	LU_TRY(lu_alloc(&lattice.shares, places, sizeof(*lattice.shares), "a county's coverage", err));
	LU_TRY(lu_alloc(&lattice.stack, places, sizeof(*lattice.stack), "a county's coverage", err));
	LU_TRY(look(imagery, grids, date, ground->coverage, &lattice, &out->reached, err));
	count(&lattice, out);
	out->largest_m2 *= ground->county_m2;
out:
	lu_free(lattice.states);
	lu_free(lattice.shares);
	lu_free(lattice.stack);
	return status;
}

void lu_cover_print(FILE *to, const struct lu_cover *cover)
{
	/* Rounded down: 99.99 % is not all. */
	const double percent = (double)(int)(cover->share * 1000) / 10;

	if (cover->places == 0) {
		fputs("imagery covers all of the county", to);
		return;
	}
	const bool wide = cover->largest_m2 >= 1e5;
	fprintf(to, "imagery covers %.1f %% of the county; %zu place%s without imagery, ", percent, cover->places,
		cover->places == 1 ? "" : "s");
	fprintf(to, "%s%.1f %s %s", cover->places == 1 ? "" : "the largest ", cover->largest_m2 / (wide ? 1e6 : 1e4),
		wide ? "km2" : "ha", cover->where);
}

enum lu_status lu_cover_judge(const struct lu_cover *cover, const struct lu_ground *ground, const char *about,
			      const struct lu_hooks *hooks, struct lu_error *err)
{
	char *text = NULL;
	struct lu_text_stream stream;
	enum lu_status status;

	if (!cover->reached)
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"%snone of the county's %lld cells could be mapped: no imagery reaches them (check boundary, "
			"where-filter and the imagery's CRS)",
			about, (long long)lu_coverage_cells(ground->coverage));
	if (cover->share >= 0.5)
		return LU_OK;
	LU_TRY(lu_text_begin(&stream, "a warning", err));
	lu_cover_print(stream.to, cover);
	LU_TRY(lu_text_finish(&stream, &text, err));
	lu_log(hooks, LU_LEVEL_WARNING, "%s%s", about, text);
out:
	lu_free(text);
	return status;
}
