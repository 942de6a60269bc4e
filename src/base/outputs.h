/*
 * outputs.h: the list of files that a command has written, in its order.
 *
 * Whoever writes a file adds its name, relative to the output folder; the list is what a manifest vouches for and what
 * a person is shown at the end.
 */
#ifndef LU_BASE_OUTPUTS_H
#define LU_BASE_OUTPUTS_H

#include <stdio.h>

#include "base/inputs.h"

/*
 * Knows what is in the output folder already as this run would make it. 'made_of' is a hash of all that the file depends on,
 * of which two alike are the same bytes; NULL where the keeper knows that by the file's name.
 */
struct lu_keeper {
	bool (*keep)(void *user, const char *path, const char *made_of);
	void *user;
};

/* Starts as {0}. One thread at a time. */
struct lu_outputs {
	char **paths;
	size_t count;
	int threads; /* that compress rasters; 0: one */
	const char *const *creation_options; /* of rasters, as raster/map.h has them; borrowed */
	size_t creation_option_count;
	const struct lu_output_names *names; /* NULL, or all that may be written; borrowed */
	const struct lu_keeper *keeper; /* NULL: everything is made; borrowed */
};

/* Is 'path' there as it would be made? Then it is not made, only added. Asked once of each file that is costly to make. */
bool lu_outputs_keep(const struct lu_outputs *outputs, const char *path, const char *made_of);
enum lu_status lu_outputs_add(struct lu_outputs *outputs, struct lu_error *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* One line each, for a person; the files of a folder 'pictures' are one line together, and so are those of charts/ and stac/. */
void lu_outputs_print(FILE *to, const struct lu_outputs *outputs);
void lu_outputs_release(struct lu_outputs *outputs);

#endif
