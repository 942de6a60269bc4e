/*
 * assess_map.c: an assessment of a map by a sample.
 *
 * The map is read at the sample's places, so the labels are compared with what it says now. Whether
 * the strata are the map's classes decides the estimator:
 *
 *	drawn from this very map, a stratum a class	stratified, areas as the design has them
 *	drawn from another map, or classes pooled	ratio, the design's strata
 *	no design					stratified by the map's classes, with a warning: the
 *							intervals hold for random places only
 */
#include "accuracy/assess.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "accuracy/assess_change.h"
#include "accuracy/census.h"
#include "accuracy/certificate.h"
#include "accuracy/sample_places.h"
#include "accuracy/zone_figures.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "grid/area_sum.h"
#include "maps/transition.h"

/* Strata weigh by area alone when the estimator knows no finite populations: as if of this many cells. */
static const double endless_cells = 1e12;

/* Totals of map and design that differ by more are of different ground. */
static const double same_ground = 0.01;

struct reading {
	const struct lu_assess_task *task;
	struct lu_classed classed;
	struct lu_sample_table table;
	struct lu_assessment *out;
	uint16_t *values; /* the map at each row; 0: not mapped, or outside */
	struct lu_zone_place *cells, *places; /* where each row, and each unit, stands */
	struct lu_sample_unit *units; /* out->labelled of them */
	double *probability; /* P(changed) of each, where helps_change */
	bool helps_change; /* the sample was drawn from this map with P(changed) */
	bool same_map, one_class_a_stratum;
	bool by_class; /* the units' strata are the classes, not the design's */
};

static enum lu_status labels_agree(void *user, size_t row, size_t other, bool *agree, struct lu_error *err)
{
	const struct reading *r = user;
	const size_t rows[2] = {row, other};
	uint16_t values[2];

	for (int i = 0; i < 2; i++)
		if (lu_classed_find(&r->classed, r->table.rows[rows[i]].reference, &values[i], err) != LU_OK)
			return lu_fail_within(err, "%s: row %zu: reference", r->task->sample.path, rows[i] + 1);
	*agree = values[0] == values[1];
	return LU_OK;
}

/* The cells of all rows that have a place on the map: 'a' is the row, 'b' the column. */
static enum lu_status find_cells(const struct reading *r, struct lu_sample_place *cells, size_t *count,
				 struct lu_error *err)
{
	const struct lu_frame *frame = r->classed.frame;
	const double *t = frame->transform;
	const double determinant = t[1] * t[5] - t[2] * t[4];
	struct lu_transform *transform = NULL;
	enum lu_status status = LU_OK;

	*count = 0;
	if (r->table.crs_wkt != NULL && !lu_crs_same(r->table.crs_wkt, frame->crs_wkt))
		LU_TRY(lu_transform_new(r->table.crs_wkt, frame->crs_wkt, &transform, err));
	for (size_t i = 0; i < r->table.count; i++) {
		struct lu_point place = r->table.rows[i].place;
		if (!r->table.rows[i].has_place)
			continue;
		if (transform != NULL && lu_transform_points_if_possible(transform, &place, 1) == 0)
			continue;
		const double x = place.x - t[0], y = place.y - t[3];
		const double col = floor((x * t[5] - y * t[2]) / determinant),
			     row = floor((y * t[1] - x * t[4]) / determinant);
		if (col >= 0 && row >= 0 && col < (double)frame->width && row < (double)frame->height)
			cells[(*count)++] = (struct lu_sample_place){row, col, i};
	}
out:
	lu_transform_free(transform);
	return status;
}

/* The map at the cells, which are in the order of its rows. */
static enum lu_status read_at_places(struct reading *r, const struct lu_sample_place *cells, size_t count,
				     struct lu_error *err)
{
	uint16_t *line = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&line, (size_t)r->classed.frame->width, sizeof(*line), "a row", err));
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || cells[i].a != cells[i - 1].a)
			LU_TRY(lu_classed_read(&r->classed, (int64_t)cells[i].a, 1, line, err));
		r->values[cells[i].row] = line[(int64_t)cells[i].b];
	}
