/*
 * statistics_csv.c: the tables beside statistics.json.
 */
#include <math.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/memory.h"
#include "change/trajectory.h"
#include "report/statistics_files.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void add_name(struct lu_csv *csv, const struct lu_county_statistics *s, uint16_t value)
{
	char buffer[16];

	lu_csv_integer(csv, value);
	lu_csv_text(csv, lu_statistics_name(s, value, buffer));
}

/* The header, unless another zone's rows are there already; every row of a zone's table begins with its name. */
static void begin_table(struct lu_csv *csv, const struct lu_county_statistics *s, const char *const *header,
			size_t count)
{
	if (csv->size > 0)
		return;
	if (s->zone != NULL)
		lu_csv_text(csv, "zone");
	lu_csv_row(csv, header, count);
}

static void begin_row(struct lu_csv *csv, const struct lu_county_statistics *s)
{
	if (s->zone != NULL)
		lu_csv_text(csv, s->zone);
}

/* Hectares, or an empty field where areas are not known. */
static void add_hectares(struct lu_csv *csv, const struct lu_county_statistics *s, double m2)
{
	if (s->has_areas)
		lu_csv_fixed(csv, m2 / 1e4, 6);
	else
		lu_csv_text(csv, NULL);
}

static void add_class_area(struct lu_csv *csv, const struct lu_county_statistics *s,
			   const struct lu_date_statistics *date, size_t i)
{
	const double area_m2 = i == 0 ? lu_statistics_not_mapped_m2(date) : lu_transition_area_m2(date->map, i, i);

	begin_row(csv, s);
	lu_csv_text(csv, date->label);
	add_name(csv, s, date->map->values[i]);
	lu_csv_count(csv, lu_transition_cells(date->map, i, i));
	add_hectares(csv, s, area_m2);
	if (s->has_areas && s->county_area_m2 > 0.0)
		lu_csv_fixed(csv, area_m2 / s->county_area_m2, 9);
	else
		lu_csv_text(csv, NULL);
	lu_csv_end_row(csv);
}

static void class_areas(struct lu_csv *csv, const struct lu_county_statistics *s)
{
	static const char *const header[] = {"date", "value", "name", "cells", "area_ha", "share"};

	begin_table(csv, s, header, COUNT(header));
	for (size_t d = 0; d < s->date_count; d++) {
		for (size_t i = 1; i < s->dates[d].map->count; i++)
			add_class_area(csv, s, &s->dates[d], i);
		add_class_area(csv, s, &s->dates[d], 0);
	}
}

static void confidence(struct lu_csv *csv, const struct lu_county_statistics *s)
{
	static const char *const header[] = {"date", "from_percent", "to_percent", "cells", "area_ha"};

	lu_csv_row(csv, header, COUNT(header));
	for (size_t d = 0; d < s->date_count; d++) {
		const struct lu_confidence_bins *bins = s->dates[d].confidence;

		for (size_t i = 0; bins != NULL && i < LU_CONFIDENCE_BINS; i++) {
			lu_csv_text(csv, s->dates[d].label);
			lu_csv_count(csv, i * LU_CONFIDENCE_STEP);
			lu_csv_count(csv, (i + 1) * LU_CONFIDENCE_STEP);
			lu_csv_count(csv, bins->cells[i]);
			add_hectares(csv, s, bins->area_m2[i]);
			lu_csv_end_row(csv);
		}
	}
}

/* One row for each pair of classes that occurs in 'table'. */
static void from_to_rows(struct lu_csv *csv, const struct lu_county_statistics *s,
			 const struct lu_pair_statistics *pair, const struct lu_transition *table)
{
	for (size_t i = 1; i < table->count; i++) {
		for (size_t j = 1; j < table->count; j++) {
			if (lu_transition_cells(table, i, j) == 0 || !lu_transition_is_class(table, i) ||
			    !lu_transition_is_class(table, j))
				continue;
			begin_row(csv, s);
			lu_csv_text(csv, s->dates[pair->earlier].label);
			lu_csv_text(csv, s->dates[pair->later].label);
			add_name(csv, s, table->values[i]);
			add_name(csv, s, table->values[j]);
			lu_csv_count(csv, lu_transition_cells(table, i, j));
			add_hectares(csv, s, lu_transition_area_m2(table, i, j));
			lu_csv_end_row(csv);
		}
	}
}

