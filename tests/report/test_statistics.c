/* test_statistics.c: statistics.json and the tables, to the byte and against the schema's keys. */
#include "report/statistics_files.h"

#include <jansson.h>

#include "base/file.h"
#include "base/memory.h"
#include "support/near.h"

/* Two dates of six cells in a county of 5.5 cells of 1 ha; one cell is cut, one is not mapped later. */
static const uint16_t first[] = {1, 1, 4, 4, 4, 7};
static const uint16_t second[] = {1, 2, 4, 1, 4, 0};
static const double area_m2[] = {10000, 10000, 5000, 10000, 10000, 10000};

struct sample {
	struct lu_transition *maps[2], *change;
	struct lu_frame cells;
	struct lu_class_name names[3];
	struct lu_date_statistics dates[2];
	struct lu_pair_statistics pair;
	struct lu_statistics statistics;
};

static void sample_make(struct sample *s)
{
	struct lu_error err = {0};

	memset(s, 0, sizeof(*s));
	check_ok(lu_transition_new(NULL, 0, &s->maps[0], &err), err);
	check_ok(lu_transition_new(NULL, 0, &s->maps[1], &err), err);
	check_ok(lu_transition_new(NULL, 0, &s->change, &err), err);
	check_ok(lu_transition_add(s->maps[0], first, first, area_m2, 6, &err), err);
	check_ok(lu_transition_add(s->maps[1], second, second, area_m2, 6, &err), err);
	check_ok(lu_transition_add(s->change, first, second, area_m2, 6, &err), err);
	s->cells = (struct lu_frame){.transform = {1e6, 100, 0, 2e6, 0, -100}, .width = 3, .height = 2};
	s->names[0] = (struct lu_class_name){1, "Water"};
	s->names[1] = (struct lu_class_name){2, "Developed, \"any\""};
	s->names[2] = (struct lu_class_name){4, "Forest"};
	s->dates[0] = (struct lu_date_statistics){.label = "2001", .map = s->maps[0], .mean_confidence = 0.9};
	s->dates[1] = (struct lu_date_statistics){.label = "2011/07", .map = s->maps[1], .mean_confidence = -1};
	s->pair = (struct lu_pair_statistics){.earlier = 0, .later = 1, .transition = s->change};
	s->statistics = (struct lu_statistics){
		.software_version = "0.1.0",
		.county_name = "Hampshire",
		.has_areas = true,
		.county_area_m2 = 55000.0055,
		.crs = "NAD83 / Conus Albers (EPSG:5070)",
		.cells = &s->cells,
		.chip_px = 224,
		.stride_px = 224,
		.scheme_name = "landcover-7",
		.scheme_version = 1,
		.model_name = "tiny",
		.model_sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		.classes = s->names,
		.class_count = 3,
		.dates = s->dates,
		.date_count = 2,
		.pairs = &s->pair,
		.pair_count = 1,
	};
}

static void sample_release(struct sample *s)
{
	lu_transition_free(s->maps[0]);
	lu_transition_free(s->maps[1]);
	lu_transition_free(s->change);
}

static char *slurp(const char *folder, const char *name)
{
	struct lu_error err = {0};
	char *path = lu_path_join(folder, name), *bytes;
	size_t size;

	check_ok(lu_file_read(path, 1 << 20, &bytes, &size, &err), err);
	lu_free(path);
	return bytes;
}

static void check_table(const char *folder, const char *name, const char *expected)
{
	char *bytes = slurp(folder, name), *path = lu_path_join(folder, name);

	assert_string_equal(bytes, expected);
	lu_free(bytes);
	remove(path);
	lu_free(path);
}

/* Remove the folder with these files in it, and nothing else: no temporary file is left behind. */
static void remove_all(const char *folder, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *path = lu_path_join(folder, names[i]);

		assert_int_equal(remove(path), 0);
		lu_free(path);
	}
	assert_int_equal(remove(folder), 0);
}

