/* zones.c: outlines, the pass, and the tables it fills. */
#include "maps/zones.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "grid/area_sum.h"
#include "grid/cell_area.h"
#include "grid/date_pairs.h"

/* A zone that shares less than this part of its area with the county is a neighbour whose line was drawn twice. */
static const double least_share = 1e-6;

/* Classes of the maps and their numbers; 0 is "not mapped". */
struct classes {
	uint16_t *values; /* count */
	uint16_t *number; /* 65536 */
	size_t count;
};

/* A zone on the grid. */
struct zone {
	const struct lu_zone_shape *shape;
	int64_t row0, col0; /* of the county's cells */
	struct lu_frame cells; /* that its box reaches; CRS borrowed from the county's */
	struct lu_coverage *coverage;
	struct lu_cell_meter *meter;
	struct lu_transition *tables; /* one a date, then one a pair; views of 'cells_of' and 'units_of' */
	uint64_t *cells_of;
	lu_area_sum *units_of;
	struct lu_date_statistics *dates;
	struct lu_pair_statistics *pairs;
};

struct lu_zones {
	struct lu_zones_options source;
	const struct lu_frame *cells;
	const struct lu_ground *ground;
	struct lu_zone_shapes shapes;
	struct zone *zones;
	size_t count, pair_count;
	struct lu_zones_maps maps;
	double *area_m2; /* scratch: one row */
	struct classes classes;
	struct lu_zone_statistics *told;
	struct lu_zones_statistics statistics;
};

/* The cells that the zone's box reaches, as a frame of their own. */
static void place_zone(const struct lu_frame *grid, struct zone *zone)
{
	const struct lu_box box = lu_polygon_box(&zone->shape->inside);
	const double *t = grid->transform;
	const double x0 = (box.min_x - t[0]) / t[1], x1 = (box.max_x - t[0]) / t[1];
	const double y0 = (box.max_y - t[3]) / t[5], y1 = (box.min_y - t[3]) / t[5];
	const int64_t left = (int64_t)floor(fmin(x0, x1)), right = (int64_t)ceil(fmax(x0, x1));
	const int64_t top = (int64_t)floor(fmin(y0, y1)), bottom = (int64_t)ceil(fmax(y0, y1));
	const struct lu_rect reach = lu_rect_intersect((struct lu_rect){left, top, right - left, bottom - top},
						       (struct lu_rect){0, 0, grid->width, grid->height});

	zone->row0 = reach.y;
	zone->col0 = reach.x;
	zone->cells = *grid;
	zone->cells.width = reach.width;
	zone->cells.height = reach.height;
	zone->cells.transform[0] = t[0] + (double)reach.x * t[1];
	zone->cells.transform[3] = t[3] + (double)reach.y * t[5];
}

static enum lu_status make_zone(struct lu_zones *zones, const struct lu_zone_shape *shape, double own_m2,
				double inside_m2, struct lu_error *err)
{
	struct zone *zone = &zones->zones[zones->count];
	enum lu_status status;

	zone->shape = shape;
	place_zone(zones->cells, zone);
	zones->told[zones->count] =
		(struct lu_zone_statistics){.name = shape->name, .own_area_m2 = own_m2, .area_m2 = inside_m2};
	zones->count++;
	LU_TRY(lu_coverage_new(&shape->inside, &zone->cells, &zone->coverage, err));
	LU_TRY(lu_cell_meter_new(&zones->ground->geodesy, &zone->cells, &zone->meter, err));
out:
	return status;
}

/* Empty tables, now that the classes are known. */
static enum lu_status make_tables(const struct lu_zones *zones, struct zone *zone, struct lu_error *err)
{
	const size_t dates = zones->maps.date_count, tables = dates + zones->pair_count;
	const size_t entries = zones->classes.count * zones->classes.count;
	enum lu_status status;

	LU_TRY(lu_alloc(&zone->tables, tables, sizeof(*zone->tables), "a zone's tables", err));
	LU_TRY(lu_alloc(&zone->cells_of, tables, entries * sizeof(*zone->cells_of), "a zone's tables", err));
	LU_TRY(lu_alloc(&zone->units_of, tables, entries * sizeof(*zone->units_of), "a zone's tables", err));
	LU_TRY(lu_alloc(&zone->dates, dates, sizeof(*zone->dates), "a zone's dates", err));
	LU_TRY(lu_alloc(&zone->pairs, zones->pair_count + 1, sizeof(*zone->pairs), "a zone's pairs", err));
	for (size_t i = 0; i < tables; i++)
		zone->tables[i] =
			lu_transition_view(zones->classes.values, zones->classes.count, zone->cells_of + i * entries,
					   zone->units_of + i * entries, zones->maps.legend->uncertain);
out:
	return status;
}

