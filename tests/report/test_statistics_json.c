/* test_statistics_json.c: statistics.json: its figures, and its keys against the schema. */
#include <jansson.h>

#include "base/file.h"
#include "base/memory.h"
#include "sample.h"
#include "support/near.h"

static json_t *written_json(const struct lu_county_statistics *statistics)
{
	struct lu_error err = {0};
	char folder[64], *path;
	json_error_t why;

	make_scratch(folder);
	path = lu_path_join(folder, "statistics.json");
	check_ok(lu_statistics_write_json(path, statistics, &err), err);
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &why);

	if (!root)
		fail_msg("%s", why.text);
	remove(path);
	remove(folder);
	lu_free(path);
	return root;
}

static void json_holds_the_figures(void **state)
{
	(void)state;
	struct sample s;

	sample_make(&s);
	json_t *root = written_json(&s.statistics);
	json_t *later = json_array_get(json_object_get(root, "dates"), 1);
	json_t *pair = json_array_get(json_object_get(root, "pairs"), 0);
	json_t *transition = json_object_get(pair, "transition");

	check_near(json_real_value(json_object_get(json_object_get(root, "county"), "area_ha")), 5.500001, 1e-12);
	check_near(json_real_value(json_object_get(later, "not_mapped_ha")), 1, 0);
	check_near(json_real_value(json_object_get(later, "reconciles_to")), -1e-7, 1e-12);
	assert_int_equal(json_integer_value(json_object_get(later, "not_mapped_cells")), 1);
	assert_true(json_is_null(json_object_get(later, "mean_confidence_percent")));
	assert_string_equal(json_string_value(json_object_get(transition, "rows")), "earlier");
	/* Row 0 of values is 0, so Forest (number 3 of 0, 1, 2, 4, 7) to Water is cells[3][1]. */
	assert_int_equal(json_integer_value(json_array_get(json_array_get(json_object_get(transition, "cells"), 3), 1)),
			 1);
	check_near(json_real_value(json_object_get(json_object_get(pair, "difference_ha"), "total")), 2, 0);
	check_near(json_real_value(json_object_get(json_object_get(pair, "difference_ha"), "quantity")), 1, 0);
	check_near(json_real_value(json_object_get(json_object_get(pair, "difference_ha"), "shift")), 1, 0);
	json_decref(root);
	sample_release(&s);
}

/* The rates of annual_rates.csv, to the digit, and why nothing is flagged. */
static void json_holds_the_rates(void **state)
{
	(void)state;
	struct sample s;

	sample_make(&s);
	json_t *root = written_json(&s.statistics);
	assert_null(json_object_get(json_array_get(json_object_get(root, "pairs"), 0), "annual_rates"));
	json_decref(root);
	s.dates[1].label = "2011";
	root = written_json(&s.statistics);
	json_t *pair = json_array_get(json_object_get(root, "pairs"), 0),
	       *rates = json_object_get(pair, "annual_rates");
	json_t *classes = json_object_get(rates, "classes");

	check_near(json_real_value(json_object_get(rates, "years")), 10, 0);
	assert_int_equal(json_array_size(classes), 4);
	assert_string_equal(json_string_value(json_object_get(json_array_get(classes, 2), "name")), "Forest");
	check_near(json_real_value(json_object_get(json_array_get(classes, 2), "annual_rate_percent")), -5.108256,
		   1e-12);
	assert_true(json_is_null(json_object_get(json_array_get(classes, 1), "annual_rate_percent")));
	assert_non_null(strstr(json_string_value(json_object_get(pair, "no_significance")), "no change is flagged"));
	json_decref(root);
	sample_release(&s);
}

