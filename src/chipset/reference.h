/*
 * reference.h: the label of a chip, read from a land-cover raster or from shapes that somebody drew.
 *
 * The raster may have any CRS and resolution; nothing of it is resampled. A chip's points, or its
 * outline, go to the raster, and the raster's own cells answer:
 *
 *	nine-point	. . .	the cells under the points at 1/6, 3/6 and 5/6 of the chip, both
 *			. . .	ways; all nine must agree after merging codes into classes (the
 *			. . .	rule of the 2017 Azure aerial samples)
 *	purity:P	the class that covers at least the share P of the chip's area
 *	plurality	the class that covers more than any other
 *
 * Of shapes (label_shapes.h) the points and areas that they cover take the place of cells; a chip in which there are points
 * is labelled when these agree, whatever the rule.
 *
 * A cell is the one that holds the point: coordinates are floored, never rounded. Areas are exact:
 * cells are clipped by the chip's outline (grid/coverage.h).
 */
#ifndef LU_CHIPSET_REFERENCE_H
#define LU_CHIPSET_REFERENCE_H

#include "base/error.h"
#include "base/geometry.h"
#include "chipset/label_shapes.h"
#include "landuse/types.h"
#include "models/code_table.h"

/* What became of a chip. */
enum lu_fate {
	LU_FATE_LABELLED,
	LU_FATE_MIXED, /* points disagree, or no class covers enough */
	LU_FATE_LEFT_OUT, /* mostly codes that the scheme leaves out on purpose */
	LU_FATE_UNKNOWN, /* mostly codes that the scheme does not know */
	LU_FATE_NO_REFERENCE, /* mostly outside the raster, or nodata */
	LU_FATES,
};

struct lu_chip_label {
	enum lu_fate fate;
	int class; /* index into the scheme's classes; the largest one also when mixed; -1: none */
	double share; /* of the class: of nine points, or of the chip's area */
};

struct lu_reference;

/* What is read, and how. All borrowed, for as long as the reference lives. */
struct lu_reference_source {
	struct lu_label_source labels; /* the path, and of shapes the rest */
	bool shapes; /* it is no raster */
	const struct lu_scheme *scheme;
	enum lu_codes codes;
	const struct lu_code_table *table; /* LU_CODES_TABLE */
};

/*
 * Open it for chips of frames in 'crs_wkt'. LU_ERROR_MISMATCH when no code means a class of the scheme, or the CRSs have
 * no way to each other. One reference serves one thread.
 */
enum lu_status lu_reference_open(const struct lu_reference_source *source, const char *crs_wkt,
				 struct lu_reference **out, struct lu_error *err);
void lu_reference_close(struct lu_reference *reference);

/* False: no part of the raster lies in 'box' (in the chips' CRS). */
bool lu_reference_overlaps(const struct lu_reference *reference, struct lu_box box);

/* Label the chip 'at' (pixels of 'pixels', a north-up frame in the chips' CRS). LU_ERROR_IO: the raster cannot be read. */
enum lu_status lu_reference_label(struct lu_reference *reference, const struct lu_label_rule *rule,
				  const struct lu_frame *pixels, struct lu_rect at, struct lu_chip_label *out,
				  struct lu_error *err);

/* In how many of the chips asked for so far 'code' was seen. Codes go from 1 to 65535. */
uint64_t lu_reference_seen(const struct lu_reference *reference, uint16_t code);

/* How data call the code: the number, in 'number', or of shapes the word in the field. */
const char *lu_reference_code(const struct lu_reference *reference, uint16_t code, char number[8]);

/* What 'code' is: an index into the scheme's classes, LU_SCHEME_LEFT_OUT or LU_SCHEME_UNKNOWN. */
int lu_reference_class(const struct lu_reference *reference, uint16_t code);

#endif
