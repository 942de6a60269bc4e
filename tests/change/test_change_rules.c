/* test_change_rules.c: rules by class names become pairs of classes; a slip in a name is told with the nearest one. */
#include "change/change_rules.h"

#include "base/memory.h"
#include "support/near.h"

static char water[] = "Water", forest[] = "Forest", developed[] = "Developed", slip[] = "Developped", lower[] = "water";
static struct lu_class classes[] = {
	{.value = 1, .name = water}, {.value = 2, .name = forest}, {.value = 5, .name = developed}};
static char scheme_name[] = "three";
static const struct lu_scheme scheme = {.name = scheme_name, .classes = classes, .class_count = 3};

static void pairs_of_a_rule(void **state)
{
	char *from[] = {lower}, *to[] = {developed, forest};
	const struct lu_change_rule some = {.from = from, .from_count = 1, .to = to, .to_count = 2};
	const struct lu_change_rule whatever = {.to = to, .to_count = 1};
	bool pairs[9];
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_change_rule_bind(&some, "change.layers", &scheme, pairs, &err), err);
	for (size_t i = 0; i < 9; i++)
		assert_int_equal(pairs[i], i == 1 || i == 2);
	/* From every class, and none into itself. */
	check_ok(lu_change_rule_bind(&whatever, "change.layers", &scheme, pairs, &err), err);
	for (size_t i = 0; i < 9; i++)
		assert_int_equal(pairs[i], i == 2 || i == 5);
}

static void a_slip(void **state)
{
	char *to[] = {slip};
	const struct lu_change_rule rule = {.to = to, .to_count = 1};
	bool pairs[9];
	struct lu_error err = {0};

	(void)state;
	check_fails(lu_change_rule_bind(&rule, "change.layers", &scheme, pairs, &err), LU_ERROR_ARGUMENT, err,
		    "change.layers: 'Developped' is not a class of scheme three");
	assert_non_null(strstr(err.text, "Developed"));
}

static void later_rules_win(void **state)
{
	char *from[] = {water}, *to[] = {forest};
	struct lu_change_rule rules[] = {{.factor = .1, .from = from, .from_count = 1},
					 {.factor = 0, .from = from, .from_count = 1, .to = to, .to_count = 1}};
	const struct lu_change_keys keys = {.unlikely = rules, .unlikely_count = 2}, none = {0};
	double *allow;
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_change_allow(&keys, &scheme, &allow, &err), err);
	for (size_t i = 0; i < 9; i++)
		check_near(allow[i], i == 1 ? 0 : i == 2 ? .1 : 1, 0);
	lu_free(allow);
	check_ok(lu_change_allow(&none, &scheme, &allow, &err), err);
	assert_null(allow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_of_a_rule),
		cmocka_unit_test(a_slip),
		cmocka_unit_test(later_rules_win),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
