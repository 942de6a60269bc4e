/*
 * class_rows.h: a map as a stream of rows, whether it comes from scores or from a raster.
 */
#ifndef LU_MAPS_CLASS_ROWS_H
#define LU_MAPS_CLASS_ROWS_H

#include "base/error.h"
#include "maps/store.h"
#include "models/regroup.h"

/*
 * Rows row0 .. row0 + rows - 1 as class values (0: not mapped) and, where 'confidence' is not
 * NULL, percents. A source that knows no confidence sets 0. One thread at a time.
 */
struct lu_class_rows {
	enum lu_status (*read)(void *user, int64_t row0, int64_t rows, uint16_t *values, uint8_t *confidence,
			       struct lu_error *err);
	void *user;
};

/* The most probable class of each of a store's cells. The row that was read last is kept. */
struct lu_score_rows;
enum lu_status lu_score_rows_new(struct lu_store *store, const struct lu_regroup *regroup, int64_t cols,
				 struct lu_score_rows **out, struct lu_error *err);
void lu_score_rows_free(struct lu_score_rows *rows);
struct lu_class_rows lu_score_rows_source(struct lu_score_rows *rows);

#endif
