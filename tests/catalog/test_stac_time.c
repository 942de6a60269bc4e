/* test_stac_time.c: times to seconds and back, compared with `date -u -d TEXT +%s`. */
#include "catalog/stac_time.h"

#include "support/check.h"

static const struct {
	const char *text;
	int64_t from, to;
} good[] = {
	{"1970-01-01", 0, 86399},
	{"2016", 1451606400, 1483228799},
	{"2016-02", 1454284800, 1456790399},
	{"2016-02-29", 1456704000, 1456790399},
	{"1900-03-01", -2203891200, -2203804801},
	{"2016-07-01T12:30:05Z", 1467376205, 1467376205},
	{"2016-07-01T12:30:05.123456Z", 1467376205, 1467376205},
	{"2016-07-01t14:30:05+02:00", 1467376205, 1467376205},
	{"2016-07-01 07:00:05-05:30", 1467376205, 1467376205},
	{"2016-06/2016-08-15", 1464739200, 1471305599},
	{"2016/..", 1451606400, INT64_MAX},
	{"../2016-01-01T00:00:00Z", INT64_MIN, 1451606400},
};

static void times_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct lu_span span = {0};
		if (!lu_span_read(good[i].text, &span) || span.from != good[i].from || span.to != good[i].to)
			fail_msg("%s: %lld to %lld", good[i].text, (long long)span.from, (long long)span.to);
	}
}

static void what_is_no_time_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
					  "16",
					  "2016-13",
					  "2016-00",
					  "2015-02-29",
					  "2016-04-31",
					  "2016-07-1",
					  "2016-07-01T12",
					  "2016-07-01T25:00:00Z",
					  "../..",
					  "/",
					  "2017/2016",
					  "summer",
					  "2016-07-01T12:00:00",
					  "2016 ",
					  "2016/2017/..",
					  "2016-07-01T12:00:00Zz"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct lu_span span;
		if (lu_span_read(bad[i], &span))
			fail_msg("'%s' was taken for a time", bad[i]);
	}
}

static void a_span_is_printed_as_it_is_read(void **state)
{
	(void)state;
	static const char *const texts[] = {"2016-01-01T00:00:00Z/2016-12-31T23:59:59Z", "1900-02-28T00:00:00Z/..",
					    "../2000-02-29T11:22:33Z", "2024-12-31T00:00:00Z/2025-01-01T00:00:00Z"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct lu_span span;
		char text[LU_SPAN_TEXT];
		assert_true(lu_span_read(texts[i], &span));
		assert_string_equal(lu_span_print(span, text), texts[i]);
	}
	/* Every day of 500 years, there and back. */
	for (int64_t day = -70000; day < 110000; day += 1) {
		struct lu_span span = {day * 86400, day * 86400 + 1}, again;
		char text[LU_SPAN_TEXT];
		assert_true(lu_span_read(lu_span_print(span, text), &again));
		assert_true(again.from == span.from && again.to == span.to);
	}
}

static void spans_meet_where_they_share_a_second(void **state)
{
	(void)state;
	assert_true(lu_spans_meet((struct lu_span){0, 5}, (struct lu_span){5, 9}));
	assert_false(lu_spans_meet((struct lu_span){0, 5}, (struct lu_span){6, 9}));
	assert_true(lu_spans_meet(LU_SPAN_OPEN, (struct lu_span){6, 9}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(times_are_read),
					   cmocka_unit_test(what_is_no_time_is_refused),
					   cmocka_unit_test(a_span_is_printed_as_it_is_read),
					   cmocka_unit_test(spans_meet_where_they_share_a_second)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
