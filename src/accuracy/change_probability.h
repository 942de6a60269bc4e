/*
 * change_probability.h: P(changed) of each cell, as change_probability.tif has it, for designing a sample of change.
 *
 * Whole percent; strata are bins of it, narrow at both ends, where the cells of a county are.
 */
#ifndef LU_ACCURACY_CHANGE_PROBABILITY_H
#define LU_ACCURACY_CHANGE_PROBABILITY_H

#include "accuracy/classed.h"
#include "raster/map.h"

enum { LU_PROBABILITY_BINS = 7 };

/* The bin of 'percent' (0 to 100), and the whole percents that bin 'bin' has, from 'low' to 'high'. */
size_t lu_probability_bin(uint16_t percent);
void lu_probability_bin_range(size_t bin, int *low, int *high);

/*
 * Open the file and compare it with the maps: LU_ERROR_MISMATCH when it is of another grid, or of no percents. Cells that it
 * does not tell of have 0.
 */
enum lu_status lu_probability_open(const char *path, const struct lu_classed *classed, struct lu_map **out,
				   struct lu_error *err);

/* As lu_map_read_rows; LU_ERROR_FORMAT for a value above 100. */
enum lu_status lu_probability_read(struct lu_map *map, const char *path, int64_t row0, int64_t rows, uint16_t *percent,
				   struct lu_error *err);

/* The two ways in which a cell may count for the growth of a class: it gained the cell, it lost the cell. */
enum lu_growth_side { LU_GAINED, LU_LOST, LU_GROWTH_SIDES };

/* Does a change code gain or lose cells for 'class'? Not where it stayed. */
bool lu_change_is_side(uint16_t code, uint16_t class, enum lu_growth_side side);

#endif
