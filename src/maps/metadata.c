/* metadata.c: texts put together. */
#include "maps/metadata.h"

#include <assert.h>
#include <stdio.h>

#include "landuse/core.h"

void lu_metadata_begin(struct lu_metadata *metadata)
{
	metadata->count = 0;
	metadata->list[0] = NULL;
	lu_metadata_add(metadata, "LANDUSE_SOFTWARE", lu_version());
}

void lu_metadata_add(struct lu_metadata *metadata, const char *key, const char *value)
{
	char *text = metadata->texts[metadata->count];

	if (value == NULL)
		return;
	assert(metadata->count < LU_MOST_METADATA);
	snprintf(text, LU_METADATA_LENGTH, "%s=%s", key, value);
	metadata->list[metadata->count++] = text;
	metadata->list[metadata->count] = NULL;
}

void lu_metadata_add_number(struct lu_metadata *metadata, const char *key, long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", value);
	lu_metadata_add(metadata, key, text);
}

void lu_metadata_add_model(struct lu_metadata *metadata, const struct lu_model *model, const struct lu_scheme *scheme)
{
	lu_metadata_add(metadata, "LANDUSE_MODEL", model->name);
	lu_metadata_add(metadata, "LANDUSE_MODEL_SHA256", model->sha256);
	lu_metadata_add(metadata, "LANDUSE_SCHEME", scheme->name);
	lu_metadata_add_number(metadata, "LANDUSE_SCHEME_VERSION", scheme->version);
}
