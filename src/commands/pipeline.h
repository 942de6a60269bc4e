/*
 * pipeline.h: from the maps of several dates to rasters, tables and a summary, whoever made the maps.
 *
 *	scores of imagery --\                                        /--> rasters of each date
 *	                     maps --smoothing in space--> the maps --+--> tables of areas, zones
 *	rasters on file ----/                                        \--> rasters and layers of each pair of dates
 *
 * A command says where its maps come from, then takes the stages in the order below. What needs probabilities (confidence,
 * significance, candidates, trajectories) is made where the maps were scored, and otherwise left out.
 */
#ifndef LU_COMMANDS_PIPELINE_H
#define LU_COMMANDS_PIPELINE_H

#include "base/file.h"
#include "base/outputs.h"
#include "change/change_stage.h"
#include "commands/evidence.h"
#include "job/county.h"
#include "maps/cell_file.h"
#include "maps/metadata.h"
#include "maps/smooth_stage.h"
#include "maps/tally.h"

/* What a date's map says of its origin. */
struct lu_map_origin {
	struct lu_metadata metadata; /* for its rasters */
	const char *smoothed; /* how it was smoothed before it came here; NULL: it was not. Borrowed */
};

/* Starts as {0} and what a command knows of the first part. */
struct lu_pipeline {
	/* What is made of what. All borrowed. */
	const char *output; /* the folder */
	const char *const *labels; /* of the dates */
	size_t dates;
	enum lu_date_pairs pairs; /* that are compared */
	const struct lu_frame *cells;
	struct lu_ground *ground;
	struct lu_zones *zones; /* NULL: there are none */
	const struct lu_smoothing *smoothing;
	const struct lu_inputs *inputs; /* every file that is read */
	bool rasters; /* are wanted, not tables alone */
	bool flat; /* one date, its maps right in the output folder */
	struct lu_county *county; /* whose imagery was scored; NULL: the maps were there before */
	const struct lu_hooks *hooks;

	/* Where the maps come from. The command fills it in before the stage that needs it. */
	const char *work; /* the folder of files without a name. Borrowed */
	struct lu_store *const *stores; /* one a date, as the next two: the scores; NULL as 'county'. Borrowed */
	struct lu_class_rows *raw; /* the maps as they come */
	struct lu_map_origin *origins;
	struct lu_legend legend; /* of all classes that occur */
	struct lu_county_statistics
		statistics; /* names of county, scheme and model, and the chips; the stages do the rest */

	/* What becomes of them. */
	struct lu_output_names names;
	struct lu_outputs outputs;
	struct lu_lock *lock;
	struct lu_smooth_stage *smooth; /* NULL: the maps are taken as they come */
	struct lu_class_rows *maps; /* one a date: what all products and figures are of */
	struct lu_cell_file **classes; /* one a date: classes of scores, to be read again; NULL: 'maps' are as quick */
	struct lu_change_stage *change; /* NULL: no rasters of pairs */
	struct lu_tally tally;
	struct lu_run_evidence evidence; /* of a county that was scored */
	char *crs;
};

/* Name all that will be written: LU_ERROR_ARGUMENT when an input is among it. */
enum lu_status lu_pipeline_plan(struct lu_pipeline *p, struct lu_error *err);

/* Make the output folder, lock and sweep it; make room for 'raw' and 'origins'. */
enum lu_status lu_pipeline_open(struct lu_pipeline *p, struct lu_error *err);

/* 'raw' is there: smooth it, where that is asked for. Nothing is written yet. */
enum lu_status lu_pipeline_smooth(struct lu_pipeline *p, struct lu_error *err);

/* Fill 'tally' with classes as they are found, for who learns from it what the legend is. One pass over the maps. */
enum lu_status lu_pipeline_count(struct lu_pipeline *p, struct lu_error *err);

/* 'origins', 'legend' and 'statistics' are there: write all rasters, layers and tables. LU_ERROR_CANCELLED by the hooks. */
enum lu_status lu_pipeline_write(struct lu_pipeline *p, struct lu_error *err);

/* For a person: 'heading', the figures, and the files written. */
enum lu_status lu_pipeline_summary(const struct lu_pipeline *p, const char *heading, char **text, struct lu_error *err);

/* Free all but what was borrowed, and let others have the folder. */
void lu_pipeline_release(struct lu_pipeline *p);

#endif
