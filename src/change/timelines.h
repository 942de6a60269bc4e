/*
 * timelines.h: the network's answers about each cell at all dates, side by side.
 *
 * Stores hold one date each, by rows. Whoever compares dates wants a cell's dates together:
 *
 *	cells[(cell * dates + date) * classes + class]
 *
 * A date at which the cell was not mapped is all 0.
 */
#ifndef LU_CHANGE_TIMELINES_H
#define LU_CHANGE_TIMELINES_H

#include "base/error.h"
#include "maps/store.h"

/* Cells of a sample at most: enough to fit a few figures to, and some ten megabytes. */
#define LU_TIMELINES_SAMPLE 65536

struct lu_timelines;

/*
 * 'stores' (one a date, equal in size and classes) is borrowed. An answer in which no class reaches 'least' (0: any does)
 * is taken as not mapped. 'blend' is NULL, or classes x classes
 * (copied): what a class said may be instead, rows = said, each adding up to 1; every answer p then
 * becomes p times blend. Then each is brought to one scale: p to the power of 'scale', adding up to 1 again; 1 leaves
 * it alone. One thread at a time.
 */
enum lu_status lu_timelines_new(struct lu_store *const *stores, size_t dates, int64_t rows, int64_t cols, float least,
				const double *blend, double scale, struct lu_timelines **out, struct lu_error *err);
void lu_timelines_free(struct lu_timelines *timelines);

size_t lu_timelines_dates(const struct lu_timelines *timelines);
size_t lu_timelines_classes(const struct lu_timelines *timelines);
int64_t lu_timelines_rows(const struct lu_timelines *timelines);
int64_t lu_timelines_cols(const struct lu_timelines *timelines);

/* One row: '*cells' is the timelines' own, cols x dates x classes, valid until another row is asked for. */
enum lu_status lu_timelines_row(struct lu_timelines *timelines, int64_t row, const float **cells, struct lu_error *err);

/*
 * A sample of the cells that are mapped at two dates or more: each n-th of them in row order, with n the least power of
 * two that keeps it within LU_TIMELINES_SAMPLE. Add every row once, downwards; then take it: '*count' cells, the
 * timelines' own, NULL when there is none.
 */
enum lu_status lu_timelines_sample_row(struct lu_timelines *timelines, int64_t row, struct lu_error *err);
const float *lu_timelines_sample(struct lu_timelines *timelines, size_t *count);

#endif