static void tables_to_the_byte(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct sample s;
	char folder[64];

	make_scratch(folder);
	sample_make(&s);
	check_ok(lu_statistics_write_csv(folder, &s.statistics, &err), err);
	check_table(folder, "class_areas.csv",
		    "date,value,name,cells,area_ha,share\n"
		    "2001,1,Water,2,2.000000,0.363636327\n"
		    "2001,4,Forest,3,2.500000,0.454545409\n"
		    "2001,7,Class 7,1,1.000000,0.181818164\n"
		    "2001,0,Not mapped,0,0.000000,0.000000000\n"
		    "2011/07,1,Water,2,2.000000,0.363636327\n"
		    "2011/07,2,\"Developed, \"\"any\"\"\",1,1.000000,0.181818164\n"
		    "2011/07,4,Forest,2,1.500000,0.272727245\n"
		    "2011/07,0,Not mapped,1,1.000000,0.181818164\n");
	check_table(folder, "transitions.csv",
		    "earlier,later,from_code,from_name,to_code,to_name,cells,area_ha\n"
		    "2001,2011/07,1,Water,1,Water,1,1.000000\n"
		    "2001,2011/07,1,Water,2,\"Developed, \"\"any\"\"\",1,1.000000\n"
		    "2001,2011/07,4,Forest,1,Water,1,1.000000\n"
		    "2001,2011/07,4,Forest,4,Forest,2,1.500000\n");
	check_table(folder, "change_summary.csv",
		    "earlier,later,value,name,earlier_cells,later_cells,gain_cells,loss_cells,net_cells,"
		    "earlier_ha,later_ha,gain_ha,loss_ha,net_ha,swap_ha,persistence_ha\n"
		    "2001,2011/07,1,Water,2,2,1,1,0,2.000000,2.000000,1.000000,1.000000,0.000000,2.000000,1.000000\n"
		    "2001,2011/07,2,\"Developed, \"\"any\"\"\",0,1,1,0,1,"
		    "0.000000,1.000000,1.000000,0.000000,1.000000,0.000000,0.000000\n"
		    "2001,2011/07,4,Forest,3,2,0,1,-1,2.500000,1.500000,0.000000,1.000000,-1.000000,0.000000,1.500000\n"
		    "2001,2011/07,7,Class 7,0,0,0,0,0,"
		    "0.000000,0.000000,0.000000,0.000000,0.000000,0.000000,0.000000\n");
	check_table(
		folder, "transition_2001_2011_07.csv",
		"\"rows: 2001, columns: 2011/07 (cells)\",Water,\"Developed, \"\"any\"\"\",Forest,Class 7,Not mapped\n"
		"Water,1,1,0,0,0\n"
		"\"Developed, \"\"any\"\"\",0,0,0,0,0\n"
		"Forest,1,0,2,0,0\n"
		"Class 7,0,0,0,0,1\n"
		"Not mapped,0,0,0,0,0\n");
	check_table(folder, "transition_2001_2011_07_ha.csv",
		    "\"rows: 2001, columns: 2011/07 (ha)\",Water,\"Developed, \"\"any\"\"\",Forest,Class 7,Not mapped\n"
		    "Water,1.000000,1.000000,0.000000,0.000000,0.000000\n"
		    "\"Developed, \"\"any\"\"\",0.000000,0.000000,0.000000,0.000000,0.000000\n"
		    "Forest,1.000000,0.000000,1.500000,0.000000,0.000000\n"
		    "Class 7,0.000000,0.000000,0.000000,0.000000,1.000000\n"
		    "Not mapped,0.000000,0.000000,0.000000,0.000000,0.000000\n");
	remove(folder);
	sample_release(&s);
}