out:
	lu_free(line);
	return status;
}

/* The places of the rows: those in one cell are one, and read where the map's class is not in a field. */
static enum lu_status use_places(struct reading *r, bool read, struct lu_error *err)
{
	struct lu_sample_place *cells = NULL;
	size_t count = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&cells, r->table.count, sizeof(*cells), "the sample", err));
	LU_TRY(find_cells(r, cells, &count, err));
	for (size_t i = 0; i < count; i++)
		r->cells[cells[i].row] = (struct lu_zone_place){(int64_t)cells[i].a, (int64_t)cells[i].b, NULL};
	LU_TRY(lu_sample_unite(&r->task->sample, &r->table, cells, count, labels_agree, r, r->out, err));
	if (read)
		LU_TRY(read_at_places(r, cells, count, err));
out:
	lu_free(cells);
	return status;
}

/* What the map says of each row: by place, or by a field when there are no places or the caller says so. */
static enum lu_status find_values(struct reading *r, struct lu_error *err)
{
	bool any_place = false;
	enum lu_status status;

	LU_TRY(lu_alloc(&r->values, r->table.count, sizeof(*r->values), "the sample", err));
	LU_TRY(lu_alloc(&r->cells, r->table.count, sizeof(*r->cells), "the sample", err));
	LU_TRY(lu_alloc(&r->places, r->table.count, sizeof(*r->places), "the sample", err));
	for (size_t i = 0; i < r->table.count; i++)
		r->cells[i].row = -1;
	for (size_t i = 0; i < r->table.count; i++)
		any_place = any_place || r->table.rows[i].has_place;
	if (any_place)
		LU_TRY(use_places(r, r->task->sample.map_field == NULL, err));
	if (any_place && r->task->sample.map_field == NULL)
		return LU_OK;
	if (!r->table.has_map_field)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"%s: rows have neither a place nor the map's class (columns lon and lat, or .map_field = NAME)",
			r->task->sample.path);
	for (size_t i = 0; i < r->table.count; i++)
		if (r->table.rows[i].map != NULL &&
		    lu_classed_find(&r->classed, r->table.rows[i].map, &r->values[i], err) != LU_OK)
			return lu_fail_within(err, "%s: row %zu: map class", r->task->sample.path, i + 1);
out:
	return status;
}

static enum lu_status add_class(struct reading *r, uint16_t value, size_t *number, struct lu_error *err)
{
	const size_t before = r->out->count;
	char *name = lu_classed_name(&r->classed, value);
	enum lu_status status = name != NULL ? lu_assessment_class(r->out, value, name, number, err)
					     : lu_fail(err, LU_ERROR_MEMORY, "out of memory: class names");

	if (r->out->count > before)
		r->out->classes[*number].mapped_ha = 0;
	lu_free(name);
	return status;
}

/* The map's own class areas: the design's where it was made for this map, else counted now. */
static enum lu_status find_areas(struct reading *r, struct lu_error *err)
{
	struct lu_ground ground = {0};
	struct lu_census census = {0};
	size_t number;
	enum lu_status status = LU_OK;

	if (r->same_map && r->task->county.boundary == NULL) {
		for (size_t i = 0; i < r->table.class_count; i++) {
			LU_TRY(add_class(r, r->table.classes[i].value, &number, err));
			r->out->classes[number].mapped_ha += r->table.classes[i].area_ha;
		}
		return LU_OK;
	}
	LU_TRY(lu_census_ground(&r->task->county, r->classed.frame, &ground, err));
	const struct lu_population population = {.classed = &r->classed, .ground = &ground, .hooks = r->task->hooks};
	LU_TRY(lu_census_make(&population, &census, err));
	for (size_t i = 0; i < census.count; i++) {
		LU_TRY(add_class(r, census.classes[i].value, &number, err));
		r->out->classes[number].mapped_ha = lu_area_m2(census.classes[i].area_units) / 1e4;
	}
out:
	lu_census_release(&census);
	lu_ground_release(&ground);
	return status;
}

