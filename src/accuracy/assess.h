/*
 * assess.h: the three ways to an assessment, by what is at hand.
 *
 * Each fills 'out' (a zeroed one) but for what the caller wants of it; warnings go to the options' hooks.
 */
#ifndef LU_ACCURACY_ASSESS_H
#define LU_ACCURACY_ASSESS_H

#include "accuracy/assessment.h"
#include "landuse.h"

/* A map and a sample: the map is read at the sample's places. */
enum lu_status lu_assess_map(const struct lu_assess_options *options, struct lu_assessment *out, struct lu_error *err);

/* A sample with fields for stratum, map and reference class, and a table of the strata's sizes. */
enum lu_status lu_assess_strata(const struct lu_assess_options *options, struct lu_assessment *out,
				struct lu_error *err);

/* An error matrix of counts and, unless it is of a simple random sample, a table of the mapped areas. */
enum lu_status lu_assess_counts(const struct lu_assess_options *options, struct lu_assessment *out,
				struct lu_error *err);

#endif
