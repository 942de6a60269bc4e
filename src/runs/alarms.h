/*
 * alarms.h: changes between the last two dates that somebody wants to hear of.
 *
 * A class's net gain is told by the flagged cells that became it, less those that were it. Of flagged cells a part is expected
 * to be false; an alarm fires where the net gain that remains at the lower end of Wilson's interval (the model's own words, as
 * lu_statistics_true_m2 has them) is still above what was asked for. Patches of a layer fire by the hectares of those between
 * the last two dates that the run before had not; a first run has none that are new.
 */
#ifndef LU_RUNS_ALARMS_H
#define LU_RUNS_ALARMS_H

#include "change/new_patches.h"
#include "job/job_file.h"
#include "maps/statistics.h"
#include "models/scheme.h"

/* LU_ERROR_ARGUMENT where an alarm names no class of the scheme, or no layer of the job: before the work, not after it. */
enum lu_status lu_alarms_check(const struct lu_job *job, const struct lu_scheme *scheme, struct lu_error *err);

/* '*text' (lu_free it) has a line for each alarm that fired, '*fired' of them. */
enum lu_status lu_alarms_find(const struct lu_job *job, const struct lu_county_statistics *statistics,
			      const struct lu_new_patches *news, size_t *fired, char **text, struct lu_error *err);

#endif
