/*
 * review.h: the review of a layer of candidates by people is kept when a job writes the layer again.
 *
 * The layer's fields 'review_status' and 'remark' are filled in QGIS: days of somebody's work. New candidates take over
 * what was said of their place (reviews.h); a layer that holds more than that moves aside, to NAME_reviewed.gpkg
 * (NAME_reviewed_2.gpkg, ...), before the new one takes its name.
 */
#ifndef LU_CHANGE_REVIEW_H
#define LU_CHANGE_REVIEW_H

#include "base/hooks.h"
#include "raster/form.h"
#include "raster/vector.h"

#define LU_REVIEW_STATUS "review_status"
#define LU_REVIEW_STATUS_FORMERLY "checked" /* as layers of version 0.1 before its release call it: read, not written */
#define LU_REVIEW_REMARK "remark"

/* The values of 'review_status'. */
enum { LU_REVIEWED_CHANGE, LU_REVIEWED_NO_CHANGE, LU_REVIEWED_UNSURE, LU_REVIEW_STATUSES };
extern const struct lu_form_choice lu_review_statuses[LU_REVIEW_STATUSES];

/* The number'th name, from 1, that FOLDER/NAME.gpkg may get when it moves aside; lu_free it. NULL: no memory. */
char *lu_review_kept(const char *folder, const char *name, int number);

/*
 * Move FOLDER/NAME.gpkg aside if its layer NAME holds more reviews than the new one has 'carried' over, if somebody gave
 * it columns that are not among the 'count' 'fields', or if it has no such layer; a warning to 'hooks' says where it went.
 * LU_ERROR_BUSY when another program has it open: what was typed there may not be in the file yet.
 */
struct lu_review_task {
	const char *folder, *name;
	const struct lu_vector_field *fields;
	size_t count;
	uint64_t carried;
	const struct lu_hooks *hooks;
};
enum lu_status lu_review_keep(const struct lu_review_task *task, struct lu_error *err);

#endif