static const char *const from_to_header[] = {"earlier", "later",   "from_code", "from_name",
					     "to_code", "to_name", "cells",     "area_ha"};

static void transitions(struct lu_csv *csv, const struct lu_county_statistics *s)
{
	begin_table(csv, s, from_to_header, COUNT(from_to_header));
	for (size_t p = 0; p < s->pair_count; p++)
		from_to_rows(csv, s, &s->pairs[p], s->pairs[p].transition);
}

static void flagged_changes(struct lu_csv *csv, const struct lu_county_statistics *s)
{
	lu_csv_row(csv, from_to_header, COUNT(from_to_header));
	for (size_t p = 0; p < s->pair_count; p++)
		if (s->pairs[p].flags != NULL)
			from_to_rows(csv, s, &s->pairs[p], s->pairs[p].flags->table);
}

static void normalisation(struct lu_csv *csv, const struct lu_county_statistics *s)
{
	static const char *const header[] = {"date",
					     "to",
					     "method",
					     "band",
					     "gain",
					     "offset",
					     "correlation",
					     "difference_before",
					     "difference_after",
					     "blocks",
					     "invariant_blocks"};

	lu_csv_row(csv, header, COUNT(header));
	for (size_t d = 0; d < s->date_count; d++) {
		const struct lu_normalisation_statistics *n = s->dates[d].normalisation;

		for (size_t b = 0; n != NULL && b < n->band_count; b++) {
			const struct lu_normalised_band *band = &n->bands[b];
			const double figures[] = {band->gain, band->offset, band->correlation, band->before,
						  band->after};

			lu_csv_text(csv, s->dates[d].label);
			lu_csv_text(csv, n->to);
			lu_csv_text(csv, n->method);
			lu_csv_count(csv, b + 1);
			for (size_t k = 0; k < COUNT(figures); k++)
				lu_csv_fixed(csv, figures[k], 6);
			lu_csv_count(csv, n->blocks);
			lu_csv_count(csv, n->invariant);
			lu_csv_end_row(csv);
		}
	}
}

static void smoothing(struct lu_csv *csv, const struct lu_county_statistics *s)
{
	static const char *const header[] = {"date",      "step",    "weight",  "min_cells", "from_code",
					     "from_name", "to_code", "to_name", "cells",     "area_ha"};

	lu_csv_row(csv, header, COUNT(header));
	for (size_t d = 0; d < s->date_count; d++) {
		for (size_t k = 0; k < s->dates[d].smoothing_count; k++) {
			const struct lu_smoothing_statistics *step = &s->dates[d].smoothing[k];
			const struct lu_transition *t = step->table;

			for (size_t at = 0; at < t->count * t->count; at++) {
				const size_t i = at / t->count, j = at % t->count;

				if (i == j || lu_transition_cells(t, i, j) == 0)
					continue;
				lu_csv_text(csv, s->dates[d].label);
				lu_csv_text(csv, step->step);
				lu_csv_fixed(csv, step->min_cells > 0 ? NAN : step->weight, 6);
				lu_csv_fixed(csv, step->min_cells > 0 ? (double)step->min_cells : NAN, 0);
				add_name(csv, s, t->values[i]);
				add_name(csv, s, t->values[j]);
				lu_csv_count(csv, lu_transition_cells(t, i, j));
				add_hectares(csv, s, lu_transition_area_m2(t, i, j));
				lu_csv_end_row(csv);
			}
		}
	}
}

/* The classes in order, then "Not mapped": number k of the printed order. */
static size_t printed(const struct lu_transition *t, size_t k)
{
	return k + 1 < t->count ? k + 1 : 0;
}

static void extent(struct lu_csv *csv, const struct lu_county_statistics *s)
{
	static const char *const header[] = {"date",          "value",          "name",
					     "mapped_cells",  "mapped_ha",      "consistent_cells",
					     "consistent_ha", "only_mapped_ha", "only_consistent_ha"};

	lu_csv_row(csv, header, COUNT(header));
	for (size_t d = 0; d < s->date_count; d++) {
		const struct lu_transition *t = s->dates[d].in_time;

		for (size_t i = 1; i < t->count; i++) {
			const double both = lu_transition_area_m2(t, i, i);
			const double mapped = lu_statistics_in_time_m2(t, i, false);
			const double smoothed = lu_statistics_in_time_m2(t, i, true);

			lu_csv_text(csv, s->dates[d].label);
			add_name(csv, s, t->values[i]);
			lu_csv_count(csv, lu_statistics_in_time_cells(t, i, false));
			add_hectares(csv, s, mapped);
			lu_csv_count(csv, lu_statistics_in_time_cells(t, i, true));
			add_hectares(csv, s, smoothed);
			add_hectares(csv, s, mapped - both);
			add_hectares(csv, s, smoothed - both);
			lu_csv_end_row(csv);
		}
	}
}

