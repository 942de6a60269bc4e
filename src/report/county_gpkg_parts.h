/*
 * county_gpkg_parts.h: inside report/ only: the layers of county.gpkg, each begun, filled and described.
 */
#ifndef LU_REPORT_COUNTY_GPKG_PARTS_H
#define LU_REPORT_COUNTY_GPKG_PARTS_H

#include "accuracy/figure.h"
#include "raster/vector_tables.h"
#include "report/county_gpkg.h"

/* The list of codes of classes. */
#define LU_CLASS_CODES "landuse_class"

enum { LU_HECTARE_DECIMALS = 4 /* a square metre */ };

static inline struct lu_vector_value lu_hectares(double m2)
{
	return isfinite(m2) ? lu_vector_rounded(m2 / 1e4, LU_HECTARE_DECIMALS) : (struct lu_vector_value){0};
}

/* What a labelled sample says, in hectares: NULL where it says nothing. */
static inline struct lu_vector_value lu_sampled(bool known, double ha)
{
	return known ? lu_vector_rounded(ha, LU_HECTARE_DECIMALS) : (struct lu_vector_value){0};
}
static inline struct lu_vector_value lu_sampled_ha(const struct lu_figure *f)
{
	return lu_sampled(f != NULL, f != NULL ? f->value : 0);
}
static inline struct lu_vector_value lu_sampled_low_ha(const struct lu_figure *f)
{
	return lu_sampled(f != NULL && f->bounded, f != NULL ? f->within.low : 0);
}
static inline struct lu_vector_value lu_sampled_high_ha(const struct lu_figure *f)
{
	return lu_sampled(f != NULL && f->bounded, f != NULL ? f->within.high : 0);
}

/* Are the cells to be there? */
bool lu_county_cells_wanted(const struct lu_county_gpkg *task);

/* landuse_DATE of every date, and the cells. */
enum lu_status lu_county_dissolved_add(const struct lu_county_gpkg *task, struct lu_vector_writer *writer,
				       struct lu_error *err);
enum lu_status lu_county_cells_add(const struct lu_county_gpkg *task, struct lu_vector_writer *writer,
				   struct lu_error *err);

/* Candidates of all pairs and layers in one, zones, boundary. */
enum lu_status lu_county_places_add(const struct lu_county_gpkg *task, struct lu_vector_writer *writer,
				    struct lu_error *err);

/* The tables. */
enum lu_status lu_county_tables_add(const struct lu_county_gpkg *task, struct lu_vector_writer *writer,
				    struct lu_error *err);

/* "landuse_2016_07_01": the layer of a date; lu_free it. */
char *lu_county_layer(const char *name, const char *date);

/* A row of a table of zones' class areas: zone, date, class code, class, area_ha, and what a sample says: area, limits, way. */
enum { LU_ZONE_AREA_COLUMNS = 9 };
void lu_zone_area_row(const struct lu_county_statistics *statistics, const struct lu_zone_statistics *zone, size_t date,
		      size_t class, struct lu_vector_value values[LU_ZONE_AREA_COLUMNS]);

#endif
