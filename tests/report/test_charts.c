/* test_charts.c: the report's figures: what they say is what the statistics say, and names are text whatever they hold. */
#include "report/charts.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "report/chart_parts.h"
#include "sample.h"

static void numbers_as_people_read_them(void **state)
{
	const struct lu_chart_source hectares = {.unit = LU_HECTARES}, acres = {.unit = LU_ACRES};
	char text[LU_CHART_TEXT];

	(void)state;
	assert_string_equal(lu_chart_number(text, 1234567.86, 1), "1,234,567.9");
	assert_string_equal(lu_chart_number(text, -999.6, 0), "\xe2\x88\x92"
							      "1,000");
	assert_string_equal(lu_chart_number(text, -0.01, 1), "0.0");
	assert_string_equal(lu_chart_number(text, 0.05, 2), "0.05");
	assert_string_equal(lu_chart_area(text, &hectares, 0.0625, true), "+0.063");
	assert_string_equal(lu_chart_area(text, &hectares, 0, true), "0");
	assert_string_equal(lu_chart_area(text, &hectares, -12.34, true), "\xe2\x88\x92"
									  "12.3");
	assert_string_equal(lu_chart_area(text, &acres, 100, false), "247");
	assert_int_equal((int)lu_chart_step(100), 20);
	assert_int_equal((int)(1000 * lu_chart_step(0.012) + 0.5), 5);
}

static json_t *statistics_of(const struct sample *s)
{
	struct lu_error err = {0};
	char folder[64], *path;

	make_scratch(folder);
	path = lu_path_join(folder, "statistics.json");
	check_ok(lu_statistics_write_json(path, &s->statistics, &err), err);
	json_t *root = json_load_file(path, 0, NULL);
	assert_non_null(root);
	remove(path);
	remove(folder);
	lu_free(path);
	return root;
}

static const char *svg_of(const struct lu_charts *charts, const char *file)
{
	for (size_t i = 0; i < charts->count; i++)
		if (strcmp(charts->charts[i].file, file) == 0)
			return charts->charts[i].svg;
	fail_msg("there is no %s", file);
	return NULL;
}

static void holds(const char *svg, const char *part)
{
	if (strstr(svg, part) == NULL)
		fail_msg("no %s in %s", part, svg);
}

static int count_of(const char *svg, const char *part)
{
	int count = 0;

	for (const char *at = svg; (at = strstr(at, part)) != NULL; at++)
		count++;
	return count;
}

/*
 * Two dates: Water 2 to 2 ha (1 gained, 1 lost), Forest 2.5 to 1.5, Class 7 gone to what is not mapped; Developed gains 1. Of
 * the first date 0.5 ha are 60 to 65 % sure and 1.5 ha 95 % or more.
 */
static void figures_say_what_the_statistics_say(void **state)
{
	static const struct lu_confidence_bins sure = {.cells = {[12] = 1, [19] = 2},
						       .area_m2 = {[12] = 5000, [19] = 15000}};
	struct lu_charts charts;
	struct lu_error err = {0};
	struct sample s;

	(void)state;
	sample_make(&s);
	s.dates[0].confidence = &sure;
	json_t *statistics = statistics_of(&s);
	json_t *colours = json_pack("[{s:i, s:s}, {s:i, s:s}]", "value", 1, "colour", "#466b9f", "value", 2, "colour",
				    "red\" onload=\"x");
	json_object_set_new(statistics, "accuracy",
			    json_pack("[{s:s, s:[{s:i, s:{s:f, s:f, s:f}}]}]", "date", "2001", "classes", "value", 1,
				      "adjusted_ha", "value", 2.2, "low_95", 1.75, "high_95", 2.65));
	check_ok(lu_charts_draw(statistics, colours, &charts, &err), err);
	assert_int_equal(charts.count, 5);
	const char *areas = svg_of(&charts, "charts/class_areas.svg");
	holds(areas, "<title>Forest, 2001: 2.50 ha, as mapped</title>");
	holds(areas, "<title>Water, 2001, by the checked sample: 2.20 ha, 95 % interval 1.75 to 2.65</title>");
	assert_int_equal(count_of(areas, "class=\"range\""), 1);
	holds(areas, "stroke=\"#466b9f\"");
	assert_null(strstr(areas, "onload"));
	const char *sure_svg = svg_of(&charts, "charts/confidence.svg");
	holds(sure_svg, "<title>60 to 65 %: 25.0 % of what is mapped, 0.500 ha</title>");
	holds(sure_svg, "<title>95 to 100 %: 75.0 % of what is mapped, 1.50 ha</title>");
	holds(sure_svg, ">mean 90.0 %</text>");
	assert_int_equal(count_of(sure_svg, "fill=\"#0b5cad\""), 2);
	/* A label that no run would take is no way out of the folder. */
	const char *gains = svg_of(&charts, "charts/gains_2001_2011_07.svg");
	holds(gains, "<title>Developed, &quot;any&quot; gained 1.00 ha</title>");
	holds(gains, "<title>Forest lost 1.00 ha</title>");
	assert_null(strstr(gains, "Developed, \"any\""));
	const char *flows = svg_of(&charts, "charts/flows_2001_2011_07.svg");
	holds(flows, "<title>Forest to Water: 1.00 ha</title>");
	holds(flows, "<title>Water to Developed, &quot;any&quot;: 1.00 ha</title>");
	assert_int_equal(count_of(flows, "fill-opacity"), 2);
	/* Three classes and the one that the scheme does not name. */
	assert_int_equal(count_of(svg_of(&charts, "charts/matrix_2001_2011_07.svg"), "fill-opacity=\"0.600\""), 2);
	lu_charts_release(&charts);
	json_decref(colours);
	json_decref(statistics);
	sample_release(&s);
}

