/*
 * stac_catalogue.h: stac/: the outputs of a run as a STAC collection, for programs that look for maps and not for folders.
 *
 *	stac/collection.json	the county, its box and time, tables and reports as assets
 *	stac/2016/landuse.json	an item for each raster, in the folder of its own name: place, time, classes, colours, checksum
 *	stac/model.json		the model's own item; its network is named by its SHA-256 (RFC 6920), as it lies elsewhere
 *
 * STAC 1.0.0 with the extensions projection 1.1, raster 1.1, classification 2.0, file 2.1, processing 1.1 and mlm 1.5. Links are
 * relative: the output folder can be moved or served. The same outputs give the same bytes; nothing tells when they were made.
 */
#ifndef LU_REPORT_STAC_CATALOGUE_H
#define LU_REPORT_STAC_CATALOGUE_H

#include "base/outputs.h"
#include "maps/statistics.h"
#include "models/model.h"

#define LU_STAC_FOLDER "stac"

struct lu_stac_catalogue {
	const char *folder; /* of the outputs */
	const struct lu_county_statistics *statistics;
	const struct lu_model *model;
};

/* The item's name of the raster 'name', both relative to the output folder: "stac/2016/landuse.json"; lu_free it. NULL: no memory. */
char *lu_stac_item_name(const char *name);

/* Write all of it durably, of the files in 'outputs' so far, and note it there. */
enum lu_status lu_stac_catalogue_write(const struct lu_stac_catalogue *catalogue, struct lu_outputs *outputs,
				       struct lu_error *err);

#endif
