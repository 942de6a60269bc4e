/*
 * chip_request.h: what tile and label share of their options, as chipset takes it.
 */
#ifndef LU_COMMANDS_CHIP_REQUEST_H
#define LU_COMMANDS_CHIP_REQUEST_H

#include "chipset/chip_source.h"
#include "landuse.h"

static inline struct lu_chip_request lu_chip_request(const struct lu_chip_options *options,
						     const struct lu_hooks *hooks)
{
	return (struct lu_chip_request){.imagery = {.paths = options->imagery,
						    .path_count = options->imagery_count,
						    .bands = options->bands,
						    .band_count = options->band_count,
						    .nodata = options->nodata,
						    .range = options->range},
					.grid = {.county = {.boundary = options->boundary,
							    .layer = options->layer,
							    .where = options->where,
							    .hooks = hooks},
						 .crs = options->crs,
						 .resolution = options->resolution,
						 .chip_px = options->chip_px,
						 .stride_px = options->stride_px},
					.cell = options->cell,
					.min_valid = options->min_valid};
}

#endif
