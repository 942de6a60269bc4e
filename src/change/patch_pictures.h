/*
 * patch_pictures.h: what patches of change looked like before and after, the best patches first.
 *
 * Pictures lie beside the GeoPackage, which links them by relative paths:
 *
 *	2010_2016/new_development.gpkg
 *	2010_2016/pictures/new_development_r12_c40_2010.jpg	before
 *	2010_2016/pictures/new_development_r12_c40_2016.jpg	and after: the same ground, the same size
 *
 * Names tell the row and column of the patch's first cell, so that a later run, which may rank patches otherwise,
 * leaves the pictures right that somebody has linked. A picture shows the patch, outlined, with a cell of its surroundings or more. Of a patch too large for that it
 * shows the ground about its surest cell.
 */
#ifndef LU_CHANGE_PATCH_PICTURES_H
#define LU_CHANGE_PATCH_PICTURES_H

#include "base/hooks.h"
#include "change/patches.h"

#define LU_PATCH_PICTURES "pictures"

/* All borrowed. Of two dates, the earlier first. */
struct lu_patch_pictures_task {
	const char *folder, *name, *layer; /* FOLDER/NAME/LAYER.gpkg */
	const char *labels[2];
	const struct lu_imagery *imagery[2];
	size_t colours[3]; /* which bands of the imagery show as red, green, blue */
	const struct lu_frame *cells;
	const struct lu_hooks *hooks;
};

/* The pictures of a layer: of its first 'count' patches, links relative to FOLDER/NAME, NULL where there is no data. */
struct lu_patch_pictures {
	size_t count;
	char *(*links)[2];
};

/*
 * Draw the first 'most' patches, or all if there are fewer, and note the files in 'outputs'. Imagery is read in the
 * windows of the pictures only, from north to south. Release '*out' also after a failure.
 */
enum lu_status lu_patch_pictures_draw(const struct lu_patch_pictures_task *task, const struct lu_patches *patches,
				      size_t most, struct lu_patch_pictures *out, struct lu_outputs *outputs,
				      struct lu_error *err);
void lu_patch_pictures_release(struct lu_patch_pictures *pictures);

#endif
