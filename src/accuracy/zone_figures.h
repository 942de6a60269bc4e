/*
 * zone_figures.h: the adjusted areas of zones of a county (towns, watersheds), from the county's sample.
 *
 * A sample of a county has few places in each of its zones. Two ways to a zone's areas, chosen zone by zone:
 *
 *	post-stratified	from the zone's own places, whose strata are the classes mapped in it: no more is assumed than for the
 *			county. Where each class that is mapped in the zone has LU_ZONE_PLACES labelled places there.
 *	synthetic	from all places of the county, by the zone's own mapped areas. It assumes that the map errs in the zone as
 *			in the county, class by class; standard errors and intervals do not know how far that is so.
 *
 * Either way the figures are those of estimate.h. A cell lies in the zone that has half of it and more.
 *
 * W. G. Cochran: Sampling Techniques, 3rd ed., 1977, 5A.9 (stratification after selection); J. N. K. Rao, I. Molina: Small Area
 * Estimation, 2nd ed., 2015, 3.2 (synthetic estimation).
 */
#ifndef LU_ACCURACY_ZONE_FIGURES_H
#define LU_ACCURACY_ZONE_FIGURES_H

#include "accuracy/assessment.h"
#include "accuracy/classed.h"
#include "grid/ground.h"
#include "raster/zones.h"

#define LU_ZONE_PLACES 10

/* A labelled place: its cell, and its unit of the assessment. */
struct lu_zone_place {
	int64_t row, col; /* row < 0: not known */
	const struct lu_sample_unit *unit;
};

struct lu_zone_task {
	struct lu_zones_options zones; /* its 'crs_wkt' is set here */
	struct lu_county_source county; /* that zones are cut to; without a boundary the map */
	struct lu_classed *classed;
	const struct lu_zone_place *places; /* as many as the assessment has labelled */
	const struct lu_hooks *hooks;
};

/* Fill in out->zones of an assessment by the map's classes, whose figures are made. LU_ERROR_CANCELLED by the hooks. */
enum lu_status lu_zone_figures(const struct lu_zone_task *task, struct lu_assessment *out, struct lu_error *err);

#endif
