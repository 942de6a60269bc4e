/* test_date_labels.c: the times that labels of dates state. */
#include "grid/date_labels.h"

#include "support/near.h"

static void labels_state_times(void **state)
{
	(void)state;
	check_near(lu_date_label_year("2016"), 2016.5, 0);
	check_near(lu_date_label_year("2016-07-02"), 2016 + 182.5 / 365, 1e-9);
	check_near(lu_date_label_year("20160702"), 2016 + 182.5 / 365, 1e-9);
	check_near(lu_date_label_year("2016-01"), 2016 + 15.5 / 365, 1e-9);
	static const char *const none[] = {"",           "summer", "2016-13", "201613",
					   "2016-07-32", "20160",  "2011/07", "2016-07-0"};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_true(lu_date_label_year(none[i]) < 0);
}

static void a_date_is_told_where_there_are_several(void **state)
{
	static const char *const labels[] = {"2001", "2010"};
	char buffer[LU_DATE_ABOUT];

	(void)state;
	assert_string_equal(lu_date_about(labels, 2, 1, buffer), "date 2010: ");
	assert_string_equal(lu_date_about(labels, 1, 0, buffer), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_state_times),
		cmocka_unit_test(a_date_is_told_where_there_are_several),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
