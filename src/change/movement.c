/* movement.c: medians of differences of log-probabilities. */
#include "change/movement.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "maps/store.h"

/* Classes of fewer cells have no median of their own. */
enum { FEW_CELLS = 20 };

/* Answers below it say no more than "not this class". */
static const double least_answer = 1e-6;

static double centred(const float *answer, size_t class, double mean)
{
	return log(fmax((double)answer[class], least_answer)) - mean;
}

static double mean_logarithm(const float *answer, size_t classes)
{
	double sum = 0;

	for (size_t k = 0; k < classes; k++)
		sum += log(fmax((double)answer[k], least_answer));
	return sum / (double)classes;
}

static size_t most_probable(const float *answer, size_t classes)
{
	size_t best = 0;

	for (size_t k = 1; k < classes; k++)
		best = answer[k] > answer[best] ? k : best;
	return best;
}

static int ascending(const void *a, const void *b)
{
	const float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static double median(float *values, size_t count)
{
	if (count == 0)
		return 0;
	qsort(values, count, sizeof(*values), ascending);
	return (double)values[count / 2];
}

/* Of one step, each cell's movement (classes floats) and its class at the earlier date. Returns how many are mapped at both. */
static size_t list_moves(const float *cells, size_t count, size_t dates, size_t classes, size_t step, float *moved,
			 size_t *class)
{
	size_t listed = 0;

	for (size_t i = 0; i < count; i++) {
		const float *before = cells + (i * dates + step) * classes, *after = before + classes;
		if (!lu_store_mapped(before, classes) || !lu_store_mapped(after, classes))
			continue;
		const double mean = mean_logarithm(before, classes), later_mean = mean_logarithm(after, classes);
		class[listed] = most_probable(before, classes);
		for (size_t k = 0; k < classes; k++)
			moved[listed * classes + k] = (float)(centred(after, k, later_mean) - centred(before, k, mean));
		listed++;
	}
	return listed;
}

enum lu_status lu_movement_usual(const float *cells, size_t count, size_t dates, size_t classes, double *usual,
				 struct lu_error *err)
{
	const size_t n = classes;
	float *moved = NULL, *column = NULL;
	size_t *class = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&moved, count, n * sizeof(*moved), "movements of answers", err));
	LU_TRY(lu_alloc(&column, count, sizeof(*column), "movements of answers", err));
	LU_TRY(lu_alloc(&class, count, sizeof(*class), "classes of cells", err));
	for (size_t d = 0; d + 1 < dates; d++) {
		const size_t listed = list_moves(cells, count, dates, n, d, moved, class);
		for (size_t k = 0; k < n; k++) {
			for (size_t i = 0; i < listed; i++)
				column[i] = moved[i * n + k];
			const double all = median(column, listed);
			for (size_t c = 0; c < n; c++) {
				size_t of_class = 0;
				for (size_t i = 0; i < listed; i++)
					if (class[i] == c)
						column[of_class++] = moved[i * n + k];
				usual[(d * n + c) * n + k] = of_class < FEW_CELLS ? all : median(column, of_class);
			}
		}
	}
out:
	lu_free(moved);
	lu_free(column);
	lu_free(class);
	return status;
}

double lu_movement_distance(const double *usual, const float *cell, size_t earlier, size_t later, size_t classes)
{
	const float *before = cell + earlier * classes, *after = cell + later * classes;
	const double mean = mean_logarithm(before, classes), later_mean = mean_logarithm(after, classes);
	const size_t class = most_probable(before, classes);
	double sum = 0;

	for (size_t k = 0; k < classes; k++) {
		double moved = centred(after, k, later_mean) - centred(before, k, mean);
		for (size_t d = earlier; d < later; d++)
			moved -= usual[(d * classes + class) * classes + k];
		sum += moved * moved;
	}
	return sqrt(sum);
}
