/*
 * sample_design.h: how many cells are drawn from which stratum.
 *
 * Strata are the values of what is sampled, in ascending order: a map's classes, or the unchanged
 * classes and from-to pairs of a change. Pairs too small to be worth a stratum may share one. Or they are bins of P(changed):
 * see probability_strata.h.
 */
#ifndef LU_ACCURACY_SAMPLE_DESIGN_H
#define LU_ACCURACY_SAMPLE_DESIGN_H

#include "accuracy/census.h"
#include "accuracy/sample.h"

/* What sample is wanted. Texts are borrowed. */
struct lu_sample_request {
	uint64_t size; /* cells; 0: as many as 'target_se' needs */
	double target_se; /* standard error of overall accuracy; 0: the usual one */
	enum lu_allocation allocation;
	const struct lu_class_number *expected_accuracy; /* none: the usual ones */
	size_t expected_accuracy_count;
	uint64_t minimum; /* of each stratum, */
	bool has_minimum; /* or else the usual one */
	uint64_t pool_below; /* from-to pairs with fewer cells share one stratum */
	bool flags; /* the cells are flags, to be drawn from as one list: see accuracy/certificate.h */
	bool knows_probability; /* the census has P(changed), */
	bool by_probability; /* and its bins */
	const char *growth; /* the class whose growth is to be told best; NULL: the area that changed */
	uint64_t seed;
	const struct lu_hooks *hooks;
};

struct lu_sample_stratum {
	char *name;
	uint64_t cells, sample; /* N_h, n_h */
	lu_area_sum area_units;
	double expected; /* guess of user's accuracy */
	double spread; /* S_h: guess of the standard deviation of what the sample is for */
};

struct lu_sample_class {
	uint16_t value, bin;
	size_t stratum;
	uint64_t cells;
	uint64_t percent; /* P(changed) of its cells, summed up */
	lu_area_sum area_units;
};

struct lu_sample_design {
	struct lu_sample_stratum *strata;
	size_t stratum_count;
	struct lu_sample_class *classes; /* ascending by value, then bin */
	size_t class_count;
	enum lu_allocation allocation;
	bool flags, knows_probability, by_probability;
	char *growth; /* the class's name; NULL: none is named */
	uint16_t growth_class;
	double expected_ha; /* with P(changed): standard error of the growth, or of the area that changed; 0: not known */
	uint64_t asked, minimum, seed; /* 'asked': the size before minima */
	double target_se; /* 0: the size was given */
	double expected_se; /* of overall accuracy, as drawn, if the guesses hold; 0: not known */
};

/* Strata from a census, sizes from the request; warnings go to its hooks. */
enum lu_status lu_sample_design_make(const struct lu_sample_request *request, const struct lu_classed *classed,
				     const struct lu_census *census, struct lu_sample_design *out,
				     struct lu_error *err);
void lu_sample_design_release(struct lu_sample_design *design);

/* The stratum of a value that occurs with P(changed) of 'percent' (0 where that is not known). */
size_t lu_sample_stratum_of(const struct lu_sample_design *design, uint16_t value, uint16_t percent);

uint64_t lu_sample_design_total(const struct lu_sample_design *design);

#endif
