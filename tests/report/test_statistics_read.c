/* test_statistics_read.c: a document read into structs, and documents that are no statistics. */
#include "landuse/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "support/check.h"

static char folder[64], path[96];

/* As a comparison of two maps without areas has it. */
#define HEAD                                                                                                           \
	"{\"schema_version\": 1, \"software\": {\"name\": \"landuse\", \"version\": \"9.8.7\"}, "                      \
	"\"county\": {\"name\": null, \"area_ha\": null}, \"grid\": {\"crs\": null}, "                                 \
	"\"scheme\": {\"name\": null, \"version\": null, \"classes\": [{\"value\": 5, \"name\": \"For\\u00eat\"}]}, "  \
	"\"model\": {\"name\": null, \"sha256\": null}, "
#define DATE(label)                                                                                                    \
	"{\"label\": \"" label "\", \"classes\": [{\"value\": 5, \"name\": \"For\\u00eat\", \"cells\": 7}], "          \
	"\"mapped_cells\": 7, \"not_mapped_cells\": 2, \"mean_confidence_percent\": null}"
#define PAIR(cells)                                                                                                    \
	"{\"earlier\": \"2001\", \"later\": \"2011\", \"transition\": {\"values\": [0, 5], \"cells\": " cells "}, "    \
	"\"classes\": [{\"value\": 5, \"name\": \"For\\u00eat\", \"cells\": {\"earlier\": 7, \"later\": 6}}]}"
#define DATES "\"dates\": [" DATE("2001") ", " DATE("2011") "], "

static enum lu_status read_text(const char *text, const struct lu_statistics **out, struct lu_error *err)
{
	struct lu_error writing = {0};

	check_ok(lu_file_write(path, text, strlen(text), &writing), writing);
	return lu_statistics_open(folder, out, err);
}

static void what_is_not_known_is_none(void **state)
{
	const struct lu_statistics *s;
	struct lu_error err = {0};

	(void)state;
	check_ok(read_text(HEAD DATES "\"pairs\": [" PAIR("[[1, 2], [3, 4]]") "]}", &s, &err), err);
	assert_string_equal(s->software_version, "9.8.7");
	assert_null(s->county_name);
	assert_true(isnan(s->county_area_ha) && s->class_count == 1 && s->date_count == 2 && s->pair_count == 1);
	assert_string_equal(s->classes[0].name, "For\u00eat");
	assert_true(s->dates[0].classes[0].cells == 7 && isnan(s->dates[0].classes[0].area_ha));
	assert_true(isnan(s->dates[0].mean_confidence) && s->dates[0].uncertain_cells == 0);
	const struct lu_statistics_pair *pair = &s->pairs[0];
	assert_true(pair->earlier == 0 && pair->later == 1 && pair->value_count == 2 && pair->values[1] == 5);
	assert_true(pair->cells[1] == 2 && pair->cells[2] == 3 && pair->area_ha == NULL && pair->flags == NULL);
	assert_true(isnan(pair->years) && pair->classes[0].later_cells == 6 && isnan(pair->classes[0].net_ha));
	lu_statistics_free(s);
	lu_statistics_free(NULL);
}

static void other_documents_are_refused(void **state)
{
	static const struct {
		const char *text, *says;
		enum lu_status status;
	} bad[] = {{"", "is no JSON", LU_ERROR_FORMAT},
		   {"[1]", "is no JSON", LU_ERROR_FORMAT},
		   {"{}", "schema_version", LU_ERROR_UNSUPPORTED},
		   {"{\"schema_version\": 2}", "newer landuse", LU_ERROR_UNSUPPORTED},
		   {"{\"schema_version\": 1}", "missing", LU_ERROR_FORMAT},
		   {HEAD DATES "\"pairs\": [" PAIR("[[1, 2], [3]]") "]}", "'transition'", LU_ERROR_FORMAT},
		   {HEAD DATES "\"pairs\": [" PAIR("[[1, 2], [3, \"x\"]]") "]}", "'transition'", LU_ERROR_FORMAT},
		   {HEAD "\"dates\": [" DATE("2001") "], \"pairs\": [" PAIR("[[1, 2], [3, 4]]") "]}", "'later'",
		    LU_ERROR_FORMAT},
		   {HEAD "\"dates\": [{}], \"pairs\": []}", "missing", LU_ERROR_FORMAT}};
	const struct lu_statistics *s;
	struct lu_error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		check_fails(read_text(bad[i].text, &s, &err), bad[i].status, err, bad[i].says);
		assert_null(s);
	}
	check_fails(lu_statistics_open("/nowhere/at/all", &s, &err), LU_ERROR_ARGUMENT, err, "no such file");
	assert_int_equal(remove(path), 0);
	check_fails(lu_statistics_open(folder, &s, &err), LU_ERROR_ARGUMENT, err, "statistics.json");
}

static int set_up(void **state)
{
	(void)state;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/statistics.json", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	remove(path);
	return remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_known_is_none),
		cmocka_unit_test(other_documents_are_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
