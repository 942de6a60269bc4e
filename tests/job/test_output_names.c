/* test_output_names.c: which files a run of so many dates, and a comparison of maps, may write. */
#include "job/output_names.h"

#include "support/check.h"

static const char *const labels[] = {"2001", "2010", "2016"};

static struct lu_output_names plan_of(const struct lu_output_plan *plan)
{
	struct lu_output_names names;
	struct lu_error err = {0};

	check_ok(lu_output_names_plan(plan, &names, &err), err);
	return names;
}

static void check_names(const struct lu_output_names *names, const char *const *there, const char *const *not_there)
{
	for (size_t i = 0; there[i] != NULL; i++)
		if (!lu_output_names_hold(names, there[i]))
			fail_msg("%s is not planned", there[i]);
	for (size_t i = 0; not_there[i] != NULL; i++)
		if (lu_output_names_hold(names, not_there[i]))
			fail_msg("%s is planned", not_there[i]);
}

static void one_date(void **state)
{
	struct lu_output_plan plan = {.labels = labels, .date_count = 1, .scored = true, .rasters = true};
	struct lu_output_names names = plan_of(&plan);

	(void)state;
	check_names(&names,
		    (const char *const[]){"2001/landuse.tif", "2001/confidence.tif", "statistics.json",
					  "class_areas.csv", "confidence.csv", "manifest.json", ".work/2001.scores",
					  NULL},
		    (const char *const[]){"landuse.tif", "2001/landuse_raw.tif", "2001/probabilities.tif",
					  "trajectory.tif", "transitions.csv", "annual_rates.csv", "zones.gpkg",
					  ".work/2001@windows.scores", NULL});
	lu_output_names_release(&names);
	/* One date alone may lie in the folder itself. */
	plan.flat = plan.probabilities = plan.windows = true;
	names = plan_of(&plan);
	check_names(&names,
		    (const char *const[]){"landuse.tif", "probabilities.tif", ".work/2001@windows.scores",
					  ".work/2001@windows.done", NULL},
		    (const char *const[]){"2001/landuse.tif", NULL});
	lu_output_names_release(&names);
}

static void three_dates(void **state)
{
	struct lu_output_plan plan = {.labels = labels,
				      .date_count = 3,
				      .pairs = LU_PAIRS_ALL,
				      .scored = true,
				      .rasters = true,
				      .smoothed = true,
				      .normalised = true,
				      .zones = true};
	struct lu_output_names names = plan_of(&plan);

	(void)state;
	check_names(&names,
		    (const char *const[]){"2001/landuse_raw.tif", "2016/landuse_consistent.tif", "2001_2010/change.tif",
					  "2001_2016/change_probability.tif", "2010_2016/flagged.tif",
					  "transition_2001_2016.csv", "transition_2001_2016_ha.csv", "trajectory.tif",
					  "year_of_change.tif", "trajectories.csv", "annual_rates.csv",
					  "normalisation.csv", "smoothing.csv", "zone_transitions.csv", NULL},
		    (const char *const[]){"2010_2001/change.tif", "2016_2001/change.tif", NULL});
	lu_output_names_release(&names);
	plan.pairs = LU_PAIRS_CONSECUTIVE;
	names = plan_of(&plan);
	check_names(&names, (const char *const[]){"2001_2010/change.tif", "2010_2016/change.tif", NULL},
		    (const char *const[]){"2001_2016/change.tif", "transition_2001_2016.csv", NULL});
	lu_output_names_release(&names);
}

/* Labels that tell no year have no year of change, and no rates; pictures are patterns. */
static void labels_without_years(void **state)
{
	static const char *const words[] = {"before", "between", "after"};
	const struct lu_output_plan plan = {.labels = words,
					    .date_count = 3,
					    .pairs = LU_PAIRS_ALL,
					    .scored = true,
					    .rasters = true,
					    .pictures = 5};
	struct lu_output_names names = plan_of(&plan);

	(void)state;
	check_names(&names, (const char *const[]){"trajectory.tif", "before_after/change.tif", NULL},
		    (const char *const[]){"year_of_change.tif", "annual_rates.csv", NULL});
	lu_output_names_release(&names);
}

/* A comparison of maps that were there before scores nothing, and keeps no manifest. */
static void maps_alone(void **state)
{
	struct lu_output_plan plan = {.labels = labels, .date_count = 2, .pairs = LU_PAIRS_ALL, .rasters = true};
	struct lu_output_names names = plan_of(&plan);

	(void)state;
	check_names(&names,
		    (const char *const[]){"2001_2010/change.tif", "transitions.csv", "change_summary.csv", NULL},
		    (const char *const[]){"2001/landuse.tif", "manifest.json", "2001_2010/flagged.tif",
					  "significance.csv", ".work/2001.scores", NULL});
	lu_output_names_release(&names);
	plan.rasters = false;
	names = plan_of(&plan);
	check_names(&names, (const char *const[]){"transitions.csv", NULL},
		    (const char *const[]){"2001_2010/change.tif", NULL});
	lu_output_names_release(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_date),
		cmocka_unit_test(three_dates),
		cmocka_unit_test(labels_without_years),
		cmocka_unit_test(maps_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