/* The forest cell that became water is flagged; the other difference may be an error. */
static void flags_to_the_byte(void **state)
{
	(void)state;
	static const uint16_t from[] = {4}, to[] = {1};
	static const double flagged_m2[] = {10000};
	struct lu_error err = {0};
	struct lu_transition *table;
	struct sample s;
	char folder[64];

	make_scratch(folder);
	sample_make(&s);
	check_ok(lu_transition_new(NULL, 0, &table, &err), err);
	check_ok(lu_transition_add(table, from, to, flagged_m2, 1, &err), err);
	struct lu_flag_statistics flags = {.asked_false_discovery_rate = .05,
					   .change_rate = .3,
					   .threshold = .9,
					   .expected_false = .04,
					   .expected_found = .5,
					   .compared_cells = 5,
					   .table = table};
	s.pair.flags = &flags;
	check_ok(lu_statistics_write_csv(folder, &s.statistics, &err), err);
	check_table(
		folder, "significance.csv",
		"earlier,later,compared_cells,false_discovery_rate_asked,min_probability,change_rate,change_rate_from,"
		"threshold,flagged_cells,flagged_ha,expected_false_share,expected_found_share\n"
		"2001,2011/07,5,0.050000,0.000000,0.300000,estimate,0.900000,1,1.000000,0.040000,0.500000\n");
	check_table(folder, "flagged_changes.csv",
		    "earlier,later,from_code,from_name,to_code,to_name,cells,area_ha\n"
		    "2001,2011/07,4,Forest,1,Water,1,1.000000\n");
	flags.threshold = 2; /* nothing may be flagged */
	flags.rate_is_stated = true;
	lu_transition_free(table);
	check_ok(lu_transition_new(NULL, 0, &table, &err), err);
	flags.table = table;
	check_ok(lu_statistics_write_csv(folder, &s.statistics, &err), err);
	check_table(
		folder, "significance.csv",
		"earlier,later,compared_cells,false_discovery_rate_asked,min_probability,change_rate,change_rate_from,"
		"threshold,flagged_cells,flagged_ha,expected_false_share,expected_found_share\n"
		"2001,2011/07,5,0.050000,0.000000,0.300000,job,,0,0.000000,0.040000,0.500000\n");
	static const char *const others[] = {"class_areas.csv",
					     "transitions.csv",
					     "change_summary.csv",
					     "flagged_changes.csv",
					     "transition_2001_2011_07.csv",
					     "transition_2001_2011_07_ha.csv"};
	remove_all(folder, others, sizeof(others) / sizeof(others[0]));
	lu_transition_free(table);
	sample_release(&s);
}

/* Ten years from the middle of one to the middle of another: ln(1.5 / 2.5) / 10 = -5.108256 % a year. */
static void rates_to_the_byte(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct sample s;
	char folder[64];

	make_scratch(folder);
	sample_make(&s);
	assert_false(lu_statistics_timed(&s.statistics));
	s.dates[1].label = "2011";
	assert_true(lu_statistics_timed(&s.statistics));
	check_ok(lu_statistics_write_csv(folder, &s.statistics, &err), err);
	check_table(folder, "annual_rates.csv",
		    "earlier,later,value,name,years,earlier_ha,later_ha,annual_rate_percent\n"
		    "2001,2011,1,Water,10.000,2.000000,2.000000,0.000000\n"
		    "2001,2011,2,\"Developed, \"\"any\"\"\",10.000,0.000000,1.000000,\n"
		    "2001,2011,4,Forest,10.000,2.500000,1.500000,-5.108256\n"
		    "2001,2011,7,Class 7,10.000,0.000000,0.000000,\n");
	static const char *const others[] = {"class_areas.csv", "transitions.csv", "change_summary.csv",
					     "transition_2001_2011.csv", "transition_2001_2011_ha.csv"};
	remove_all(folder, others, sizeof(others) / sizeof(others[0]));
	sample_release(&s);
}

static void tables_without_areas_leave_hectares_empty(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct sample s;
	char folder[64];

	make_scratch(folder);
	sample_make(&s);
	s.statistics.has_areas = false;
	s.statistics.pair_count = 0;
	s.statistics.date_count = 1;
	check_ok(lu_statistics_write_csv(folder, &s.statistics, &err), err);
	check_table(folder, "class_areas.csv",
		    "date,value,name,cells,area_ha,share\n"
		    "2001,1,Water,2,,\n2001,4,Forest,3,,\n2001,7,Class 7,1,,\n2001,0,Not mapped,0,,\n");
	remove(folder); /* empty: no table of pairs was written */
	assert_false(lu_folder_exists(folder));
	sample_release(&s);
}

