/* test_sample_table.c: a labelled sample read from a table, and its design told by strata and weights alone. */
#include "accuracy/sample_table.h"

#include <unistd.h>

#include "support/near.h"

static char path[80];

static enum lu_status read_text(const char *text, const char *reference_field, struct lu_sample_table *out,
				struct lu_error *err)
{
	const struct lu_sample_source source = {.path = path, .reference_field = reference_field};
	char folder[64];

	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/sample.csv", folder);
	FILE *to = fopen(path, "w");
	assert_non_null(to);
	assert_true(fputs(text, to) >= 0);
	assert_int_equal(fclose(to), 0);
	*out = (struct lu_sample_table){0};
	const enum lu_status status = lu_sample_table_read(&source, out, err);
	unlink(path);
	rmdir(folder);
	return status;
}

static void weights_tell_the_design(void **state)
{
	struct lu_sample_table table;
	struct lu_error err = {0};

	(void)state;
	check_ok(read_text("stratum,map,reference,weight\n"
			   "Forest,1,1,250\nForest,1,2,250\nWater,2,,50\nForest,1,1,250\n",
			   NULL, &table, &err),
		 err);
	assert_int_equal(table.count, 4);
	assert_null(table.rows[2].reference);
	assert_true(table.has_map_field);
	assert_false(table.has_design);
	check_ok(lu_sample_table_infer(&table, &err), err);
	assert_int_equal(table.stratum_count, 2);
	const int64_t forest = lu_sample_table_stratum(&table, &table.rows[0]);
	const int64_t water = lu_sample_table_stratum(&table, &table.rows[2]);
	assert_true(forest >= 0 && water >= 0 && forest != water);
	check_near(table.strata[forest].cells, 750, 1e-9);
	check_near(table.strata[water].cells, 50, 1e-9);
	lu_sample_table_release(&table);
}

/* One row without a weight: nothing can be told of the design. */
static void a_weight_is_missing(void **state)
{
	struct lu_sample_table table;
	struct lu_error err = {0};

	(void)state;
	check_ok(read_text("stratum,reference,weight\nForest,1,250\nForest,1,\n", NULL, &table, &err), err);
	check_ok(lu_sample_table_infer(&table, &err), err);
	assert_int_equal(table.stratum_count, 0);
	lu_sample_table_release(&table);
}

static void the_field_of_labels(void **state)
{
	struct lu_sample_table table;
	struct lu_error err = {0};

	(void)state;
	check_ok(read_text("seen,map\nForest,1\n", "seen", &table, &err), err);
	assert_string_equal(table.rows[0].reference, "Forest");
	lu_sample_table_release(&table);
	check_fails(read_text("seen,map\nForest,1\n", NULL, &table, &err), LU_ERROR_ARGUMENT, err, "it has: seen, map");
	lu_sample_table_release(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_tell_the_design),
		cmocka_unit_test(a_weight_is_missing),
		cmocka_unit_test(the_field_of_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
