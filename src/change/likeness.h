/*
 * likeness.h: do two dates show one place?
 *
 * The same ground looks alike in two pictures, and what the network errs on at one date it errs on at the other, hardly less
 * surely: that is why the cells that do change stand out. Where the dates' errors are independent, as if another place were
 * shown, one in so many cells is surely one class before and surely another after, and no score tells it from change.
 *
 * The likeness is the correlation of the two dates' answers within classes: over the cells of which both dates say the same
 * class, of the logarithm of each class's probability, less the mean of the cell's. Changed cells have no part in it.
 */
#ifndef LU_CHANGE_LIKENESS_H
#define LU_CHANGE_LIKENESS_H

#include "base/error.h"

/* Measured by tests/bench/change_real.py: 0.71 to 0.89 on the same ground, whatever the flights; 0.18 to 0.24 on other ground. */
#define LU_LEAST_LIKENESS 0.5

/*
 * Of dates 'earlier' and 'later' in 'cells' (count x dates x classes; a date that is all 0 was not mapped). NAN where fewer
 * than 100 cells tell, in classes of 20 and more, or their answers are all one. LU_ERROR_MEMORY. Any thread.
 */
enum lu_status lu_likeness(const float *cells, size_t count, size_t dates, size_t classes, size_t earlier, size_t later,
			   double *likeness, struct lu_error *err);

#endif
