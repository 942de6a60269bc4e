/* test_memory_fails.c: packages, schemes, legends: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "models/legend.h"
#include "models/model.h"
#include "models/scheme.h"

static enum lu_status package(struct lu_error *err)
{
	struct lu_model *model = NULL;
	const enum lu_status status = lu_model_read("models/aerial-21", &model, err);

	if (status == LU_OK)
		assert_true(model->class_count == 21 && model->default_scheme != NULL && model->license != NULL);
	lu_model_free(model);
	return status;
}

static enum lu_status scheme(struct lu_error *err)
{
	struct lu_scheme *found = NULL;
	struct lu_legend legend = {0};
	enum lu_status status;

	LU_TRY(lu_scheme_read("config/schemes/landcover-7.yaml", &found, err));
	LU_TRY(lu_legend_of_scheme(found, &legend, err));
	LU_TRY(lu_legend_add_uncertain(&legend, err));
out:
	lu_legend_release(&legend);
	lu_scheme_free(found);
	return status;
}

static void package_fails(void **state)
{
	(void)state;
	check_every_allocation(package);
}

static void scheme_fails(void **state)
{
	(void)state;
	check_every_allocation(scheme);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(package_fails), cmocka_unit_test(scheme_fails)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
