/*
 * map_pass.h: one pass over the maps of all dates, which gives all that is made of single cells.
 *
 *	maps --> rasters of each date, tables of areas, zones, the sample that change is fitted to
 *
 * Each row of each date is read once and handed to everybody. What comes later finds the classes of scores in a file of
 * two bytes a cell.
 */
#ifndef LU_COMMANDS_MAP_PASS_H
#define LU_COMMANDS_MAP_PASS_H

#include "commands/pipeline.h"

/* What a pass is for; one or both. */
enum lu_map_pass_aim {
	LU_PASS_COUNTS = 1, /* the tally is filled; of classes that the pipeline's legend does not have, too */
	LU_PASS_WRITES = 2, /* all the rest */
};

/* LU_ERROR_CANCELLED when the hooks ask for it. */
enum lu_status lu_map_pass(struct lu_pipeline *p, unsigned aims, struct lu_error *err);

#endif
