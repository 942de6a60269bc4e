/*
 * assess_change.h: what a sample of change says beyond its from-to pairs.
 *
 * How much changed at all, the classes of the earlier and of the later date, and what each class gained less what it
 * lost, each with its own standard error: those of the pairs cannot be added up, since pairs are not independent. Growth,
 * and where the sample was drawn with P(changed) the change in all, are helped by what the maps say of every cell: see
 * growth.h.
 */
#ifndef LU_ACCURACY_ASSESS_CHANGE_H
#define LU_ACCURACY_ASSESS_CHANGE_H

#include "accuracy/assessment.h"
#include "accuracy/classed.h"

/* Cells of a stratum that are mapped alike. */
struct lu_change_cells {
	uint16_t code;
	size_t stratum;
	double share; /* of the stratum's cells */
	double probability; /* the mean P(changed); < 0: not known */
};

/* All borrowed. */
struct lu_change_sample {
	const struct lu_sample_unit
		*units; /* as many as the assessment has labelled; strata as in accuracy/stehman.h */
	const double *probability; /* P(changed) of each; NULL: not known */
	const double *sizes; /* of the strata */
	size_t stratum_count;
	const struct lu_change_cells *cells; /* what the strata consist of; NULL: not known */
	size_t cell_count;
};

/* Add the tables to an assessment whose classes are change codes and whose figures are made. */
enum lu_status lu_assess_change(struct lu_assessment *assessment, const struct lu_classed *classed,
				const struct lu_change_sample *sample, struct lu_error *err);

#endif
