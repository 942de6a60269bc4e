/*
 * zones.h: the figures of zones of a county: towns, watersheds, any areas of a vector layer.
 *
 * A zone is cut to the county by its outline, and a cell that the zone's line cuts counts by its exact
 * share, as at the county's own line (cell_area.h). So in every zone, at every date
 *
 *	sum of class areas + not mapped = the zone's part inside the county
 *
 * and zones that tile the county add up to it. A cell on the line between two towns is a cell of both:
 * areas add up, counts of cells do not.
 *
 * All zones and dates are done in one pass over the maps. Memory: the outlines, a span or a clipped
 * polygon for each run and cut cell of a zone, and (classes + 1)^2 x 16 bytes for each zone and date or
 * pair of dates; nothing for each cell of the map.
 */
#ifndef LU_MAPS_ZONES_H
#define LU_MAPS_ZONES_H

#include "base/hash.h"
#include "base/outputs.h"
#include "grid/date_pairs.h"
#include "grid/ground.h"
#include "maps/class_rows.h"
#include "maps/products.h"
#include "maps/statistics.h"
#include "raster/zones.h"

struct lu_zones;

/*
 * Read the zones of 'source' ('*out' NULL: its path is NULL), in the CRS of 'cells', and cut them to the county. Zones
 * that share less than a millionth of their area with it are left out, and told. The texts of 'source', 'cells' and
 * 'ground' must outlive them.
 */
enum lu_status lu_zones_open(const struct lu_zones_options *source, const struct lu_frame *cells,
			     const struct lu_ground *ground, const struct lu_hooks *hooks, struct lu_zones **out,
			     struct lu_error *err);
void lu_zones_close(struct lu_zones *zones);

/* Names and outlines, as part of a job's fingerprint. */
void lu_zones_hash(const struct lu_zones *zones, struct lu_sha256 *hash);

/* The maps to be counted, one a date. All borrowed, for as long as the statistics are used. */
struct lu_zones_maps {
	const char *const *labels;
	size_t date_count;
	enum lu_date_pairs pairs;
	const struct lu_legend *legend; /* of all classes that occur */
};

/*
 * Begin, add every row of cells (a row of classes of each date, one after the other), end: once. Afterwards the statistics
 * can be had.
 */
enum lu_status lu_zones_begin(struct lu_zones *zones, const struct lu_zones_maps *maps, struct lu_error *err);
enum lu_status lu_zones_add(struct lu_zones *zones, int64_t row, const uint16_t *values, struct lu_error *err);
void lu_zones_end(struct lu_zones *zones);
const struct lu_zones_statistics *lu_zones_statistics(const struct lu_zones *zones);

/* The outline of zone 'i' of the statistics, cut to the county, in the grid's CRS. */
const struct lu_polygon *lu_zones_outline(const struct lu_zones *zones, size_t i);

/*
 * FOLDER/zones.gpkg: the zones cut to the county, with the hectares of every class at the first and the last date; and
 * tables of them at every date (class_areas) and of gain, loss, net and swap of every pair (class_changes). 'statistics'
 * has these zones.
 */
enum lu_status lu_zones_write(const struct lu_zones *zones, const char *folder,
			      const struct lu_county_statistics *statistics, struct lu_outputs *outputs,
			      struct lu_error *err);

#endif
