/*
 * fdr.c: a histogram of probabilities and a walk down it.
 */
#include "change/fdr.h"

#include "base/memory.h"

#define STEPS 65536
/* Sums of 1 - P in units of 2^-24: exact for a float of 24 bits, and 2^40 cells fit. */
#define UNITS 16777216.0

struct lu_fdr {
	uint64_t cells[STEPS]; /* cells with floor(P * STEPS) = index; P = 1 is in the last */
	uint64_t doubt[STEPS]; /* their sum of 1 - P */
};

enum lu_status lu_fdr_new(struct lu_fdr **out, struct lu_error *err)
{
	return lu_alloc(out, 1, sizeof(**out), "histogram of change", err);
}

void lu_fdr_free(struct lu_fdr *fdr)
{
	lu_free(fdr);
}

void lu_fdr_add(struct lu_fdr *fdr, const float *changed, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const double p = (double)changed[i];

		if (!(p >= 0.0 && p <= 1.0))
			continue;
		const size_t step = p < 1.0 ? (size_t)(p * STEPS) : STEPS - 1;

		fdr->cells[step]++;
		fdr->doubt[step] += (uint64_t)((1.0 - p) * UNITS + 0.5);
	}
}

struct lu_fdr_choice lu_fdr_choose(const struct lu_fdr *fdr, double rate, double min_probability)
{
	struct lu_fdr_choice choice = {.threshold = 2.0};
	uint64_t cells = 0, doubt = 0, all_cells = 0, all_doubt = 0;

	for (size_t i = 0; i < STEPS; i++) {
		all_cells += fdr->cells[i];
		all_doubt += fdr->doubt[i];
	}
	const double all_changed = (double)all_cells - (double)all_doubt / UNITS;

	for (size_t i = STEPS; i-- > 0;) {
		if (fdr->cells[i] == 0)
			continue;
		if ((double)i / STEPS < min_probability)
			break;
		cells += fdr->cells[i];
		doubt += fdr->doubt[i];
		/* The mean only rises from here on: every further cell is less certain than all so far. */
		if ((double)doubt / UNITS > rate * (double)cells)
			break;
		choice.threshold = (double)i / STEPS;
		choice.flagged = cells;
		choice.expected_false = (double)doubt / UNITS / (double)cells;
		if (all_changed > 0.0)
			choice.expected_found = ((double)cells - (double)doubt / UNITS) / all_changed;
	}
	return choice;
}
