/*
 * census.h: the cells that a sample is drawn from, counted by class.
 *
 * The population of a sample is the mapped cells that lie in the county by at least a given share.
 * Areas are the county's: a cell that its line cuts counts by its part inside, also when the cell
 * itself is too far out to be drawn. So class areas here are those of class_areas.csv, and a
 * sample speaks for the whole of the county.
 *
 * Maps are walked strip by strip: memory does not grow with them.
 */
#ifndef LU_ACCURACY_CENSUS_H
#define LU_ACCURACY_CENSUS_H

#include "accuracy/change_probability.h"
#include "accuracy/classed.h"
#include "grid/area_sum.h"
#include "grid/ground.h"

struct lu_population {
	struct lu_classed *classed;
	struct lu_ground *ground;
	double least_share; /* of a cell inside the county, for it to be drawn */
	struct lu_map *probability; /* of change, of each cell; NULL: not told */
	const char *probability_path;
	bool by_probability; /* count the bins of it apart */
	const struct lu_hooks *hooks;
};

/* One mapped cell of a row, as a walk meets it. 'percent' is its P(changed), 0 where that is not told. */
typedef void (*lu_cell_visit)(void *user, int64_t row, int64_t col, uint16_t value, uint16_t percent);

/* Meet every cell of the population, row by row. LU_ERROR_CANCELLED when the hooks ask for it. */
enum lu_status lu_population_walk(const struct lu_population *population, const char *stage, lu_cell_visit visit,
				  void *user, struct lu_error *err);

struct lu_census_class {
	uint16_t value;
	uint16_t bin; /* of P(changed); 0 where bins are not apart */
	uint64_t cells; /* of the population */
	uint64_t percent; /* P(changed) of these cells, summed up */
	lu_area_sum area_units; /* inside the county, see area_sum.h */
};
struct lu_census {
	struct lu_census_class *classes; /* ascending by value, then bin; those that occur */
	size_t count;
};
enum lu_status lu_census_make(const struct lu_population *population, struct lu_census *out, struct lu_error *err);
void lu_census_release(struct lu_census *census);

/*
 * The ground of a map: inside a boundary, or with 'boundary' NULL all of the map. 'out' must stay where it is.
 * LU_ERROR_MISMATCH when they do not overlap.
 */
enum lu_status lu_census_ground(const struct lu_county_source *source, const struct lu_frame *frame,
				struct lu_ground *out, struct lu_error *err);

#endif
