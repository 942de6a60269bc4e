/*
 * chip_index.h: what chips there are: index.gpkg (footprints, to look at in QGIS) and index.csv
 * (the same as a table), in one folder.
 *
 *	tile	path,source,date,row,col,x,y,valid_share
 *	label	path,class,split,block,source,date,row,col,x,y,valid_share,purity,phash,weight
 *
 * 'path' is relative to the folder; x and y are the chip's centre in the CRS of the GeoPackage.
 */
#ifndef LU_CHIPSET_CHIP_INDEX_H
#define LU_CHIPSET_CHIP_INDEX_H

#include "base/error.h"
#include "base/geometry.h"

struct lu_chip_index;

struct lu_chip_row {
	const char *path; /* NULL: no file was written */
	const char *source, *date; /* date "": not known */
	int64_t row, col;
	const struct lu_frame *frame; /* of the chip's pixels */
	double valid_share;
	const char *class, *split, *block; /* these and the next three only when labelled */
	double purity;
	uint64_t phash;
	double weight; /* of the chip in training */
};

/* Begin in 'folder', for chips in 'crs_wkt'. Nothing appears before lu_chip_index_finish. */
enum lu_status lu_chip_index_begin(const char *folder, const char *crs_wkt, bool labelled, struct lu_chip_index **out,
				   struct lu_error *err);
enum lu_status lu_chip_index_add(struct lu_chip_index *index, const struct lu_chip_row *row, struct lu_error *err);
/* Both files, durably, index.csv last. */
enum lu_status lu_chip_index_finish(struct lu_chip_index *index, struct lu_error *err);
/* Release; what was not finished is dropped. NULL is fine. */
void lu_chip_index_free(struct lu_chip_index *index);

#endif
