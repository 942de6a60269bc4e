/* probability_strata.c: bins of P(changed) as strata. See probability_strata.h. */
#include "accuracy/probability_strata.h"

#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "grid/area_sum.h"

/* P of a cell that surely did not change, and 1 less P of one that surely did. */
static const double least_shared = 0.005, least_promised = 0.001;

enum { SIDES = 3 }; /* gained, lost, neither; without a class all are the last */

static size_t side_of(const struct lu_sample_design *design, uint16_t value)
{
	if (design->growth == NULL)
		return LU_GROWTH_SIDES;
	for (int side = LU_GAINED; side < LU_GROWTH_SIDES; side++)
		if (lu_change_is_side(value, design->growth_class, (enum lu_growth_side)side))
			return (size_t)side;
	return LU_GROWTH_SIDES;
}

/* "Developed gained, P 5 to 19 %". */
static char *stratum_name(const struct lu_sample_design *design, size_t side, size_t bin)
{
	static const char *const words[] = {[LU_GAINED] = "gained", [LU_LOST] = "lost"};
	char percents[32];
	int low, high;

	lu_probability_bin_range(bin, &low, &high);
	snprintf(percents, sizeof(percents), low == high ? "%d %%" : "%d to %d %%", low, high);
	if (side == LU_GROWTH_SIDES)
		return lu_sprintf(design->growth == NULL ? "P(changed) %s" : "neither, P %s", percents);
	return lu_sprintf("%s %s, P %s", design->growth, words[side], percents);
}

enum lu_status lu_probability_strata(const struct lu_census *census, struct lu_sample_design *design,
				     struct lu_error *err)
{
	size_t number[SIDES][LU_PROBABILITY_BINS];
	bool there[SIDES][LU_PROBABILITY_BINS] = {{false}};
	enum lu_status status;

	for (size_t i = 0; i < census->count; i++)
		there[side_of(design, census->classes[i].value)][census->classes[i].bin] = true;
	LU_TRY(lu_alloc(&design->strata, (size_t)SIDES * LU_PROBABILITY_BINS, sizeof(*design->strata), "strata", err));
	LU_TRY(lu_alloc(&design->classes, census->count, sizeof(*design->classes), "classes", err));
	for (size_t side = 0; side < SIDES; side++) {
		for (size_t bin = 0; bin < LU_PROBABILITY_BINS; bin++) {
			if (!there[side][bin])
				continue;
			char *name = stratum_name(design, side, bin);
			if (name == NULL)
				return lu_fail(err, LU_ERROR_MEMORY, "out of memory: strata");
			number[side][bin] = design->stratum_count;
			design->strata[design->stratum_count++] = (struct lu_sample_stratum){.name = name};
		}
	}
	for (size_t i = 0; i < census->count; i++) {
		const struct lu_census_class *counted = &census->classes[i];
		const size_t h = number[side_of(design, counted->value)][counted->bin];
		design->strata[h].cells += counted->cells;
		design->strata[h].area_units += counted->area_units;
		design->classes[design->class_count++] = (struct lu_sample_class){.value = counted->value,
										  .bin = counted->bin,
										  .stratum = h,
										  .cells = counted->cells,
										  .percent = counted->percent,
										  .area_units = counted->area_units};
	}
out:
	return status;
}

/* S_h^2 of stratum 'h', with P of a cell kept this far from 0 and from 1. */
static double variance_of(const struct lu_sample_design *design, size_t h, double least)
{
	double variance = 0;

	for (size_t i = 0; i < design->class_count; i++) {
		const struct lu_sample_class *class = &design->classes[i];
		if (class->stratum != h || class->cells == 0)
			continue;
		const double mean = (double)class->percent / (100 * (double)class->cells);
		const bool neither = design->growth != NULL && side_of(design, class->value) == LU_GROWTH_SIDES;
		const double p = fmin(fmax(neither ? mean / 2 : mean, least), 1 - least);
		variance += (double)class->cells / (double)design->strata[h].cells * p * (1 - p);
	}
	return variance;
}

void lu_probability_spreads(struct lu_sample_design *design)
{
	for (size_t h = 0; h < design->stratum_count; h++)
		design->strata[h].spread = sqrt(variance_of(design, h, least_shared));
}

double lu_probability_expected_ha(const struct lu_sample_design *design)
{
	double variance = 0;

	for (size_t h = 0; h < design->stratum_count; h++) {
		const struct lu_sample_stratum *s = &design->strata[h];
		const double n = (double)s->sample, all = (double)s->cells;
		const double ha = lu_area_m2(s->area_units) / 1e4;
		if (s->sample == s->cells)
			continue;
		if (s->sample < 2)
			return 0;
		variance += ha * ha * (1 - n / all) * variance_of(design, h, least_promised) / (n - 1);
	}
	return sqrt(variance);
}