/* Rows = as mapped, columns = smoothed in time: 'first' and 'second' in these roles. */
static void extents_to_the_byte(void **state)
{
	(void)state;
	static const uint16_t told[] = {1, 1, 3, 2, 1, 0};
	struct lu_transition *trajectory;
	struct lu_error err = {0};
	struct sample s;
	char folder[64];

	make_scratch(folder);
	sample_make(&s);
	assert_false(lu_statistics_in_time(&s.statistics));
	check_ok(lu_transition_new((const uint16_t[]){1, 2, 3, 4}, 4, &trajectory, &err), err);
	check_ok(lu_transition_add(trajectory, told, told, area_m2, 6, &err), err);
	s.dates[0].in_time = s.change;
	s.statistics.trajectory = trajectory;
	s.statistics.date_count = 1;
	s.statistics.pair_count = 0;
	check_ok(lu_statistics_write_csv(folder, &s.statistics, &err), err);
	check_table(folder, "extent.csv",
		    "date,value,name,mapped_cells,mapped_ha,consistent_cells,consistent_ha,only_mapped_ha,only_"
		    "consistent_ha\n"
		    "2001,1,Water,2,2.000000,2,2.000000,1.000000,1.000000\n"
		    "2001,2,\"Developed, \"\"any\"\"\",0,0.000000,1,1.000000,0.000000,1.000000\n"
		    "2001,4,Forest,3,2.500000,2,1.500000,1.000000,0.000000\n"
		    "2001,7,Class 7,1,1.000000,0,0.000000,1.000000,0.000000\n");
	check_table(folder, "trajectories.csv",
		    "value,name,cells,area_ha\n"
		    "1,Stable,3,3.000000\n"
		    "2,One change,1,1.000000\n"
		    "3,Unstable,1,0.500000\n"
		    "4,Several changes,0,0.000000\n"
		    "0,Not mapped,1,1.000000\n");
	lu_transition_free(trajectory);
	sample_release(&s);
}

static json_t *written_json(const struct lu_statistics *statistics)
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

