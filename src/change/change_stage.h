/*
 * change_stage.h: change between dates, from their maps and, where there are any, their scores to rasters and figures.
 *
 * Maps alone give change.tif of each pair of dates. Scores say, too, which change is significant, where it is to be
 * checked, and what all dates say together.
 */
#ifndef LU_CHANGE_CHANGE_STAGE_H
#define LU_CHANGE_CHANGE_STAGE_H

#include "change/change_products.h"
#include "change/time_tally.h"
#include "grid/date_pairs.h"
#include "grid/ground.h"
#include "maps/class_rows.h"
#include "maps/statistics.h"
#include "models/model.h"
#include "raster/imagery.h"

/* What is compared, and by what it is judged. All borrowed, for as long as the stage lives. */
struct lu_change_task {
	const char *const *labels; /* of the dates, two at least */
	size_t dates;
	enum lu_date_pairs pairs; /* that are compared */
	const struct lu_frame *cells;
	struct lu_ground *ground;
	const struct lu_legend *legend; /* of all classes that occur */
	int threads; /* that fit, draw and compress */
	const struct lu_hooks *hooks;
	struct lu_store *const *stores; /* one a date; NULL: there are no scores, and the rest is NULL, too */
	struct lu_imagery *const *imagery; /* one a date: for pictures of patches */
	const struct lu_change_keys *keys;
	const struct lu_model *model;
	const struct lu_scheme *scheme;
	const struct lu_regroup *regroup;
	bool smoothed; /* the maps are not what the scores say alone: what is flagged follows the maps */
};

struct lu_change_stage;

enum lu_status lu_change_stage_new(const struct lu_change_task *task, struct lu_change_stage **out,
				   struct lu_error *err);
void lu_change_stage_free(struct lu_change_stage *stage);

/* Bytes a cell of a row of tiles (LU_MAP_TILE rows) that are held while the rasters of 'dates' dates are written. */
size_t lu_change_stage_cell_bytes(size_t dates, enum lu_date_pairs pairs);

/* Let the detector of change, if there are scores, see row 'row' of the scores, once each, before anything is written. */
enum lu_status lu_change_stage_sample(struct lu_change_stage *stage, int64_t row, struct lu_error *err);

/*
 * Write the rasters of every pair of dates below FOLDER/EARLIER_LATER: a pass over the maps for each sixteen pairs. With
 * scores, judge each pair (one more pass) and write its layers of candidates, too; and with three dates or more the
 * temporally consistent maps, the trajectories and the years of change (see time_products.h). 'maps' has one entry a date.
 * LU_ERROR_CANCELLED when the hooks ask for it.
 */
enum lu_status lu_change_stage_write(struct lu_change_stage *stage, const struct lu_class_rows *maps,
				     const char *folder, struct lu_outputs *outputs, struct lu_error *err);

/* The areas of what all dates say together, the stage's own; NULL with fewer than three dates. */
const struct lu_time_tally *lu_change_stage_time_tally(const struct lu_change_stage *stage);

/* The figures of a pair that was judged, the stage's own; NULL for another. */
const struct lu_flag_statistics *lu_change_stage_flags(const struct lu_change_stage *stage, size_t earlier,
						       size_t later);

#endif