static int by_class_value(const void *a, const void *b)
{
	const struct lu_assessed_class *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

/*
 * Labelled rows as units, twice: the first round finds the classes, so that units can be numbered in their order.
 */
static enum lu_status take_rows(struct reading *r, bool number_them, struct lu_error *err)
{
	struct lu_assessment *out = r->out;
	enum lu_status status = LU_OK;

	out->rows = r->table.count - out->repeated;
	out->labelled = out->unlabelled = out->outside = 0;
	for (size_t i = 0; i < r->table.count; i++) {
		const struct lu_sample_row *row = &r->table.rows[i];
		uint16_t reference = 0;
		size_t map_number = 0, reference_number = 0;
		if (row->repeated || row->contradicted)
			continue;
		if (row->reference != NULL && lu_classed_find(&r->classed, row->reference, &reference, err) != LU_OK)
			return lu_fail_within(err, "%s: row %zu: reference", r->task->sample.path, i + 1);
		const int64_t stratum = lu_sample_table_stratum(&r->table, row);
		if (reference == 0) {
			out->unlabelled++;
			continue;
		}
		if (r->values[i] == 0) {
			out->outside++;
			continue;
		}
		if (r->table.has_design && stratum < 0)
			return lu_fail(err, LU_ERROR_FORMAT, "%s: row %zu: stratum '%s' is not in the design",
				       r->task->sample.path, i + 1, row->stratum != NULL ? row->stratum : "");
		const size_t before = out->count;
		LU_TRY(add_class(r, reference, &reference_number, err));
		/* What is no change after all is no class of flags, and that is what the check is for. */
		if (out->count > before && !r->table.flags)
			lu_log(r->task->hooks, LU_LEVEL_WARNING, "%s is not a class of the map: no cell is mapped so",
			       out->classes[reference_number].name);
		LU_TRY(add_class(r, r->values[i], &map_number, err));
		if (r->helps_change && !(row->probability >= 0 && row->probability <= 1))
			return lu_fail(
				err, LU_ERROR_FORMAT,
				"%s: row %zu: has no change_probability from 0 to 1, with which the sample was drawn "
				"(delete rows that were added)",
				r->task->sample.path, i + 1);
		if (number_them) {
			r->probability[out->labelled] = row->probability;
			r->places[out->labelled] =
				(struct lu_zone_place){r->cells[i].row, r->cells[i].col, &r->units[out->labelled]};
		}
		if (number_them)
			r->units[out->labelled] =
				(struct lu_sample_unit){stratum < 0 ? 0 : (uint32_t)stratum, (uint32_t)map_number,
							(uint32_t)reference_number, 0};
		out->labelled++;
	}
	if (out->labelled == 0)
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: none of %llu rows is labelled on the map (field '%s')",
				 r->task->sample.path, (unsigned long long)out->rows,
				 r->task->sample.reference_field != NULL ? r->task->sample.reference_field
									 : "reference");
out:
	return status;
}

static enum lu_status make_units(struct reading *r, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_alloc(&r->units, r->table.count, sizeof(*r->units), "the sample", err));
	LU_TRY(lu_alloc(&r->probability, r->table.count, sizeof(*r->probability), "the sample", err));
	LU_TRY(take_rows(r, false, err));
	qsort(r->out->classes, r->out->count, sizeof(*r->out->classes), by_class_value);
	LU_TRY(take_rows(r, true, err));
	/* Does every stratum have one class, and every unit its stratum's? */
	r->one_class_a_stratum = r->table.class_count > 0 && r->table.class_count == r->table.stratum_count;
	for (size_t k = 0; k + 1 < r->table.class_count; k++)
		if (r->table.classes[k].value == r->table.classes[k + 1].value)
			r->one_class_a_stratum = false;
	for (size_t i = 0; i < r->table.count && r->one_class_a_stratum; i++) {
		const int64_t stratum = lu_sample_table_stratum(&r->table, &r->table.rows[i]);
		for (size_t k = 0; k < r->table.class_count; k++)
			if (r->values[i] != 0 && (int64_t)r->table.classes[k].stratum == stratum &&
			    r->table.classes[k].value != r->values[i])
				r->one_class_a_stratum = false;
	}
