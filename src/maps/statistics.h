/*
 * statistics.h: what a run found, as numbers.
 *
 * One struct is filled by whoever makes or compares maps, and told in several ways (report/statistics_files.h).
 * Matrices have the earlier date in rows and the later one in columns; 0 is "not mapped" and never a class. For every
 * date
 *
 *	sum of class areas + not mapped = the county, as far as the map reaches
 *
 * and 'reconciles_to' says how well: that sum over the county's own area, less 1.
 */
#ifndef LU_MAPS_STATISTICS_H
#define LU_MAPS_STATISTICS_H

#include "base/class.h"
#include "base/area_unit.h"
#include "base/geometry.h"
#include "base/interval.h"
#include "maps/transition.h"

struct lu_evidence; /* report/evidence.h */

/* Everything below is borrowed; names that are not known may be NULL, but a date has its label. */

/* One step of smoothing a map in space, and what it altered. */
struct lu_smoothing_statistics {
	const char *step; /* "mrf", "plurality", "minimum_mapping_unit" */
	double weight; /* of the first two */
	uint64_t min_cells; /* of the third; 0 otherwise */
	const struct lu_transition *table; /* rows = before the step, columns = after it */
};

/* What was done to one band before the network saw it. */
struct lu_normalised_band {
	double gain, offset; /* reference = gain * date + offset, in grey values */
	double correlation; /* of the blocks that count as unchanged */
	double before, after; /* their root mean square difference from the reference, in grey values */
	const uint8_t *table; /* 256 values: what became of each */
};

struct lu_normalisation_statistics {
	const char *to, *method; /* the reference's label; "regression", "histogram" */
	const char *via; /* the date that it was compared with, where not the reference itself; else NULL */
	size_t blocks, invariant; /* compared; of these, taken as unchanged */
	const struct lu_normalised_band *bands;
	size_t band_count;
};

/* Imagery that looks unlike what the model has learned from, see maps/unlike.h. */
struct lu_unlike {
	uint64_t cells; /* that were looked at; 0: nothing is known */
	uint64_t beyond; /* of them, beyond the reach of training */
};

/* How sure the model is of the mapped cells: number i counts those from i * LU_CONFIDENCE_STEP percent on, the last one 100 %, too. */
enum { LU_CONFIDENCE_STEP = 5, LU_CONFIDENCE_BINS = 100 / LU_CONFIDENCE_STEP };
struct lu_confidence_bins {
	uint64_t cells[LU_CONFIDENCE_BINS];
	double area_m2[LU_CONFIDENCE_BINS];
};

struct lu_date_statistics {
	const char *label; /* "2011": names the date in tables and file names */
	/* The date's map crossed with itself, lu_transition_add(t, map, map, areas, ...): class areas lie on the
	   diagonal, cells not mapped in row and column 0. */
	const struct lu_transition *map;
	double outside_map_m2; /* part of the county that the map does not reach; counts as not mapped */
	double mean_confidence; /* of mapped cells, 0..1; negative: not known */
	const struct lu_confidence_bins *confidence; /* of the same cells; NULL: not known */
	const struct lu_unlike *unlike; /* NULL: the model does not say what it knows */
	int64_t unreadable_cells; /* not mapped, because their imagery could not be read */
	const struct lu_normalisation_statistics *normalisation; /* NULL: its pixels were taken as they are */
	const struct lu_smoothing_statistics *smoothing; /* in the order taken; 'map' is what came of it */
	size_t smoothing_count;
	const struct lu_transition
		*in_time; /* rows = map, columns = temporally consistent; NULL: fewer than three dates */
};

/* How a class's area changed, in m2, as far as probabilities tell. */
struct lu_class_net {
	uint16_t value;
	double m2;
	double open_gain_m2, open_loss_m2; /* parts of it, by cells that are not flagged */
};

/* What became of cells that the scores call significant, where the maps were smoothed. */
struct lu_smoothed_flags {
	uint64_t unchanged_cells; /* on the smoothed maps: they are not flagged */
	double unchanged_m2;
	uint64_t other_pair_cells; /* flagged, by the classes of the smoothed maps */
};

/* Which differences of a pair are significant. Probabilities and parts are 0..1. */
struct lu_flag_statistics {
	double asked_false_discovery_rate, min_probability;
	double change_rate; /* the part of the compared cells that changed, whichever they are; NAN: refused, as of the others */
	bool rate_is_stated; /* by the job; otherwise estimated from the county itself */
	double threshold; /* flagged: P(changed) of at least this; above 1: nothing is */
	double expected_false; /* expected part of false flags */
	double expected_found; /* expected part of all change that is flagged */
	uint64_t compared_cells; /* mapped at both dates */
	double likeness; /* of the two dates' answers where they agree, see change/detect.h; NAN: not known */
	bool refused; /* they are so unlike that change cannot be told from error: nothing is flagged or estimated */
	const struct lu_transition *table; /* the flagged cells alone, by their most probable classes */
	/* What was won less what was lost: each cell as far as it probably changed, by its most probable classes if so. */
	const struct lu_class_net *expected;
	size_t expected_count;
	double cell_m2; /* mean area of a compared cell */
	bool of_smoothed_maps; /* only what changed on the smoothed maps is flagged */
	struct lu_smoothed_flags smoothed;
};

struct lu_pair_statistics {
	size_t earlier, later; /* indices into dates */
	const struct lu_transition *transition;
	const struct lu_flag_statistics *flags; /* NULL: not judged, for want of probabilities */
};