/* Every object in 'value' uses only keys of the schema's objects; $ref is followed. */
static void check_described(json_t *schema_root, json_t *schema, json_t *value, const char *where)
{
	const char *ref = json_string_value(json_object_get(schema, "$ref"));
	const char *key;
	json_t *member;
	size_t i;

	if (ref) {
		assert_memory_equal(ref, "#/$defs/", 8);
		schema = json_object_get(json_object_get(schema_root, "$defs"), ref + 8);
	}
	assert_non_null(schema);
	if (json_is_object(value)) {
		json_t *properties = json_object_get(schema, "properties");
		json_t *required = json_object_get(schema, "required");

		json_object_foreach(value, key, member)
		{
			if (!json_object_get(properties, key))
				fail_msg("the schema does not describe '%s' in '%s'", key, where);
			check_described(schema_root, json_object_get(properties, key), member, key);
		}
		json_array_foreach(required, i, member)
		{
			if (!json_object_get(value, json_string_value(member)))
				fail_msg("'%s' is required in '%s'", json_string_value(member), where);
		}
	}
	if (json_is_array(value)) {
		json_array_foreach(value, i, member)
			check_described(schema_root, json_object_get(schema, "items"), member, where);
	}
}

/* statistics.json as it is written, after it was compared with the schema. */
static json_t *described_json(json_t *schema, const struct lu_county_statistics *statistics)
{
	json_t *root = written_json(statistics);

	check_described(schema, schema, root, "the file");
	return root;
}

/* A sample and the schema that its JSON keeps to. */
struct described {
	struct sample s;
	json_t *schema;
};

static void described_begin(struct described *d)
{
	json_error_t why;

	d->schema = json_load_file("config/schema/statistics.schema.json", JSON_REJECT_DUPLICATES, &why);
	if (d->schema == NULL)
		fail_msg("%s", why.text);
	sample_make(&d->s);
}

static void described_end(struct described *d)
{
	json_decref(d->schema);
	sample_release(&d->s);
}

static void json_keeps_to_its_schema(void **state)
{
	(void)state;
	struct described d;

	described_begin(&d);
	json_decref(described_json(d.schema, &d.s.statistics));
	/* As little as can be known. */
	const struct lu_county_statistics bare = {
		.dates = d.s.dates, .date_count = 2, .pairs = &d.s.pair, .pair_count = 1};
	json_decref(described_json(d.schema, &bare));
	described_end(&d);
}

/* Dates that say when they are. */
static void json_of_rates_and_flags(void **state)
{
	(void)state;
	struct described d;

	described_begin(&d);
	d.s.dates[1].label = "2011";
	json_t *root = described_json(d.schema, &d.s.statistics);
	assert_non_null(json_object_get(json_array_get(json_object_get(root, "pairs"), 0), "annual_rates"));
	json_decref(root);

	const struct lu_flag_statistics flags = {
		.asked_false_discovery_rate = .05, .threshold = .9, .table = d.s.change};
	d.s.pair.flags = &flags;
	root = described_json(d.schema, &d.s.statistics);
	assert_non_null(json_object_get(json_array_get(json_object_get(root, "pairs"), 0), "significance"));
	json_decref(root);
	described_end(&d);
}

/* Maps that were smoothed in space: three cells changed, one of them to or from "not mapped". */
static void json_of_smoothed_maps(void **state)
{
	(void)state;
	struct described d;

	described_begin(&d);
	const struct lu_smoothing_statistics steps[] = {
		{.step = "mrf", .weight = 1, .table = d.s.change},
		{.step = "minimum_mapping_unit", .min_cells = 4, .table = d.s.maps[0]}};
	d.s.dates[0].smoothing = steps;
	d.s.dates[0].smoothing_count = 2;
	assert_true(lu_statistics_smoothed(&d.s.statistics));
	json_t *root = described_json(d.schema, &d.s.statistics);
	json_t *told = json_object_get(json_array_get(json_object_get(root, "dates"), 0), "smoothing");
	assert_int_equal(json_array_size(told), 2);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(told, 0), "altered_cells")), 3);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(told, 1), "altered_cells")), 0);
	json_decref(root);
	described_end(&d);
}

