/*
 * report_northampton.c: change between two NLCD maps against a cross-tabulation made by other means.
 *
 * 340,828 cells of 30 m around Northampton, Massachusetts, 2001 and 2011. Also prints how long the
 * counting alone takes.
 */
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/map.h"
#include "report/statistics_files.h"
#include "support/check.h"
#include "support/real_data.h"

enum { WIDTH = 613, HEIGHT = 556, CLASSES = 15 };

static uint16_t earlier[WIDTH * HEIGHT], later[WIDTH * HEIGHT];
static int codes[CLASSES];
static uint64_t expected[CLASSES][CLASSES];

static void read_map(const char *name, uint16_t *cells)
{
	char path[1024];
	struct lu_error err = {0};
	struct lu_map *map;

	check_ok(lu_map_open(real_path(path, name), &map, &err), err);
	assert_int_equal(lu_map_frame(map)->width, WIDTH);
	assert_int_equal(lu_map_frame(map)->height, HEIGHT);
	check_ok(lu_map_read_rows(map, 0, HEIGHT, cells, &err), err);
	lu_map_close(map);
}

/* A header "from\to,11,21,..." and a row "11,11684,8,..." a class. */
static void read_crosstab(void)
{
	char path[1024], line[1024];
	FILE *file = fopen(real_path(path, "nlcd_northampton_ma/crosstab_2001_2011.csv"), "r");

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	for (int i = 0; i < CLASSES; i++) {
		assert_non_null(fgets(line, sizeof(line), file));
		char *at = line;

		codes[i] = (int)strtol(at, &at, 10);
		for (int j = 0; j < CLASSES; j++)
			expected[i][j] = strtoull(at + 1, &at, 10);
	}
	fclose(file);
}

static void the_matrix_is_the_crosstab(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct lu_transition *t;
	struct timespec start, end;

	check_ok(lu_transition_new(NULL, 0, &t, &err), err);
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int row = 0; row < HEIGHT; row++)
		check_ok(lu_transition_add(t, earlier + row * WIDTH, later + row * WIDTH, NULL, WIDTH, &err), err);
	clock_gettime(CLOCK_MONOTONIC, &end);
	print_message("%d cells counted in %.4f s\n", WIDTH * HEIGHT,
		      (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) * 1e-9);
	assert_int_equal(t->count, CLASSES + 1);
	for (size_t i = 0; i < CLASSES; i++) {
		assert_int_equal(t->values[i + 1], codes[i]);
		for (size_t j = 0; j < CLASSES; j++)
			assert_int_equal(lu_transition_cells(t, i + 1, j + 1), expected[i][j]);
	}
	lu_transition_free(t);
}

/* transitions.csv says the same: every row is one entry, and no entry but 0 is missing. */
static void the_table_is_the_crosstab(void **state)
{
	(void)state;
	char folder[64], line[1024];
	struct lu_error err = {0};
	struct lu_transition *t;
	uint64_t cells = 0;

	make_scratch(folder);
	check_ok(lu_transition_new(NULL, 0, &t, &err), err);
	check_ok(lu_transition_add(t, earlier, later, NULL, WIDTH * HEIGHT, &err), err);
	const struct lu_date_statistics dates[] = {{.label = "2001", .map = t, .mean_confidence = -1},
						   {.label = "2011", .map = t, .mean_confidence = -1}};
	const struct lu_pair_statistics pair = {.earlier = 0, .later = 1, .transition = t};
	const struct lu_county_statistics statistics = {
		.dates = dates, .date_count = 2, .pairs = &pair, .pair_count = 1};

	check_ok(lu_statistics_write_csv(folder, &statistics, &err), err);
	char *path = lu_path_join(folder, "transitions.csv");
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	while (fgets(line, sizeof(line), file)) {
		int from, to;
		unsigned long long count;
		int i = 0, j = 0;

		assert_int_equal(sscanf(line, "2001,2011,%d,Class %*d,%d,Class %*d,%llu,", &from, &to, &count), 3);
		while (codes[i] != from)
			assert_true(++i < CLASSES);
		while (codes[j] != to)
			assert_true(++j < CLASSES);
		assert_int_equal(count, expected[i][j]);
		cells += count;
	}
	assert_int_equal(cells, WIDTH * HEIGHT);
	fclose(file);
	static const char *const names[] = {"transitions.csv", "class_areas.csv", "change_summary.csv",
					    "transition_2001_2011.csv"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *name = lu_path_join(folder, names[i]);

		remove(name);
		lu_free(name);
	}
	remove(folder);
	lu_free(path);
	lu_transition_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_matrix_is_the_crosstab),
		cmocka_unit_test(the_table_is_the_crosstab),
	};

	read_map("nlcd_northampton_ma/nlcd_2001.tif", earlier);
	read_map("nlcd_northampton_ma/nlcd_2011.tif", later);
	read_crosstab();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
