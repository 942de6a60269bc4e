/*
 * smooth_stage.h: the maps of several dates, smoothed in space, from a network's scores or as anyone made them.
 *
 *	scores --arg-max--> raw map --method--> smoothed map --minimum mapping unit--> the map
 *
 * Whoever asks for a minimum mapping unit of one hectare wants a map, areas and change that hold to
 * it: the smoothed map is therefore DATE/landuse.tif and what all figures are of, and the raw one is
 * kept as DATE/landuse_raw.tif. Significance stays with the network's own probabilities: how far these
 * can be trusted was learnt from them, not from what became of them.
 *
 * The method streams strips of rows with a halo; the minimum mapping unit holds the whole map, because
 * a patch may reach across it (lu_smooth_stage_bytes). Both run in one thread and do not depend on
 * the number of others. Maps are two bytes a cell in nameless files, made again when a job goes on.
 */
#ifndef LU_MAPS_SMOOTH_STAGE_H
#define LU_MAPS_SMOOTH_STAGE_H

#include "grid/ground.h"
#include "maps/class_rows.h"
#include "maps/smooth_keys.h"
#include "maps/statistics.h"
#include "maps/store.h"

/* All borrowed, for as long as the stage lives. */
struct lu_smooth_task {
	const struct lu_smoothing *keys;
	const struct lu_frame *cells;
	const struct lu_ground *ground;
	const char *work; /* the folder of the nameless files */
	const struct lu_class_rows *raw; /* one a date: the maps before smoothing */
	size_t date_count;
	/* What the network said, one a date, and its classes; NULL: there are only maps, so there is no mrf. */
	struct lu_store *const *stores;
	const struct lu_regroup *regroup;
	/* Cells of this value (0: there are none) have no vote, and stay what they are. */
	uint16_t uncertain;
	const struct lu_hooks *hooks;
};

struct lu_smooth_stage;

/* Smooth all dates. LU_ERROR_CANCELLED when the hooks ask for it. */
enum lu_status lu_smooth_stage_new(const struct lu_smooth_task *task, struct lu_smooth_stage **out,
				   struct lu_error *err);
void lu_smooth_stage_free(struct lu_smooth_stage *stage);

/*
 * The map of 'date', with the network's probability of the class that each cell has now as its confidence (0 where
 * there are only maps).
 */
struct lu_class_rows lu_smooth_stage_map(struct lu_smooth_stage *stage, size_t date);

/* What was done, for a map's metadata: "mrf, weight 1; minimum mapping unit of 4 cells". */
const char *lu_smooth_stage_text(const struct lu_smooth_stage *stage);

/* What each step altered at 'date', the stage's own. */
const struct lu_smoothing_statistics *lu_smooth_stage_steps(const struct lu_smooth_stage *stage, size_t date,
							    size_t *count);

/* The most that the stage will hold for a minimum mapping unit; 0: there is none. */
size_t lu_smooth_stage_bytes(const struct lu_smoothing *keys, const struct lu_frame *cells,
			     const struct lu_ground *ground);

#endif
