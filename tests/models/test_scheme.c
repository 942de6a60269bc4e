/* test_scheme.c: schemes leave no class of the model unspoken for. */
#include "models/scheme.h"

#include "base/file.h"
#include "support/check.h"

static char folder[64], path[128];

static int make_folder(void **state)
{
	(void)state;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/s.yaml", folder);
	return 0;
}

static enum lu_status read_text(const char *text, struct lu_scheme **scheme, struct lu_error *err)
{
	struct lu_error fault = {0};

	check_ok(lu_file_write(path, text, strlen(text), &fault), fault);
	return lu_scheme_read(path, scheme, err);
}

static const char good[] = "name: two\nversion: 3\nclasses:\n"
			   "  - {value: 7, name: Late, color: \"#0a0b0c\", from: [c]}\n"
			   "  - {value: 2, name: Early, color: \"#ffffff\", from: [a, b], nlcd: [11]}\n"
			   "unmapped: [d]\nunmapped_nlcd: [12]\n";

static void classes_are_sorted_and_bound(void **state)
{
	(void)state;
	struct lu_scheme *scheme;
	struct lu_error err = {0};
	const char *const model[] = {"d", "c", "b", "a"};
	int map[4];
	check_ok(read_text(good, &scheme, &err), err);
	assert_int_equal(scheme->classes[0].value, 2);
	assert_int_equal(scheme->classes[1].red, 10);
	check_ok(lu_scheme_bind(scheme, model, 4, map, &err), err);
	assert_int_equal(map[0], -1);
	assert_int_equal(map[1], 1);
	assert_int_equal(map[2], 0);
	assert_int_equal(map[3], 0);
	const char *const more[] = {"d", "c", "b", "a", "e"};
	int five[5];
	check_fails(lu_scheme_bind(scheme, more, 5, five, &err), LU_ERROR_MISMATCH, err, "'e' is in no class");
	check_fails(lu_scheme_bind(scheme, model, 3, map, &err), LU_ERROR_MISMATCH, err,
		    "'a' is not one of the model's");
	lu_scheme_free(scheme);
}

/* A model of the scheme's own classes, some or all, needs no list; one stranger among them does. */
static void own_classes_are_bound_by_name(void **state)
{
	(void)state;
	struct lu_scheme *scheme;
	struct lu_error err = {0};
	const char *const both[] = {"Late", "Early"}, *const one[] = {"Late"}, *const stranger[] = {"Late", "Odd"};
	int map[2];
	check_ok(read_text(good, &scheme, &err), err);
	check_ok(lu_scheme_bind(scheme, both, 2, map, &err), err);
	assert_true(map[0] == 1 && map[1] == 0);
	check_ok(lu_scheme_bind(scheme, one, 1, map, &err), err);
	assert_int_equal(map[0], 1);
	check_fails(lu_scheme_bind(scheme, stranger, 2, map, &err), LU_ERROR_MISMATCH, err, "not one of the model's");
	lu_scheme_free(scheme);
	/* Where a list is about the name, the list decides. */
	check_ok(read_text("name: s\nversion: 1\nclasses:\n"
			   "  - {value: 1, name: a, color: \"#000000\", from: [b]}\n"
			   "  - {value: 2, name: b, color: \"#000000\", from: [a]}\n",
			   &scheme, &err),
		 err);
	const char *const crossed[] = {"a", "b"};
	check_ok(lu_scheme_bind(scheme, crossed, 2, map, &err), err);
	assert_true(map[0] == 1 && map[1] == 0);
	lu_scheme_free(scheme);
}

static void codes_have_one_class(void **state)
{
	(void)state;
	struct lu_scheme *scheme;
	struct lu_error err = {0};
	check_ok(read_text(good, &scheme, &err), err);
	assert_int_equal(lu_scheme_of_nlcd(scheme, 11), 0);
	assert_int_equal(lu_scheme_of_nlcd(scheme, 12), LU_SCHEME_LEFT_OUT);
	assert_int_equal(lu_scheme_of_nlcd(scheme, 13), LU_SCHEME_UNKNOWN);
	lu_scheme_free(scheme);
}

static void wrong_schemes(void **state)
{
	(void)state;
	static const struct {
		const char *text, *words;
	} cases[] = {
		{"name: s\nversion: 1\nclasses: [{value: 0, name: N, color: \"#000000\", from: [a]}]\n",
		 "between 1 and 99"},
		{"name: s\nversion: 1\nclasses: [{value: 1, name: N, color: red, from: [a]}]\n", "#rrggbb"},
		{"name: s\nversion: 1\nclasses: []\n", "'classes' is empty"},
		{"name: s\nversion: 1\nclasses: [{value: 1, name: N, color: \"#000000\", from: [a]}, {value: 1, name: "
		 "M, color: \"#000000\", from: [b]}]\n",
		 "value 1 stands for two classes"},
		{"name: s\nversion: 1\nclasses: [{value: 1, name: N, color: \"#000000\", from: [a], nlcd: "
		 "[11]}]\nunmapped_nlcd: [11]\n",
		 "NLCD code 11 is named twice"},
		{"name: s\nversion: 1\nclasses: [{value: 1, name: N, color: \"#000000\", from: [a], nlcd: [256]}]\n",
		 "between 1 and 255"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lu_scheme *scheme;
		struct lu_error err = {0};
		check_fails(read_text(cases[i].text, &scheme, &err), LU_ERROR_ARGUMENT, err, cases[i].words);
	}
}

/* Every scheme that we ship reads, and speaks for every class of the shipped model. */
static void shipped_schemes(void **state)
{
	(void)state;
	static const char *const names[] = {"landcover-7", "landcover-8", "azure-6", "developed-3", "ucmerced-21"};
	static const char *const model[] = {
		"agricultural",      "airplane",       "baseballdiamond", "beach",      "buildings", "chaparral",
		"denseresidential",  "forest",         "freeway",         "golfcourse", "harbor",    "intersection",
		"mediumresidential", "mobilehomepark", "overpass",        "parkinglot", "river",     "runway",
		"sparseresidential", "storagetanks",   "tenniscourt"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct lu_scheme *scheme;
		struct lu_error err = {0};
		char file[128];
		int map[21];
		snprintf(file, sizeof(file), "config/schemes/%s.yaml", names[i]);
		check_ok(lu_scheme_read(file, &scheme, &err), err);
		assert_string_equal(scheme->name, names[i]);
		check_ok(lu_scheme_bind(scheme, model, 21, map, &err), err);
		lu_scheme_free(scheme);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_are_sorted_and_bound),
		cmocka_unit_test(own_classes_are_bound_by_name),
		cmocka_unit_test(codes_have_one_class),
		cmocka_unit_test(wrong_schemes),
		cmocka_unit_test(shipped_schemes),
	};
	return cmocka_run_group_tests(tests, make_folder, NULL);
}
