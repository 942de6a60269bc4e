/* cmd_assess.c: landuse assess MAP SAMPLE */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define TYPE struct lu_assess_options
#define AT(place) OPTION_AT(TYPE, place)

static void init(void *options)
{
	lu_assess_options_init(options);
}

static const struct option rows[] = {
	{"MAP.tif", NULL, OPTION_LIST, .meaning = "the map that is assessed, or the maps of two dates", AT(maps),
	 .count = offsetof(TYPE, map_count), .positional = true, .most = 2, .thing = THING_RASTER},
	{"SAMPLE", NULL, OPTION_TEXT,
	 .meaning = "what landuse sample made, labelled; or a GeoPackage, Shapefile, GeoJSON, CSV with columns lon and "
		    "lat "
		    "(degrees) or x and y (the map's own), or anything that OGR reads",
	 AT(sample), .positional = true, .least = 1, .thing = THING_VECTOR},
	{"reference-field", NULL, OPTION_TEXT, "NAME", "the label", AT(reference_field)},
	{"map-field", NULL, OPTION_TEXT, "NAME", "the map's class from this field, not from the map at the place",
	 AT(map_field)},
	{"stratum-field", NULL, OPTION_TEXT, "NAME", "the stratum", AT(stratum_field), .otherwise = "stratum"},
	{"sample-layer", NULL, OPTION_TEXT, "NAME", "which layer of SAMPLE or --candidates", AT(sample_layer),
	 .otherwise = "'sample', else the first; of --candidates the first"},
	{"scheme", NULL, OPTION_TEXT, "NAME", "name the classes after this scheme", AT(scheme),
	 .otherwise = "as the map names them", .key = "scheme", .thing = THING_SCHEME},
	{"by-number", NULL, OPTION_TRUE, NULL, "go by the numbers of classes, though the maps call them by other names",
	 AT(by_number)},
	{"change", NULL, OPTION_TRUE, NULL, "MAP holds before*100+after codes, though it does not say so", AT(change)},
	{"strata", NULL, OPTION_TEXT, "FILE",
	 "CSV of stratum, size: no map is read; SAMPLE has fields stratum, map and reference", AT(strata),
	 .thing = THING_TABLE},
	{"weights", NULL, OPTION_TRUE, NULL, "its sizes are areas or shares, not numbers of sampling units",
	 AT(weights), .needs = "strata"},
	{"counts", NULL, OPTION_TEXT, "FILE",
	 "CSV error matrix: a line of reference classes, then one for each map class", AT(counts),
	 .thing = THING_TABLE},
	{"areas", NULL, OPTION_TEXT, "FILE",
	 "CSV of class, mapped area; without it the counts are a simple random sample's", AT(areas), .needs = "counts",
	 .thing = THING_TABLE},
	{"candidates", NULL, OPTION_TEXT, "FILE", "patches of change with a field 'review_status'", AT(candidates),
	 .thing = THING_VECTOR},
	{"unit-ha", NULL, OPTION_NUMBER, "X",
	 "hectares in one unit of the sizes and areas, such as 0.09 for pixels of 30 m", AT(unit_ha), .low = 1e-12,
	 .high = 1e12, .otherwise = "areas are hectares, strata give proportions only"},
	{"confidence", NULL, OPTION_NUMBER, "P", "level of the intervals in percent, 50 to 99.9", AT(confidence),
	 .low = 50, .high = 99.9},
	{"intervals", NULL, OPTION_CHOICE, "NAME",
	 "wilson (Wilson, gamma limits of omissions, MOVER), or wald (estimate and standard errors, as older tables "
	 "have "
	 "it: too narrow where few errors are found)",
	 AT(intervals), .choice = LU_CHOICE_INTERVALS},
	{"estimator", NULL, OPTION_CHOICE, "NAME", "auto, stratified (by the map's classes) or ratio", AT(estimator),
	 .choice = LU_CHOICE_ESTIMATOR},
	BOUNDARY(TYPE, , "where SAMPLE has no design: the map inside this; zones are cut to it"),
	{"zones", NULL, OPTION_TEXT, "FILE",
	 "areas of the classes in each zone, too (any OGR source): by its own places where they suffice, else by the "
	 "county's "
	 "errors (synthetic)",
	 AT(zones), .thing = THING_VECTOR},
	{"zone-name", NULL, OPTION_TEXT, "FIELD", "names the zones", AT(zone_name), .needs = "zones"},
	{"zone-layer", NULL, OPTION_TEXT, "NAME", "which layer has them", AT(zone_layer), .otherwise = "the first",
	 .needs = "zones"},
	{"kappa", NULL, OPTION_TRUE, NULL, "also Cohen's kappa", AT(kappa)},
	{"json", NULL, OPTION_TRUE, NULL, "the report as JSON", AT(json)},
	{"csv", NULL, OPTION_TEXT, "DIR", "also write error_matrix*.csv and class_accuracy.csv into DIR",
	 AT(csv_folder), .thing = THING_FOLDER, .made = true},
	JSON_LOG,
	QUIET,
};

