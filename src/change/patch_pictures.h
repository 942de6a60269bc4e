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

#include "base/hash.h"
#include "base/hooks.h"
#include "base/outputs.h"
#include "change/patches.h"

#define LU_PATCH_PICTURES "pictures"

/* All borrowed. */
struct lu_patch_pictures_task {
	const char *folder; /* of all outputs */
	const char *const *labels; /* of the dates */
	size_t dates;
	struct lu_imagery *const *imagery; /* one a date */
	size_t colours[3]; /* which bands of the imagery show as red, green, blue */
	const struct lu_frame *cells;
	int threads; /* that draw */
	const struct lu_hooks *hooks;
};

/* The pictures of a layer: of its first 'count' patches, links relative to FOLDER/NAME, NULL where there is no data. */
struct lu_patch_pictures {
	size_t count;
	char *(*links)[2];
};

/*
 * All pictures that a run wants: noted layer by layer, then drawn together, date by date and from north to south. So imagery
 * is read once where layers or pairs of dates show the same ground, and what is wanted twice is drawn once.
 */
struct lu_picture_book;
enum lu_status lu_picture_book_new(const struct lu_patch_pictures_task *task, struct lu_picture_book **out,
				   struct lu_error *err);
void lu_picture_book_free(struct lu_picture_book *book);

/* The most that drawing from this imagery holds with so many threads: a few of them draw at once. */
size_t lu_picture_book_bytes(const struct lu_imagery *imagery, int threads);

/*
 * Want the first 'most' of a layer's patches, or all if there are fewer, at the dates 'earlier' and 'later': FOLDER/NAME/LAYER.
 * 'patches' and '*out' have to stay where they are until all is drawn. Release '*out' also after a failure.
 */
enum lu_status lu_picture_book_want(struct lu_picture_book *book, const char *name, const char *layer,
				    const size_t dates[2], const struct lu_patches *patches, size_t most,
				    struct lu_patch_pictures *out, struct lu_error *err);

/* Draw all that is wanted and that 'outputs' does not keep. Only the pictures' windows of imagery are read. */
enum lu_status lu_picture_book_draw(struct lu_picture_book *book, const struct lu_outputs *outputs,
				    struct lu_error *err);

/* Note a layer's drawn files in 'outputs'. */
enum lu_status lu_patch_pictures_list(const struct lu_patch_pictures *pictures, const char *name,
				      struct lu_outputs *outputs, struct lu_error *err);
void lu_patch_pictures_release(struct lu_patch_pictures *pictures);

#endif
