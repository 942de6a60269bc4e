/*
 * radiometry.h: making one date's bands look like another's.
 *
 * Two flights differ in sun, haze, camera and processing. What did not change on the ground says by how
 * much; what did change, and clouds, must not have a say. From means of the same small blocks of
 * pixels at both dates:
 *
 *	start	a line a band through the medians of slopes (Theil-Sen; it bears up to 29 % of wrong
 *		blocks): I. Olthof et al.: Landsat-7 ETM+ radiometric normalization comparison for
 *		northern mapping applications. Remote Sensing of Environment 95, 2005
 *	choose	blocks that lie near the line in every band: the pseudo-invariant ones
 *	fit	gain and offset that give these blocks the mean and standard deviation that they have
 *		at the other date: J. R. Schott, C. Salvaggio, W. J. Volchok: Radiometric scene
 *		normalization using pseudoinvariant features. Remote Sensing of Environment 26, 1988
 *
 * and choosing and fitting again until the choice stays. (A plain regression would make the gain too
 * small, because the date's own pixels are noisy too.) Or, for changes of light that no line follows,
 * the blocks chosen give a table that matches their histograms: D. Yuan, C. D. Elvidge: Comparison of
 * relative radiometric normalization techniques. ISPRS J. Photogramm. Remote Sens. 51, 1996.
 *
 * No I/O, no random numbers, any thread.
 */
#ifndef LU_CHIPS_RADIOMETRY_H
#define LU_CHIPS_RADIOMETRY_H

#include "base/error.h"

enum lu_radiometry_method {
	LU_RADIOMETRY_NONE,
	LU_RADIOMETRY_REGRESSION,
	LU_RADIOMETRY_HISTOGRAM,
};
extern const char *const lu_radiometry_methods[]; /* "none", "regression", "histogram", NULL */

/* Blocks that are needed at the least, before and after choosing. */
#define LU_RADIOMETRY_LEAST 50

/* Means of 'count' blocks, 'bands' values each, 0..255: of the date to be changed, and of the reference. */
struct lu_radiometry_blocks {
	const float *date, *reference;
	size_t count, bands;
};

/* One band. */
struct lu_radiometry_band {
	double gain, offset; /* reference = gain * date + offset, over the blocks chosen */
	double correlation; /* of the blocks chosen */
	double before, after; /* root mean square difference of the blocks chosen, in grey values */
	uint8_t table[256]; /* what becomes of each value */
};

struct lu_radiometry {
	struct lu_radiometry_band *bands;
	size_t band_count;
	size_t blocks; /* that were compared */
	size_t invariant; /* that were chosen */
};

/*
 * Fit. LU_ERROR_MISMATCH when too few blocks are there, or agree, or a band does not vary; the text tells
 * which, and has no names of dates. '*out' is the caller's: lu_radiometry_release, also after a failure.
 */
enum lu_status lu_radiometry_fit(const struct lu_radiometry_blocks *blocks, enum lu_radiometry_method method,
				 struct lu_radiometry *out, struct lu_error *err);
void lu_radiometry_release(struct lu_radiometry *radiometry);

/*
 * Make of 'first', from one date to a second, the way from the one to a third, to which 'then' leads from the second:
 * lines and tables in turn. Correlations become the weaker of both; blocks, and differences, stay those of 'first'.
 */
void lu_radiometry_chain(struct lu_radiometry *first, const struct lu_radiometry *then,
			 enum lu_radiometry_method method);

/* The weakest of the bands' correlations. */
double lu_radiometry_weakest(const struct lu_radiometry *radiometry);

/* Look 'count' values of band 'band' up in its table, in place. */
void lu_radiometry_apply(const struct lu_radiometry *radiometry, size_t band, uint8_t *values, size_t count);

#endif
