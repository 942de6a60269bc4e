/*
 * metadata.h: the "KEY=VALUE" texts that a raster is given, as a list for lu_map_spec.
 */
#ifndef LU_MAPS_METADATA_H
#define LU_MAPS_METADATA_H

#include <stddef.h>

#include "models/model.h"
#include "models/scheme.h"

enum { LU_MOST_METADATA = 16, LU_METADATA_LENGTH = 512 };

/* Some kilobytes; it must stay where it is, since 'list' points into it. */
struct lu_metadata {
	char texts[LU_MOST_METADATA][LU_METADATA_LENGTH];
	const char *list[LU_MOST_METADATA + 1]; /* NULL-terminated */
	size_t count;
};

/* Begin with LANDUSE_SOFTWARE, this library's version. */
void lu_metadata_begin(struct lu_metadata *metadata);

/* Add a text, cut where it is too long; 'value' NULL adds nothing. */
void lu_metadata_add(struct lu_metadata *metadata, const char *key, const char *value);
void lu_metadata_add_number(struct lu_metadata *metadata, const char *key, long long value);
/* Add the model and the scheme, each with what tells its version. */
void lu_metadata_add_model(struct lu_metadata *metadata, const struct lu_model *model, const struct lu_scheme *scheme);

#endif