static void trajectories(struct lu_csv *csv, const struct lu_county_statistics *s)
{
	static const char *const header[] = {"value", "name", "cells", "area_ha"};
	const struct lu_transition *t = s->trajectory;

	lu_csv_row(csv, header, COUNT(header));
	for (size_t k = 0; k < t->count; k++) {
		const size_t i = printed(t, k);

		lu_csv_integer(csv, t->values[i]);
		lu_csv_text(csv, lu_trajectory_name(t->values[i]));
		lu_csv_count(csv, lu_transition_cells(t, i, i));
		add_hectares(csv, s, lu_transition_area_m2(t, i, i));
		lu_csv_end_row(csv);
	}
}

static void annual_rates(struct lu_csv *csv, const struct lu_county_statistics *s)
{
	static const char *const header[] = {"earlier", "later",      "value",    "name",
					     "years",   "earlier_ha", "later_ha", "annual_rate_percent"};

	lu_csv_row(csv, header, COUNT(header));
	for (size_t p = 0; p < s->pair_count; p++) {
		const struct lu_transition *t = s->pairs[p].transition;
		const struct lu_date_statistics *earlier = &s->dates[s->pairs[p].earlier];
		const struct lu_date_statistics *later = &s->dates[s->pairs[p].later];
		const double years = lu_statistics_years(s, &s->pairs[p]);

		for (size_t i = 1; i < t->count && years > 0.0; i++) {
			if (!lu_transition_is_class(t, i))
				continue;
			/* Over the cells mapped at both dates: a hole in one map is no loss of forest. */
			const struct lu_class_change change = lu_transition_class(t, i, LU_UNIT_M2);
			double rate;
			const bool known = lu_annual_rate(change.earlier, change.later, years, &rate);

			lu_csv_text(csv, earlier->label);
			lu_csv_text(csv, later->label);
			add_name(csv, s, t->values[i]);
			lu_csv_fixed(csv, years, 3);
			add_hectares(csv, s, change.earlier);
			add_hectares(csv, s, change.later);
			if (known)
				lu_csv_fixed(csv, 100.0 * rate, 6);
			else
				lu_csv_text(csv, NULL);
			lu_csv_end_row(csv);
		}
	}
}

/* What smoothing took from the flags: nothing is said where the maps are not smoothed. */
static void add_smoothed(struct lu_csv *csv, const struct lu_county_statistics *s,
			 const struct lu_flag_statistics *flags)
{
	const struct lu_smoothed_flags *smoothed = &flags->smoothed;

	if (!flags->of_smoothed_maps) {
		for (int i = 0; i < 3; i++)
			lu_csv_text(csv, NULL);
		return;
	}
	lu_csv_count(csv, smoothed->unchanged_cells);
	add_hectares(csv, s, smoothed->unchanged_m2);
	lu_csv_count(csv, smoothed->other_pair_cells);
}

static void significance(struct lu_csv *csv, const struct lu_county_statistics *s)
{
	static const char *const header[] = {"earlier",
					     "later",
					     "compared_cells",
					     "false_discovery_rate_asked",
					     "min_probability",
					     "change_rate",
					     "change_rate_from",
					     "threshold",
					     "flagged_cells",
					     "flagged_ha",
					     "expected_false_share",
					     "expected_found_share",
					     "smoothing_unchanged_cells",
					     "smoothing_unchanged_ha",
					     "smoothing_other_pair_cells",
					     "likeness",
					     "refused"};

	lu_csv_row(csv, header, COUNT(header));
	for (size_t p = 0; p < s->pair_count; p++) {
		const struct lu_flag_statistics *flags = s->pairs[p].flags;

		if (flags == NULL)
			continue;
		lu_csv_text(csv, s->dates[s->pairs[p].earlier].label);
		lu_csv_text(csv, s->dates[s->pairs[p].later].label);
		lu_csv_count(csv, flags->compared_cells);
		lu_csv_fixed(csv, flags->asked_false_discovery_rate, 6);
		lu_csv_fixed(csv, flags->min_probability, 6);
		lu_csv_fixed(csv, flags->change_rate, 6);
		lu_csv_text(csv, !isfinite(flags->change_rate) ? NULL : flags->rate_is_stated ? "job" : "estimate");
		if (flags->threshold <= 1.0)
			lu_csv_fixed(csv, flags->threshold, 6);
		else
			lu_csv_text(csv, NULL);
		lu_csv_count(csv, lu_statistics_flagged_cells(flags));
		add_hectares(csv, s, lu_statistics_flagged_m2(flags));
		lu_csv_fixed(csv, flags->expected_false, 6);
		lu_csv_fixed(csv, flags->expected_found, 6);
		add_smoothed(csv, s, flags);
		lu_csv_fixed(csv, flags->likeness, 6);
		lu_csv_text(csv, flags->refused ? "yes" : "no");
		lu_csv_end_row(csv);
	}
}

