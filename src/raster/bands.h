/*
 * bands.h: inside raster/ only: which bands of a file are the ones that a model names.
 *
 * A caller that lists bands gets these. Otherwise a file whose tags (GDAL's colour interpretation, or where that says
 * nothing the band's description) hold every wanted name is taken by its tags: near infrared may come first, or blue.
 * A file that says nothing is taken in its own order.
 */
#ifndef LU_RASTER_BANDS_H
#define LU_RASTER_BANDS_H

#include "raster/member.h"

/*
 * Set out->bands, out->order and out->tags from 'dataset' (GDALDatasetH). LU_ERROR_ARGUMENT, with out->path, when it
 * has fewer bands than are wanted.
 */
enum lu_status lu_bands_choose(void *dataset, const struct lu_selection *selection, struct lu_member *out,
			       struct lu_error *err);

/* What a band (GDALRasterBandH) is tagged as: "red", "near infrared", "alpha", "undefined"; lu_free it. */
char *lu_band_tag(void *band);
/* "undefined, red, green, blue": the tags of all bands; lu_free it. NULL when memory is out. */
char *lu_bands_tags(void *dataset);

/* "[2, 3, 4]" of 'count' numbers; lu_free it. NULL when memory is out. */
char *lu_bands_list(const int *bands, size_t count);

#endif
