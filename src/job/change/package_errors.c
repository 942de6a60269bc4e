/* package_errors.c: counts of model classes gathered to counts of map classes. */
#include "job/change/package_errors.h"

#include "base/memory.h"
#include "change/error_model.h"

bool lu_package_errors_used(const struct lu_county *county)
{
	return county->job->date_count > 1 && county->job->change.error_model == LU_ERRORS_PACKAGE &&
	       county->model->confusion != NULL;
}

enum lu_status lu_package_errors_check(const struct lu_county *county, struct lu_error *err)
{
	if (county->job->change.error_model != LU_ERRORS_PACKAGE || county->model->confusion != NULL)
		return LU_OK;
	return lu_fail(err, LU_ERROR_ARGUMENT,
		       "change: error_model is package, but model %s carries no confusion matrix (landuse:confusion in "
		       "model.json; say none)",
		       county->model->name);
}

enum lu_status lu_package_errors_blend(const struct lu_county *county, const double *trained, double **blend,
				       struct lu_error *err)
{
	const struct lu_regroup *regroup = county->regroup;
	const size_t from = regroup->model_count, to = regroup->map_count;
	double *counts = NULL;
	enum lu_status status;

	*blend = NULL;
	if (!lu_package_errors_used(county))
		return LU_OK;
	status = lu_alloc(&counts, to * to, sizeof(*counts), "a confusion matrix", err);
	if (status == LU_OK)
		status = lu_alloc(blend, to * to, sizeof(**blend), "a confusion matrix", err);
	for (size_t i = 0; i < from * from && status == LU_OK; i++) {
		const int said = regroup->member_of[i / from], true_class = regroup->member_of[i % from];
		if (said >= 0 && true_class >= 0)
			counts[(size_t)said * to + (size_t)true_class] += county->model->confusion[i];
	}
	if (status == LU_OK)
		lu_error_model(counts, to, trained, *blend);
	lu_free(counts);
	return status;
}
