/*
 * place.c: refuses what would make square cells anything but square metres
 */
#include "place.h"

#include <cpl_error.h>
#include <math.h>
#include <stdio.h>

bool sc_place_init(struct sc_place *place, const char *crs, double east, double north, double gsd_m, int chip_px)
{
	OGRErr read;

	*place = (struct sc_place){.east = east, .north = north, .gsd_m = gsd_m, .chip_px = chip_px};
	place->crs = OSRNewSpatialReference(NULL);
	if (!place->crs)
		return false;
	CPLPushErrorHandler(CPLQuietErrorHandler);
	read = OSRSetFromUserInput(place->crs, crs);
	CPLPopErrorHandler();
	if (read != OGRERR_NONE) {
		fprintf(stderr, "sample-county: --crs %s: GDAL does not know it; name one like EPSG:26986\n", crs);
		goto fail;
	}
	if (!OSRIsProjected(place->crs) || fabs(OSRGetLinearUnits(place->crs, NULL) - 1.0) > 1e-9) {
		fprintf(stderr,
			"sample-county: --crs %s: is not a projected CRS in metres, which square cells need; "
			"name one like EPSG:26986 or EPSG:32619\n",
			crs);
		goto fail;
	}
	OSRSetAxisMappingStrategy(place->crs, OAMS_TRADITIONAL_GIS_ORDER);
	return true;
fail:
	sc_place_release(place);
	return false;
}

void sc_place_release(struct sc_place *place)
{
	if (!place)
		return;
	if (place->crs)
		OSRDestroySpatialReference(place->crs);
	*place = (struct sc_place){0};
}
