/*
 * stale.h: what a former run of a job wrote and this one does not goes, by the former manifest: a date that was taken out of the
 * job leaves no map behind.
 *
 * A file of anybody else's stays: one that no manifest names, one that is not as it was written, one of another job.
 */
#ifndef LU_RUNS_STALE_H
#define LU_RUNS_STALE_H

#include "base/inputs.h"
#include "base/outputs.h"
#include "runs/manifest_read.h"

struct lu_job; /* job_file.h */

/*
 * 'outputs' are whole in 'folder', and no manifest vouches for them yet: remove what 'former' (may be NULL) names beside them
 * and 'inputs' does not have, and folders that are empty then. Told to the hooks. LU_ERROR_IO: something cannot be removed.
 */
enum lu_status lu_stale_remove(const char *folder, const struct lu_job *job, const struct lu_manifest *former,
			       const struct lu_inputs *inputs, const struct lu_outputs *outputs,
			       const struct lu_hooks *hooks, struct lu_error *err);

#endif
