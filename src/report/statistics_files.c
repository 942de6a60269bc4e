/* statistics_files.c: all files of the figures, and which of them there are. */
#include "report/statistics_files.h"

#include "base/memory.h"

enum lu_status lu_statistics_write(const char *folder, const struct lu_statistics *statistics,
				   struct lu_outputs *outputs, struct lu_error *err)
{
	static const char *const tables[] = {"class_areas.csv", "transitions.csv", "change_summary.csv",
					     "significance.csv", "flagged_changes.csv"};
	char *path = lu_sprintf("%s/statistics.json", folder);
	enum lu_status status;

	LU_TRY(path != NULL ? lu_statistics_write_json(path, statistics, err)
			    : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_statistics_write_csv(folder, statistics, err));
	LU_TRY(lu_outputs_add(outputs, err, "statistics.json"));
	/* One date alone has areas and no transitions; maps alone have no significance. */
	const size_t count = lu_statistics_judged(statistics) ? 5 : statistics->pair_count > 0 ? 3 : 1;
	for (size_t i = 0; i < count; i++)
		LU_TRY(lu_outputs_add(outputs, err, "%s", tables[i]));
	if (lu_statistics_timed(statistics))
		LU_TRY(lu_outputs_add(outputs, err, "annual_rates.csv"));
	if (lu_statistics_normalised(statistics))
		LU_TRY(lu_outputs_add(outputs, err, "normalisation.csv"));
	if (lu_statistics_smoothed(statistics))
		LU_TRY(lu_outputs_add(outputs, err, "smoothing.csv"));
	static const char *const in_time[] = {"extent.csv", "trajectories.csv"};
	for (size_t i = 0; i < 2 && lu_statistics_in_time(statistics); i++)
		LU_TRY(lu_outputs_add(outputs, err, "%s", in_time[i]));
	static const char *const of_zones[] = {"zone_areas.csv", "zone_transitions.csv", "zone_change_summary.csv"};
	for (size_t i = 0; statistics->zones != NULL && i < (statistics->pair_count > 0 ? 3 : 1); i++)
		LU_TRY(lu_outputs_add(outputs, err, "%s", of_zones[i]));
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
