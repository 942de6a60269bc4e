/* cmd_assess.c: landuse assess MAP SAMPLE */
#include <stdio.h>

#include "tool.h"

static const char help[] =
	"usage: landuse assess [options] MAP.tif SAMPLE\n"
	"       landuse assess [options] EARLIER.tif LATER.tif SAMPLE\n"
	"       landuse assess [options] --strata STRATA.csv SAMPLE\n"
	"       landuse assess [options] --counts MATRIX.csv [--areas AREAS.csv]\n"
	"       landuse assess [--json] --candidates NEW_DEVELOPMENT.gpkg\n"
	"\n"
	"Say how accurate a map is, and what the areas of its classes really are, from places that somebody\n"
	"has labelled: error matrix in counts and in estimated proportions (rows = map, columns =\n"
	"reference), overall, user's and producer's accuracy, and adjusted areas in hectares, with standard\n"
	"errors and intervals. Of a sample of change also the area that changed, and the classes of either\n"
	"date.\n"
	"\n"
	"SAMPLE is what landuse sample made, labelled; or a GeoPackage, Shapefile, GeoJSON, CSV with\n"
	"columns lon and lat (degrees) or x and y (the map's own), or anything that OGR reads. Its field\n"
	"'reference' holds the true class, by number or by name (of change: before*100+after, or\n"
	"'Forest to Developed'; unchanged: the class alone, or both ways of two equal ones); places\n"
	"without a label are left out, and counted.\n"
	"\n"
	"If the strata are the map's classes the estimators are those of Olofsson et al. 2014, otherwise\n"
	"(another map than the one sampled, pooled strata) the ratio estimators of Stehman 2014. Places\n"
	"that were not drawn at random, such as anyone's own points, give a warning.\n"
	"\n"
	"--candidates counts the verdicts that somebody gave in QGIS to the patches of a run's GeoPackage:\n"
	"how many are real, with Wilson's interval, and whether that says anything of the rest of the list.\n"
	"\n"
	"options:\n"
	"  --reference-field NAME  the label (default 'reference')\n"
	"  --map-field NAME        the map's class from this field, not from the map at the place\n"
	"  --stratum-field NAME    the stratum (default 'stratum')\n"
	"  --sample-layer NAME     which layer of SAMPLE (default 'sample', else the first), or of\n"
	"                          --candidates (default the first)\n"
	"  --scheme NAME           name the classes after this scheme (default: as the map names them)\n"
	"  --by-number             go by the numbers of classes, though the maps call them by other names\n"
	"  --change                MAP holds before*100+after codes, though it does not say so\n"
	"  --strata FILE           CSV of stratum, size: no map is read; SAMPLE has fields stratum, map and\n"
	"                          reference\n"
	"  --counts FILE           CSV error matrix: a line of reference classes, then one for each map class\n"
	"  --areas FILE            CSV of class, mapped area; without it --counts is taken for a simple\n"
	"                          random sample\n"
	"  --candidates FILE       patches of change with a field 'checked'\n"
	"  --unit-ha X             hectares in one unit of the sizes and areas, such as 0.09 for pixels of\n"
	"                          30 m (default: areas are hectares, strata give proportions only)\n"
	"  --weights               the sizes of --strata are areas or shares, not numbers of sampling units\n"
	"  --confidence P          level of the intervals in percent, 50 to 99.9 (default 95)\n"
	"  --estimator NAME        auto (default), stratified (by the map's classes) or ratio\n"
	"  --boundary FILE, --layer NAME, --where FILTER   where SAMPLE has no design: the map inside this\n"
	"  --kappa                 also Cohen's kappa\n"
	"  --json                  the report as JSON\n"
	"  --csv DIR               also write error_matrix*.csv and class_accuracy.csv into DIR\n"
	"  -q, --quiet             only warnings and errors on stderr\n"
	"  -h, --help              this page\n"
	"\n"
	"examples:\n"
	"  landuse assess out/2016/landuse.tif sample.gpkg\n"
	"  landuse assess --candidates out/2010_2016/new_development.gpkg\n"
	"\n"
	"Intervals are the normal approximation (95 %: 1.96 standard errors). The report names rare classes\n"
	"whose interval may be too narrow. One labelled place in a stratum has no variance: '-' then stands\n"
	"for the standard error. Where much of the population is labelled, --estimator ratio gives narrower\n"
	"intervals: it knows that there is no more (finite population correction).\n"
	"\n" EXIT_CODES_HELP("done", "failed");

enum {
	REFERENCE = 1,
	MAP_FIELD,
	STRATUM,
	SAMPLE_LAYER,
	SCHEME,
	CHANGE,
	STRATA,
	COUNTS,
	AREAS,
	UNIT,
	ESTIMATOR,
	BOUNDARY,
	LAYER,
	WHERE,
	KAPPA,
	JSON,
	CSV,
	QUIET,
	CANDIDATES,
	WEIGHTS,
	CONFIDENCE,
	BY_NUMBER
};

