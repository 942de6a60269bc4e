/*
 * run_maps.h: the first pass over a job's scores, which gives all that is made of single cells.
 *
 *	scores --> classes, confidence --> rasters of each date, tables of areas, zones, the sample that change is fitted to
 *
 * Each row of each date is read once and handed to everybody. What comes later finds the classes in a file of two bytes a
 * cell.
 */
#ifndef LU_COMMANDS_RUN_MAPS_H
#define LU_COMMANDS_RUN_MAPS_H

#include "base/outputs.h"
#include "change/change_stage.h"
#include "job/county.h"
#include "maps/cell_file.h"
#include "maps/class_rows.h"
#include "maps/tally.h"

/* All borrowed. */
struct lu_map_pass_task {
	struct lu_county *county; /* its zones are tallied */
	struct lu_store *const *stores; /* one a date, as the next two */
	const struct lu_class_rows *maps; /* with confidence */
	const struct lu_class_rows *raw; /* the maps before they were smoothed */
	const char *smoothed; /* how; NULL: they were not */
	const struct lu_legend *legend;
	struct lu_change_stage *change; /* is shown every row; NULL: there is none */
	struct lu_cell_file *const *classes; /* one a date, to be filled; NULL: nobody will read the maps again */
	bool flat; /* one date, its maps right in the output folder */
	const struct lu_hooks *hooks;
};

/*
 * Fill 'tally' (lu_tally_release it also after a failure), write the rasters of all dates and note them in 'outputs'.
 * LU_ERROR_CANCELLED when the hooks ask for it.
 */
enum lu_status lu_map_pass(const struct lu_map_pass_task *task, struct lu_tally *tally, struct lu_outputs *outputs,
			   struct lu_error *err);

#endif
