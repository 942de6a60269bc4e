/*
 * change_stage.h: the significance of change, from the scores of several dates to its rasters and figures.
 */
#ifndef LU_CHANGE_CHANGE_STAGE_H
#define LU_CHANGE_CHANGE_STAGE_H

#include "change/change_products.h"
#include "change/time_tally.h"
#include "grid/ground.h"
#include "maps/class_rows.h"
#include "maps/statistics.h"
#include "models/model.h"
#include "raster/imagery.h"

/* What is judged, and by what. All borrowed, for as long as the stage lives. */
struct lu_change_task {
	const struct lu_change_keys *keys;
	const char *const *labels; /* of the dates, two at least */
	size_t dates;
	struct lu_store *const *stores; /* one a date */
	struct lu_imagery *const *imagery; /* one a date: for pictures of patches */
	const struct lu_frame *cells;
	struct lu_ground *ground;
	const struct lu_model *model;
	const struct lu_scheme *scheme;
	const struct lu_regroup *regroup;
	const struct lu_legend *legend;
	const struct lu_hooks *hooks;
};

struct lu_change_stage;

enum lu_status lu_change_stage_new(const struct lu_change_task *task, struct lu_change_stage **out,
				   struct lu_error *err);
void lu_change_stage_free(struct lu_change_stage *stage);

/* A pair of dates: where its outputs go, and the two maps. All borrowed. */
struct lu_change_pair {
	size_t earlier, later;
	const char *folder, *name; /* FOLDER/NAME, which is there */
	const char *const *metadata; /* "KEY=VALUE", NULL-terminated */
	struct lu_class_rows before, after;
};

/* Judge the pair, write its rasters and layers of candidates, and keep its figures. */
enum lu_status lu_change_stage_pair(struct lu_change_stage *stage, const struct lu_change_pair *pair,
				    struct lu_outputs *outputs, struct lu_error *err);

/*
 * With three dates or more: the maps smoothed in time, the trajectories and the years of change (see
 * time_products.h), and their areas are kept. 'maps' has one entry a date, 'metadata' is of the rasters in 'folder' itself.
 */
enum lu_status lu_change_stage_time(struct lu_change_stage *stage, const struct lu_class_rows *maps, const char *folder,
				    const char *const *metadata, struct lu_outputs *outputs, struct lu_error *err);

/* The areas of what all dates say together, the stage's own; NULL with fewer than three dates. */
const struct lu_time_tally *lu_change_stage_time_tally(const struct lu_change_stage *stage);

/* The figures of a pair that was judged, the stage's own; NULL for another. */
const struct lu_flag_statistics *lu_change_stage_flags(const struct lu_change_stage *stage, size_t earlier,
						       size_t later);

#endif
