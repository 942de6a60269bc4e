/*
 * new_patches.h: which patches of a layer are new since the run before.
 *
 * A patch is new where none of its cells lies in a patch that the former outputs had in the layer of that name, of whichever
 * dates: what was found between 2010 and 2016 and again between 2010 and 2021 is found once.
 */
#ifndef LU_CHANGE_NEW_PATCHES_H
#define LU_CHANGE_NEW_PATCHES_H

#include "base/error.h"
#include "base/geometry.h"

/* What is known of one layer of one pair of dates. */
struct lu_layer_patches {
	char *layer; /* its name */
	char *pair; /* "2010_2016": its folder */
	size_t patches, new_patches;
	double area_ha, new_ha;
};

struct lu_new_patches {
	bool compared; /* there were former layers: what is new is known */
	struct lu_layer_patches *layers;
	size_t count;
	struct lu_known_cells *known; /* until lu_new_patches_find */
	size_t known_count;
};

/*
 * Remember the ground of the layers LAYER in 'folder'/PAIR/LAYER.gpkg, before they are replaced, for each of 'count' pairs. One
 * that is not there, or is no layer, is passed over. 'cells' is the grid that the new ones will be on.
 */
enum lu_status lu_new_patches_remember(const char *folder, const char *const *pairs, size_t count, const char *layer,
				       const struct lu_frame *cells, struct lu_new_patches *out, struct lu_error *err);

/* Count the patches that are there now, and those that are new; appends to 'out->layers'. */
enum lu_status lu_new_patches_find(const char *folder, const char *const *pairs, size_t count, const char *layer,
				   const struct lu_frame *cells, struct lu_new_patches *out, struct lu_error *err);

void lu_new_patches_release(struct lu_new_patches *patches);

#endif