/* The tables of zones are the county's with a name before each row, and one header. */
static void zones_have_tables(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct sample s;
	char folder[64];

	make_scratch(folder);
	sample_make(&s);
	const struct lu_zone_statistics towns[] = {
		{.name = "Ashby, \"new\"", .own_area_m2 = 9e4, .area_m2 = 1e5, .dates = s.dates, .pairs = &s.pair},
		{.name = "Carver", .own_area_m2 = 9e4, .area_m2 = 5e4, .dates = s.dates, .pairs = &s.pair}};
	const struct lu_zones_statistics zones = {.name_field = "TOWN", .zones = towns, .count = 2};
	s.statistics.zones = &zones;
	s.statistics.date_count = 1;
	check_ok(lu_statistics_write_csv(folder, &s.statistics, &err), err);
	check_table(folder, "zone_areas.csv",
		    "zone,date,value,name,cells,area_ha,share\n"
		    "\"Ashby, \"\"new\"\"\",2001,1,Water,2,2.000000,0.200000000\n"
		    "\"Ashby, \"\"new\"\"\",2001,4,Forest,3,2.500000,0.250000000\n"
		    "\"Ashby, \"\"new\"\"\",2001,7,Class 7,1,1.000000,0.100000000\n"
		    "\"Ashby, \"\"new\"\"\",2001,0,Not mapped,0,0.000000,0.000000000\n"
		    "Carver,2001,1,Water,2,2.000000,0.400000000\n"
		    "Carver,2001,4,Forest,3,2.500000,0.500000000\n"
		    "Carver,2001,7,Class 7,1,1.000000,0.200000000\n"
		    "Carver,2001,0,Not mapped,0,0.000000,0.000000000\n");
	char *summary = slurp(folder, "zone_change_summary.csv");
	assert_memory_equal(summary, "zone,earlier,later,value,name,earlier_cells", 43);
	lu_free(summary);
	sample_release(&s);
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

/* statistics.json as it is written, after it was held against the schema. */
static json_t *described_json(json_t *schema, const struct lu_statistics *statistics)
{
	json_t *root = written_json(statistics);

	check_described(schema, schema, root, "the file");
	return root;
}

static void json_keeps_to_its_schema(void **state)
{
	(void)state;
	struct sample s;
	json_error_t why;
	json_t *schema = json_load_file("config/schema/statistics.schema.json", JSON_REJECT_DUPLICATES, &why);

	if (!schema)
		fail_msg("%s", why.text);
	sample_make(&s);
	json_decref(described_json(schema, &s.statistics));

	/* With dates that say when they are. */
	s.dates[1].label = "2011";
	json_t *root = described_json(schema, &s.statistics);
	assert_non_null(json_object_get(json_array_get(json_object_get(root, "pairs"), 0), "annual_rates"));
	json_decref(root);

	/* With flags. */
	const struct lu_flag_statistics flags = {.asked_false_discovery_rate = .05, .threshold = .9, .table = s.change};
	s.pair.flags = &flags;
	root = described_json(schema, &s.statistics);
	assert_non_null(json_object_get(json_array_get(json_object_get(root, "pairs"), 0), "significance"));
	json_decref(root);
	s.pair.flags = NULL;

	/* With maps that were smoothed in space: three cells changed, one of them to or from "not mapped". */
	const struct lu_smoothing_statistics steps[] = {
		{.step = "mrf", .weight = 1, .table = s.change},
		{.step = "minimum_mapping_unit", .min_cells = 4, .table = s.maps[0]}};
	s.dates[0].smoothing = steps;
	s.dates[0].smoothing_count = 2;
	assert_true(lu_statistics_smoothed(&s.statistics));
	root = described_json(schema, &s.statistics);
	json_t *told = json_object_get(json_array_get(json_object_get(root, "dates"), 0), "smoothing");
	assert_int_equal(json_array_size(told), 2);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(told, 0), "altered_cells")), 3);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(told, 1), "altered_cells")), 0);
	json_decref(root);
	s.dates[0].smoothing_count = 0;

	/* With dates told together. */
	s.dates[0].in_time = s.dates[1].in_time = s.change;
	struct lu_transition *told_trajectory;
	struct lu_error err = {0};
	const uint16_t stories[] = {1, 1, 4, 2, 3, 0};
	check_ok(lu_transition_new(NULL, 0, &told_trajectory, &err), err);
	check_ok(lu_transition_add(told_trajectory, stories, stories, area_m2, 6, &err), err);
	s.statistics.trajectory = told_trajectory;
	root = described_json(schema, &s.statistics);
	json_t *in_time = json_object_get(json_array_get(json_object_get(root, "dates"), 1), "smoothed_in_time");
	check_near(json_real_value(json_object_get(json_array_get(in_time, 2), "area_ha")), 1.5, 0);
	json_t *flicker = json_array_get(json_object_get(root, "trajectories"), 2);
	assert_string_equal(json_string_value(json_object_get(flicker, "name")), "Unstable");
	assert_int_equal(json_integer_value(json_object_get(flicker, "cells")), 1);
	json_decref(root);
	lu_transition_free(told_trajectory);
	s.dates[0].in_time = s.dates[1].in_time = NULL;
	s.statistics.trajectory = NULL;

	/* With a date that was normalised. */
	static const uint8_t table[256] = {0};
	const struct lu_normalised_band band = {
		.gain = 1.1, .offset = -4, .correlation = .9, .before = 9, .after = 3, .table = table};
	const struct lu_normalisation_statistics light = {.to = "2011/07",
							  .method = "regression",
							  .blocks = 90,
							  .invariant = 70,
							  .bands = &band,
							  .band_count = 1};
	assert_false(lu_statistics_normalised(&s.statistics));
	s.dates[0].normalisation = &light;
	assert_true(lu_statistics_normalised(&s.statistics));
	root = described_json(schema, &s.statistics);
	told = json_object_get(json_array_get(json_object_get(root, "dates"), 0), "normalisation");
	assert_int_equal(json_integer_value(json_object_get(told, "invariant_blocks")), 70);
	json_decref(root);
	s.dates[0].normalisation = NULL;

	/* With zones: each has the county's keys, but lists where the county has matrices. */
	const struct lu_zone_statistics towns[] = {
		{.name = "Ashby", .own_area_m2 = 9e4, .area_m2 = 5.5e4, .dates = s.dates, .pairs = &s.pair},
		{.name = "Carver", .own_area_m2 = 9e4, .area_m2 = 5.5e4, .dates = s.dates, .pairs = &s.pair}};
	const struct lu_zones_statistics zones = {.name_field = "TOWN", .zones = towns, .count = 2};
	s.statistics.zones = &zones;
	root = described_json(schema, &s.statistics);
	json_t *second_town = json_array_get(json_object_get(json_object_get(root, "zones"), "zones"), 1);
	assert_string_equal(json_string_value(json_object_get(second_town, "name")), "Carver");
	json_t *moved = json_object_get(json_array_get(json_object_get(second_town, "pairs"), 0), "changes");
	assert_int_equal(json_array_size(moved), 2);
	json_decref(root);
	s.statistics.zones = NULL;

	/* As little as can be known. */
	const struct lu_statistics bare = {.dates = s.dates, .date_count = 2, .pairs = &s.pair, .pair_count = 1};
	json_decref(described_json(schema, &bare));
	json_decref(schema);
	sample_release(&s);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct sample s;

	sample_make(&s);
	check_fails(lu_statistics_write_csv("/nonexistent/folder", &s.statistics, &err), LU_ERROR_IO, err,
		    "class_areas");
	check_fails(lu_statistics_write_json("/nonexistent/s.json", &s.statistics, &err), LU_ERROR_IO, err, "s.json");
	s.dates[0].label = "\xff";
	check_fails(lu_statistics_write_json("/nonexistent/s.json", &s.statistics, &err), LU_ERROR_MEMORY, err,
		    "UTF-8");
	sample_release(&s);
}

