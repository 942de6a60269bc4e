/*
 * place.h: where on earth the picture lies
 */
#ifndef SC_PLACE_H
#define SC_PLACE_H

#include <ogr_srs_api.h>
#include <stdbool.h>

struct sc_place {
	OGRSpatialReferenceH crs; /* owned */
	double east, north; /* north-west corner */
	double gsd_m;
	int chip_px;
};

/*
 * Find the CRS by name. Returns false, with a line on stderr, when it is unknown, geographic or not in metres;
 * then nothing is held.
 */
bool sc_place_init(struct sc_place *place, const char *crs, double east, double north, double gsd_m, int chip_px);

void sc_place_release(struct sc_place *place);

#endif
