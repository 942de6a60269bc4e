/*
 * boundary_product.h: boundary.gpkg: the county's outline as it was used, in the CRS of the maps.
 */
#ifndef LU_REPORT_BOUNDARY_PRODUCT_H
#define LU_REPORT_BOUNDARY_PRODUCT_H

#include "grid/ground.h"

#define LU_BOUNDARY_NAME "boundary.gpkg"

/* Write FOLDER/boundary.gpkg durably: one feature with 'name' and its geodesic area. */
enum lu_status lu_boundary_write(const char *folder, const struct lu_ground *ground, const char *name,
				 const char *crs_wkt, struct lu_error *err);

#endif