static void survives_every_failed_allocation(void **state)
{
	(void)state;
	struct sample s;
	char folder[64];
	enum lu_status status = LU_ERROR_MEMORY;

	make_scratch(folder);
	sample_make(&s);
	for (long n = 0; status != LU_OK; n++) {
		struct lu_error err = {0};
		char path[128];

		assert_true(n < 200);
		snprintf(path, sizeof(path), "%s/statistics.json", folder);
		lu_memory_fail_after(n);
		status = lu_statistics_write_csv(folder, &s.statistics, &err);
		if (status == LU_OK)
			status = lu_statistics_write_json(path, &s.statistics, &err);
		lu_memory_fail_after(-1);
		assert_true(status == LU_OK || status == LU_ERROR_MEMORY);
	}
	static const char *const names[] = {"class_areas.csv",
					    "transitions.csv",
					    "change_summary.csv",
					    "transition_2001_2011_07.csv",
					    "transition_2001_2011_07_ha.csv",
					    "statistics.json"};
	remove_all(folder, names, sizeof(names) / sizeof(names[0]));
	sample_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_to_the_byte),
		cmocka_unit_test(flags_to_the_byte),
		cmocka_unit_test(rates_to_the_byte),
		cmocka_unit_test(tables_without_areas_leave_hectares_empty),
		cmocka_unit_test(zones_have_tables),
		cmocka_unit_test(extents_to_the_byte),
		cmocka_unit_test(json_holds_the_figures),
		cmocka_unit_test(json_holds_the_rates),
		cmocka_unit_test(json_keeps_to_its_schema),
		cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
		cmocka_unit_test(survives_every_failed_allocation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
