/*
 * stac_keys.h: what a job says of a date whose imagery a STAC catalogue knows.
 */
#ifndef LU_CATALOG_STAC_KEYS_H
#define LU_CATALOG_STAC_KEYS_H

#include <stddef.h>

struct lu_stac_keys {
	char *source; /* a file or a URL: an API, a catalogue, a collection, items; NULL: the date's imagery is named */
	char *collection; /* NULL: the only one */
	char *datetime; /* NULL: the date's label */
	char *asset; /* NULL: the one that is data */
	char **token_command; /* a program that prints what the servers want to see (token.h), and its arguments */
	size_t token_word_count;
};

#endif