out:
	return status;
}

/* N_h by area, so that a cell cut by the county's line weighs what it is; in cells where areas are not known. */
static enum lu_status stratum_sizes(const struct reading *r, double **sizes, double *area_ha, struct lu_error *err)
{
	const struct lu_sample_table *table = &r->table;
	double cells = 0, *drawn = NULL;
	bool known = true;
	enum lu_status status;

	*area_ha = 0;
	LU_TRY(lu_alloc(sizes, table->stratum_count, sizeof(**sizes), "strata", err));
	for (size_t h = 0; h < table->stratum_count; h++) {
		cells += table->strata[h].cells;
		known = known && table->strata[h].area_ha >= 0;
		*area_ha += table->strata[h].area_ha;
	}
	for (size_t h = 0; h < table->stratum_count; h++)
		(*sizes)[h] = known ? cells * table->strata[h].area_ha / *area_ha : table->strata[h].cells;
	/* A stratum that was sampled whole, of cells that the line cuts, still has as many units as were drawn. */
	LU_TRY(lu_alloc(&drawn, table->stratum_count, sizeof(*drawn), "strata", err));
	for (size_t i = 0; i < r->out->labelled; i++)
		drawn[r->units[i].stratum]++;
	for (size_t h = 0; h < table->stratum_count; h++)
		(*sizes)[h] = fmax((*sizes)[h], drawn[h]);
out:
	if (!known)
		*area_ha = -1;
	lu_free(drawn);
	return status;
}

/* Mapped areas of another ground than the sample's would only mislead. */
static void compare_grounds(struct reading *r, double sampled_ha)
{
	double mapped_ha = 0;

	for (size_t i = 0; i < r->out->count; i++)
		mapped_ha += r->out->classes[i].mapped_ha;
	if (fabs(mapped_ha - sampled_ha) <= same_ground * sampled_ha)
		return;
	lu_log(r->task->hooks, LU_LEVEL_WARNING,
	       "the map has %.0f ha and the sample was drawn from %.0f ha: mapped areas are left out (.boundary)",
	       mapped_ha, sampled_ha);
	for (size_t i = 0; i < r->out->count; i++)
		r->out->classes[i].mapped_ha = -1;
}

/*
 * The cells of each class, where the design tells them; 0 for others. By Wald's rule without them: the tables that it is
 * kept for know no finite populations.
 */
static void class_cells(const struct reading *r, double *cells)
{
	const struct lu_assessment *out = r->out;

	for (size_t i = 0; i < out->count; i++)
		cells[i] = 0;
	if (out->intervals.wald || !r->same_map || !r->one_class_a_stratum)
		return;
	for (size_t k = 0; k < r->table.class_count; k++)
		for (size_t i = 0; i < out->count; i++)
			if (out->classes[i].value == r->table.classes[k].value)
				cells[i] = r->table.strata[r->table.classes[k].stratum].cells;
}

/* The number of the class of a value, which may be none's: then the count of them. */
static size_t class_number(const struct lu_assessment *a, uint16_t value)
{
	size_t i = 0;

	while (i < a->count && a->classes[i].value != value)
		i++;
	return i;
}

/*
 * The tables of change, of strata as the units have them: the design's, or the classes. Drawn from this very map, the design
 * tells what is in each.
 */
static enum lu_status tell_change(struct reading *r, const double *sizes, size_t stratum_count, struct lu_error *err)
{
	const bool by_class = r->by_class;
	struct lu_change_cells *cells = NULL;
	size_t count = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&cells, r->table.class_count, sizeof(*cells), "strata", err));
	for (size_t i = 0; r->same_map && i < r->table.class_count; i++) {
		const struct lu_design_class *class = &r->table.classes[i];
		const size_t stratum = by_class ? class_number(r->out, class->value) : class->stratum;
		const double all = r->table.strata[class->stratum].cells;
		if (stratum < stratum_count && all > 0)
			cells[count++] =
				(struct lu_change_cells){class->value, stratum, class->cells / all, class->probability};
	}
	LU_TRY(lu_assess_change(r->out, &r->classed,
				&(struct lu_change_sample){.units = r->units,
							   .probability = r->helps_change ? r->probability : NULL,
							   .sizes = sizes,
							   .stratum_count = stratum_count,
							   .cells = cells,
							   .cell_count = count},
				err));
