/*
 * assess.h: the three ways to an assessment, by what is at hand.
 *
 * Each fills 'out' (a zeroed one) but for what the caller wants of it; warnings go to the task's hooks.
 */
#ifndef LU_ACCURACY_ASSESS_H
#define LU_ACCURACY_ASSESS_H

#include "accuracy/assessment.h"
#include "accuracy/classed.h"
#include "accuracy/sample_table.h"
#include "grid/ground.h"
#include "raster/zones.h"

/* What is at hand. All borrowed. */
struct lu_assess_task {
	struct lu_sample_source sample;
	struct lu_classed_options maps; /* of lu_assess_map, as the next two; its kind may be 'auto' or 'change' */
	struct lu_zones_options zones; /* of lu_assess_map; path NULL: none */
	bool zones_if_possible; /* strata that are not the map's classes leave zones out; else they are a failure */
	const char *scheme; /* names the classes; NULL: the maps do */
	struct lu_county_source county; /* for mapped areas, where the sample has no design */
	struct lu_county_source zones_in; /* what zones are cut to; boundary NULL: 'county' */
	const char *strata; /* of lu_assess_strata: the strata's sizes, */
	bool weights; /* which are areas or shares, not numbers of sampling units */
	const char *counts, *areas; /* of lu_assess_counts */
	double unit_ha; /* of sizes and areas; 0: hectares */
	const struct lu_hooks *hooks;
};

/* A map and a sample: the map is read at the sample's places. */
enum lu_status lu_assess_map(const struct lu_assess_task *task, struct lu_assessment *out, struct lu_error *err);

/* A sample with fields for stratum, map and reference class, and a table of the strata's sizes. */
enum lu_status lu_assess_strata(const struct lu_assess_task *task, struct lu_assessment *out, struct lu_error *err);

/* An error matrix of counts and, unless it is of a simple random sample, a table of the mapped areas. */
enum lu_status lu_assess_counts(const struct lu_assess_task *task, struct lu_assessment *out, struct lu_error *err);

#endif