static void change_summary(struct lu_csv *csv, const struct lu_county_statistics *s)
{
	static const char *const header[] = {"earlier",
					     "later",
					     "value",
					     "name",
					     "earlier_cells",
					     "later_cells",
					     "gain_cells",
					     "loss_cells",
					     "net_cells",
					     "earlier_ha",
					     "later_ha",
					     "gain_ha",
					     "loss_ha",
					     "net_ha",
					     "swap_ha",
					     "persistence_ha",
					     "flagged_net_ha",
					     "expected_net_ha",
					     "expected_net_low_ha",
					     "expected_net_high_ha"};

	begin_table(csv, s, header, COUNT(header));
	for (size_t p = 0; p < s->pair_count; p++) {
		const struct lu_transition *t = s->pairs[p].transition;
		const struct lu_flag_statistics *flags = s->pairs[p].flags;

		for (size_t i = 1; i < t->count; i++) {
			if (!lu_transition_is_class(t, i))
				continue;
			const struct lu_class_change n = lu_transition_class(t, i, LU_UNIT_CELLS);
			const struct lu_class_change a = lu_transition_class(t, i, LU_UNIT_M2);
			const double cells[] = {n.earlier, n.later, n.gain, n.loss, n.net};
			const double m2[] = {a.earlier, a.later, a.gain, a.loss, a.net, a.swap, a.persistence};

			begin_row(csv, s);
			lu_csv_text(csv, s->dates[s->pairs[p].earlier].label);
			lu_csv_text(csv, s->dates[s->pairs[p].later].label);
			add_name(csv, s, t->values[i]);
			for (size_t k = 0; k < COUNT(cells); k++)
				lu_csv_integer(csv, (int64_t)cells[k]);
			for (size_t k = 0; k < COUNT(m2); k++)
				add_hectares(csv, s, m2[k]);
			if (flags != NULL) {
				add_hectares(csv, s, lu_statistics_flagged_net_m2(flags, t->values[i]));
				const struct lu_bounded expected = lu_statistics_expected_net_m2(flags, t->values[i]);
				add_hectares(csv, s, expected.value);
				add_hectares(csv, s, expected.within.low);
				add_hectares(csv, s, expected.within.high);
			}
			for (int blank = flags != NULL ? 4 : 0; blank < 4; blank++)
				lu_csv_text(csv, NULL);
			lu_csv_end_row(csv);
		}
	}
}

/* Rows = earlier, columns = later; the corner says so, because a matrix on a desk has lost its file name. */
static void matrix(struct lu_csv *csv, const struct lu_county_statistics *s, const struct lu_pair_statistics *pair,
		   enum lu_unit unit)
{
	const struct lu_transition *t = pair->transition;
	char buffer[16];
	char *corner = lu_sprintf("rows: %s, columns: %s (%s)", s->dates[pair->earlier].label,
				  s->dates[pair->later].label, unit == LU_UNIT_CELLS ? "cells" : "ha");

	csv->failed = csv->failed || corner == NULL;
	lu_csv_text(csv, corner);
	lu_free(corner);
	for (size_t j = 0; j < t->count; j++)
		lu_csv_text(csv, lu_statistics_name(s, t->values[printed(t, j)], buffer));
	lu_csv_end_row(csv);
	for (size_t i = 0; i < t->count; i++) {
		lu_csv_text(csv, lu_statistics_name(s, t->values[printed(t, i)], buffer));
		for (size_t j = 0; j < t->count; j++) {
			if (unit == LU_UNIT_CELLS)
				lu_csv_count(csv, lu_transition_cells(t, printed(t, i), printed(t, j)));
			else
				add_hectares(csv, s, lu_transition_area_m2(t, printed(t, i), printed(t, j)));
		}
		lu_csv_end_row(csv);
	}
}

