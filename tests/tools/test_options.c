/* test_options.c: command lines read by rows: every form of an option, every kind of value, what must be there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "options.h"
#include "tool.h"

struct target {
	const char *format, *first, *text;
	const char *const *creation, *const *files, *const *words;
	size_t creation_count, file_count, word_count;
	const int *bands;
	size_t band_count;
	const double *range, *numbers;
	size_t number_count;
	uint64_t seed;
	double share;
	int threads;
	enum lu_precision precision;
	double cell_m;
	bool yes, no, second, has_share;
};
#define AT(place) OPTION_AT(struct target, place)
#define PLACE(place) offsetof(struct target, place)

static const struct option rows[] = {
	{"FIRST", .kind = OPTION_TEXT, AT(first), .positional = true, .least = 1, .needed = "name the first"},
	{"FILE", .kind = OPTION_LIST, AT(files), .count = PLACE(file_count), .positional = true, .most = 3},
	{"output", "o", OPTION_TEXT, "FILE", "", AT(text)},
	{"format", "of", OPTION_TEXT, "NAME", "", AT(format)},
	{"creation", "co", OPTION_LIST, "NAME=VALUE", "", AT(creation), .count = PLACE(creation_count), .most = 2},
	{"words", NULL, OPTION_WORDS, "A,B", "", AT(words), .count = PLACE(word_count), .most = 3},
	{"bands", "b", OPTION_INTEGERS, "1,2", "", AT(bands), .count = PLACE(band_count), .most = 4},
	{"numbers", NULL, OPTION_NUMBERS, "A,B", "", AT(numbers), .count = PLACE(number_count), .most = 2},
	{"range", NULL, OPTION_RANGE, "LOW,HIGH", "", AT(range)},
	{"seed", NULL, OPTION_COUNT, "N", "", AT(seed), .low = 0, .high = 1e15},
	{"share", NULL, OPTION_NUMBER, "SHARE", "", AT(share), .has = PLACE(has_share), .low = 0, .high = 1},
	{"threads", "j", OPTION_INTEGER, "N", "", AT(threads), .low = 1, .high = 1024},
	{"yes", "y", OPTION_TRUE, NULL, "", AT(yes), .needs = "share"},
	{"no", NULL, OPTION_FALSE, NULL, "", AT(no)},
	{"fit", NULL, OPTION_EITHER, .choices = "resize|crop", AT(second)},
	{"file", NULL, OPTION_OPERAND, "FILE", .meaning = ""},
	{"precision", NULL, OPTION_CHOICE, .choice = LU_CHOICE_PRECISION, AT(precision)},
	{"cell", NULL, OPTION_PARSED, "M", "", AT(cell_m), .parse = parse_cell, .otherwise = "the model's"},
	{"quiet", "q", OPTION_QUIET, .meaning = ""},
};

static void (*look)(const struct target *target, const struct arguments *arguments);
static int run(struct arguments *arguments)
{
	look(arguments->options, arguments);
	return 0;
}

static void init(void *options)
{
	*(struct target *)options = (struct target){.format = "GTiff", .seed = 1};
}

static const struct command command = {.name = "test",
				       .summary = "",
				       .rows = rows,
				       .row_count = sizeof(rows) / sizeof(rows[0]),
				       .size = sizeof(struct target),
				       .init = init,
				       .run = run};

/* Read a command line of words with blanks between ("_": an empty word). */
static int read_line(const char *line)
{
	char text[256], *words[32], *rest = text;
	int count = 0;

	words[count++] = (char *)(uintptr_t) "test";
	strcpy(text, line);
	for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;)
		words[count++] = strcmp(word, "_") == 0 ? word + 1 : word;
	words[count] = NULL;
	return command_start(&command, count, words);
}

static void look_at_gdal(const struct target *target, const struct arguments *arguments)
{
	assert_string_equal(target->format, "netCDF");
	assert_null(target->text);
	assert_int_equal(target->creation_count, 2);
	assert_string_equal(target->creation[0], "COMPRESS=DEFLATE");
	assert_string_equal(target->creation[1], "TILED=YES");
	assert_int_equal(arguments->verbosity, VERBOSITY_QUIET);
	assert_string_equal(target->first, "a.tif");
}

/* As gdal_translate has them: -of is never -o f. */
static void gdal_forms(void **state)
{
	(void)state;
	look = look_at_gdal;
	assert_int_equal(read_line("-q -of netCDF -co COMPRESS=DEFLATE a.tif -co TILED=YES"), 0);
	assert_int_equal(read_line("-co COMPRESS=DEFLATE --creation TILED=YES --format=netCDF --quiet a.tif"), 0);
	assert_int_equal(read_line("a.tif -co A=1 -co B=2 -co C=3"), EXIT_USAGE);
	assert_int_equal(read_line("a.tif -of"), EXIT_USAGE);
	assert_int_equal(read_line("a.tif -cx"), EXIT_USAGE);
}

