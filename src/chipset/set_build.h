/*
 * set_build.h: inside a labelled set: classes, chips and what is passed over go in, one at a time.
 */
#ifndef LU_CHIPSET_SET_BUILD_H
#define LU_CHIPSET_SET_BUILD_H

#include "chipset/labelled_set.h"

enum lu_status lu_set_no_memory(struct lu_error *err);

/* The number of class 'name', added when it is new. */
enum lu_status lu_set_class(struct lu_labelled_set *set, const char *name, size_t *class, struct lu_error *err);

/* Add a chip; 'path' becomes the set's, also on failure. NULL is taken for a path that memory had no room for. */
enum lu_status lu_set_chip(struct lu_labelled_set *set, char *path, size_t class, enum lu_split split,
			   const char *block, struct lu_error *err);

/* Count one more, and keep 'name' if it is the first. Memory running out costs the example only. */
void lu_set_count(struct lu_tally_of_names *names, const char *name);

/*
 * Once all chips are in, in the order of the index's rows: a file that was there before is dropped when class, split,
 * block and weight are the same, and LU_ERROR_MISMATCH otherwise. Two paths are one file when they lead to the same
 * place. 'index' is named in messages; NULL: the chips come from class folders.
 */
enum lu_status lu_set_drop_repeats(struct lu_labelled_set *set, const char *index, struct lu_error *err);

#endif
