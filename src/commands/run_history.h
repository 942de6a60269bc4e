/*
 * run_history.h: what every run into an output folder found, in OUTPUT/runs.gpkg: tables that QGIS opens and SQL asks.
 *
 *	runs	run (its number), finished (UTC), landuse, fingerprint, command, chips, seconds, outputs, alarms
 *	dates	run, date, imagery (its fingerprint), chips, seconds
 *	areas	run, finished, date, class, cells, hectares; "Not mapped" is a class here
 *	changes	run, earlier, later, from_class, to_class, cells, hectares, flagged_cells, flagged_hectares
 *	candidates	run, pair, layer, patches, hectares, new_patches, new_hectares; the last two only where a run was before
 *
 * Rows are never changed. It is not the history of trainings in the home folder (history.h).
 */
#ifndef LU_COMMANDS_RUN_HISTORY_H
#define LU_COMMANDS_RUN_HISTORY_H

#include "change/new_patches.h"
#include "job/county.h"
#include "runs/manifest.h"
#include "maps/statistics.h"

#define LU_RUN_HISTORY "runs.gpkg"

/* All borrowed. */
struct lu_run_record {
	const struct lu_county *county;
	const char *fingerprint; /* of the whole job */
	const char *const *command; /* as it was given */
	size_t command_count;
	const struct lu_manifest_date *dates;
	const struct lu_county_statistics *statistics;
	const struct lu_new_patches *news;
	uint64_t chips, outputs, alarms;
	double seconds;
};

/* All rows of the run in one transaction; several writers wait for each other. */
enum lu_status lu_run_history_append(const char *folder, const struct lu_run_record *record, struct lu_error *err);

#endif
