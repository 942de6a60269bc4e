/*
 * assessment.h: what a validation sample says about a map: matrix, accuracies, adjusted areas.
 *
 * Two ways to the same figures, chosen by what the strata are:
 *
 *	stratified	the strata are the map's classes (accuracy/estimate.h, Olofsson et al. 2014)
 *	ratio		they are something else (accuracy/stehman.h, Stehman 2014)
 *
 * In every matrix rows are the map and columns the reference.
 */
#ifndef LU_ACCURACY_ASSESSMENT_H
#define LU_ACCURACY_ASSESSMENT_H

#include <stdio.h>

#include "accuracy/figure.h"
#include "accuracy/stehman.h"
#include "landuse/types.h"
#include "maps/pontius.h"

struct lu_assessed_class {
	char *name;
	uint16_t value; /* 0: known by name only */
	double mapped_ha; /* < 0: not known */
	uint64_t map_sample, reference_sample;
	struct lu_figure proportion, area_ha; /* of the ground that truly is this class */
	struct lu_figure users, producers;
};

/* A table of its own that follows from a sample of change. */
struct lu_assessed_share {
	char *name;
	struct lu_figure proportion, area_ha;
};
struct lu_assessed_table {
	const char *title; /* a literal */
	struct lu_assessed_share *rows;
	size_t count;
};
enum { LU_ASSESSED_TABLES = 4 }; /* change in all, classes of the earlier and of the later date, growth of classes */

/* A class in a zone: see zone_figures.h. */
struct lu_assessed_zone_class {
	double mapped_ha;
	struct lu_figure area_ha;
};
struct lu_assessed_zone {
	char *name;
	bool synthetic; /* else post-stratified */
	uint64_t labelled; /* places in it */
	double area_ha, unsampled_ha; /* that the figures hold for; of classes without a labelled place */
	struct lu_assessed_zone_class *classes; /* those of the assessment */
};

struct lu_assessment {
	const char *map, *sample; /* names for the output, borrowed; NULL: there is none */
	enum lu_estimator estimator;
	bool probability_sample; /* every cell's chance of being drawn is known */
	struct lu_interval_rule intervals;
	bool has_areas; /* hectares are known, not only proportions */
	uint16_t
		uncertain; /* the map value of cells in no class, which are a stratum and never right; 0: there are none */
	bool helped; /* change in all and growth rest on P(changed) of every cell, too: growth.h */
	bool simple; /* one stratum: a simple random sample */
	struct lu_assessed_class *classes;
	size_t count;
	uint64_t *counts; /* count x count */
	double *proportions; /* count x count, add up to 1 */
	struct lu_figure overall;
	struct lu_pontius disagreement; /* of the proportions */
	bool wants_kappa;
	struct lu_figure kappa; /* of the proportions */
	struct lu_figure kappa_counts; /* of the bare counts, as older reports have it */
	double area_ha; /* that the figures hold for */
	double unsampled_ha; /* left out: strata without a labelled unit */
	size_t empty_strata, single_strata;
	uint64_t rows, labelled, unlabelled, outside; /* of the sample, a place counted once */
	uint64_t repeated, contradicted, missing; /* rows beyond those; places with two labels; drawn, and not there */
	struct {
		uint64_t all, drawn, real; /* 0: the sample is no check of flags */
		double at_least; /* the share of all that is real, with the confidence of 'intervals' */
	} flags;
	struct lu_assessed_table tables[LU_ASSESSED_TABLES];
	size_t table_count;
	struct lu_assessed_zone *zones;
	size_t zone_count;
};
void lu_assessment_release(struct lu_assessment *assessment);

/*
 * By Wald's rule: is class 'i' rare, and found at too few of the places that are mapped as something else? Each such
 * place stands for a large area, and a sample that misses them is sure of too low a figure: simulated,
 * 95 % intervals hold the truth in 77 % of samples that can expect 0.4 such places, in 87 % at 1 and in
 * 95 % from 3 on (tests/bench/coverage.c).
 */
#define LU_FEW_OMISSIONS 3
bool lu_assessment_rests_on_few(const struct lu_assessment *assessment, size_t i);

/*
 * The share of the area that the map leaves uncertain; false: it has no such cells. overall / (1 - share) is the accuracy
 * of what is in a class: of strata that are the map's classes the share is known without error.
 */
bool lu_assessment_uncertain(const struct lu_assessment *assessment, double *share);

/* Add a class, or find it by value (above 0) or else by name; '*number' counts from 0. */
enum lu_status lu_assessment_class(struct lu_assessment *assessment, uint16_t value, const char *name, size_t *number,
				   struct lu_error *err);

/*
 * Fill in the figures. Before it, classes with mapped_ha and 'counts' must be there; 'units' has the classes' numbers of
 * sampling units (0: not known), or is NULL.
 * LU_ERROR_ARGUMENT when no labelled unit lies in a class that has area.
 */
enum lu_status lu_assessment_stratified(struct lu_assessment *assessment, const double *units, struct lu_error *err);

/*
 * The same from sample units, for strata of 'sizes' units and 'area_ha' hectares in all ('has_areas').
 * Makes the counts itself.
 */
enum lu_status lu_assessment_ratio(struct lu_assessment *assessment, const struct lu_sample_unit *units,
				   size_t unit_count, const double *sizes, size_t stratum_count, struct lu_error *err);

/* The counts of units. */
enum lu_status lu_assessment_count(struct lu_assessment *assessment, const struct lu_sample_unit *units,
				   size_t unit_count, struct lu_error *err);

/* The tables: counts, proportions, accuracy of classes, areas in zones where there are any. */
enum { LU_ASSESSMENT_TABLES = 4, LU_ASSESSMENT_TABLES_OF_ALL = 3 /* without zones */ };
extern const char *const lu_assessment_tables[LU_ASSESSMENT_TABLES];

/* For a person, as JSON, and as those tables in a folder. */
void lu_assessment_print(FILE *to, const struct lu_assessment *assessment);
enum lu_status lu_assessment_json(const struct lu_assessment *assessment, char **text, struct lu_error *err);
enum lu_status lu_assessment_csv(const char *folder, const struct lu_assessment *assessment, struct lu_error *err);

#endif
