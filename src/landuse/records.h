/*
 * records.h: what is kept from run to run: the run history, and model packages by name.
 *
 * Part of landuse.h: include that one. '*text' is the caller's: lu_text_free.
 */
#ifndef LANDUSE_RECORDS_H
#define LANDUSE_RECORDS_H

#include "core.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The run history: what train, evaluate and run did, in one GeoPackage (SQLite). 'path' NULL is
 * $LANDUSE_HISTORY, else history.gpkg in the user's own data folder. A run is named by its number.
 */
struct lu_history_metric {
	const char *name;
	double value;
};
struct lu_history_run {
	const char *kind; /* "train", "evaluate", "run", ... */
	const char *name; /* what was made or looked at */
	const char *model; /* a package's name or folder, as a job would name it; or NULL */
	const char *model_sha256, *data, *data_sha256; /* or NULL */
	const char *parameters; /* a JSON object, or NULL */
	const struct lu_history_metric *metrics;
	size_t metric_count;
	uint64_t chips; /* 0: not counted */
	double seconds; /* 0: not timed */
};
/*
 * Append one run; '*number' (may be NULL) is its number. Two writers at once, threads or programs, lose nothing.
 * LU_ERROR_BUSY: locked for long.
 */
LU_API enum lu_status lu_history_append(const char *path, const struct lu_history_run *run, int64_t *number,
					struct lu_error *err);
/* Every run of 'kind' (NULL: of any), newest last. */
LU_API enum lu_status lu_history_list(const char *path, const char *kind, bool json, char **text, struct lu_error *err);
/* All that is known of a run. LU_ERROR_ARGUMENT: there is none of this number. */
LU_API enum lu_status lu_history_show(const char *path, int64_t number, bool json, char **text, struct lu_error *err);
/* Parameters, data and metrics side by side, differences marked. */
LU_API enum lu_status lu_history_compare(const char *path, int64_t a, int64_t b, char **text, struct lu_error *err);
/* The run with the highest 'metric' (with 'lowest' the lowest), and its model. */
LU_API enum lu_status lu_history_best(const char *path, const char *metric, bool lowest, char **text,
				      struct lu_error *err);
/*
 * The areas of a class (NULL: of all) at every date of every run into an output folder; 'path' is the folder or its runs.gpkg.
 */
LU_API enum lu_status lu_history_areas(const char *path, const char *class_name, bool json, char **text,
				       struct lu_error *err);

/*
 * Model packages by name: every one on the search path, as a table or JSON; one compared with its
 * SHA-256 ('name' NULL: all of them; LU_ERROR_FORMAT when one is damaged); the folder at 'path'
 * verified and copied, durably and whole or not at all, into $LANDUSE_DATA/models or the user's own.
 * Of lu_models_verify '*text' may be there on failure too.
 */
LU_API enum lu_status lu_models_list(bool json, char **text, struct lu_error *err);
LU_API enum lu_status lu_models_verify(const char *name, char **text, struct lu_error *err);
LU_API enum lu_status lu_models_add(const char *path, char **text, struct lu_error *err);

#ifdef __cplusplus
}
#endif
#endif
