/*
 * statistics_json.c: statistics.json, by jansson.
 *
 * Keys keep the order in which they are set here. Hectares are rounded to 6 decimals before they
 * are written, so 15 significant digits print them short and the same on every machine.
 */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "change/trajectory.h"
#include "maps/pontius.h"
#include "report/evidence_json.h"
#include "report/statistics_files.h"

/*
 * jansson's _new functions take their argument also when it is NULL and then fail, so a lost
 * allocation anywhere ends as 'false' here. 'ok' collects them.
 */
static void set(json_t *object, const char *key, json_t *value, bool *ok)
{
	*ok = json_object_set_new(object, key, value) == 0 && *ok;
}

static void push(json_t *array, json_t *value, bool *ok)
{
	*ok = json_array_append_new(array, value) == 0 && *ok;
}

/* Rounded to 'one' parts; a number that is not one becomes null. Adding 0 turns -0 into 0. */
static json_t *rounded(double value, double one)
{
	return isfinite(value) ? json_real(round(value * one) / one + 0.0) : json_null();
}

static json_t *hectares(double m2)
{
	return rounded(m2 / 1e4, 1e6);
}

static json_t *text_or_null(const char *text)
{
	return text != NULL ? json_string(text) : json_null();
}

static json_t *count(uint64_t cells)
{
	return json_integer((json_int_t)cells);
}

static void set_name(json_t *object, const struct lu_county_statistics *s, uint16_t value, bool *ok)
{
	char buffer[16];

	set(object, "value", json_integer(value), ok);
	set(object, "name", json_string(lu_statistics_name(s, value, buffer)), ok);
}

static json_t *county_json(const struct lu_county_statistics *s, bool *ok)
{
	json_t *county = json_object();

	set(county, "name", text_or_null(s->county_name), ok);
	if (s->unit != LU_HECTARES)
		set(county, "told_in", json_string(lu_area_unit_names[s->unit]), ok);
	set(county, "area_ha", s->county_area_m2 > 0.0 ? hectares(s->county_area_m2) : json_null(), ok);
	return county;
}

static json_t *grid_json(const struct lu_county_statistics *s, bool *ok)
{
	json_t *grid = json_object();

	set(grid, "crs", text_or_null(s->crs), ok);
	if (s->cells != NULL) {
		json_t *origin = json_array();

		push(origin, json_real(s->cells->transform[0]), ok);
		push(origin, json_real(s->cells->transform[3]), ok);
		set(grid, "origin_crs_units", origin, ok);
		set(grid, "cell_width_crs_units", json_real(fabs(s->cells->transform[1])), ok);
		set(grid, "cell_height_crs_units", json_real(fabs(s->cells->transform[5])), ok);
		set(grid, "columns", json_integer((json_int_t)s->cells->width), ok);
		set(grid, "rows", json_integer((json_int_t)s->cells->height), ok);
	}
	if (s->chip_px > 0) {
		set(grid, "chip_px", json_integer(s->chip_px), ok);
		set(grid, "stride_px", json_integer(s->stride_px), ok);
	}
	return grid;
}

static json_t *scheme_json(const struct lu_county_statistics *s, bool *ok)
{
	json_t *scheme = json_object(), *classes = json_array();

	set(scheme, "name", text_or_null(s->scheme_name), ok);
	set(scheme, "version", s->scheme_name != NULL ? json_integer(s->scheme_version) : json_null(), ok);
	for (size_t i = 0; i < s->class_count; i++) {
		json_t *class = json_object();

		set_name(class, s, s->classes[i].value, ok);
		if (s->classes[i].value == s->uncertain)
			set(scheme, "uncertain", class, ok);
		else
			push(classes, class, ok);
	}
	set(scheme, "classes", classes, ok);
	return scheme;
}

static json_t *model_json(const struct lu_county_statistics *s, bool *ok)
{
	json_t *model = json_object();

	set(model, "name", text_or_null(s->model_name), ok);
	set(model, "sha256", text_or_null(s->model_sha256), ok);
	return model;
}

