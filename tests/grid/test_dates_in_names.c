/* test_dates_in_names.c: dates in names, files by their dates, and the words for them. */
#include "grid/dates_in_names.h"

#include "support/check.h"

static void names_tell_dates(void **state)
{
	(void)state;
	static const struct {
		const char *name, *label; /* NULL: none */
	} cases[] = {{"naip_2016", "2016"},
		     {"2016", "2016"},
		     {"m_4207105_ne_19_060_20160701.tif", "2016-07-01"},
		     {"flown-2016-07-01.tif", "2016-07-01"},
		     {"2016_07_01", "2016-07-01"},
		     {"2016-07", "2016-07"},
		     {"ortho2016", "2016"},
		     {"2016_07", "2016"},
		     {"tile_2016_4207.tif", "2016"},
		     {"delivery_2017_of_20160701", "2016-07-01"},
		     {"m_4207105_ne.tif", NULL},
		     {"12016", NULL},
		     {"20161340.tif", NULL},
		     {"1850", NULL},
		     {"2100", NULL},
		     {"dem.tif", NULL},
		     {"", NULL}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char label[LU_DATE_IN_NAME] = "";
		const bool found = lu_date_in_name(cases[i].name, label);
		if (found != (cases[i].label != NULL) || (found && strcmp(label, cases[i].label) != 0))
			fail_msg("%s tells %s", cases[i].name, found ? label : "nothing");
	}
}

/* "LABEL: WORD, WORD (FILES)\n" of each date. */
static void means(const char *const *files, const bool *passed_over, size_t count, const char *wanted)
{
	struct lu_error err = {0};
	struct lu_named_date *dates;
	size_t found;
	char text[1024] = "";

	check_ok(lu_dates_in_names(files, passed_over, count, &dates, &found, &err), err);
	for (size_t i = 0; i < found; i++) {
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s:", dates[i].label);
		for (size_t k = 0; k < dates[i].imagery_count; k++)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), " %s", dates[i].imagery[k]);
		snprintf(text + strlen(text), sizeof(text) - strlen(text), " (%zu)\n", dates[i].files);
	}
	assert_string_equal(text, wanted);
	lu_named_dates_free(dates, found);
}
#define MEANS(wanted, ...)                                                                                             \
	do {                                                                                                           \
		static const char *const files[] = {__VA_ARGS__};                                                      \
		means(files, NULL, sizeof(files) / sizeof(files[0]), wanted);                                          \
	} while (0)

static void files_go_to_their_dates(void **state)
{
	(void)state;
	/* A folder dates its files, whatever day each was flown on. */
	MEANS("2010: naip_2010/ (2)\n2016: naip_2016/ (2)\n", "naip_2010/m_1_20100801.tif",
	      "naip_2010/m_2_20100912.tif", "naip_2016/m_1_20160701.tif", "naip_2016/m_2_20160702.tif");
	/* Of files in one folder each year is a date, by a pattern or by names. */
	MEANS("2009-08-01: in/*2009*.tif (2)\n2015: in/*2015*.tif (2)\n", "in/a_20090801.tif", "in/a_20150701.tif",
	      "in/b_20090801.tif", "in/b_20150702.tif");
	MEANS("2009: imagery_2009.tif (1)\n2015: imagery_2015.tif (1)\n", "imagery_2009.tif", "imagery_2015.tif");
	/* A pattern that would mean another's file, too, is none. */
	MEANS("2015: a_2015.tif b_2015.tif (2)\n2016: a_2016_was_2015.tif (1)\n", "a_2015.tif", "a_2016_was_2015.tif",
	      "b_2015.tif");
	/* Two folders of one date are its list; what tells none is said. */
	MEANS("2016: east/2016/ west/2016/ (2)\nundated: dem.tif (1)\n", "dem.tif", "east/2016/a.tif",
	      "west/2016/b.tif");
	/* What is passed over is meant by no word. */
	static const char *const masked[] = {"in/a_2016.tif", "in/b_2016.tif", "in/b_2016_mask.tif", "x/2016.tif"};
	static const bool over[] = {false, false, true, false};
	means(masked, over, 4, "2016: in/a_2016.tif in/b_2016.tif x/ (3)\n");
	/* A file beside others of no date. */
	MEANS("2016: in/2016.tif (1)\nundated: in/dem.tif (1)\n", "in/2016.tif", "in/dem.tif");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(names_tell_dates),
					   cmocka_unit_test(files_go_to_their_dates)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
