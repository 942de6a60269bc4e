/* zone_figures.c: the map counted in each zone, and the sample's errors brought to it. See zone_figures.h. */
#include "accuracy/zone_figures.h"

#include <string.h>

#include "accuracy/census.h"
#include "accuracy/estimate.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "grid/area_sum.h"
#include "grid/grid_over.h"

/* Whose cell is it that a zone's line cuts? */
static const double half = 0.5;

/* One zone on its way: of each class of the assessment. */
struct zone {
	const struct lu_zone_task *task;
	struct lu_ground ground;
	double *mapped_ha, *cells;
	uint64_t *counts; /* of its own places, classes x classes */
	uint64_t labelled;
};

static enum lu_status count_map(struct zone *zone, const struct lu_assessment *a, struct lu_error *err)
{
	const struct lu_population population = {.classed = zone->task->classed,
						 .ground = &zone->ground,
						 .least_share = half,
						 .hooks = zone->task->hooks};
	struct lu_census census = {0};
	enum lu_status status;

	LU_TRY(lu_census_make(&population, &census, err));
	for (size_t k = 0; k < census.count; k++) {
		for (size_t i = 0; i < a->count; i++) {
			if (a->classes[i].value != census.classes[k].value)
				continue;
			zone->mapped_ha[i] = lu_area_m2(census.classes[k].area_units) / 1e4;
			zone->cells[i] = (double)census.classes[k].cells;
		}
	}
out:
	lu_census_release(&census);
	return status;
}

static void count_places(struct zone *zone, const struct lu_assessment *a)
{
	for (size_t i = 0; i < a->labelled; i++) {
		const struct lu_zone_place *place = &zone->task->places[i];
		if (place->row < 0 || lu_coverage_share(zone->ground.coverage, place->row, place->col) < half)
			continue;
		zone->counts[place->unit->map * a->count + place->unit->reference]++;
		zone->labelled++;
	}
}

/* Has every class that is mapped here enough places of the zone's own? */
static bool speaks_for_itself(const struct zone *zone, const struct lu_assessment *a)
{
	for (size_t i = 0; i < a->count; i++) {
		uint64_t places = 0;
		for (size_t j = 0; j < a->count; j++)
			places += zone->counts[i * a->count + j];
		if (zone->mapped_ha[i] > 0 && places < LU_ZONE_PLACES)
			return false;
	}
	return true;
}

static enum lu_status estimate(const struct zone *zone, const struct lu_assessment *a, struct lu_assessed_zone *out,
			       struct lu_error *err)
{
	struct lu_accuracy accuracy = {0};
	enum lu_status status;

	out->labelled = zone->labelled;
	out->synthetic = !speaks_for_itself(zone, a);
	LU_TRY(lu_alloc(&out->classes, a->count, sizeof(*out->classes), "zones", err));
	LU_TRY(lu_accuracy_make(out->synthetic ? a->counts : zone->counts, zone->mapped_ha,
				out->synthetic || a->intervals.wald ? NULL : zone->cells, a->count, a->intervals,
				&accuracy, err));
	out->area_ha = accuracy.sampled_area;
	out->unsampled_ha = accuracy.unsampled_area;
	for (size_t i = 0; i < a->count; i++)
		out->classes[i] = (struct lu_assessed_zone_class){zone->mapped_ha[i], accuracy.areas[i].area};
out:
	lu_accuracy_release(&accuracy);
	return status;
}

static enum lu_status add_zone(const struct lu_zone_task *task, struct lu_zone_shape *shape, struct lu_assessment *a,
			       struct lu_error *err)
{
	struct zone zone = {.task = task};
	struct lu_assessed_zone *out = &a->zones[a->zone_count];
	enum lu_status status;

	/* The outline is taken over. */
	struct lu_polygon inside = shape->inside;
	shape->inside = (struct lu_polygon){0};
	LU_TRY(lu_ground_make(&inside, task->classed->frame, &zone.ground, err));
	LU_TRY(lu_alloc(&zone.mapped_ha, a->count, sizeof(*zone.mapped_ha), "zones", err));
	LU_TRY(lu_alloc(&zone.cells, a->count, sizeof(*zone.cells), "zones", err));
	LU_TRY(lu_alloc(&zone.counts, a->count * a->count, sizeof(*zone.counts), "zones", err));
	LU_TRY(count_map(&zone, a, err));
	count_places(&zone, a);
	LU_TRY(estimate(&zone, a, out, err));
	out->name = lu_strdup(shape->name);
	if (out->name == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: zones");
	a->zone_count++;
out:
	/* Nothing is mapped there, or nothing that has a place. */
	if (status == LU_ERROR_MISMATCH || status == LU_ERROR_ARGUMENT) {
		lu_log(task->hooks, LU_LEVEL_WARNING, "zone %s is left out: %s", shape->name, err->text);
		lu_free(out->classes);
		*out = (struct lu_assessed_zone){0};
		status = LU_OK;
	}
	lu_ground_release(&zone.ground);
	lu_free(zone.mapped_ha);
	lu_free(zone.cells);
	lu_free(zone.counts);
	return status;
}

enum lu_status lu_zone_figures(const struct lu_zone_task *task, struct lu_assessment *out, struct lu_error *err)
{
	struct lu_county_source county = task->county;
	struct lu_zones_options zones = task->zones;
	struct lu_zone_shapes shapes = {0};
	struct lu_polygon polygon = {0};
	char *name = NULL;
	enum lu_status status;

	county.box = lu_frame_box(task->classed->frame);
	zones.crs_wkt = task->classed->frame->crs_wkt;
	zones.hooks = task->hooks;
	LU_TRY(lu_county_polygon(&county, zones.crs_wkt, &polygon, &name, err));
	LU_TRY(lu_zones_read(&zones, &polygon, &shapes, err));
	LU_TRY(lu_alloc(&out->zones, shapes.count, sizeof(*out->zones), "zones", err));
	for (size_t i = 0; i < shapes.count; i++) {
		if (shapes.zones[i].inside.count == 0) {
			lu_log(task->hooks, LU_LEVEL_WARNING, "zone %s does not lie on the map, and is left out",
			       shapes.zones[i].name);
			continue;
		}
		LU_TRY(add_zone(task, &shapes.zones[i], out, err));
	}
	if (out->zone_count == 0)
		status = lu_fail(err, LU_ERROR_MISMATCH, "%s: no zone lies on the map", task->zones.path);
out:
	lu_free(name);
	lu_polygon_release(&polygon);
	lu_zone_shapes_release(&shapes);
	return status;
}
