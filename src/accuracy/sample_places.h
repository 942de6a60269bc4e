/*
 * sample_places.h: one place, one label: rows of a sample that stand in one cell are one sampling unit.
 *
 * Twice counted, a unit makes intervals too narrow; two labels of one unit cannot both be right. And a design knows how
 * many units it drew: rows that are gone are like places without a label.
 */
#ifndef LU_ACCURACY_SAMPLE_PLACES_H
#define LU_ACCURACY_SAMPLE_PLACES_H

#include "accuracy/assessment.h"
#include "accuracy/sample_table.h"

/* Where a row stands: rows whose two numbers are equal are of one place (row and column of a cell, or x and y). */
struct lu_sample_place {
	double a, b;
	size_t row;
};

/* Do two labelled rows say the same? LU_ERROR_ARGUMENT for a label that nobody knows. */
typedef enum lu_status (*lu_labels_agree)(void *user, size_t row, size_t other, bool *agree, struct lu_error *err);

/*
 * Keep one row of each place, a labelled one where there is any, and set 'repeated' of the others and 'contradicted' of
 * all rows of a place whose labels do not agree: of a designed sample LU_ERROR_FORMAT, with the rows. 'places' is sorted.
 * What was found is told as a warning, and counted in 'out'.
 */
enum lu_status lu_sample_unite(const struct lu_sample_source *source, struct lu_sample_table *table,
			       struct lu_sample_place *places, size_t count, lu_labels_agree agree, void *user,
			       struct lu_assessment *out, struct lu_error *err);

/* Rows that the design drew and the table lacks, and those that it has beyond them: told, and counted in 'out'. */
void lu_sample_count_missing(const struct lu_sample_source *source, const struct lu_sample_table *table,
			     struct lu_assessment *out);

#endif
