/*
 * smooth.c: plurality and mean field. The sieve has a file of its own.
 */
#include "maps/smooth.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

/* Among at most nine votes, the winner; 'mine' is the centre's class. */
static uint16_t winner(const uint16_t *values, const double *votes, int count, uint16_t mine)
{
	uint16_t best = mine;
	double most = -1.0;

	for (int i = 0; i < count; i++) {
		/* The centre comes first, so an equal vote never takes its place. */
		if (votes[i] > most || (votes[i] == most && best != mine && values[i] < best)) {
			most = votes[i];
			best = values[i];
		}
	}
	return best;
}

uint64_t lu_smooth_plurality(const uint16_t *from, int64_t width, int64_t height, double centre_weight, uint16_t *to)
{
	uint64_t altered = 0;

	for (int64_t row = 0; row < height; row++) {
		for (int64_t col = 0; col < width; col++) {
			const uint16_t mine = from[row * width + col];
			uint16_t values[9] = {mine};
			double votes[9] = {centre_weight};
			int count = 1;

			for (int64_t r = row > 0 ? row - 1 : 0; r <= row + 1 && r < height; r++) {
				for (int64_t c = col > 0 ? col - 1 : 0; c <= col + 1 && c < width; c++) {
					const uint16_t value = from[r * width + c];
					int i = 0;

					if (value == 0 || (r == row && c == col))
						continue;
					while (i < count && values[i] != value)
						i++;
					if (i == count) {
						values[count] = value;
						votes[count++] = 0.0;
					}
					votes[i] += 1.0;
				}
			}
			to[row * width + col] = mine == 0 ? 0 : winner(values, votes, count, mine);
			altered += to[row * width + col] != mine;
		}
	}
	return altered;
}

static bool mapped(const float *p, size_t classes)
{
	float sum = 0.0f;

	for (size_t k = 0; k < classes; k++)
		sum += p[k];
	return sum > 0.0f;
}

static size_t best_class(const float *p, size_t classes)
{
	size_t best = 0;

	for (size_t k = 1; k < classes; k++) {
		if (p[k] > p[best])
			best = k;
	}
	return best;
}

/* Mean of the mapped neighbours' q into 'mean'; false when there is none. */
static bool neighbours(const float *q, int64_t width, int64_t height, size_t classes, int64_t row, int64_t col,
		       double *mean)
{
	int count = 0;

	memset(mean, 0, classes * sizeof(*mean));
	for (int64_t r = row > 0 ? row - 1 : 0; r <= row + 1 && r < height; r++) {
		for (int64_t c = col > 0 ? col - 1 : 0; c <= col + 1 && c < width; c++) {
			const float *other = q + (size_t)(r * width + c) * classes;

			if ((r == row && c == col) || !mapped(other, classes))
				continue;
			for (size_t k = 0; k < classes; k++)
				mean[k] += (double)other[k];
			count++;
		}
	}
	for (size_t k = 0; k < classes && count > 0; k++)
		mean[k] /= count;
	return count > 0;
}

/* One cell's new belief from its own evidence 'p', its old belief 'q' and the field's mean. */
static void update(const float *p, const float *q, const double *mean, size_t classes, double weight, float *next)
{
	double sum = 0.0;

	for (size_t k = 0; k < classes; k++)
		sum += (double)p[k] * exp(weight * mean[k]);
	for (size_t k = 0; k < classes; k++)
		next[k] = (float)(0.5 * (double)q[k] + 0.5 * (double)p[k] * exp(weight * mean[k]) / sum);
}

enum lu_status lu_smooth_mean_field(float *probability, int64_t width, int64_t height, size_t classes, double weight,
				    int iterations, uint64_t *altered, struct lu_error *err)
{
	float *now = NULL, *next = NULL;
	double *mean = NULL;
	size_t count;
	enum lu_status status;

	*altered = 0;
	if (!lu_mul((size_t)(width * height), classes, &count))
		return lu_fail(err, LU_ERROR_MEMORY, "smoothing: the map's probabilities do not fit in memory");
	LU_TRY(lu_alloc(&mean, classes, sizeof(*mean), "smoothing", err));
	LU_TRY(lu_alloc(&now, count, sizeof(*now), "smoothing", err));
	LU_TRY(lu_alloc(&next, count, sizeof(*next), "smoothing", err));
	memcpy(now, probability, count * sizeof(*now));
	memcpy(next, probability, count * sizeof(*now));
	for (int step = 0; step < iterations; step++) {
		for (int64_t cell = 0; cell < width * height; cell++) {
			const size_t at = (size_t)cell * classes;

			if (mapped(probability + at, classes) &&
			    neighbours(now, width, height, classes, cell / width, cell % width, mean))
				update(probability + at, now + at, mean, classes, weight, next + at);
		}
		float *const swap = now;

		now = next;
		next = swap;
	}
	for (size_t at = 0; at < count; at += classes)
		*altered += best_class(probability + at, classes) != best_class(now + at, classes);
	memcpy(probability, now, count * sizeof(*now));
out:
	lu_free(mean);
	lu_free(now);
	lu_free(next);
	return status;
}
