/*
 * cover.h: how much of the county a date's imagery covers, before any pixel is read: imagery and a date's grid come in, a
 * share and the places that lack imagery go out.
 *
 * Counted by the files' extents in the middles of cells, anywhere in those that the county's line cuts (of every n-th cell
 * of a large county); what a mask or a nodata value hides within a file is seen when it is read (maps/mapped.h).
 */
#ifndef LU_GRID_COVER_H
#define LU_GRID_COVER_H

#include <stdio.h>

#include "grid/date_grids.h"

struct lu_cover {
	double share; /* of the county's area, 0 to 1 */
	size_t places; /* without imagery: cells side by side */
	double largest_m2; /* the largest of them, */
	const char *where; /* and where in the county its middle lies: "in the north-east" */
	bool reached; /* some chip has a part of it, though no cell's middle may; true as well where not all cells were asked */
};

/* 'imagery' of date 'date' on 'grids'; 'ground' is that of the cells. */
enum lu_status lu_cover_find(const struct lu_imagery *imagery, const struct lu_date_grids *grids, size_t date,
			     const struct lu_ground *ground, struct lu_cover *out, struct lu_error *err);

/* "imagery covers 97.3 % of the county; 3 places without imagery, the largest 4.1 km2 in the north-east" */
void lu_cover_print(FILE *to, const struct lu_cover *cover);

/*
 * LU_ERROR_MISMATCH for a date without any imagery in the county; a warning to 'hooks' where it covers less than half.
 * 'about' ("date 2010: ") goes before both.
 */
enum lu_status lu_cover_judge(const struct lu_cover *cover, const struct lu_ground *ground, const char *about,
			      const struct lu_hooks *hooks, struct lu_error *err);

#endif
