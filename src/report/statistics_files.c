/* statistics_files.c: all files of the figures, and which of them there are. */
#include "report/statistics_files.h"

#include "base/memory.h"

enum lu_status lu_statistics_write(const char *folder, const struct lu_statistics *statistics,
				   struct lu_outputs *outputs, struct lu_error *err)
{
	static const char *const tables[] = {"class_areas.csv", "transitions.csv", "change_summary.csv",
					     "significance.csv", "flagged_changes.csv"};
	char *path = lu_sprintf("%s/statistics.json", folder);
	enum lu_status status = path != NULL ? lu_statistics_write_json(path, statistics, err)
					     : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");

	lu_free(path);
	if (status == LU_OK)
		status = lu_statistics_write_csv(folder, statistics, err);
	if (status == LU_OK)
		status = lu_outputs_add(outputs, err, "statistics.json");
	/* One date alone has areas and no transitions; maps alone have no significance. */
	const size_t count = lu_statistics_judged(statistics) ? 5 : statistics->pair_count > 0 ? 3 : 1;
	for (size_t i = 0; i < count && status == LU_OK; i++)
		status = lu_outputs_add(outputs, err, "%s", tables[i]);
	if (status == LU_OK && lu_statistics_timed(statistics))
		status = lu_outputs_add(outputs, err, "annual_rates.csv");
	if (status == LU_OK && lu_statistics_normalised(statistics))
		status = lu_outputs_add(outputs, err, "normalisation.csv");
	if (status == LU_OK && lu_statistics_smoothed(statistics))
		status = lu_outputs_add(outputs, err, "smoothing.csv");
	static const char *const in_time[] = {"extent.csv", "trajectories.csv"};
	for (size_t i = 0; i < 2 && lu_statistics_in_time(statistics) && status == LU_OK; i++)
		status = lu_outputs_add(outputs, err, "%s", in_time[i]);
	static const char *const of_zones[] = {"zone_areas.csv", "zone_transitions.csv", "zone_change_summary.csv"};
	for (size_t i = 0; statistics->zones != NULL && i < (statistics->pair_count > 0 ? 3 : 1) && status == LU_OK;
	     i++)
		status = lu_outputs_add(outputs, err, "%s", of_zones[i]);
	for (size_t i = 0; i < statistics->pair_count && status == LU_OK; i++) {
		const char *earlier = statistics->dates[statistics->pairs[i].earlier].label;
		const char *later = statistics->dates[statistics->pairs[i].later].label;
		status = lu_outputs_add(outputs, err, "transition_%s_%s.csv", earlier, later);
		if (status == LU_OK && statistics->has_areas)
			status = lu_outputs_add(outputs, err, "transition_%s_%s_ha.csv", earlier, later);
	}
	return status;
}
