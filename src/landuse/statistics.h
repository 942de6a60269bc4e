/*
 * statistics.h: what was found, as numbers: by lu_run and lu_change classes, areas, transitions and significant changes; by
 * lu_assess and lu_evaluate accuracies.
 *
 * Part of landuse.h: include that one. The figures of a run are those of statistics.json in the output folder, which has more:
 * zones, trajectories, smoothing and normalisation. Areas are hectares on the ellipsoid, whatever unit a job tells people.
 * 0 is "not mapped" and never a class; a cell that is uncertain is in no class either.
 */
#ifndef LANDUSE_STATISTICS_H
#define LANDUSE_STATISTICS_H

#include "core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A class of the maps' legend, by the value that a map has for it. */
struct lu_statistics_class {
	uint16_t value;
	const char *name;
};

/* How much of a class there is at a date. */
struct lu_statistics_area {
	uint16_t value;
	const char *name;
	uint64_t cells;
	double area_ha; /* cells at the boundary count by their part inside; NAN: areas are not known */
	double share; /* of the county, 0 to 1; NAN: there is no county */
};

struct lu_statistics_date {
	const char *label; /* "2016" */
	const struct lu_statistics_area *classes; /* that occur at any of the dates */
	size_t class_count;
	uint64_t mapped_cells, not_mapped_cells;
	uint64_t uncertain_cells; /* in no class, for want of confidence */
	double not_mapped_ha; /* part of the county without a class; NAN: areas are not known */
	double mean_confidence; /* of mapped cells, 0 to 1; NAN: not known, of maps of others */
};

/* What one class won and lost between two dates, by the maps. Hectares are NAN where areas are not known. */
struct lu_statistics_gain {
	uint16_t value;
	const char *name;
	uint64_t earlier_cells, later_cells;
	double earlier_ha, later_ha;
	double persistence_ha; /* at both dates in the same place */
	double gain_ha, loss_ha; /* net = gain - loss, swap = 2 min(gain, loss) */
	double net_ha, swap_ha;
	/*
	 * Of pairs that were judged, else NAN: the net change by the flagged cells alone; and by every cell as far as it
	 * probably changed, with its 95 % interval if these probabilities hold: as wide as the flagged cells are few.
	 */
	double flagged_net_ha, expected_net_ha, expected_net_low_ha, expected_net_high_ha;
};

/* Cells that went from one class to another. */
struct lu_statistics_change {
	uint16_t from, to;
	uint64_t cells;
	double area_ha; /* NAN: areas are not known */
};

/* Which differences between two dates are significant. */
struct lu_statistics_flags {
	uint64_t compared_cells; /* mapped at both dates */
	uint64_t flagged_cells;
	double flagged_ha; /* NAN: areas are not known */
	/* Hectares of what is flagged that may be expected to have changed, and their 95 % interval; NAN: nothing is flagged. */
	double expected_true_ha, expected_true_low_ha, expected_true_high_ha;
	double threshold; /* flagged: P(changed) of at least this; NAN: nothing is */
	double change_rate; /* share of the compared cells that changed, whichever they are; NAN if refused, as the next two */
	double expected_false_share; /* of what is flagged */
	double expected_found_share; /* of all change, that is flagged */
	bool refused; /* the dates are too unlike each other for anything to be flagged */
	const struct lu_statistics_change *changes; /* what is flagged, by classes */
	size_t change_count;
};

struct lu_statistics_pair {
	size_t earlier, later; /* numbers of dates */
	/*
	 * The cross-tabulation: cells[i * value_count + j] went from values[i] at the earlier date to values[j] at the later.
	 * values[0] is 0, not mapped. 'area_ha' is of the same shape; NULL: areas are not known.
	 */
	const uint16_t *values;
	size_t value_count;
	const uint64_t *cells;
	const double *area_ha;
	const struct lu_statistics_gain *classes;
	size_t class_count;
	double years; /* between the dates; NAN: their labels do not tell */
	const struct lu_statistics_flags *flags; /* NULL: not judged, for want of probabilities */
};

struct lu_statistics {
	const char *software_version; /* that has written it */
	const char *county_name; /* NULL: it has none */
	double county_area_ha; /* the county's own; NAN: there is no county */
	const char *crs; /* of the grid, for a person: "NAD83 / Conus Albers (EPSG:5070)"; NULL: not known */
	const char *scheme_name, *model_name; /* NULL: not known, of maps of others */
	const struct lu_statistics_class *classes; /* that have a name */
	size_t class_count;
	const struct lu_statistics_date *dates;
	size_t date_count;
	const struct lu_statistics_pair *pairs;
	size_t pair_count;
};

/*
 * Read the statistics of an output folder, or of its statistics.json, into '*out', which is read only and the caller's:
 * lu_statistics_free. All that it points to lasts as long as it does; it keeps no file open, and any number of threads may
 * read it. LU_ERROR_ARGUMENT: no such folder, or there are no statistics in it; LU_ERROR_FORMAT: the file is damaged;
 * LU_ERROR_UNSUPPORTED: a newer landuse has written it in another form. What a run is about to replace is read whole, either
 * the old or the new.
 */
LU_API enum lu_status lu_statistics_open(const char *path, const struct lu_statistics **out, struct lu_error *err);
/* NULL does nothing. */
LU_API void lu_statistics_free(const struct lu_statistics *statistics);

/* A figure with what it may be off by. NAN: not known, as a standard error from one place, or of another design. */
struct lu_accuracy_figure {
	double value;
	double se; /* standard error */
	double low, high; /* the interval's ends: of lu_assess_options.confidence, of lu_evaluate 95 % */
};

struct lu_accuracy_class {
	const char *name;
	uint16_t value; /* on the map; 0: known by name only */
	uint64_t map_sample, reference_sample; /* labelled places, or chips, of the class by either */
	struct lu_accuracy_figure users; /* user's accuracy, precision: 0 to 1 */
	struct lu_accuracy_figure producers; /* producer's accuracy, recall */
	double mapped_ha; /* on the map */
	struct lu_accuracy_figure area_ha; /* adjusted for the map's errors; of lu_evaluate not known */
};

/* How right a map or a model is: the report of lu_assess or lu_evaluate (of its first scheme) as numbers. */
struct lu_accuracy {
	uint64_t labelled; /* places, or chips, that the figures rest on */
	bool probability_sample; /* every place's chance of being drawn is known: the figures speak for the map */
	struct lu_accuracy_figure overall; /* 0 to 1 */
	double kappa; /* Cohen's; of lu_assess where it was asked for */
	const struct lu_accuracy_class *classes;
	size_t class_count;
	const uint64_t *counts; /* the error matrix: counts[i * class_count + j] were mapped as i and are j */
};
/* NULL does nothing. */
LU_API void lu_accuracy_free(const struct lu_accuracy *accuracy);

#ifdef __cplusplus
}
#endif
#endif
