/*
 * smooth_stage.h: the maps of a job's dates, smoothed in space where the job asks for it.
 *
 *	scores --arg-max--> raw map --method--> calmer map --minimum mapping unit--> the map
 *
 * Whoever asks for a minimum mapping unit of one hectare wants a map, areas and change that hold to
 * it: the smoothed map is therefore DATE/landuse.tif and what all figures are of, and the raw one is
 * kept as DATE/landuse_raw.tif. Significance stays with the network's own probabilities: how far these
 * can be trusted was learnt from them, not from what became of them.
 *
 * The method streams strips of rows with a halo; the minimum mapping unit holds the whole map, because
 * a patch may reach across it (lu_smooth_stage_bytes). Both run in one thread and do not depend on
 * the number of others. Maps are a byte a cell in nameless files, made again when a job goes on.
 */
#ifndef LU_JOB_SMOOTH_STAGE_H
#define LU_JOB_SMOOTH_STAGE_H

#include "job/accuracy/class_rows.h"
#include "job/county/county.h"
#include "report/statistics.h"

struct lu_smooth_stage;

/* Smooth the dates in 'stores', with files in 'work'. All borrowed, 'raw' (one a date) and 'hooks' too. */
enum lu_status lu_smooth_stage_new(struct lu_county *county, const char *work, struct lu_store *const *stores,
				   const struct lu_class_rows *raw, const struct lu_hooks *hooks,
				   struct lu_smooth_stage **out, struct lu_error *err);
void lu_smooth_stage_free(struct lu_smooth_stage *stage);

/* The map of 'date', with the network's probability of the class that each cell has now as its confidence. */
struct lu_class_rows lu_smooth_stage_map(struct lu_smooth_stage *stage, size_t date);

/* What was done, for a map's metadata: "mrf, weight 1; minimum mapping unit of 4 cells". */
const char *lu_smooth_stage_text(const struct lu_smooth_stage *stage);

/* What each step altered at 'date', the stage's own. */
const struct lu_smoothing_statistics *lu_smooth_stage_steps(const struct lu_smooth_stage *stage, size_t date,
							     size_t *count);

/* The most that the stage will hold for a minimum mapping unit; 0: the job has none. */
size_t lu_smooth_stage_bytes(const struct lu_county *county);

#endif