/* Which files there should be depends on what they are measured against. */
static int check_files(const struct arguments *arguments)
{
	static const char *const of_candidates[] = {"candidates", "sample-layer", "json", NULL};
	const struct lu_assess_options *assess = arguments->options;
	const size_t files = arguments->operand_count;

	if (assess->candidates != NULL && (files > 0 || option_given_beside(arguments, of_candidates)))
		return usage_error(&command_assess,
				   "--candidates takes no map, no sample, and only --sample-layer, --json and --quiet");
	if (assess->candidates != NULL)
		return EXIT_DONE;
	if (assess->counts != NULL && files > 0)
		return usage_error(&command_assess, "--counts takes no map and no sample");
	if (assess->counts != NULL && assess->strata != NULL)
		return usage_error(&command_assess, "--counts and --strata do not go together");
	if (assess->strata != NULL && files != 1)
		return usage_error(&command_assess, "--strata takes one sample, and no map");
	if (assess->zones != NULL && (assess->counts != NULL || assess->strata != NULL))
		return usage_error(
			&command_assess,
			"--zones needs the map that was sampled, and goes with neither --counts nor --strata");
	if (assess->counts == NULL && assess->strata == NULL && files < 2)
		return usage_error(&command_assess, "name a map (or the maps of two dates) and a sample");
	return EXIT_DONE;
}

static int run(struct arguments *arguments)
{
	struct lu_assess_options *options = arguments->options;
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	if (check_files(arguments) != EXIT_DONE)
		return EXIT_USAGE;
	options->hooks = terminal_begin(arguments);
	const enum lu_status status = lu_assess(options, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_assess = {
	"assess",
	"accuracy and adjusted areas from a labelled sample",
	.usage = "[options] MAP.tif SAMPLE\n"
		 "[options] EARLIER.tif LATER.tif SAMPLE\n"
		 "[options] --strata STRATA.csv SAMPLE\n"
		 "[options] --counts MATRIX.csv [--areas AREAS.csv]\n"
		 "[--json] --candidates NEW_DEVELOPMENT.gpkg",
	.about = "Say how accurate a map is, and what the areas of its classes really are, from places that somebody "
		 "has "
		 "labelled: error matrix in counts and in estimated proportions (rows = map, columns = reference), "
		 "overall, user's and producer's accuracy, and adjusted areas in hectares, with standard errors and "
		 "intervals. Of a sample of change also the area that changed, and the classes of either date.\n\n"
		 "SAMPLE's field 'reference' holds the true class, by number or by name (of change: before*100+after, "
		 "or "
		 "'Forest to Developed'; unchanged: the class alone, or both ways of two equal ones); places without a "
		 "label are left out, and counted.\n\n"
		 "If the strata are the map's classes the estimators are those of Olofsson et al. 2014, otherwise "
		 "(another "
		 "map than the one sampled, pooled strata) the ratio estimators of Stehman 2014. Places that were not "
		 "drawn "
		 "at random, such as anyone's own points, give a warning.\n\n"
		 "--candidates counts the review status that somebody gave in QGIS to the patches of a run's "
		 "GeoPackage: "
		 "how many "
		 "are real, with Wilson's interval, and whether that says anything of the rest of the list.",
	ROWS_OF(rows),
	sizeof(TYPE),
	.init = init,
	.notes =
		"Intervals hold where few errors are found, too: user's accuracy by Wilson; areas and producer's "
		"accuracy "
		"from the class's own stratum by Wilson and from omissions by gamma limits, joined by MOVER; a stratum "
		"that was labelled to a sizeable part is corrected for its finite size. --intervals wald gives the "
		"normal "
		"approximation (95 %: 1.96 standard errors) of published tables, and then names rare classes whose "
		"interval may be too narrow. One labelled place in a stratum has no variance: '-' then stands for the "
		"standard error.",
	.examples = "landuse assess out/2016/landuse.tif sample.gpkg\n"
		    "landuse assess --candidates out/2010_2016/new_development.gpkg",
	.run = run,
};
