/*
 * county_gpkg.h: county.gpkg: all that a run found as one GeoPackage for programs and for GIS.
 *
 * Layers of shapes: landuse_DATE (an area a class), cells, candidates, zones, boundary. Tables: classes, dates, class_areas,
 * transitions, class_changes, zone_class_areas, zone_class_changes, about. A row a figure, units in the names, hectares to a
 * square metre; tables refer to each other, and every table and column says what it is. docs/outputs.md is its dictionary.
 * The same outputs give the same bytes.
 */
#ifndef LU_REPORT_COUNTY_GPKG_H
#define LU_REPORT_COUNTY_GPKG_H

#include "base/hooks.h"
#include "grid/ground.h"
#include "maps/statistics.h"
#include "maps/zones.h"

#define LU_COUNTY_GPKG "county.gpkg"

/* What of it is wanted. */
enum lu_geopackage {
	LU_GEOPACKAGE_AUTO, /* cells, too, where there are not more than LU_GEOPACKAGE_MOST_CELLS */
	LU_GEOPACKAGE_CELLS_TOO,
	LU_GEOPACKAGE_NO_CELLS,
	LU_GEOPACKAGE_NONE,
};
enum { LU_GEOPACKAGE_MOST_CELLS = 100000 /* some 25 MB, and seconds */ };
extern const char *const lu_geopackage_names[]; /* as a job says them; NULL at the end */

/* All borrowed. The rasters and the layers of candidates are in the folder. */
struct lu_county_gpkg {
	const char *folder;
	enum lu_geopackage wanted;
	const struct lu_county_statistics *statistics;
	const struct lu_ground *ground;
	const struct lu_zones *zones; /* NULL: none */
	char *const *outputs; /* names of files in the folder: candidates are PAIR/NAME.gpkg among them */
	size_t output_count;
	const struct lu_hooks *hooks; /* hear that cells are left out */
};

/* Write FOLDER/county.gpkg, which appears when it is whole. */
enum lu_status lu_county_gpkg_write(const struct lu_county_gpkg *task, struct lu_error *err);

#endif
