/* package_errors.c: counts of model classes gathered to counts of map classes. */
#include "change/package_errors.h"

#include "base/memory.h"
#include "change/error_model.h"

const char *const lu_error_source_names[] = {[LU_ERRORS_NONE] = "none", [LU_ERRORS_PACKAGE] = "package", NULL};

bool lu_package_errors_used(const struct lu_change_keys *keys, size_t dates, const struct lu_model *model)
{
	return dates > 1 && keys->error_model == LU_ERRORS_PACKAGE && model->confusion != NULL;
}

enum lu_status lu_package_errors_check(const struct lu_change_keys *keys, const struct lu_model *model,
				       struct lu_error *err)
{
	if (keys->error_model != LU_ERRORS_PACKAGE || model->confusion != NULL)
		return LU_OK;
	return lu_fail(err, LU_ERROR_ARGUMENT,
		       "change: error_model is package, but model %s carries no confusion matrix (landuse:confusion in "
		       "model.json; say none)",
		       model->name);
}

enum lu_status lu_package_errors_blend(const struct lu_model *model, const struct lu_regroup *regroup,
				       const double *trained, double **blend, struct lu_error *err)
{
	const size_t from = regroup->model_count, to = regroup->map_count;
	double *counts = NULL;
	enum lu_status status;

	*blend = NULL;
	LU_TRY(lu_alloc(&counts, to * to, sizeof(*counts), "a confusion matrix", err));
	LU_TRY(lu_alloc(blend, to * to, sizeof(**blend), "a confusion matrix", err));
	for (size_t i = 0; i < from * from; i++) {
		const int said = regroup->member_of[i / from], true_class = regroup->member_of[i % from];
		if (said >= 0 && true_class >= 0)
			counts[(size_t)said * to + (size_t)true_class] += model->confusion[i];
	}
	lu_error_model(counts, to, trained, *blend);
out:
	lu_free(counts);
	return status;
}
