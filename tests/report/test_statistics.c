/* test_statistics.c: the tables of statistics, to the byte, and what fails. */
#include <math.h>

#include "base/file.h"
#include "base/memory.h"
#include "sample.h"
#include "support/near.h"

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
	check_table(
		folder, "change_summary.csv",
		"earlier,later,value,name,earlier_cells,later_cells,gain_cells,loss_cells,net_cells,"
		"earlier_ha,later_ha,gain_ha,loss_ha,net_ha,swap_ha,persistence_ha,flagged_net_ha,expected_net_ha,"
		"expected_net_low_ha,expected_net_high_ha\n"
		"2001,2011/07,1,Water,2,2,1,1,0,2.000000,2.000000,1.000000,1.000000,0.000000,2.000000,1.000000,,,,\n"
		"2001,2011/07,2,\"Developed, \"\"any\"\"\",0,1,1,0,1,"
		"0.000000,1.000000,1.000000,0.000000,1.000000,0.000000,0.000000,,,,\n"
		"2001,2011/07,4,Forest,3,2,0,1,-1,2.500000,1.500000,0.000000,1.000000,-1.000000,0.000000,1.500000,,,,\n"
		"2001,2011/07,7,Class 7,0,0,0,0,0,"
		"0.000000,0.000000,0.000000,0.000000,0.000000,0.000000,0.000000,,,,\n");
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
	static const struct lu_class_net expected[] = {{1, 12500, 2900, 0}, {4, -12500, 0, 2900}};
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
					   .likeness = .8125,
					   .table = table,
					   .expected = expected,
					   .expected_count = 2,
					   .cell_m2 = 10000};
	s.pair.flags = &flags;
	check_ok(lu_statistics_write_csv(folder, &s.statistics, &err), err);
	check_table(
		folder, "significance.csv",
		"earlier,later,compared_cells,false_discovery_rate_asked,min_probability,change_rate,change_rate_from,"
		"threshold,flagged_cells,flagged_ha,expected_false_share,expected_found_share,"
		"smoothing_unchanged_cells,smoothing_unchanged_ha,smoothing_other_pair_cells,likeness,refused\n"
		"2001,2011/"
		"07,5,0.050000,0.000000,0.300000,estimate,0.900000,1,1.000000,0.040000,0.500000,,,,0.812500,no\n");
	check_table(folder, "flagged_changes.csv",
		    "earlier,later,from_code,from_name,to_code,to_name,cells,area_ha\n"
		    "2001,2011/07,4,Forest,1,Water,1,1.000000\n");
	char *summary = slurp(folder, "change_summary.csv");
	assert_non_null(strstr(summary,
			       ",Water,2,2,1,1,0,2.000000,2.000000,1.000000,1.000000,0.000000,2.000000,1.000000,"
			       "1.000000,1.250000,-2.529439,5.234536\n")); /* by scipy.stats.gamma */
	assert_non_null(strstr(summary, ",1.500000,-1.000000,-1.250000,-5.234536,2.529439\n"));
	lu_free(summary);
	flags.threshold = 2; /* nothing may be flagged */
	flags.rate_is_stated = true;
	flags.likeness = NAN;
	flags.of_smoothed_maps = true;
	flags.smoothed = (struct lu_smoothed_flags){3, 25000, 2};
	lu_transition_free(table);
	check_ok(lu_transition_new(NULL, 0, &table, &err), err);
	flags.table = table;
	check_ok(lu_statistics_write_csv(folder, &s.statistics, &err), err);
	check_table(
		folder, "significance.csv",
		"earlier,later,compared_cells,false_discovery_rate_asked,min_probability,change_rate,change_rate_from,"
		"threshold,flagged_cells,flagged_ha,expected_false_share,expected_found_share,"
		"smoothing_unchanged_cells,smoothing_unchanged_ha,smoothing_other_pair_cells,likeness,refused\n"
		"2001,2011/07,5,0.050000,0.000000,0.300000,job,,0,0.000000,0.040000,0.500000,3,2.500000,2,,no\n");
	flags = (struct lu_flag_statistics){.asked_false_discovery_rate = .05,
					    .change_rate = NAN,
					    .threshold = 2,
					    .expected_false = NAN,
					    .expected_found = NAN,
					    .compared_cells = 5,
					    .likeness = .2,
					    .refused = true,
					    .table = table,
					    .expected = expected,
					    .expected_count = 2};
	check_ok(lu_statistics_write_csv(folder, &s.statistics, &err), err);
	check_table(
		folder, "significance.csv",
		"earlier,later,compared_cells,false_discovery_rate_asked,min_probability,change_rate,change_rate_from,"
		"threshold,flagged_cells,flagged_ha,expected_false_share,expected_found_share,"
		"smoothing_unchanged_cells,smoothing_unchanged_ha,smoothing_other_pair_cells,likeness,refused\n"
		"2001,2011/07,5,0.050000,0.000000,,,,0,0.000000,,,,,,0.200000,yes\n");
	summary = slurp(folder, "change_summary.csv"); /* no net change but that of the maps */
	assert_non_null(strstr(
		summary, ",Water,2,2,1,1,0,2.000000,2.000000,1.000000,1.000000,0.000000,2.000000,1.000000,,,,\n"));
	lu_free(summary);
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
		cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
		cmocka_unit_test(survives_every_failed_allocation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