/* Dates told together. */
static void json_of_dates_told_together(void **state)
{
	(void)state;
	struct described d;

	described_begin(&d);
	d.s.dates[0].in_time = d.s.dates[1].in_time = d.s.change;
	struct lu_transition *told_trajectory;
	struct lu_error err = {0};
	const uint16_t trajectories[] = {1, 1, 4, 2, 3, 0};
	check_ok(lu_transition_new(NULL, 0, &told_trajectory, &err), err);
	check_ok(lu_transition_add(told_trajectory, trajectories, trajectories, area_m2, 6, &err), err);
	d.s.statistics.trajectory = told_trajectory;
	json_t *root = described_json(d.schema, &d.s.statistics);
	json_t *in_time = json_object_get(json_array_get(json_object_get(root, "dates"), 1), "smoothed_in_time");
	check_near(json_real_value(json_object_get(json_array_get(in_time, 2), "area_ha")), 1.5, 0);
	json_t *unstable = json_array_get(json_object_get(root, "trajectories"), 2);
	assert_string_equal(json_string_value(json_object_get(unstable, "name")), "Unstable");
	assert_int_equal(json_integer_value(json_object_get(unstable, "cells")), 1);
	json_decref(root);
	lu_transition_free(told_trajectory);
	described_end(&d);
}

/* A date that was normalised. */
static void json_of_a_normalised_date(void **state)
{
	(void)state;
	struct described d;

	described_begin(&d);
	static const uint8_t table[256] = {0};
	const struct lu_normalised_band band = {
		.gain = 1.1, .offset = -4, .correlation = .9, .before = 9, .after = 3, .table = table};
	const struct lu_normalisation_statistics normalisation = {.to = "2011/07",
								  .method = "regression",
								  .blocks = 90,
								  .invariant = 70,
								  .bands = &band,
								  .band_count = 1};
	assert_false(lu_statistics_normalised(&d.s.statistics));
	d.s.dates[0].normalisation = &normalisation;
	assert_true(lu_statistics_normalised(&d.s.statistics));
	json_t *root = described_json(d.schema, &d.s.statistics);
	json_t *told = json_object_get(json_array_get(json_object_get(root, "dates"), 0), "normalisation");
	assert_int_equal(json_integer_value(json_object_get(told, "invariant_blocks")), 70);
	json_decref(root);
	described_end(&d);
}

/* Zones: each has the county's keys, but lists where the county has matrices. */
static void json_of_zones(void **state)
{
	(void)state;
	struct described d;

	described_begin(&d);
	const struct lu_zone_statistics towns[] = {
		{.name = "Ashby", .own_area_m2 = 9e4, .area_m2 = 5.5e4, .dates = d.s.dates, .pairs = &d.s.pair},
		{.name = "Carver", .own_area_m2 = 9e4, .area_m2 = 5.5e4, .dates = d.s.dates, .pairs = &d.s.pair}};
	const struct lu_zones_statistics zones = {.name_field = "TOWN", .zones = towns, .count = 2};
	d.s.statistics.zones = &zones;
	json_t *root = described_json(d.schema, &d.s.statistics);
	json_t *second_town = json_array_get(json_object_get(json_object_get(root, "zones"), "zones"), 1);
	assert_string_equal(json_string_value(json_object_get(second_town, "name")), "Carver");
	json_t *moved = json_object_get(json_array_get(json_object_get(second_town, "pairs"), 0), "changes");
	assert_int_equal(json_array_size(moved), 2);
	json_decref(root);
	described_end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_holds_the_figures),    cmocka_unit_test(json_holds_the_rates),
		cmocka_unit_test(json_keeps_to_its_schema),  cmocka_unit_test(json_of_rates_and_flags),
		cmocka_unit_test(json_of_smoothed_maps),     cmocka_unit_test(json_of_dates_told_together),
		cmocka_unit_test(json_of_a_normalised_date), cmocka_unit_test(json_of_zones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
