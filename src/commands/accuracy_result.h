/*
 * accuracy_result.h: an assessment or an evaluation as the struct lu_accuracy of landuse/statistics.h.
 */
#ifndef LU_COMMANDS_ACCURACY_RESULT_H
#define LU_COMMANDS_ACCURACY_RESULT_H

#include "accuracy/assessment.h"
#include "report/evaluation.h"

struct lu_accuracy;

/* Copies, which are the caller's: lu_accuracy_free. */
enum lu_status lu_accuracy_of_assessment(const struct lu_assessment *assessment, const struct lu_accuracy **out,
					 struct lu_error *err);
enum lu_status lu_accuracy_of_evaluation(const struct lu_evaluation *evaluation, const struct lu_accuracy **out,
					 struct lu_error *err);

#endif