/* What a table has off its diagonal, as a list of from, to, cells and hectares. */
static json_t *changes_json(const struct lu_county_statistics *s, const struct lu_transition *t, bool *ok)
{
	json_t *changes = json_array();

	for (size_t i = 1; i < t->count; i++) {
		for (size_t j = 1; j < t->count; j++) {
			if (i == j || lu_transition_cells(t, i, j) == 0 || !lu_transition_is_class(t, i) ||
			    !lu_transition_is_class(t, j))
				continue;
			json_t *change = json_object();

			set(change, "from", json_integer(t->values[i]), ok);
			set(change, "to", json_integer(t->values[j]), ok);
			set(change, "cells", count(lu_transition_cells(t, i, j)), ok);
			if (s->has_areas)
				set(change, "area_ha", hectares(lu_transition_area_m2(t, i, j)), ok);
			push(changes, change, ok);
		}
	}
	return changes;
}

static json_t *smoothing_json(const struct lu_county_statistics *s, const struct lu_date_statistics *d, bool *ok)
{
	json_t *steps = json_array();

	for (size_t k = 0; k < d->smoothing_count; k++) {
		const struct lu_smoothing_statistics *given = &d->smoothing[k];
		json_t *step = json_object();

		set(step, "step", json_string(given->step), ok);
		if (given->min_cells > 0)
			set(step, "min_cells", count(given->min_cells), ok);
		else
			set(step, "weight", rounded(given->weight, 1e9), ok);
		set(step, "altered_cells", count(lu_statistics_altered_cells(given)), ok);
		if (s->has_areas)
			set(step, "altered_ha", hectares(lu_statistics_altered_m2(given)), ok);
		set(step, "changes", changes_json(s, given->table, ok), ok);
		push(steps, step, ok);
	}
	return steps;
}

/* Classes by the most probable sequence of all dates. */
static json_t *in_time_json(const struct lu_county_statistics *s, const struct lu_transition *in_time, bool *ok)
{
	json_t *classes = json_array();

	for (size_t i = 1; i < in_time->count; i++) {
		json_t *class = json_object();

		set_name(class, s, in_time->values[i], ok);
		set(class, "cells", count(lu_statistics_in_time_cells(in_time, i, true)), ok);
		if (s->has_areas)
			set(class, "area_ha", hectares(lu_statistics_in_time_m2(in_time, i, true)), ok);
		push(classes, class, ok);
	}
	return classes;
}

static json_t *trajectories_json(const struct lu_county_statistics *s, bool *ok)
{
	const struct lu_transition *t = s->trajectory;
	json_t *list = json_array();

	for (size_t i = 1; i < t->count; i++) {
		json_t *trajectory = json_object();

		set(trajectory, "value", json_integer(t->values[i]), ok);
		set(trajectory, "name", json_string(lu_trajectory_name(t->values[i])), ok);
		set(trajectory, "cells", count(lu_transition_cells(t, i, i)), ok);
		if (s->has_areas)
			set(trajectory, "area_ha", hectares(lu_transition_area_m2(t, i, i)), ok);
		push(list, trajectory, ok);
	}
	return list;
}

static json_t *normalisation_json(const struct lu_normalisation_statistics *n, bool *ok)
{
	json_t *normalisation = json_object(), *bands = json_array();

	set(normalisation, "to", json_string(n->to), ok);
	if (n->via != NULL)
		set(normalisation, "via", json_string(n->via), ok);
	set(normalisation, "method", json_string(n->method), ok);
	set(normalisation, "blocks", count(n->blocks), ok);
	set(normalisation, "invariant_blocks", count(n->invariant), ok);
	for (size_t b = 0; b < n->band_count; b++) {
		const struct lu_normalised_band *given = &n->bands[b];
		json_t *band = json_object();

		set(band, "band", count(b + 1), ok);
		set(band, "gain", rounded(given->gain, 1e6), ok);
		set(band, "offset", rounded(given->offset, 1e6), ok);
		set(band, "correlation", rounded(given->correlation, 1e6), ok);
		set(band, "difference_before", rounded(given->before, 1e6), ok);
		set(band, "difference_after", rounded(given->after, 1e6), ok);
		push(bands, band, ok);
	}
	set(normalisation, "bands", bands, ok);
	return normalisation;
}

