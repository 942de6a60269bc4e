/*
 * set_leaks.h: does a set's own split put on two sides what belongs together, and what is in it twice under two names?
 */
#ifndef LU_LEARN_SET_LEAKS_H
#define LU_LEARN_SET_LEAKS_H

#include "base/hash.h"
#include "chipset/labelled_set.h"

/*
 * Two chips '*a' and '*b' with the same name on different sides, where '*leaks' says that there are
 * some. Sides are test, validate and the rest. 'names' has one a chip, "" for none; NULL: their blocks.
 */
enum lu_status lu_set_leak(const struct lu_labelled_set *set, const char *const *names, bool *leaks, size_t *a,
			   size_t *b, struct lu_error *err);

/*
 * How many chips have the bytes of another before them. 'sha256' has one a chip, "" for none. Of chips that also differ
 * in class '*first' and '*second' are two; equal where there are none.
 */
enum lu_status lu_set_copies(const struct lu_labelled_set *set, const char (*sha256)[LU_SHA256_HEX], size_t *copies,
			     size_t *first, size_t *second, struct lu_error *err);

#endif
