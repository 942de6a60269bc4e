/*
 * review.h: the review of a layer of candidates by people is kept when a job writes the layer again.
 *
 * The layer's fields 'review_status' and 'remark' are filled in QGIS: days of somebody's work. A layer that holds any
 * moves aside, to NAME_reviewed.gpkg (NAME_reviewed_2.gpkg, ...), before a new one takes its name.
 */
#ifndef LU_CHANGE_REVIEW_H
#define LU_CHANGE_REVIEW_H

#include "base/hooks.h"
#include "raster/form.h"

#define LU_REVIEW_STATUS "review_status"
#define LU_REVIEW_STATUS_FORMERLY "checked" /* as layers of version 0.1 before its release call it: read, not written */
#define LU_REVIEW_REMARK "remark"

/* The values of 'review_status'. */
enum { LU_REVIEWED_CHANGE, LU_REVIEWED_NO_CHANGE, LU_REVIEWED_UNSURE, LU_REVIEW_STATUSES };
extern const struct lu_form_choice lu_review_statuses[LU_REVIEW_STATUSES];

/*
 * Move FOLDER/NAME.gpkg aside if its layer NAME holds reviews, or if it has no such layer; a warning to 'hooks' says where
 * it went. LU_ERROR_BUSY when another program has it open: what was typed there may not be in the file yet.
 */
enum lu_status lu_review_keep(const char *folder, const char *name, const struct lu_hooks *hooks, struct lu_error *err);

#endif
