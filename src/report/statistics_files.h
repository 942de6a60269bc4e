/*
 * statistics_files.h: the figures of a run as files: statistics.json, the CSV tables beside it, and a text for a person.
 *
 * Areas are hectares to 6 decimals (a hundredth of a square metre). config/schema/statistics.schema.json describes the
 * JSON file. Nothing here depends on the locale, the time or the machine: same numbers, same bytes. Any thread.
 */
#ifndef LU_REPORT_STATISTICS_FILES_H
#define LU_REPORT_STATISTICS_FILES_H

#include <stdio.h>

#include "base/outputs.h"
#include "maps/statistics.h"

/* Write statistics.json durably to 'path'. */
enum lu_status lu_statistics_write_json(const char *path, const struct lu_county_statistics *statistics,
					struct lu_error *err);

/*
 * Write the tables durably into 'folder':
 *
 *	class_areas.csv		date, value, name, cells, area_ha, share (of the county; 0 "Not mapped" comes last)
 *	confidence.csv		date, from_percent, to_percent, cells, area_ha: how sure the model is
 *	transitions.csv		earlier, later, from_code, from_name, to_code, to_name, cells, hectares;
 *				one row for each pair of classes that occurs, unchanged ones too
 *	change_summary.csv	per pair of dates and class: earlier, later, gain, loss, net, swap, persistence
 *	annual_rates.csv	per pair of dates and class: years between, hectares, and Puyravaud's annual rate; only where
 *				areas are known and the labels of both dates are years or ISO dates
 *	significance.csv	per pair of dates that was judged: what was asked, flagged and may be expected of it, and what
 *				smoothing took away
 *	flagged_changes.csv	transitions.csv of the flagged cells alone
 *	normalisation.csv	per normalised date and band: gain, offset, and how well they fit
 *	smoothing.csv		per date and step of smoothing in space: which cells it gave from which class to which
 *	zone_areas.csv, zone_transitions.csv, zone_change_summary.csv	the first three tables of each zone, which its
 *				name begins; shares are of the zone's part inside the county
 *	extent.csv		per date and class: as mapped and temporally consistent, and what only the one or the other has
 *	trajectories.csv	cells and hectares that were stable, changed once, unstable, changed several times
 *	transition_A_B.csv	the from-to matrix of dates A and B in cells: rows = A, the earlier; columns = B
 *	transition_A_B_ha.csv	the same in hectares (not without areas)
 *
 * Each table appears whole or not at all; after an error some may have been written.
 */
enum lu_status lu_statistics_write_csv(const char *folder, const struct lu_county_statistics *statistics,
				       struct lu_error *err);

/* All tables but the matrices of pairs, as sheets of one file, where this GDAL writes such (lu_workbook_possible). */
#define LU_WORKBOOK_NAME "statistics.xlsx"

/* Write all of them into 'folder' and note them in 'outputs'. */
enum lu_status lu_statistics_write(const char *folder, const struct lu_county_statistics *statistics,
				   struct lu_outputs *outputs, struct lu_error *err);

/* Class areas and changes as the table that ends a command. */
void lu_statistics_print(FILE *to, const struct lu_county_statistics *statistics);
/* Of each class the first and the last date's area, and what significantly changed between them. */
void lu_statistics_print_short(FILE *to, const struct lu_county_statistics *statistics);

#endif
