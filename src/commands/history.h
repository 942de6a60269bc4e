/*
 * history.h: the run history inside the library: reading runs back.
 *
 * Appending is lu_history_append (landuse.h): a command calls it once, when its outputs are whole.
 * Each run is a row of table "runs": finished (UTC), kind, name, model, model_sha256, data,
 * data_sha256, parameters and metrics (JSON objects), chips, seconds, chips_per_second, landuse (the
 * version); the row's number is the run's.
 */
#ifndef LU_COMMANDS_HISTORY_H
#define LU_COMMANDS_HISTORY_H

#include <jansson.h>

#include "landuse/records.h"

/* One run as read; owned by struct lu_history. */
struct lu_past_run {
	int64_t number;
	char *finished, *kind, *name, *model, *model_sha256, *data, *data_sha256, *version; /* NULL: not known */
	json_t *parameters, *metrics; /* objects, perhaps empty */
	int64_t chips;
	double seconds, chips_per_second;
};

struct lu_history {
	char *path;
	struct lu_past_run *runs; /* oldest first */
	size_t count;
};

/* Read the history at 'path' (NULL: the usual place). The usual one that does not exist has no runs. */
enum lu_status lu_history_read(const char *path, struct lu_history *out, struct lu_error *err);
void lu_history_release(struct lu_history *history);

#endif
