/* statistics_files.c: all files of the figures, and which of them there are. */
#include "report/statistics_files.h"

#include <stdio.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/table.h"
#include "raster/workbook.h"
#include "report/evidence.h"

static bool always(const struct lu_county_statistics *statistics)
{
	(void)statistics;
	return true;
}

/* One date alone has areas and no transitions; maps alone have no significance. */
static bool has_pairs(const struct lu_county_statistics *statistics)
{
	return statistics->pair_count > 0;
}

static bool has_zones(const struct lu_county_statistics *statistics)
{
	return statistics->zones != NULL;
}

static bool has_zone_pairs(const struct lu_county_statistics *statistics)
{
	return statistics->zones != NULL && statistics->pair_count > 0;
}

/* The tables of the whole run: a file each, and a sheet of the workbook. */
static const struct {
	const char *name, *title;
	bool (*when)(const struct lu_county_statistics *statistics);
} tables[] = {
	{"class_areas.csv", "Class areas", always},
	{"confidence.csv", "Confidence", lu_statistics_confident},
	{"transitions.csv", "Transitions", has_pairs},
	{"change_summary.csv", "Change summary", has_pairs},
	{"significance.csv", "Significance", lu_statistics_judged},
	{"flagged_changes.csv", "Flagged changes", lu_statistics_judged},
	{"annual_rates.csv", "Annual rates", lu_statistics_timed},
	{"normalisation.csv", "Normalisation", lu_statistics_normalised},
	{"smoothing.csv", "Smoothing", lu_statistics_smoothed},
	{"extent.csv", "Extent", lu_statistics_in_time},
	{"trajectories.csv", "Trajectories", lu_statistics_in_time},
	{"zone_areas.csv", "Zone areas", has_zones},
	{"zone_transitions.csv", "Zone transitions", has_zone_pairs},
	{"zone_change_summary.csv", "Zone change summary", has_zone_pairs},
};
enum { TABLES = sizeof(tables) / sizeof(tables[0]) };

/* The tables that are in the folder, as sheets. */
static enum lu_status write_workbook(const char *folder, const struct lu_county_statistics *statistics,
				     struct lu_error *err)
{
	struct lu_table read[TABLES] = {{0}};
	struct lu_sheet sheets[TABLES];
	size_t count = 0;
	char *path = lu_path_join(folder, LU_WORKBOOK_NAME);
	enum lu_status status;

	LU_TRY(path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	for (size_t i = 0; i < TABLES; i++) {
		if (!tables[i].when(statistics))
			continue;
		char *table = lu_path_join(folder, tables[i].name);
		status = table != NULL ? lu_table_read(table, &read[count], err)
				       : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		lu_free(table);
		LU_TRY(status);
		sheets[count] = (struct lu_sheet){tables[i].title, &read[count]};
		count++;
	}
	LU_TRY(lu_workbook_write(path, sheets, count, err));
out:
	for (size_t i = 0; i < count; i++)
		lu_table_release(&read[i]);
	lu_free(path);
	return status;
}

/* The tables of an assessment lie with the map that it is of. */
static enum lu_status write_evidence(const char *folder, const struct lu_evidence *evidence, struct lu_outputs *outputs,
				     struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < evidence->map_count; i++) {
		const struct lu_assessed_map *map = &evidence->maps[i];
		const char *between = map->later != NULL ? "_" : "", *later = map->later != NULL ? map->later : "";
		char *path = lu_sprintf("%s/%s%s%s", folder, map->date, between, later);
		status = path != NULL ? lu_assessment_csv(path, &map->assessment, err)
				      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		lu_free(path);
		const size_t written =
			map->assessment.zone_count > 0 ? LU_ASSESSMENT_TABLES : LU_ASSESSMENT_TABLES_OF_ALL;
		for (size_t k = 0; k < written && status == LU_OK; k++)
			status = lu_outputs_add(outputs, err, "%s%s%s/%s", map->date, between, later,
						lu_assessment_tables[k]);
		LU_TRY(status);
	}
	if (evidence->reference != NULL)
		LU_TRY(lu_comparison_csv(folder, evidence->reference, err));
	for (size_t k = 0; evidence->reference != NULL && k < LU_COMPARISON_TABLES; k++)
		LU_TRY(lu_outputs_add(outputs, err, "%s", lu_comparison_tables[k]));
out:
	return status;
}

enum lu_status lu_statistics_write(const char *folder, const struct lu_county_statistics *statistics,
				   struct lu_outputs *outputs, struct lu_error *err)
{
	char *path = lu_sprintf("%s/statistics.json", folder);
	enum lu_status status;

	LU_TRY(path != NULL ? lu_statistics_write_json(path, statistics, err)
			    : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_statistics_write_csv(folder, statistics, err));
	LU_TRY(lu_outputs_add(outputs, err, "statistics.json"));
	for (size_t i = 0; i < TABLES; i++)
		if (tables[i].when(statistics))
			LU_TRY(lu_outputs_add(outputs, err, "%s", tables[i].name));
	if (lu_workbook_possible()) {
		LU_TRY(write_workbook(folder, statistics, err));
		LU_TRY(lu_outputs_add(outputs, err, LU_WORKBOOK_NAME));
	}
	if (statistics->evidence != NULL)
		LU_TRY(write_evidence(folder, statistics->evidence, outputs, err));
	for (size_t i = 0; i < statistics->pair_count; i++) {
		const char *earlier = statistics->dates[statistics->pairs[i].earlier].label;
		const char *later = statistics->dates[statistics->pairs[i].later].label;
		LU_TRY(lu_outputs_add(outputs, err, "transition_%s_%s.csv", earlier, later));
		if (statistics->has_areas)
			LU_TRY(lu_outputs_add(outputs, err, "transition_%s_%s_ha.csv", earlier, later));
	}
out:
	lu_free(path);
	return status;
}
