/*
 * county_metadata.h: what the maps of a job say of their origin, in the metadata of each raster.
 */
#ifndef LU_RUNS_COUNTY_METADATA_H
#define LU_RUNS_COUNTY_METADATA_H

#include "job/county.h"
#include "maps/metadata.h"

/* Begin 'metadata' and add all that the maps of 'date' come from: label, model, scheme, precision, imagery. */
void lu_county_metadata(const struct lu_county *county, size_t date, struct lu_metadata *metadata);

#endif
