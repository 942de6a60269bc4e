/*
 * looks.h: what the network looks at in a county: windows of the model's ground below its grid of cells, on pixels of each
 * date's own. A county with its model, imagery and grid comes in; its looks are filled.
 */
#ifndef LU_JOB_LOOKS_H
#define LU_JOB_LOOKS_H

#include "job/county.h"

/* Fill looks, windows and window_coverage of 'county', which releases them. */
enum lu_status lu_looks_make(struct lu_county *county, struct lu_error *err);

/* Windows that touch the county: what the network looks at for a date. */
int64_t lu_looks_count(const struct lu_county *county);

#endif