static void look_at_values(const struct target *target, const struct arguments *arguments)
{
	(void)arguments;
	assert_string_equal(target->text, "f");
	assert_int_equal(target->threads, 7);
	assert_int_equal(target->band_count, 3);
	assert_int_equal(target->bands[2], -3);
	assert_int_equal(target->number_count, 2);
	assert_true(target->numbers[1] == 1e-3);
	assert_true(target->range[0] == -1 && target->range[1] == 2.5);
	assert_int_equal(target->word_count, 2);
	assert_string_equal(target->words[0], "a");
	assert_string_equal(target->words[1], "b");
	assert_true(target->seed == 1000000000000);
	assert_true(target->has_share && target->share == 0.5);
	assert_true(target->yes && !target->no && target->second);
	assert_string_equal(target->format, "GTiff");
	assert_int_equal(target->file_count, 0);
	assert_true(target->precision == LU_PRECISION_FP16 && target->cell_m == 67);
}

static void values(void **state)
{
	(void)state;
	look = look_at_values;
	assert_int_equal(
		read_line("a.tif -of a -o f -j7 -b 1,2,-3 --numbers 2,1e-3 --range=-1,2.5 --words a,b --seed 1e12 "
			  "--share .5 -y "
			  "--no --fit crop -of GTiff --precision FP16 --cell 67m"),
		0);
	static const char *const wrong[] = {"--threads 0",  "--threads 1.5",     "--threads x",     "--threads _",
					    "--bands 1.5",  "--bands 1,2,3,4,5", "--range 2,1",     "--range 1",
					    "--words a,,b", "--words _",         "--words a,b,c,d", "--share 90",
					    "--share nan",  "--fit Crop",        "--seed -1",       "--yes=1",
					    "--quiet=1",    "--threads",         "--thread 1",      "-z",
					    "--yes",        "--numbers inf",     "--precision 16",  "--cell feet"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char line[64] = "a.tif ";

		assert_int_equal(read_line(strcat(line, wrong[i])), EXIT_USAGE);
	}
}

static void look_at_defaults(const struct target *target, const struct arguments *arguments)
{
	assert_string_equal(target->first, "-");
	assert_int_equal(target->file_count, 3);
	assert_string_equal(target->files[0], "b");
	assert_string_equal(target->files[1], "c");
	assert_string_equal(target->files[2], "--no");
	assert_true(target->no && !target->yes && !target->second && !target->has_share);
	assert_true(target->seed == 1);
	assert_null(target->bands);
	assert_int_equal(arguments->verbosity, VERBOSITY_NORMAL);
	assert_false(option_given(arguments, "seed"));
	assert_true(option_given(arguments, "file"));
}

static void operands(void **state)
{
	(void)state;
	look = look_at_defaults;
	assert_int_equal(read_line("- b --file c -- --no"), 0);
	assert_int_equal(read_line("- b c d e"), EXIT_USAGE);
	assert_int_equal(read_line("-q"), EXIT_USAGE);
}

static void two_lists(const struct target *target, const struct arguments *arguments)
{
	(void)arguments;
	assert_int_equal(target->band_count, 1);
	assert_int_equal(target->bands[0], 5);
	assert_int_equal(target->word_count, 1);
	assert_string_equal(target->words[0], "c d");
}

/* The later one counts, and nothing leaks (LeakSanitizer looks). */
static void said_twice(void **state)
{
	char *words[] = {(char *)(uintptr_t) "test",
			 (char *)(uintptr_t) "a",
			 (char *)(uintptr_t) "-b1,2",
			 (char *)(uintptr_t) "-b5",
			 (char *)(uintptr_t) "--words=a,b",
			 (char *)(uintptr_t) "--words= c d ",
			 NULL};

	(void)state;
	look = two_lists;
	assert_int_equal(command_start(&command, 6, words), 0);
}

/* What is not given holds as the struct begins; what that is no value of, the row says in words. */
static void defaults(void **state)
{
	static const char *const expected[][2] = {{"format", "GTiff"},   {"seed", "1"},           {"fit", "resize"},
						  {"precision", "auto"}, {"cell", "the model's"}, {"share", NULL},
						  {"threads", NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		char text[32];
		size_t k = 0;
		while (strcmp(rows[k].name, expected[i][0]) != 0)
			k++;
		const char *told = option_default(&command, &rows[k], text, sizeof(text));
		if (expected[i][1] == NULL)
			assert_null(told);
		else
			assert_string_equal(told, expected[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gdal_forms), cmocka_unit_test(values),   cmocka_unit_test(operands),
		cmocka_unit_test(said_twice), cmocka_unit_test(defaults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
