/* test_words.c: names in either case, with accents of both kinds and blanks of all kinds; lists and distances. */
#include "base/words.h"

#include <string.h>

#include "support/check.h"

static void names_are_the_same_in_either_case(void **state)
{
	(void)state;
	assert_true(lu_same_name("Water", "WATER"));
	assert_true(lu_same_name("Forêt", "FORÊT"));
	assert_true(lu_same_name("Лес", "ЛЕС"));
	assert_true(lu_same_name("Δάσος", "ΔΆΣΟΣ"));
	assert_true(lu_same_name("Developed,  Open\tSpace ", " developed, open space"));
	assert_true(lu_same_name("Open\xc2\xa0Water", "open water")); /* a no-break space */
	assert_true(lu_same_name("For\xea"
				 "t",
				 "FORÊT")); /* Latin-1 */
	assert_true(lu_same_name("Fore\xcc\x82t", "Forêt")); /* the accent behind its letter */
	assert_false(lu_same_name("Foret", "Forêt"));
	assert_false(lu_same_name("Open Water", "OpenWater"));
	assert_false(lu_same_name("Water", "Waters"));
	assert_false(lu_same_name("", "Water"));
	assert_true(lu_same_name("  ", ""));
}

static void labels_may_be_numbers(void **state)
{
	(void)state;
	assert_true(lu_same_label("4", "4.0"));
	assert_true(lu_same_label("Farm", "farm"));
	assert_false(lu_same_label("4", "40"));
	assert_false(lu_same_label("nan", "4"));
}

static void distances(void **state)
{
	(void)state;
	assert_int_equal(lu_word_distance("FORÊT", "forêt"), 0);
	assert_int_equal(lu_word_distance("Forest", "Forrest"), 1);
	assert_int_equal(lu_word_distance("Лес", "Лис"), 1);
	assert_int_equal(lu_word_distance("rnu", "run"), 1); /* changed places: one slip of a hand */
	assert_int_equal(lu_word_distance("rnu", "urn"), 2);
	assert_true(lu_word_distance("a word of more letters than any class of land that was ever mapped has", "a") >
		    64);
}

static void lists_are_cut(void **state)
{
	(void)state;
	const char *const names[] = {"Water", "Developed", "Barren", "Forest", "Shrub"};
	char room[200], little[48];

	assert_string_equal(lu_name_list(names, 5, room, sizeof(room)), "Water, Developed, Barren, Forest, Shrub");
	assert_string_equal(lu_name_list(names, 5, little, sizeof(little)), "Water, Developed, ... (3 more)");
	assert_string_equal(lu_name_list(names, 0, room, sizeof(room)), "");
}

static void nothing_has_names(void **state)
{
	(void)state;
	assert_true(lu_means_nothing("NA"));
	assert_true(lu_means_nothing(" n/a "));
	assert_true(lu_means_nothing("NaN"));
	assert_false(lu_means_nothing("Nadelwald"));
	assert_false(lu_means_nothing(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_the_same_in_either_case),
		cmocka_unit_test(labels_may_be_numbers),
		cmocka_unit_test(distances),
		cmocka_unit_test(lists_are_cut),
		cmocka_unit_test(nothing_has_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
