/*
 * mapped.h: how much of the county a date's scores cover, and why not more.
 */
#ifndef LU_MAPS_MAPPED_H
#define LU_MAPS_MAPPED_H

#include "maps/score.h"

/*
 * LU_ERROR_MISMATCH when 'mapped', the county's cells that got a class by 'task', is 0, a warning when it is fewer than
 * half; with what 'result' tells of the cells that have none. 'about' ("date 2010: ") goes before the former.
 */
enum lu_status lu_mapped_check(const struct lu_score_task *task, const struct lu_score_result *result, uint64_t mapped,
			       const char *about, struct lu_error *err);

#endif