static json_t *confidence_json(const struct lu_county_statistics *s, const struct lu_confidence_bins *bins, bool *ok)
{
	json_t *list = json_array();

	for (size_t i = 0; i < LU_CONFIDENCE_BINS; i++) {
		json_t *bin = json_object();

		set(bin, "from_percent", count(i * LU_CONFIDENCE_STEP), ok);
		set(bin, "to_percent", count((i + 1) * LU_CONFIDENCE_STEP), ok);
		set(bin, "cells", count(bins->cells[i]), ok);
		if (s->has_areas)
			set(bin, "area_ha", hectares(bins->area_m2[i]), ok);
		push(list, bin, ok);
	}
	return list;
}

static json_t *date_json(const struct lu_county_statistics *s, const struct lu_date_statistics *d, bool *ok)
{
	const struct lu_transition *map = d->map;
	json_t *date = json_object(), *classes = json_array();
	uint64_t mapped = 0;
	size_t uncertain = 0;

	set(date, "label", text_or_null(d->label), ok);
	for (size_t i = 1; i < map->count; i++) {
		const double area_m2 = lu_transition_area_m2(map, i, i);
		if (!lu_transition_is_class(map, i)) {
			uncertain = i;
			continue;
		}
		json_t *class = json_object();

		set_name(class, s, map->values[i], ok);
		set(class, "cells", count(lu_transition_cells(map, i, i)), ok);
		if (s->has_areas)
			set(class, "area_ha", hectares(area_m2), ok);
		if (s->has_areas && s->county_area_m2 > 0.0)
			set(class, s->zone != NULL ? "share_of_zone" : "share_of_county",
			    rounded(area_m2 / s->county_area_m2, 1e9), ok);
		push(classes, class, ok);
		mapped += lu_transition_cells(map, i, i);
	}
	set(date, "classes", classes, ok);
	set(date, "mapped_cells", count(mapped), ok);
	if (uncertain > 0)
		set(date, "uncertain_cells", count(lu_transition_cells(map, uncertain, uncertain)), ok);
	if (uncertain > 0 && s->has_areas)
		set(date, "uncertain_ha", hectares(lu_transition_area_m2(map, uncertain, uncertain)), ok);
	set(date, "not_mapped_cells", count(lu_transition_cells(map, 0, 0)), ok);
	if (d->unreadable_cells > 0)
		set(date, "unreadable_cells", count((uint64_t)d->unreadable_cells), ok);
	if (s->has_areas)
		set(date, "not_mapped_ha", hectares(lu_statistics_not_mapped_m2(d)), ok);
	if (s->has_areas && s->county_area_m2 > 0.0)
		set(date, "reconciles_to", rounded(lu_statistics_reconciles_to(s, d), 1e12), ok);
	if (s->zone != NULL)
		return date;
	set(date, "mean_confidence_percent",
	    d->mean_confidence >= 0.0 ? rounded(d->mean_confidence * 100.0, 1e4) : json_null(), ok);
	if (d->confidence != NULL)
		set(date, "confidence", confidence_json(s, d->confidence, ok), ok);
	if (d->unlike != NULL)
		set(date, "unlike_training",
		    json_pack("{s:I, s:I}", "cells_looked_at", (json_int_t)d->unlike->cells, "beyond",
			      (json_int_t)d->unlike->beyond),
		    ok);
	if (d->in_time != NULL)
		set(date, "smoothed_in_time", in_time_json(s, d->in_time, ok), ok);
	if (d->normalisation != NULL)
		set(date, "normalisation", normalisation_json(d->normalisation, ok), ok);
	if (d->smoothing_count > 0)
		set(date, "smoothing", smoothing_json(s, d, ok), ok);
	return date;
}

static json_t *matrix_json(const struct lu_transition *t, enum lu_unit unit, bool *ok)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < t->count; i++) {
		json_t *row = json_array();

		for (size_t j = 0; j < t->count; j++)
			push(row,
			     unit == LU_UNIT_CELLS ? count(lu_transition_cells(t, i, j))
						   : hectares(lu_transition_area_m2(t, i, j)),
			     ok);
		push(rows, row, ok);
	}
	return rows;
}

