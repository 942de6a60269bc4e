/*
 * trap.h: catching what GDAL would print.
 *
 * GDAL reports through a per-thread stack of handlers, by default to stderr. Every function of
 * raster/ that calls GDAL sets a trap first and drops it last, on the same thread; the text goes
 * into struct lu_error. The first failure is kept, because it names the cause ("file too short")
 * where the later ones only name the consequence ("IReadBlock failed").
 */
#ifndef LU_RASTER_TRAP_H
#define LU_RASTER_TRAP_H

#include "base/error.h"

struct lu_trap {
	bool failed; /* an error, not a mere warning, was reported */
	char text[512]; /* one line; "" when nothing was said */
	bool keeps; /* every warning, in 'warnings' */
	char **warnings; /* a list of GDAL's (CSL), or NULL; the trap's own */
};

/* 'trap' must stay where it is until it is dropped. Traps nest. */
void lu_trap_set(struct lu_trap *trap);
void lu_trap_drop(struct lu_trap *trap);

/* From now on keep every warning until the trap is dropped. */
void lu_trap_keep_warnings(struct lu_trap *trap);

/* Forget what was caught so far. */
void lu_trap_clear(struct lu_trap *trap);

/* What GDAL said, or 'otherwise' when it said nothing. */
const char *lu_trap_text(const struct lu_trap *trap, const char *otherwise);

#endif
