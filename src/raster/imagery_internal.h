/*
 * imagery_internal.h: inside raster/ only: what an imagery is made of, for view.c.
 */
#ifndef LU_RASTER_IMAGERY_INTERNAL_H
#define LU_RASTER_IMAGERY_INTERNAL_H

#include "raster/imagery.h"
#include "raster/member.h"

enum { LU_NOTES_MAX = 8 };

/* Constant after lu_imagery_open. */
struct lu_imagery {
	struct lu_selection selection;
	struct lu_member *members; /* in mosaic order */
	size_t count;
	char **crs; /* the distinct CRSs; members refer to them by index */
	size_t crs_count;
	struct lu_frame frame;
	double gsd_m;
	char catalogue[LU_SHA256_HEX]; /* a digest of what a catalogue says of them; "": none does */
	double low, high; /* raw values that become 0 and 255 */
	char *notes[LU_NOTES_MAX]; /* NULL after the last */
	enum lu_level note_levels[LU_NOTES_MAX];
	size_t note_count;
};

/* Keep a sentence (lu_free'd with the imagery; NULL: memory was out) for the user. */
enum lu_status lu_imagery_add_note(struct lu_imagery *imagery, enum lu_level level, char *text, struct lu_error *err);

/* Gather what is to be said of the members, each fact once however many files it is true of (imagery_notes.c). */
enum lu_status lu_imagery_find_notes(struct lu_imagery *imagery, struct lu_error *err);

/* The part of it about resolutions and seasons (mixture.c). */
enum lu_status lu_imagery_note_mixture(struct lu_imagery *imagery, struct lu_error *err);

#endif
