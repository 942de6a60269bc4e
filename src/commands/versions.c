/* versions.c: which landuse this is, its engines, and the libraries that it runs on. */
#include <jansson.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text_stream.h"
#include "landuse/core.h"
#include "nn/nn.h"
#include "raster/start.h"

static enum lu_status tell_json(char **text, struct lu_error *err)
{
	json_t *engines = json_object(), *object = NULL;
	char *dump = NULL;

	for (const char *const *name = lu_engine_names(); *name != NULL; name++) {
		struct lu_engine_facts facts;

		lu_engine_facts(*name, &facts);
		json_object_set_new(engines, *name,
				    json_pack("{s:s, s:s, s:s}", "library", facts.library, "version", facts.version,
					      "processor", facts.processor));
	}
	object = json_pack("{s:s, s:o, s:s, s:s}", "landuse", lu_version(), "engines", engines, "gdal",
			   lu_raster_gdal_version(), "proj", lu_raster_proj_version());
	dump = object != NULL ? json_dumps(object, JSON_INDENT(2)) : NULL;
	*text = dump != NULL ? lu_sprintf("%s\n", dump) : NULL;
	free(dump);
	json_decref(object);
	return *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the versions");
}

enum lu_status lu_versions(bool json, char **text, struct lu_error *err)
{
	struct lu_text_stream stream;

	if (json)
		return tell_json(text, err);
	const enum lu_status status = lu_text_begin(&stream, "the versions", err);
	if (status != LU_OK)
		return status;
	fprintf(stream.to, "landuse %s\n", lu_version());
	for (const char *const *name = lu_engine_names(); *name != NULL; name++) {
		struct lu_engine_facts facts;

		lu_engine_facts(*name, &facts);
		fprintf(stream.to, "engine %-6s  %s %s for %s\n", *name, facts.library, facts.version, facts.processor);
	}
	fprintf(stream.to, "GDAL           %s\n", lu_raster_gdal_version());
	fprintf(stream.to, "PROJ           %s\n", lu_raster_proj_version());
	return lu_text_finish(&stream, text, err);
}
