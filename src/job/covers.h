/*
 * covers.h: how much of the county a date's imagery covers, before any pixel is read: an opened county comes in, a share
 * and the places that lack imagery go out.
 *
 * Counted by the files' extents in the middles of cells, anywhere in those that the county's line cuts (of every n-th cell
 * of a large county); what a mask or a nodata
 * value hides within a file is seen when it is read (mapped.h).
 */
#ifndef LU_JOB_COVERS_H
#define LU_JOB_COVERS_H

#include <stdio.h>

#include "job/county.h"

struct lu_cover {
	double share; /* of the county's area, 0 to 1 */
	size_t places; /* without imagery: cells side by side */
	double largest_m2; /* the largest of them, */
	const char *where; /* and where in the county its middle lies: "in the north-east" */
	bool reached; /* some chip has a part of it, though no cell's middle may; true as well where not all cells were asked */
};

enum lu_status lu_cover_find(const struct lu_county *county, size_t date, struct lu_cover *out, struct lu_error *err);

/* "imagery covers 97.3 % of the county; 3 places without imagery, the largest 4.1 km2 in the north-east" */
void lu_cover_print(FILE *to, const struct lu_cover *cover);

/*
 * Find all of them into county->covers. LU_ERROR_MISMATCH when a date has no imagery in the county; a warning to 'hooks'
 * where it covers less than half.
 */
enum lu_status lu_covers_make(struct lu_county *county, const struct lu_hooks *hooks, struct lu_error *err);

#endif