/* Keep the zones that lie in the county; say what becomes of the others. */
static enum lu_status make_zones(struct lu_zones *zones, const struct lu_hooks *hooks, struct lu_error *err)
{
	const struct lu_zones_options *source = &zones->source;
	const struct lu_ground *ground = zones->ground;
	const struct lu_geodesy *geodesy = &ground->geodesy;
	double together = 0, sum = 0;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < zones->shapes.count; i++) {
		const struct lu_zone_shape *shape = &zones->shapes.zones[i];
		double own = 0, inside = 0;
		LU_TRY(lu_geodesic_area(geodesy, &shape->whole, &own, err));
		LU_TRY(lu_geodesic_area(geodesy, &shape->inside, &inside, err));
		if (inside > least_share * own) {
			LU_TRY(make_zone(zones, shape, own, inside, err));
			sum += inside;
		}
	}
	LU_TRY(lu_geodesic_area(geodesy, &zones->shapes.together, &together, err));
	if (zones->count == 0)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: none of its %zu zones lies in the county (check the layer, "
			       "the filter and its coordinate system)",
			       source->path, zones->shapes.count);
	if (zones->count < zones->shapes.count)
		lu_log(hooks, LU_LEVEL_INFO, "zones: %zu of %zu lie outside the county and are left out",
		       zones->shapes.count - zones->count, zones->shapes.count);
	struct lu_zones_statistics *told = &zones->statistics;
	*told = (struct lu_zones_statistics){.name_field = source->name, .zones = zones->told, .count = zones->count};
	/* What the two ways of finding areas leave over is neither overlap nor gap. */
	if (sum - together > least_share * sum)
		told->overlap_m2 = sum - together;
	if (ground->county_m2 - together > least_share * ground->county_m2)
		told->in_no_zone_m2 = ground->county_m2 - together;
	if (told->overlap_m2 > 0)
		lu_log(hooks, LU_LEVEL_WARNING,
		       "%s: zones overlap by %.2f ha, which count in each of them: the zones do not add up to the "
		       "county",
		       source->path, told->overlap_m2 / 1e4);
out:
	return status;
}

static enum lu_status list_classes(struct classes *classes, const struct lu_legend *legend, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_alloc(&classes->values, legend->count + 1, sizeof(*classes->values), "class values", err));
	LU_TRY(lu_alloc(&classes->number, (size_t)UINT16_MAX + 1, sizeof(*classes->number), "class values", err));
	classes->count = legend->count + 1;
	for (size_t k = 0; k < legend->count; k++) {
		classes->values[k + 1] = legend->classes[k].value;
		classes->number[legend->classes[k].value] = (uint16_t)(k + 1);
	}
out:
	return status;
}

enum lu_status lu_zones_open(const struct lu_zones_options *source, const struct lu_frame *cells,
			     const struct lu_ground *ground, const struct lu_hooks *hooks, struct lu_zones **out,
			     struct lu_error *err)
{
	struct lu_zones *zones;
	enum lu_status status;

	*out = NULL;
	if (source->path == NULL)
		return LU_OK;
	status = lu_alloc(&zones, 1, sizeof(*zones), "zones", err);
	if (status != LU_OK)
		return status;
	zones->source = *source;
	zones->source.crs_wkt = cells->crs_wkt;
	zones->source.hooks = hooks;
	zones->cells = cells;
	zones->ground = ground;
	LU_TRY(lu_zones_read(&zones->source, &ground->county, &zones->shapes, err));
	LU_TRY(lu_alloc(&zones->zones, zones->shapes.count, sizeof(*zones->zones), "zones", err));
	LU_TRY(lu_alloc(&zones->told, zones->shapes.count, sizeof(*zones->told), "zones", err));
	LU_TRY(make_zones(zones, hooks, err));
out:
	if (status != LU_OK) {
		lu_zones_close(zones);
		return status;
	}
	*out = zones;
	return LU_OK;
}

void lu_zones_close(struct lu_zones *zones)
{
	if (zones == NULL)
		return;
	for (size_t i = 0; i < zones->count; i++) {
		struct zone *zone = &zones->zones[i];
		lu_coverage_free(zone->coverage);
		lu_cell_meter_free(zone->meter);
		lu_free(zone->tables);
		lu_free(zone->cells_of);
		lu_free(zone->units_of);
		lu_free(zone->dates);
		lu_free(zone->pairs);
	}
	lu_free(zones->zones);
	lu_free(zones->told);
	lu_free(zones->area_m2);
	lu_free(zones->classes.values);
	lu_free(zones->classes.number);
	lu_zone_shapes_release(&zones->shapes);
	lu_free(zones);
}

