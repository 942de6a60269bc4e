/*
 * area_sum.h: areas added up so that order does not matter.
 *
 * Floating-point sums depend on their order, and the order of cells depends on threads and shards.
 * Areas are therefore summed as whole numbers of 2^-20 m^2 (about one square millimetre): integer
 * addition is exact, so any split of the work gives the same bytes. The rounding of a cell is at
 * most 2^-21 m^2. 64 bits would hold 8.8 million km^2, less than Canada has: sums have 128.
 */
#ifndef LU_GRID_AREA_SUM_H
#define LU_GRID_AREA_SUM_H

#define LU_AREA_UNITS_PER_M2 1048576.0

/* A sum of areas. ISO C knows no such type; GCC and clang have it on every 64-bit machine. */
__extension__ typedef __int128 lu_area_sum;

/* Square metres, not negative, as a whole number of units. */
static inline lu_area_sum lu_area_units(double area_m2)
{
	return (lu_area_sum)(area_m2 * LU_AREA_UNITS_PER_M2 + 0.5);
}

static inline double lu_area_m2(lu_area_sum units)
{
	return (double)units / LU_AREA_UNITS_PER_M2;
}

#endif