out:
	lu_free(cells);
	return status;
}

static enum lu_status assess_by_class(struct reading *r, struct lu_error *err)
{
	struct lu_assessment *out = r->out;
	double *cells = NULL, *sizes = NULL, total = 0, all = 0;
	enum lu_status status;

	LU_TRY(lu_assessment_count(out, r->units, (size_t)out->labelled, err));
	LU_TRY(lu_alloc(&cells, out->count, sizeof(*cells), "strata", err));
	class_cells(r, cells);
	LU_TRY(lu_assessment_stratified(out, cells, err));
	if (!r->classed.change)
		goto out;
	/* The same weights, class for class, for the tables of change. */
	LU_TRY(lu_alloc(&sizes, out->count, sizeof(*sizes), "strata", err));
	for (size_t i = 0; i < out->count; i++) {
		total += out->classes[i].mapped_ha;
		all += cells[i];
	}
	for (size_t i = 0; i < out->count; i++) {
		sizes[i] = (all > 0 ? all : endless_cells) * out->classes[i].mapped_ha / total;
		if (out->classes[i].mapped_ha > 0)
			sizes[i] = fmax(sizes[i], (double)out->classes[i].map_sample);
	}
	for (size_t i = 0; i < out->labelled; i++)
		r->units[i].stratum = r->units[i].map;
	r->by_class = true;
	LU_TRY(tell_change(r, sizes, out->count, err));
out:
	lu_free(sizes);
	lu_free(cells);
	return status;
}

static enum lu_status assess_by_stratum(struct reading *r, struct lu_error *err)
{
	struct lu_assessment *out = r->out;
	double *sizes = NULL, area_ha, mapped_ha = 0;
	enum lu_status status;

	LU_TRY(stratum_sizes(r, &sizes, &area_ha, err));
	for (size_t i = 0; i < out->count; i++)
		mapped_ha += out->classes[i].mapped_ha;
	if (area_ha >= 0 && !r->same_map)
		compare_grounds(r, area_ha);
	out->area_ha = area_ha >= 0 ? area_ha : mapped_ha;
	LU_TRY(lu_assessment_ratio(out, r->units, (size_t)out->labelled, sizes, r->table.stratum_count, err));
	if (r->classed.change)
		LU_TRY(tell_change(r, sizes, r->table.stratum_count, err));
out:
	lu_free(sizes);
	return status;
}

static enum lu_status open_inputs(struct reading *r, struct lu_error *err)
{
	const struct lu_assess_task *task = r->task;
	char hash[LU_SHA256_HEX];
	enum lu_status status;

	LU_TRY(lu_sample_table_read(&task->sample, &r->table, err));
	struct lu_classed_options maps = task->maps;
	if (r->table.change)
		maps.kind = LU_CLASSED_CHANGE;
	LU_TRY(lu_classed_open(&maps, &r->classed, err));
	/* The form of a designed sample writes numbers. */
	r->classed.by_number = r->classed.by_number || r->table.has_design;
	if (task->scheme != NULL)
		LU_TRY(lu_classed_use_scheme(&r->classed, task->scheme, err));
	LU_TRY(lu_classed_hash(&r->classed, hash, err));
	for (size_t i = 0; r->classed.change && i < r->table.class_count; i++)
		r->table.classes[i].value = lu_change_canonical(r->table.classes[i].value);
	r->same_map = hash[0] != '\0' && strcmp(hash, r->table.map_sha256) == 0;
	r->helps_change = r->same_map && r->classed.change && r->table.knows_probability;
	if (r->table.change && !r->same_map && task->maps.kind != LU_CLASSED_CHANGE &&
	    !lu_classed_says_change(&r->classed))
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: a sample of change, and %s is not a change raster (name change.tif, or the maps of "
			       "both dates)",
			       task->sample.path, task->maps.paths[0]);
	if (r->table.map_sha256[0] != '\0' && !r->same_map)
		lu_log(task->hooks, LU_LEVEL_WARNING,
		       "%s is not the file that the sample was drawn from: its strata are kept, the map is read at the "
		       "sample's places",
		       task->maps.paths[0]);
out:
	return status;
}