void lu_zones_hash(const struct lu_zones *zones, struct lu_sha256 *hash)
{
	for (size_t i = 0; i < zones->count; i++) {
		const struct lu_zone_shape *shape = zones->zones[i].shape;
		lu_sha256_add(hash, shape->name, strlen(shape->name) + 1);
		for (size_t r = 0; r < shape->whole.count; r++)
			lu_sha256_add(hash, shape->whole.rings[r].points,
				      shape->whole.rings[r].count * sizeof(struct lu_point));
	}
}

/* Add a row's piece in 'zone' to one table. */
static void add_piece(const struct classes *classes, struct lu_transition *table, const uint16_t *before,
		      const uint16_t *after, const double *area_m2, int64_t count)
{
	for (int64_t i = 0; i < count; i++) {
		if (!(area_m2[i] > 0))
			continue;
		const size_t at = classes->number[before[i]] * table->count + classes->number[after[i]];
		table->cells[at]++;
		table->area_units[at] += lu_area_units(area_m2[i]);
	}
}

/* 'values' has a row of each date. */
static enum lu_status add_row(const struct lu_zones *zones, struct zone *zone, int64_t row, const uint16_t *values,
			      double *area_m2, struct lu_error *err)
{
	const struct lu_zones_maps *maps = &zones->maps;
	const int64_t cols = zones->cells->width, count = zone->cells.width;
	const uint16_t *piece = values + zone->col0;
	struct lu_transition *table = zone->tables;
	const enum lu_status status =
		lu_cell_area_row(zone->coverage, zone->meter, row - zone->row0, count, area_m2, err);

	if (status != LU_OK)
		return status;
	for (size_t d = 0; d < maps->date_count; d++) {
		const uint16_t *date = piece + (int64_t)d * cols;
		add_piece(&zones->classes, table++, date, date, area_m2, count);
	}
	for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, maps->date_count, maps->pairs);)
		add_piece(&zones->classes, table++, piece + (int64_t)pair.earlier * cols,
			  piece + (int64_t)pair.later * cols, area_m2, count);
	return LU_OK;
}

static void tell(struct lu_zones *zones)
{
	const struct lu_zones_maps *maps = &zones->maps;

	for (size_t i = 0; i < zones->count; i++) {
		struct zone *zone = &zones->zones[i];
		size_t number = 0;
		for (size_t d = 0; d < maps->date_count; d++)
			zone->dates[d] = (struct lu_date_statistics){
				.label = maps->labels[d], .map = &zone->tables[d], .mean_confidence = -1};
		for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, maps->date_count, maps->pairs); number++)
			zone->pairs[number] =
				(struct lu_pair_statistics){.earlier = pair.earlier,
							    .later = pair.later,
							    .transition = &zone->tables[maps->date_count + number]};
		zones->told[i].dates = zone->dates;
		zones->told[i].pairs = zone->pairs;
	}
}

enum lu_status lu_zones_begin(struct lu_zones *zones, const struct lu_zones_maps *maps, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(list_classes(&zones->classes, maps->legend, err));
	zones->maps = *maps;
	for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, maps->date_count, maps->pairs);)
		zones->pair_count++;
	for (size_t i = 0; i < zones->count; i++)
		LU_TRY(make_tables(zones, &zones->zones[i], err));
	LU_TRY(lu_alloc(&zones->area_m2, (size_t)zones->cells->width, sizeof(*zones->area_m2), "a row", err));
out:
	return status;
}

enum lu_status lu_zones_add(struct lu_zones *zones, int64_t row, const uint16_t *values, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < zones->count; i++) {
		struct zone *zone = &zones->zones[i];
		if (row >= zone->row0 && row < zone->row0 + zone->cells.height)
			LU_TRY(add_row(zones, zone, row, values, zones->area_m2, err));
	}
out:
	return status;
}

void lu_zones_end(struct lu_zones *zones)
{
	tell(zones);
}

const struct lu_zones_statistics *lu_zones_statistics(const struct lu_zones *zones)
{
	return zones != NULL ? &zones->statistics : NULL;
}

const struct lu_polygon *lu_zones_outline(const struct lu_zones *zones, size_t i)
{
	return &zones->zones[i].shape->inside;
}
