/*
 * run_log.h: what a run says, with times, at the end of a file in its output folder as well as to the caller's ear.
 *
 * What is said before the folder is the run's own is kept, and written first.
 */
#ifndef LU_COMMANDS_RUN_LOG_H
#define LU_COMMANDS_RUN_LOG_H

#include "base/error.h"

struct lu_run_log;

/* '*hooks' are to be used instead of 'ear' (may be NULL) while the log lives. */
enum lu_status lu_run_log_new(const struct lu_hooks *ear, struct lu_run_log **out, const struct lu_hooks **hooks,
			      struct lu_error *err);
/* From here on FOLDER/NAME grows. */
enum lu_status lu_run_log_open(struct lu_run_log *log, const char *folder, const char *name, struct lu_error *err);
/* A line for the file alone. */
void lu_run_log_add(struct lu_run_log *log, const char *kind, const char *text);
void lu_run_log_free(struct lu_run_log *log);

#endif
