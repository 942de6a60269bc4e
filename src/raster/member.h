/*
 * member.h: inside raster/ only: one file of a date's imagery, looked at once and closed again.
 *
 * A county may be delivered as thousands of quarter-quads, so what is kept of a file is small and
 * plain; source.h opens it again when a view reaches it.
 */
#ifndef LU_RASTER_MEMBER_H
#define LU_RASTER_MEMBER_H

#include "base/error.h"
#include "raster/trust.h"
#include "base/geometry.h"
#include "base/hash.h"
#include "base/inputs.h"
#include "landuse/types.h"
#include "raster/wedge.h"

#define LU_BANDS_MAX 64 /* more bands than any classifier here takes */

/* What the caller wants of every member. */
struct lu_selection {
	int bands
		[LU_BANDS_MAX]; /* 1-based, may repeat; a file's tags may say better (bands.h) unless they were listed */
	size_t count;
	bool listed; /* by the caller */
	const char *const *names; /* NULL, or what each band is, borrowed; entries may be NULL */
	size_t file_count; /* of the date, for messages */
	enum lu_nodata_rule rule;
	double nodata; /* with LU_NODATA_VALUE */
	bool ranged; /* 'low'..'high' become 0..255; not used for 8-bit pixels */
	bool usual; /* nobody asked for it: the model's own */
	double low, high;
};

enum lu_pixel {
	LU_PIXEL_BYTE,
	LU_PIXEL_UINT16,
	LU_PIXEL_INT16,
	LU_PIXEL_FLOAT,
};

/* How a member tells data from nothing. */
enum lu_validity {
	LU_VALID_ALL,
	LU_VALID_MASK, /* an alpha or mask band, from half of what is opaque: data */
	LU_VALID_NODATA, /* nothing where every selected band equals its nodata value */
};

/* Why a member's bands are those that they are. */
enum lu_band_order {
	LU_ORDER_OWN, /* listed, or the file's own order, which its tags (if any) agree with */
	LU_ORDER_BY_TAG, /* another order, by its tags */
	LU_ORDER_DOUBTFUL, /* the file's own order, though its tags contradict the names */
};

struct lu_member {
	char *path;
	bool own_map; /* found among imagery, but a map that landuse wrote; nothing below is set */
	size_t crs; /* index into the imagery's list of CRSs */
	enum lu_trust trust; /* of the path */
	double transform[6];
	int64_t width, height;
	int band_count;
	int bands[LU_BANDS_MAX]; /* that are read, selection.count of them */
	enum lu_band_order order;
	char *tags; /* of all bands: "red, green, blue, alpha" */
	enum lu_pixel pixel;
	int bits; /* significant bits of an integer pixel (NBITS, else all) */
	int block_width, block_height;
	enum lu_validity validity;
	int alpha; /* with LU_VALID_MASK: the band whose values from 'opaque' / 2 are data; 0: GDAL's own mask is good */
	double opaque;
	int false_alpha; /* a band that is tagged alpha and is a colour (alpha.h); 0: none */
	double nodata[LU_BANDS_MAX]; /* with LU_VALID_NODATA, one a selected band; NaN matches NaN */
	struct lu_wedge wedge; /* with LU_VALID_NODATA: only there, and the file says nothing of it */
	uint64_t bytes; /* of the file and everything that belongs to it */
	struct lu_inputs files; /* those of them that lie on this machine */
	char identity[LU_SHA256_HEX]; /* of names, sizes, times and geometry */
};

/*
 * Open 'path', trusted as 'trust' says, check that it can serve as imagery for 'selection', and describe it. '*crs_wkt' is
 * its CRS (lu_free it); out->crs is left 0. Errors name the file and what to do.
 */
enum lu_status lu_member_probe(const char *path, enum lu_trust trust, const struct lu_selection *selection,
			       struct lu_member *out, char **crs_wkt, struct lu_error *err);
void lu_member_release(struct lu_member *member);

/* "Byte", "UInt16", ... */
const char *lu_pixel_name(enum lu_pixel pixel);
size_t lu_pixel_size(enum lu_pixel pixel);

#endif