/* One class's change in one unit: cells are whole numbers, square metres become hectares. */
static json_t *class_change_json(const struct lu_transition *t, size_t i, enum lu_unit unit, bool *ok)
{
	const struct lu_class_change c = lu_transition_class(t, i, unit);
	const struct {
		const char *key;
		double value;
	} entries[] = {
		{"earlier", c.earlier}, {"later", c.later}, {"persistence", c.persistence},
		{"gain", c.gain},       {"loss", c.loss},   {"net", c.net},
		{"swap", c.swap},
	};
	json_t *change = json_object();

	for (size_t k = 0; k < sizeof(entries) / sizeof(entries[0]); k++)
		set(change, entries[k].key,
		    unit == LU_UNIT_CELLS ? json_integer((json_int_t)entries[k].value) : hectares(entries[k].value),
		    ok);
	return change;
}

/* Quantity, exchange and shift of the classes alone. */
static json_t *difference_json(const struct lu_transition *t, enum lu_unit unit, bool *ok)
{
	const size_t n = lu_transition_classes(t);
	json_t *difference = json_object();
	double *matrix;

	if (lu_alloc(&matrix, n * n, sizeof(*matrix), "matrix", NULL) != LU_OK) {
		*ok = false;
		return difference;
	}
	lu_transition_matrix(t, unit, matrix);
	const struct lu_pontius p = lu_pontius_total(matrix, n);
	const struct {
		const char *key;
		double value;
	} entries[] = {{"total", p.difference}, {"quantity", p.quantity}, {"exchange", p.exchange}, {"shift", p.shift}};

	for (size_t k = 0; k < sizeof(entries) / sizeof(entries[0]); k++)
		set(difference, entries[k].key,
		    unit == LU_UNIT_CELLS ? json_integer((json_int_t)entries[k].value) : hectares(entries[k].value),
		    ok);
	lu_free(matrix);
	return difference;
}

/* A class's growth, three ways: the maps' difference has the errors of both in it. */
static json_t *net_change_json(const struct lu_county_statistics *s, const struct lu_transition *t,
			       const struct lu_flag_statistics *f, bool *ok)
{
	json_t *classes = json_array();

	for (size_t i = 1; i < t->count; i++) {
		if (!lu_transition_is_class(t, i))
			continue;
		const struct lu_bounded expected = lu_statistics_expected_net_m2(f, t->values[i]);
		json_t *class = json_object();

		set_name(class, s, t->values[i], ok);
		set(class, "maps_ha", hectares(lu_transition_class(t, i, LU_UNIT_M2).net), ok);
		set(class, "flagged_ha", hectares(lu_statistics_flagged_net_m2(f, t->values[i])), ok);
		set(class, "expected_ha", hectares(expected.value), ok);
		set(class, "expected_low_ha", hectares(expected.within.low), ok);
		set(class, "expected_high_ha", hectares(expected.within.high), ok);
		push(classes, class, ok);
	}
	return classes;
}

/* What is flagged of a pair, how that was decided, and what may be expected of it. */
static json_t *significance_json(const struct lu_county_statistics *s, const struct lu_transition *t,
				 const struct lu_flag_statistics *f, bool *ok)
{
	json_t *significance = json_object();

	set(significance, "compared_cells", count(f->compared_cells), ok);
	set(significance, "false_discovery_rate_asked", rounded(f->asked_false_discovery_rate, 1e6), ok);
	set(significance, "min_probability", rounded(f->min_probability, 1e6), ok);
	set(significance, "change_rate", rounded(f->change_rate, 1e6), ok);
	set(significance, "change_rate_from",
	    isfinite(f->change_rate) ? json_string(f->rate_is_stated ? "job" : "estimate") : json_null(), ok);
	set(significance, "threshold", f->threshold <= 1.0 ? rounded(f->threshold, 1e6) : json_null(), ok);
	set(significance, "flagged_cells", count(lu_statistics_flagged_cells(f)), ok);
	if (s->has_areas)
		set(significance, "flagged_ha", hectares(lu_statistics_flagged_m2(f)), ok);
	if (s->has_areas && lu_statistics_flagged_cells(f) > 0) {
		const struct lu_bounded changed = lu_statistics_true_m2(f);
		set(significance, "expected_true_ha", hectares(changed.value), ok);
		set(significance, "expected_true_low_ha", hectares(changed.within.low), ok);
		set(significance, "expected_true_high_ha", hectares(changed.within.high), ok);
	}
	set(significance, "likeness", isfinite(f->likeness) ? rounded(f->likeness, 1e6) : json_null(), ok);
	set(significance, "refused", json_boolean(f->refused), ok);
	set(significance, "expected_false_share", rounded(f->expected_false, 1e6), ok);
	set(significance, "expected_found_share", rounded(f->expected_found, 1e6), ok);
	if (f->of_smoothed_maps) {
		json_t *smoothed = json_object();
		set(smoothed, "unchanged_cells", count(f->smoothed.unchanged_cells), ok);
		if (s->has_areas)
			set(smoothed, "unchanged_ha", hectares(f->smoothed.unchanged_m2), ok);
		set(smoothed, "other_pair_cells", count(f->smoothed.other_pair_cells), ok);
		set(significance, "smoothing", smoothed, ok);
	}
	set(significance, "changes", changes_json(s, f->table, ok), ok);
	if (s->has_areas)
		set(significance, "net_change", net_change_json(s, t, f, ok), ok);
	return significance;
}

