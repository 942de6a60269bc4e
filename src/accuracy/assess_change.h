/*
 * assess_change.h: what a sample of change says beyond its from-to pairs.
 *
 * How much changed at all, and the classes of the earlier and of the later date, each with its own
 * standard error: those of the pairs cannot be added up, since pairs are not independent.
 */
#ifndef LU_ACCURACY_ASSESS_CHANGE_H
#define LU_ACCURACY_ASSESS_CHANGE_H

#include "accuracy/assessment.h"
#include "accuracy/classed.h"

/*
 * Add the three tables to an assessment whose classes are change codes and whose figures are made.
 * Units and strata as in accuracy/stehman.h.
 */
enum lu_status lu_assess_change(struct lu_assessment *assessment, const struct lu_classed *classed,
				const struct lu_sample_unit *units, const double *sizes, size_t stratum_count,
				struct lu_error *err);

#endif