/* Write and release; takes the table over. */
static enum lu_status save(struct lu_csv *csv, const char *folder, const char *name, struct lu_error *err)
{
	char *path = name != NULL ? lu_path_join(folder, name) : NULL;
	enum lu_status status = path != NULL
					? lu_csv_write(csv, path, err)
					: lu_fail(err, LU_ERROR_MEMORY, "%s: out of memory for a table's name", folder);

	lu_free(path);
	lu_csv_release(csv);
	return status;
}

/* transition_A_B with anything in the labels that does not belong in a file name turned to '_'. */
static char *matrix_name(const struct lu_county_statistics *s, const struct lu_pair_statistics *pair, const char *end)
{
	static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-";
	char *name =
		lu_sprintf("transition_%s_%s%s.csv", s->dates[pair->earlier].label, s->dates[pair->later].label, end);

	for (char *c = name; c != NULL && *c; c++) {
		if (strchr(plain, *c) == NULL)
			*c = '_';
	}
	return name;
}

static enum lu_status save_matrix(const char *folder, const struct lu_county_statistics *s,
				  const struct lu_pair_statistics *pair, enum lu_unit unit, struct lu_error *err)
{
	struct lu_csv csv = {0};
	char *name = matrix_name(s, pair, unit == LU_UNIT_CELLS ? "" : "_ha");

	matrix(&csv, s, pair, unit);
	enum lu_status status = save(&csv, folder, name, err);

	lu_free(name);
	return status;
}

enum lu_status lu_statistics_write_csv(const char *folder, const struct lu_county_statistics *statistics,
				       struct lu_error *err)
{
	const struct {
		const char *name;
		void (*fill)(struct lu_csv *csv, const struct lu_county_statistics *s);
		bool wanted;
		const char *of_zones; /* NULL: there is none of zones */
	} tables[] = {
		{"class_areas.csv", class_areas, true, "zone_areas.csv"},
		{"confidence.csv", confidence, lu_statistics_confident(statistics), NULL},
		{"transitions.csv", transitions, statistics->pair_count > 0, "zone_transitions.csv"},
		{"change_summary.csv", change_summary, statistics->pair_count > 0, "zone_change_summary.csv"},
		{"annual_rates.csv", annual_rates, lu_statistics_timed(statistics), NULL},
		{"significance.csv", significance, lu_statistics_judged(statistics), NULL},
		{"flagged_changes.csv", flagged_changes, lu_statistics_judged(statistics), NULL},
		{"normalisation.csv", normalisation, lu_statistics_normalised(statistics), NULL},
		{"smoothing.csv", smoothing, lu_statistics_smoothed(statistics), NULL},
		{"extent.csv", extent, lu_statistics_in_time(statistics), NULL},
		{"trajectories.csv", trajectories, lu_statistics_in_time(statistics), NULL},
	};
	const size_t zones = statistics->zones != NULL ? statistics->zones->count : 0;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < COUNT(tables) && status == LU_OK; i++) {
		struct lu_csv csv = {0};

		if (!tables[i].wanted)
			continue;
		tables[i].fill(&csv, statistics);
		status = save(&csv, folder, tables[i].name, err);
		for (size_t z = 0; tables[i].of_zones != NULL && z < zones; z++) {
			const struct lu_county_statistics alone = lu_statistics_of_zone(statistics, z);

			tables[i].fill(&csv, &alone);
		}
		if (status == LU_OK && tables[i].of_zones != NULL && zones > 0)
			status = save(&csv, folder, tables[i].of_zones, err);
		lu_csv_release(&csv);
	}
	if (status != LU_OK)
		goto out;
	for (size_t p = 0; p < statistics->pair_count; p++) {
		LU_TRY(save_matrix(folder, statistics, &statistics->pairs[p], LU_UNIT_CELLS, err));
		if (statistics->has_areas)
			LU_TRY(save_matrix(folder, statistics, &statistics->pairs[p], LU_UNIT_M2, err));
	}
out:
	return status;
}