/* What every class won and lost, and the parts of the difference, in cells and hectares. */
static void set_changes(json_t *pair, const struct lu_county_statistics *s, const struct lu_transition *t, bool *ok)
{
	json_t *classes = json_array();

	for (size_t i = 1; i < t->count; i++) {
		if (!lu_transition_is_class(t, i))
			continue;
		json_t *class = json_object();

		set_name(class, s, t->values[i], ok);
		set(class, "cells", class_change_json(t, i, LU_UNIT_CELLS, ok), ok);
		if (s->has_areas)
			set(class, "area_ha", class_change_json(t, i, LU_UNIT_M2, ok), ok);
		push(classes, class, ok);
	}
	set(pair, "classes", classes, ok);
	set(pair, "difference_cells", difference_json(t, LU_UNIT_CELLS, ok), ok);
	if (s->has_areas)
		set(pair, "difference_ha", difference_json(t, LU_UNIT_M2, ok), ok);
}

/* Puyravaud's rates, as in annual_rates.csv. */
static json_t *annual_rates_json(const struct lu_county_statistics *s, const struct lu_transition *t, double years,
				 bool *ok)
{
	json_t *rates = json_object(), *classes = json_array();

	set(rates, "years", rounded(years, 1e3), ok);
	for (size_t i = 1; i < t->count; i++) {
		if (!lu_transition_is_class(t, i))
			continue;
		const struct lu_class_change change = lu_transition_class(t, i, LU_UNIT_M2);
		json_t *class = json_object();
		double rate;
		const bool known = lu_annual_rate(change.earlier, change.later, years, &rate);

		set_name(class, s, t->values[i], ok);
		set(class, "annual_rate_percent", known ? rounded(100.0 * rate, 1e6) : json_null(), ok);
		push(classes, class, ok);
	}
	set(rates, "classes", classes, ok);
	return rates;
}

static json_t *pair_json(const struct lu_county_statistics *s, const struct lu_pair_statistics *p, bool *ok)
{
	const struct lu_transition *t = p->transition;
	const double years = lu_statistics_years(s, p);
	json_t *pair = json_object(), *matrix = json_object(), *values = json_array();

	set(pair, "earlier", text_or_null(s->dates[p->earlier].label), ok);
	set(pair, "later", text_or_null(s->dates[p->later].label), ok);

	set(matrix, "rows", json_string("earlier"), ok);
	set(matrix, "columns", json_string("later"), ok);
	for (size_t i = 0; i < t->count; i++)
		push(values, json_integer(t->values[i]), ok);
	set(matrix, "values", values, ok);
	set(matrix, "cells", matrix_json(t, LU_UNIT_CELLS, ok), ok);
	if (s->has_areas)
		set(matrix, "area_ha", matrix_json(t, LU_UNIT_M2, ok), ok);
	set(pair, "transition", matrix, ok);

	set_changes(pair, s, t, ok);
	if (years > 0.0)
		set(pair, "annual_rates", annual_rates_json(s, t, years, ok), ok);
	if (p->flags != NULL)
		set(pair, "significance", significance_json(s, t, p->flags, ok), ok);
	else
		set(pair, "no_significance", json_string(lu_statistics_unjudged), ok);
	return pair;
}

