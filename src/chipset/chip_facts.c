/* chip_facts.c: set.json. See chip_facts.h. */
#include "chipset/chip_facts.h"

#include <stdlib.h>

#include "base/memory.h"
#include "raster/crs.h"
#include "raster/ground.h"

json_t *lu_chip_facts(const char *kind, const struct lu_chip_source *source, const char *format)
{
	const struct lu_imagery_options *asked = &source->request.imagery;
	json_t *imagery = json_array(), *bands = json_array();
	double gsd_m = 0;
	char *crs = lu_crs_name(source->grid.pixels.crs_wkt);

	for (size_t i = 0; i < asked->path_count; i++)
		json_array_append_new(imagery, json_string(asked->paths[i]));
	for (size_t i = 0; i < source->bands; i++)
		json_array_append_new(bands, json_integer(asked->band_count > 0 ? asked->bands[i] : (int)i + 1));
	lu_frame_gsd_m(&source->grid.pixels, &gsd_m, NULL);
	json_t *facts = json_pack("{s:s, s:s, s:o, s:s, s:i, s:i, s:f, s:s?, s:o, s:f, s:s}", "kind", kind, "landuse",
				  lu_version(), "imagery", imagery, "fingerprint", source->fingerprint, "chip_px",
				  source->grid.chip_px, "stride_px", lu_grid_stride(&source->grid), "gsd_m", gsd_m,
				  "crs", crs, "bands", bands, "min_valid", source->min_valid, "format", format);
	lu_free(crs);
	return facts;
}

enum lu_status lu_chip_facts_text(json_t *facts, char **text, struct lu_error *err)
{
	char *dump = facts != NULL ? json_dumps(facts, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) : NULL;

	*text = dump != NULL ? lu_sprintf("%s\n", dump) : NULL;
	free(dump);
	json_decref(facts);
	return *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the facts of a chip set");
}
