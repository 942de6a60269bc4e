/*
 * mapped.h: how much of the county a date's scores cover, and why not more.
 */
#ifndef LU_JOB_MAPPED_H
#define LU_JOB_MAPPED_H

#include "job/county.h"
#include "maps/score.h"

/*
 * LU_ERROR_MISMATCH when 'mapped', the county's cells that have a class at date 'date', is 0, a warning when it is fewer
 * than half;
 * with what 'result' tells of the cells that have none.
 */
enum lu_status lu_mapped_check(const struct lu_county *county, size_t date, uint64_t mapped,
			       const struct lu_score_result *result, const struct lu_hooks *hooks,
			       struct lu_error *err);

#endif
