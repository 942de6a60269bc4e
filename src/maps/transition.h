/*
 * transition.h: the from-to table of two maps, cell by cell.
 *
 * Rows are the earlier date and columns the later one. Row and column 0 are "not mapped", so that
 * every cell counted is somewhere in the table; classes follow in ascending order of value. Classes
 * need not be known beforehand, and need not be the same in both maps: the table grows to the union
 * of what it sees.
 *
 * Counts and areas are whole numbers (see area_sum.h): adding rows in any order, or merging tables
 * of any shards, gives the same bytes.
 */
#ifndef LU_MAPS_TRANSITION_H
#define LU_MAPS_TRANSITION_H

#include "base/error.h"
#include "grid/area_sum.h"

/* More distinct values than any land-cover legend has: a map with more is not a classified map. */
#define LU_MAX_CLASSES 1024

/* One thread at a time may add to a table; give each thread its own and merge. */
struct lu_transition {
	size_t count; /* rows and columns, including number 0 */
	uint16_t *values; /* count: 0, then the classes in ascending order */
	uint64_t *cells; /* count x count */
	lu_area_sum *area_units; /* count x count, LU_AREA_UNITS_PER_M2; all 0 when no areas were given */
	uint16_t *index; /* 65536: a value's number in 'values', or 65535 */
	uint16_t
		uncertain; /* a value that is no class, and counts as 0 does where classes are compared; 0 (as made): none */
};

/*
 * An empty table that knows 'count' class values (any order, duplicates and 0 ignored; may be none):
 * classes that never occur then still have their row and column.
 */
enum lu_status lu_transition_new(const uint16_t *values, size_t count, struct lu_transition **out,
				 struct lu_error *err);
void lu_transition_free(struct lu_transition *table);

/*
 * Count 'n' cells with class before[i] at the earlier and after[i] at the later date; 0 is not
 * mapped. area_m2[i] is the part of the cell inside the county: a cell of area 0 lies outside and
 * is not counted. With area_m2 NULL every cell counts and areas stay 0.
 *
 * LU_ERROR_FORMAT above LU_MAX_CLASSES distinct values; LU_ERROR_MEMORY; the cells up to there are
 * then counted, and the table is only good for lu_transition_free.
 */
enum lu_status lu_transition_add(struct lu_transition *table, const uint16_t *before, const uint16_t *after,
				 const double *area_m2, size_t n, struct lu_error *err);

/* Add all of 'from' to 'into', uniting their classes. */
enum lu_status lu_transition_merge(struct lu_transition *into, const struct lu_transition *from, struct lu_error *err);

/*
 * A table over arrays that are kept, and filled, elsewhere: 'count' values, 0 first and then ascending, and
 * count x count entries. For the functions below that take a const table, lu_transition_find excepted.
 */
static inline struct lu_transition lu_transition_view(uint16_t *values, size_t count, uint64_t *cells,
						      lu_area_sum *area_units, uint16_t uncertain)
{
	return (struct lu_transition){
		.count = count, .values = values, .cells = cells, .area_units = area_units, .uncertain = uncertain};
}

/*
 * Add one date of 'from', the earlier or the later, to 'into' as that date's map crossed with itself: the
 * cells of each class, mapped at the other date or not, on the diagonal.
 */
enum lu_status lu_transition_add_date(struct lu_transition *into, const struct lu_transition *from, bool later,
				      struct lu_error *err);

/* All that was counted, not mapped or mapped. */
uint64_t lu_transition_total_cells(const struct lu_transition *table);
double lu_transition_total_m2(const struct lu_transition *table);

/* Is number 'i' in table->values a class: neither "not mapped" nor uncertain? And how many are? */
static inline bool lu_transition_is_class(const struct lu_transition *table, size_t i)
{
	return table->values[i] != 0 && table->values[i] != table->uncertain;
}
size_t lu_transition_classes(const struct lu_transition *table);

/* Number of 'value' in table->values, or -1. */
int lu_transition_find(const struct lu_transition *table, uint16_t value);

/* Of row i (earlier) and column j (later), numbers in table->values. */
uint64_t lu_transition_cells(const struct lu_transition *table, size_t i, size_t j);
double lu_transition_area_m2(const struct lu_transition *table, size_t i, size_t j);

/* Cells that have a class at both dates, and '*changed' of them another one. */
uint64_t lu_transition_common(const struct lu_transition *table, uint64_t *changed);

/*
 * What became of one class, in cells or in m^2, over the cells that are mapped at both dates:
 * gain is what it won from other classes, loss what it gave to them, net = gain - loss = later -
 * earlier, and swap = 2 min(gain, loss), the part of its change that moved without changing the
 * total (R. G. Pontius Jr., E. Shusas, M. McEachern: Detecting important categorical land changes
 * while accounting for persistence. Agric. Ecosyst. Environ. 101, 2004).
 */
struct lu_class_change {
	double earlier, later;
	double persistence;
	double gain, loss, net, swap;
};
enum lu_unit {
	LU_UNIT_CELLS,
	LU_UNIT_M2,
};
struct lu_class_change lu_transition_class(const struct lu_transition *table, size_t class_number, enum lu_unit unit);

/* The table of the classes alone (lu_transition_classes squared), row-major into 'matrix'. */
void lu_transition_matrix(const struct lu_transition *table, enum lu_unit unit, double *matrix);

/*
 * The pixel of a change map, after the convention of annual NLCD: before * 100 + after, or the
 * class itself when it did not change, or 0 when either date is not mapped. Only values of at
 * most 99 can be told apart again: check with lu_change_codes_fit and refuse others.
 */
uint16_t lu_change_code(uint16_t before, uint16_t after);
bool lu_change_codes_fit(const uint16_t *values, size_t count);

/* The same code for a class unchanged that others write as before * 100 + after: 202 is 2. */
static inline uint16_t lu_change_canonical(uint16_t code)
{
	return code > 100 && code % 101 == 0 && code / 101 <= 99 ? code / 101 : code;
}

/* The two classes of a change code; unchanged gives the same twice, 0 gives 0 and 0. */
void lu_change_decode(uint16_t code, uint16_t *before, uint16_t *after);

#endif
