/* likeness.c: a correlation within classes, in one pass. */
#include "change/likeness.h"

#include <math.h>

#include "base/memory.h"
#include "maps/store.h"

/* Answers below the first are 0; classes of fewer cells say nothing; so many cells in all it takes. */
static const double least_answer = 1e-12, few_cells = 20, enough_cells = 100;

/* Sums over the cells of one class of two dates' answers, in logarithms. */
struct moments {
	double n, x, y, xx, yy, xy;
};

static size_t most_probable(const float *answer, size_t n)
{
	size_t best = 0;

	for (size_t k = 1; k < n; k++)
		best = answer[k] > answer[best] ? k : best;
	return best;
}

/* Add a cell's answers: of each class how far its logarithm is from the mean of all. 'm' is one a class. */
static void add_moments(const float *earlier, const float *later, size_t n, struct moments *m)
{
	double x = 0, y = 0;

	for (size_t k = 0; k < n; k++) {
		x += log(fmax((double)earlier[k], least_answer)) / (double)n;
		y += log(fmax((double)later[k], least_answer)) / (double)n;
	}
	for (size_t k = 0; k < n; k++) {
		const double dx = log(fmax((double)earlier[k], least_answer)) - x,
			     dy = log(fmax((double)later[k], least_answer)) - y;
		m[k].n++;
		m[k].x += dx;
		m[k].y += dy;
		m[k].xx += dx * dx;
		m[k].yy += dy * dy;
		m[k].xy += dx * dy;
	}
}

enum lu_status lu_likeness(const float *cells, size_t count, size_t dates, size_t classes, size_t earlier, size_t later,
			   double *likeness, struct lu_error *err)
{
	const size_t n = classes, size = dates * n;
	struct moments *of_class = NULL;
	double x = 0, y = 0, both = 0, seen = 0;
	enum lu_status status;

	*likeness = NAN;
	LU_TRY(lu_alloc(&of_class, n * n, sizeof(*of_class), "answers of two dates", err));
	for (size_t i = 0; i < count; i++) {
		const float *before = cells + i * size + earlier * n, *after = cells + i * size + later * n;
		const size_t class = most_probable(before, n);
		if (lu_store_mapped(before, n) && lu_store_mapped(after, n) && class == most_probable(after, n))
			add_moments(before, after, n, of_class + class * n);
	}
	for (size_t i = 0; i < n * n; i++) {
		const struct moments *m = &of_class[i];
		if (m->n < few_cells)
			continue;
		x += m->xx - m->x * m->x / m->n;
		y += m->yy - m->y * m->y / m->n;
		both += m->xy - m->x * m->y / m->n;
		seen += m->n / (double)n;
	}
	if (seen >= enough_cells && x > 0 && y > 0)
		*likeness = both / sqrt(x * y);
out:
	lu_free(of_class);
	return status;
}