/* A zone has lists where the county has matrices: there may be hundreds of zones. */
static json_t *zone_json(const struct lu_county_statistics *s, const struct lu_zone_statistics *z, bool *ok)
{
	json_t *zone = json_object(), *dates = json_array(), *pairs = json_array();

	set(zone, "name", json_string(z->name), ok);
	set(zone, "own_area_ha", hectares(z->own_area_m2), ok);
	set(zone, "area_ha", hectares(z->area_m2), ok);
	for (size_t i = 0; i < s->date_count; i++)
		push(dates, date_json(s, &s->dates[i], ok), ok);
	set(zone, "dates", dates, ok);
	for (size_t i = 0; i < s->pair_count; i++) {
		const struct lu_pair_statistics *p = &s->pairs[i];
		json_t *pair = json_object();

		set(pair, "earlier", text_or_null(s->dates[p->earlier].label), ok);
		set(pair, "later", text_or_null(s->dates[p->later].label), ok);
		set(pair, "changes", changes_json(s, p->transition, ok), ok);
		set_changes(pair, s, p->transition, ok);
		push(pairs, pair, ok);
	}
	set(zone, "pairs", pairs, ok);
	return zone;
}

static json_t *zones_json(const struct lu_county_statistics *s, bool *ok)
{
	json_t *zones = json_object(), *list = json_array();

	set(zones, "name_field", text_or_null(s->zones->name_field), ok);
	set(zones, "in_no_zone_ha", hectares(s->zones->in_no_zone_m2), ok);
	set(zones, "overlap_ha", hectares(s->zones->overlap_m2), ok);
	for (size_t i = 0; i < s->zones->count; i++) {
		const struct lu_county_statistics alone = lu_statistics_of_zone(s, i);

		push(list, zone_json(&alone, &s->zones->zones[i], ok), ok);
	}
	set(zones, "zones", list, ok);
	return zones;
}

enum lu_status lu_statistics_write_json(const char *path, const struct lu_county_statistics *s, struct lu_error *err)
{
	json_t *root = json_object(), *software = json_object(), *dates = json_array(), *pairs = json_array();
	char *text = NULL;
	bool ok = root != NULL && software != NULL && dates != NULL && pairs != NULL;
	enum lu_status status = LU_ERROR_MEMORY;

	set(software, "name", json_string("landuse"), &ok);
	set(software, "version", json_string(s->software_version != NULL ? s->software_version : lu_version()), &ok);
	set(root, "schema_version", json_integer(1), &ok);
	set(root, "software", software, &ok);
	set(root, "county", county_json(s, &ok), &ok);
	set(root, "grid", grid_json(s, &ok), &ok);
	set(root, "scheme", scheme_json(s, &ok), &ok);
	set(root, "model", model_json(s, &ok), &ok);
	for (size_t i = 0; i < s->date_count; i++)
		push(dates, date_json(s, &s->dates[i], &ok), &ok);
	set(root, "dates", dates, &ok);
	for (size_t i = 0; i < s->pair_count; i++)
		push(pairs, pair_json(s, &s->pairs[i], &ok), &ok);
	set(root, "pairs", pairs, &ok);
	if (s->trajectory != NULL)
		set(root, "trajectories", trajectories_json(s, &ok), &ok);
	if (s->zones != NULL)
		set(root, "zones", zones_json(s, &ok), &ok);
	if (s->evidence != NULL)
		lu_evidence_add(root, s->evidence, &ok);
	if (ok)
		text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	if (text == NULL) {
		lu_fail(err, LU_ERROR_MEMORY, "%s: out of memory, or a name in it is not UTF-8", path);
		goto out;
	}
	const size_t size = strlen(text);

	text[size] = '\n'; /* in the place of the 0: a text file ends with a line's end */
	status = lu_file_write(path, text, size + 1, err);
out:
	free(text);
	json_decref(root);
	return status;
}
