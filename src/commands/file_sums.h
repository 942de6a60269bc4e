/*
 * file_sums.h: the SHA-256 of many files at once, on as many threads as there are.
 */
#ifndef LU_COMMANDS_FILE_SUMS_H
#define LU_COMMANDS_FILE_SUMS_H

#include "base/hash.h"
#include "base/inputs.h"

struct lu_manifest; /* runs/manifest_read.h */

/* Read those of the 'count' files that have no sum yet; one that cannot be read gets none. LU_ERROR_CANCELLED by the hooks. */
enum lu_status lu_file_sums(const char *const *paths, size_t count, int threads, const struct lu_hooks *hooks,
			    struct lu_file_sum *sums, struct lu_error *err);

/*
 * The sums of a run's inputs, '*out' lu_free'd by the caller. One whose number and times are what 'former' (may be NULL) says
 * has the sum that stands there; one that was changed since it was opened has none.
 */
enum lu_status lu_input_sums(const struct lu_inputs *inputs, struct lu_manifest *former, int threads,
			     const struct lu_hooks *hooks, struct lu_file_sum **out, struct lu_error *err);

#endif
