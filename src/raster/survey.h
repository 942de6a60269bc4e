/*
 * survey.h: what lies in a folder and below it, told by names alone: files that may be imagery, and files that may be polygons.
 */
#ifndef LU_RASTER_SURVEY_H
#define LU_RASTER_SURVEY_H

#include <stddef.h>

#include "base/error.h"

/* Paths seen from the folder, in the order of their bytes. */
struct lu_survey {
	char **rasters, **vectors;
	size_t raster_count, vector_count;
};

enum { LU_SURVEY_DEEPEST = 4 /* folders below the folder */, LU_SURVEY_MOST = 200000 /* files */ };

/*
 * Hidden names and what systems leave behind are passed over, and so is every folder that a run writes into. A .vrt counts where
 * no other raster lies beside it. LU_ERROR_ARGUMENT: no such folder, or more files than LU_SURVEY_MOST.
 */
enum lu_status lu_survey_folder(const char *folder, struct lu_survey *out, struct lu_error *err);
void lu_survey_release(struct lu_survey *survey);

#endif
