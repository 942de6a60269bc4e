/*
 * change_stage.h: the significance of change, from a job's scores to its rasters and figures.
 */
#ifndef LU_JOB_CHANGE_STAGE_H
#define LU_JOB_CHANGE_STAGE_H

#include "job/change_products.h"
#include "job/county.h"
#include "report/statistics.h"

struct lu_change_stage;

/* 'county' and 'stores' (one a date, two dates at least) are borrowed. */
enum lu_status lu_change_stage_new(struct lu_county *county, struct lu_store *const *stores,
				   const struct lu_legend *legend, struct lu_change_stage **out, struct lu_error *err);
void lu_change_stage_free(struct lu_change_stage *stage);

/* Judge the pair, write its rasters into FOLDER/NAME (which is there) and keep its figures. */
enum lu_status lu_change_stage_pair(struct lu_change_stage *stage, size_t earlier, size_t later, const char *folder,
				    const char *name, const char *const *metadata, struct lu_outputs *outputs,
				    struct lu_error *err);

/* The figures of a pair that was judged, the stage's own; NULL for another. */
const struct lu_flag_statistics *lu_change_stage_flags(const struct lu_change_stage *stage, size_t earlier,
						       size_t later);

#endif