/* A town, a watershed: the part of it that lies in the county. */
struct lu_zone_statistics {
	const char *name;
	double own_area_m2; /* of the whole zone */
	double area_m2; /* of its part inside the county */
	const struct lu_date_statistics *dates; /* as many as the county's, of this part alone */
	const struct lu_pair_statistics *pairs;
};

struct lu_zones_statistics {
	const char *name_field;
	const struct lu_zone_statistics *zones;
	size_t count;
	double in_no_zone_m2; /* part of the county */
	double overlap_m2; /* counted in more zones than one */
};

struct lu_county_statistics {
	const char *software_version;
	const char *county_name;
	bool has_areas; /* false: a plain cross-tabulation; hectares are left out everywhere */
	double county_area_m2; /* the county's own geodesic area; 0: no county, and no reconciliation */
	const char *crs; /* of the grid, for a person: "NAD83 / Conus Albers (EPSG:5070)" */
	const struct lu_frame *cells; /* NULL: not known */
	int chip_px, stride_px; /* 0: not known */
	const char *scheme_name;
	int scheme_version;
	const char *model_name, *model_sha256;
	const struct lu_class *classes; /* that have a name; others are called "Class 41" */
	size_t class_count;
	uint16_t uncertain; /* the value, among these, that is no class (base/class.h); 0: there is none */
	const struct lu_date_statistics *dates;
	size_t date_count;
	const struct lu_pair_statistics *pairs;
	size_t pair_count;
	const struct lu_transition *trajectory; /* enum lu_trajectory crossed with itself; NULL as 'in_time' */
	const struct lu_zones_statistics *zones; /* NULL: none */
	const char *zone; /* of which these are the figures; NULL: of the county */
	const struct lu_evidence *evidence; /* from samples and a map of others, for who tells it; NULL: none */
	enum lu_area_unit unit; /* of what people read; data has hectares */
};

/* Zone 'i' seen alone: its dates and pairs, and its part in the county as the county. */
struct lu_county_statistics lu_statistics_of_zone(const struct lu_county_statistics *statistics, size_t i);

/*
 * Years from the earlier to the later date of a pair; negative when the labels do not tell, areas are not known, or the
 * dates are closer than what one of them leaves open ("2001" to "2001-07": nobody knows how long, so there is no rate).
 */
double lu_statistics_years(const struct lu_county_statistics *statistics, const struct lu_pair_statistics *pair);
/* True when some pair of dates has such years: only then is there annual_rates.csv. */
bool lu_statistics_timed(const struct lu_county_statistics *statistics);

/* True when three dates or more were told together: only then are there extent.csv and trajectories.csv. */
bool lu_statistics_in_time(const struct lu_county_statistics *statistics);

/* Of table 'in_time': cells and square metres of class number 'i' as mapped (or, 'smoothed', on the temporally consistent map). */
uint64_t lu_statistics_in_time_cells(const struct lu_transition *in_time, size_t i, bool smoothed);
double lu_statistics_in_time_m2(const struct lu_transition *in_time, size_t i, bool smoothed);

/* Why a pair that was not judged has no flags, and what would give some: a sentence for a person. */
extern const char lu_statistics_unjudged[];

/* True when some pair was judged: only then are there significance.csv and flagged_changes.csv. */
bool lu_statistics_judged(const struct lu_county_statistics *statistics);

/* True when it is known of some date how sure the model is: only then is there confidence.csv. */
bool lu_statistics_confident(const struct lu_county_statistics *statistics);

/* True when some date was normalised: only then is there normalisation.csv. */
bool lu_statistics_normalised(const struct lu_county_statistics *statistics);

/* True when some date's map was smoothed in space: only then is there smoothing.csv. */
bool lu_statistics_smoothed(const struct lu_county_statistics *statistics);

/* Cells and square metres that a step of smoothing altered. */
uint64_t lu_statistics_altered_cells(const struct lu_smoothing_statistics *step);
double lu_statistics_altered_m2(const struct lu_smoothing_statistics *step);

/* Cells and square metres of all that is flagged. */
uint64_t lu_statistics_flagged_cells(const struct lu_flag_statistics *flags);
double lu_statistics_flagged_m2(const struct lu_flag_statistics *flags);
/*
 * Square metres of all that is flagged which may be expected to have changed, with the 95 % interval of Wilson: the model's
 * own words, which hold if its probabilities do and cells err independently of each other.
 */
struct lu_bounded lu_statistics_true_m2(const struct lu_flag_statistics *flags);
/*
 * Gain less loss of a class by the flagged cells alone, and by every cell's probability; 0 where it has no part in them,
 * NAN where the pair is refused. The latter has a 95 % interval: what was won and what was lost each have Wilson's for the part of the flags that is real, and
 * gamma limits for cells that changed and are not flagged, joined by MOVER (base/interval.h). The model's own words as well,
 * and never narrower than so few cells can bear out.
 */
double lu_statistics_flagged_net_m2(const struct lu_flag_statistics *flags, uint16_t value);
struct lu_bounded lu_statistics_expected_net_m2(const struct lu_flag_statistics *flags, uint16_t value);

/* The name of 'value': from the class list, "Not mapped" for 0, or "Class 41" (in 'buffer') for an unlisted one. */
const char *lu_statistics_name(const struct lu_county_statistics *statistics, uint16_t value, char buffer[16]);

/* Of one date: area of the cells not mapped plus what the map does not reach. */
double lu_statistics_not_mapped_m2(const struct lu_date_statistics *date);

/* Of one date: (classes + not mapped) / county's own area - 1; 0 without a county. */
double lu_statistics_reconciles_to(const struct lu_county_statistics *statistics,
				   const struct lu_date_statistics *date);

#endif