/* One date has bars instead of lines, and nothing of pairs; files are what was drawn. */
static void one_date(void **state)
{
	struct lu_charts charts;
	struct lu_error err = {0};
	struct sample s;
	char folder[64], *written;
	size_t size;

	(void)state;
	sample_make(&s);
	s.statistics.date_count = 1;
	s.statistics.pair_count = 0;
	json_t *statistics = statistics_of(&s);
	check_ok(lu_charts_draw(statistics, NULL, &charts, &err), err);
	assert_int_equal(charts.count, 2);
	holds(charts.charts[0].svg, "<title>Forest, 2001: 2.50 ha, as mapped</title></rect>");
	holds(charts.charts[1].svg, "not known");
	make_scratch(folder);
	check_ok(lu_charts_write(folder, &charts, &err), err);
	for (size_t i = 0; i < charts.count; i++) {
		char *path = lu_path_join(folder, charts.charts[i].file);
		check_ok(lu_file_read(path, 1 << 20, &written, &size, &err), err);
		assert_string_equal(written, charts.charts[i].svg);
		remove(path);
		lu_free(written);
		lu_free(path);
	}
	char *inner = lu_path_join(folder, LU_CHARTS_FOLDER);
	rmdir(inner);
	rmdir(folder);
	lu_free(inner);
	lu_charts_release(&charts);
	json_decref(statistics);
	sample_release(&s);
}

/* Of very many flows the largest are drawn, and what is left out is told. */
static void many_flows(void **state)
{
	enum { CLASSES = 10 };
	json_t *classes = json_array(), *values = json_pack("[i]", 0), *rows = json_array();
	struct lu_charts charts;
	struct lu_error err = {0};
	char name[16];

	(void)state;
	for (int i = 0; i <= CLASSES; i++) {
		json_t *row = json_array();
		for (int j = 0; j <= CLASSES; j++)
			json_array_append_new(row, json_real(i == 0 || j == 0 ? 0 : 10 * i + j));
		json_array_append_new(rows, row);
		if (i == 0)
			continue;
		snprintf(name, sizeof(name), "Class %d", i);
		json_array_append_new(values, json_integer(i));
		json_array_append_new(classes, json_pack("{s:i, s:s}", "value", i, "name", name));
	}
	json_t *statistics = json_pack("{s:{}, s:{s:o}, s:[], s:[{s:s, s:s, s:[], s:{s:o, s:o}}]}", "county", "scheme",
				       "classes", classes, "dates", "pairs", "earlier", "2001", "later", "2011",
				       "classes", "transition", "values", values, "area_ha", rows);
	check_ok(lu_charts_draw(statistics, NULL, &charts, &err), err);
	const char *flows = svg_of(&charts, "charts/flows_2001_2011.svg");
	assert_int_equal(count_of(flows, "fill-opacity"), 60);
	/* The 30 smallest of 90, counted by other means. */
	holds(flows, "the 60 largest flows, without 825 ha of smaller ones");
	lu_charts_release(&charts);
	json_decref(statistics);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_as_people_read_them),
		cmocka_unit_test(figures_say_what_the_statistics_say),
		cmocka_unit_test(one_date),
		cmocka_unit_test(many_flows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
