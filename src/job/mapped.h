/*
 * mapped.h: how much of the county a date's scores cover, and why not more.
 */
#ifndef LU_JOB_MAPPED_H
#define LU_JOB_MAPPED_H

#include "job/county.h"
#include "maps/class_rows.h"
#include "maps/score.h"

/*
 * LU_ERROR_MISMATCH when no cell of the county has a class at date 'date', a warning when fewer than half have one;
 * with what 'result' tells of the cells that have none.
 */
enum lu_status lu_mapped_check(const struct lu_county *county, size_t date, struct lu_class_rows rows,
			       const struct lu_score_result *result, const struct lu_hooks *hooks,
			       struct lu_error *err);

#endif