/* A check of flags speaks for all of them. Of a place without a label nobody has seen that it is real. */
static void certify(struct reading *r)
{
	struct lu_assessment *out = r->out;

	for (size_t h = 0; h < r->table.stratum_count; h++) {
		out->flags.all += (uint64_t)r->table.strata[h].cells;
		out->flags.drawn += (uint64_t)fmax(r->table.strata[h].sampled, 0);
	}
	for (size_t i = 0; i < out->labelled; i++) {
		uint16_t before, after;
		lu_change_decode(out->classes[r->units[i].reference].value, &before, &after);
		out->flags.real += before != after;
	}
	/* Rows beyond the design are no part of the draw. */
	out->flags.real = out->flags.real < out->flags.drawn ? out->flags.real : out->flags.drawn;
	out->flags.at_least = lu_certified_share(out->flags.all, out->flags.drawn, out->flags.drawn - out->flags.real,
						 out->intervals.percent);
}

/* What the sample says of zones; their errors are told class by class. */
static enum lu_status tell_zones(struct reading *r, bool by_class, struct lu_error *err)
{
	const struct lu_zone_task zones = {.zones = r->task->zones,
					   .county = r->task->zones_in.boundary != NULL ? r->task->zones_in
											: r->task->county,
					   .classed = &r->classed,
					   .places = r->places,
					   .hooks = r->task->hooks};

	if (zones.zones.path == NULL || (!by_class && r->task->zones_if_possible))
		return LU_OK;
	if (!by_class)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"%s: areas of zones need a sample whose strata are the map's classes (landuse sample of this "
			"map, without pools or strata of its own)",
			r->task->sample.path);
	return lu_zone_figures(&zones, r->out, err);
}

enum lu_status lu_assess_map(const struct lu_assess_task *task, struct lu_assessment *out, struct lu_error *err)
{
	struct reading r = {.task = task, .out = out};
	enum lu_status status;

	LU_TRY(open_inputs(&r, err));
	out->map = task->maps.paths[0];
	out->sample = task->sample.path;
	out->has_areas = true;
	out->uncertain = r.classed.change ? 0 : r.classed.legend.uncertain;
	LU_TRY(find_values(&r, err));
	lu_sample_count_missing(&task->sample, &r.table, out);
	LU_TRY(lu_sample_table_infer(&r.table, err));
	out->probability_sample = r.table.has_design;
	LU_TRY(find_areas(&r, err));
	LU_TRY(make_units(&r, err));
	const bool by_class = !r.table.has_design || (r.same_map && r.one_class_a_stratum);
	const bool ratio = out->estimator == LU_ESTIMATOR_RATIO;
	if (ratio && !r.table.has_design)
		status = lu_fail(err, LU_ERROR_ARGUMENT,
				 "%s: has no design, so there are no strata for ratio estimators", task->sample.path);
	else if ((by_class && !ratio) || out->estimator == LU_ESTIMATOR_STRATIFIED)
		LU_TRY(assess_by_class(&r, err));
	else
		LU_TRY(assess_by_stratum(&r, err));
	LU_TRY(tell_zones(&r, out->estimator == LU_ESTIMATOR_STRATIFIED, err));
	if (r.table.flags && r.same_map)
		certify(&r);
out:
	lu_free(r.units);
	lu_free(r.probability);
	lu_free(r.values);
	lu_free(r.cells);
	lu_free(r.places);
	lu_classed_release(&r.classed);
	lu_sample_table_release(&r.table);
	return status;
}
