/*
 * hooks.h: talking to the caller's struct lu_hooks. A NULL 'hooks' is silence.
 */
#ifndef LU_BASE_HOOKS_H
#define LU_BASE_HOOKS_H

#include "landuse/core.h"

/* Calls are serialised by one process-wide lock, so any thread may use them. */
void lu_log(const struct lu_hooks *hooks, enum lu_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void lu_progress(const struct lu_hooks *hooks, const char *stage, uint64_t done, uint64_t total);

/* True when the caller wants to stop. Lock-free. */
bool lu_cancelled(const struct lu_hooks *hooks);

#endif
