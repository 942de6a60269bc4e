/*
 * record.h: train and evaluate write themselves into the run history.
 *
 * The history must not cost anybody their work: what cannot be recorded is a warning.
 */
#ifndef LU_COMMANDS_RECORD_H
#define LU_COMMANDS_RECORD_H

#include <jansson.h>

#include "base/hash.h"
#include "chipset/labelled_set.h"
#include "landuse/records.h"
#include "learn/metrics.h"

/*
 * Append 'run' with the set's path, the metrics (overall_accuracy, kappa, f1 (macro), ece) and
 * 'parameters' (taken over). 'path' is the history's, NULL the usual one. The caller leaves the run's
 * data, parameters and metrics empty.
 */
void lu_record(const char *path, const struct lu_history_run *run, const struct lu_labelled_set *set,
	       const char (*sha256)[LU_SHA256_HEX], const struct lu_metrics *metrics, json_t *parameters,
	       const struct lu_hooks *hooks);

/*
 * One hash for a labelled set, whatever its place and names: of each chip's class, split and picture,
 * in the set's order. 'sha256' has one entry a chip, "" where it was not read.
 */
enum lu_status lu_set_fingerprint(const struct lu_labelled_set *set, const char (*sha256)[LU_SHA256_HEX],
				  char hex[LU_SHA256_HEX], struct lu_error *err);

#endif