/* Which files there should be depends on what they are measured against; 'others': options that candidates have no use for. */
static int check_files(const struct lu_assess_options *assess, int files, bool others)
{
	if (assess->candidates != NULL && (files > 0 || others))
		return usage_error(&command_assess,
				   "--candidates takes no map, no sample, and only --sample-layer, --json and --quiet");
	if (assess->candidates != NULL)
		return EXIT_DONE;
	if (assess->counts != NULL && files > 0)
		return usage_error(&command_assess, "--counts takes no map and no sample");
	if (assess->counts != NULL && assess->strata != NULL)
		return usage_error(&command_assess, "--counts and --strata do not go together");
	if (assess->counts == NULL && assess->areas != NULL)
		return usage_error(&command_assess, "--areas needs --counts");
	if (assess->strata == NULL && assess->weights)
		return usage_error(&command_assess, "--weights needs --strata");
	if (assess->strata != NULL && files != 1)
		return usage_error(&command_assess, "--strata takes one sample, and no map");
	if (assess->counts == NULL && assess->strata == NULL && (files < 2 || files > 3))
		return usage_error(&command_assess, "name a map (or the maps of two dates) and a sample");
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	static const struct option_spec specs[] = {{"--reference-field", 0, true, REFERENCE},
						   {"--map-field", 0, true, MAP_FIELD},
						   {"--stratum-field", 0, true, STRATUM},
						   {"--sample-layer", 0, true, SAMPLE_LAYER},
						   {"--scheme", 0, true, SCHEME},
						   {"--by-number", 0, false, BY_NUMBER},
						   {"--change", 0, false, CHANGE},
						   {"--strata", 0, true, STRATA},
						   {"--counts", 0, true, COUNTS},
						   {"--areas", 0, true, AREAS},
						   {"--unit-ha", 0, true, UNIT},
						   {"--estimator", 0, true, ESTIMATOR},
						   {"--boundary", 0, true, BOUNDARY},
						   {"--layer", 0, true, LAYER},
						   {"--where", 0, true, WHERE},
						   {"--kappa", 0, false, KAPPA},
						   {"--json", 0, false, JSON},
						   {"--csv", 0, true, CSV},
						   {"--candidates", 0, true, CANDIDATES},
						   {"--weights", 0, false, WEIGHTS},
						   {"--confidence", 0, true, CONFIDENCE},
						   {"--quiet", 'q', false, QUIET}};
	struct lu_assess_options assess = {0};
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};
	enum verbosity verbosity = VERBOSITY_NORMAL;
	int files = 0;
	bool others = false;
	struct options options = options_begin(&command_assess, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);

	for (int id = options_next(&options); id != OPTION_END; id = options_next(&options)) {
		others |= id > 0 && id != CANDIDATES && id != SAMPLE_LAYER && id != JSON && id != QUIET;
		switch (id) {
		case REFERENCE:
			assess.reference_field = options.value;
			break;
		case MAP_FIELD:
			assess.map_field = options.value;
			break;
		case STRATUM:
			assess.stratum_field = options.value;
			break;
		case SAMPLE_LAYER:
			assess.sample_layer = options.value;
			break;
		case SCHEME:
			assess.scheme = options.value;
			break;
		case BY_NUMBER:
			assess.by_number = true;
			break;
		case CHANGE:
			assess.change = true;
			break;
		case STRATA:
			assess.strata = options.value;
			break;
		case WEIGHTS:
			assess.weights = true;
			break;
		case CONFIDENCE:
			if (!options_number(&options, "--confidence", 50, 99.9, &assess.confidence))
				return EXIT_USAGE;
			break;
		case CANDIDATES:
			assess.candidates = options.value;
			break;
		case COUNTS:
			assess.counts = options.value;
			break;
		case AREAS:
			assess.areas = options.value;
			break;
		case ESTIMATOR:
			assess.estimator = options.value;
			break;
		case BOUNDARY:
			assess.boundary = options.value;
			break;
		case LAYER:
			assess.layer = options.value;
			break;
		case WHERE:
			assess.where = options.value;
			break;
		case KAPPA:
			assess.kappa = true;
			break;
		case JSON:
			assess.json = true;
			break;
		case CSV:
			assess.csv_folder = options.value;
			break;
		case QUIET:
			verbosity = VERBOSITY_QUIET;
			break;
		case UNIT:
			if (!options_number(&options, "--unit-ha", 1e-12, 1e12, &assess.unit_ha))
				return EXIT_USAGE;
			break;
		case OPTION_POSITIONAL:
			argv[files++] = argv[options.at - 1]; /* files move to the front; argv[0] is done with */
			break;
		default:
			return EXIT_USAGE;
		}
	}
	if (check_files(&assess, files, others) != EXIT_DONE)
		return EXIT_USAGE;
	if (files > 0) {
		assess.maps = (const char *const *)argv;
		assess.map_count = (size_t)files - 1;
		assess.sample = argv[files - 1];
	}
	assess.hooks = terminal_begin(verbosity);
	const enum lu_status status = lu_assess(&assess, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_assess = {"assess", "accuracy and adjusted areas from a labelled sample", help, run};
