/*
 * package_errors.h: what a model package knows of its own mistakes, as the error model of change detection.
 *
 * The package's confusion matrix counts its own classes; the map's are gathered from them by the scheme. Mistakes
 * between classes that the scheme joins are none on the map.
 */
#ifndef LU_CHANGE_PACKAGE_ERRORS_H
#define LU_CHANGE_PACKAGE_ERRORS_H

#include "change/change_keys.h"
#include "models/model.h"
#include "models/regroup.h"

/* True when the change detection of 'dates' dates doubts answers by the package's confusion matrix. */
bool lu_package_errors_used(const struct lu_change_keys *keys, size_t dates, const struct lu_model *model);

/* LU_ERROR_ARGUMENT when the keys ask for a matrix that the package does not carry. */
enum lu_status lu_package_errors_check(const struct lu_change_keys *keys, const struct lu_model *model,
				       struct lu_error *err);

/*
 * The table that lu_timelines_new takes, classes of the scheme squared: '*blend' is the caller's. 'trained' are the
 * shares that the classes of the scheme had in training; the model carries a matrix.
 */
enum lu_status lu_package_errors_blend(const struct lu_model *model, const struct lu_regroup *regroup,
				       const double *trained, double **blend, struct lu_error *err);

#endif
