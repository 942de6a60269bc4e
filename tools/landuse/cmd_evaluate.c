/* cmd_evaluate.c: landuse evaluate MODEL SET */
#include <stdio.h>

#include "tool.h"

static const char help[] =
	"usage: landuse evaluate [options] MODEL SET\n"
	"\n"
	"Score a labelled set with a model and compare: overall accuracy with its 95 % interval (Wilson),\n"
	"kappa, precision, recall, F1 and support of every class, calibration error, confusion matrix\n"
	"(rows = map, columns = reference).\n"
	"\n"
	"MODEL is a package (its name or folder) or a network (FILE.onnx, with --class-names, --mean, --std).\n"
	"SET is a folder with a folder of pictures for each class, or an index (index.csv or index.gpkg with\n"
	"columns path, class, split, block, source), or a folder with such an index. Pictures are JPEG, PNG\n"
	"or TIFF of any size. Classes are matched by name. What a system leaves in folders is passed over, pictures\n"
	"further below a class folder and a picture under two classes are refused, rows twice count once.\n"
	"\n"
	"options:\n"
	"  --scheme A,B          report these class schemes too, from the same run (landcover-7, developed-3,\n"
	"                        or a path)\n"
	"  --split NAME          train, validate, test or all (default: test if the set has it, else validate,\n"
	"                        else all)\n"
	"  --fit resize|crop     all of the picture's centred square resized, or its centre at full scale\n"
	"                        (default resize)\n"
	"  --range LOW,HIGH      raw values of 16-bit and float pictures that become 0 and 255 (default: the\n"
	"                        package's, where it has one)\n"
	"  --class-names A,B,..  of a .onnx file: its classes in the order of the output\n"
	"  --mean R,G,B          of a .onnx file: it takes (value / 255 - mean) / std; one number or one a band\n"
	"  --std R,G,B\n"
	"  -o, --output DIR      write evaluation.json, per_class.csv, confusion.csv, confusion.svg, mistakes.csv\n"
	"                        and mistakes.png (the surest mistakes) there\n"
	"  --json                print JSON instead of text\n"
	"  --csv                 print the table of classes as CSV\n"
	"  --engine NAME         onednn or blas\n"
	"  --precision NAME      auto, fp32, fp16, bf16 or int8 (default auto, as landuse run has it); labels in\n"
	"                        fp16 and bf16 are compared with those in fp32\n"
	"  --keep-agreement      keep the share of labels that are the same in the package's model.json: from\n"
	"                        99.9 % on, precision auto is fp16 or bf16 for this package, where the processor\n"
	"                        is faster at it; let SET have a thousand chips or more, of the kind to be mapped\n"
	"  --history FILE        the run history to append to (default: see landuse history --help)\n"
	"  --no-history          leave the history alone\n"
	"  -j, --threads N       default: every core\n"
	"  -q, --quiet           only warnings and errors on stderr\n"
	"  -h, --help            this page\n"
	"\n"
	"examples:\n"
	"  landuse evaluate aerial-21 chips/ --scheme landcover-7,developed-3 -o evaluation\n"
	"  landuse evaluate mine chips/ --split all --precision bf16 --keep-agreement\n"
	"  landuse evaluate resnet20.onnx cifar10/ --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 \\\n"
	"      --class-names airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck\n"
	"\n" EXIT_CODES_HELP("done", "failed");

enum { MOST_SCHEMES = 16, MOST_NAMES = 10000, MOST_BANDS = 64 };

/* Everything that the options say; large arrays are static. */
static const char *schemes[MOST_SCHEMES], *names[MOST_NAMES];
static double mean[MOST_BANDS], std[MOST_BANDS], range[2];

static int run(int argc, char **argv)
{
	enum {
		SCHEME = 1,
		SPLIT,
		FIT,
		RANGE,
		NAMES,
		MEAN,
		STD,
		OUTPUT,
		JSON,
		CSV,
		ENGINE,
		PRECISION,
		KEEP_AGREEMENT,
		THREADS,
		HISTORY,
		NO_HISTORY,
		QUIET
	};
	static const struct option_spec specs[] = {{"--scheme", 0, true, SCHEME},
						   {"--split", 0, true, SPLIT},
						   {"--fit", 0, true, FIT},
						   {"--range", 0, true, RANGE},
						   {"--class-names", 0, true, NAMES},
						   {"--mean", 0, true, MEAN},
						   {"--std", 0, true, STD},
						   {"--output", 'o', true, OUTPUT},
						   {"--json", 0, false, JSON},
						   {"--csv", 0, false, CSV},
						   {"--engine", 0, true, ENGINE},
						   {"--precision", 0, true, PRECISION},
						   {"--keep-agreement", 0, false, KEEP_AGREEMENT},
						   {"--threads", 'j', true, THREADS},
						   {"--history", 0, true, HISTORY},
						   {"--no-history", 0, false, NO_HISTORY},
						   {"--quiet", 'q', false, QUIET}};
	struct lu_evaluate_options evaluate = {.record = true};
	struct lu_error err = {0};
	enum verbosity verbosity = VERBOSITY_NORMAL;
	const char *places[2];
	size_t place_count = 0;
	char *text = NULL;
	struct options options = options_begin(&command_evaluate, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);

	for (int id = options_next(&options); id != OPTION_END; id = options_next(&options)) {
		bool good = true;
		switch (id) {
		case SCHEME:
			good = options_words(&options, "--scheme", schemes, MOST_SCHEMES, &evaluate.scheme_count);
			evaluate.schemes = schemes;
			break;
		case NAMES:
			good = options_words(&options, "--class-names", names, MOST_NAMES, &evaluate.class_name_count);
			evaluate.class_names = names;
			break;
		case MEAN:
			good = options_numbers(&options, "--mean", mean, MOST_BANDS, &evaluate.mean_count);
			evaluate.mean = mean;
			break;
		case STD:
			good = options_numbers(&options, "--std", std, MOST_BANDS, &evaluate.std_count);
			evaluate.std = std;
			break;
		case FIT:
			good = options_either(&options, "--fit", "resize", "crop", &evaluate.crop);
			break;
		case RANGE:
			good = options_range(&options, "--range", range, &evaluate.range);
			break;
		case THREADS:
			good = options_integer(&options, "--threads", 1, 1024, &evaluate.threads);
			break;
		case SPLIT:
			evaluate.split = options.value;
			break;
		case OUTPUT:
			evaluate.output = options.value;
			break;
		case JSON:
			evaluate.form = LU_REPORT_JSON;
			break;
		case CSV:
			evaluate.form = LU_REPORT_CSV;
			break;
		case ENGINE:
			evaluate.engine = options.value;
			break;
		case PRECISION:
			evaluate.precision = options.value;
			break;
		case KEEP_AGREEMENT:
			evaluate.keep_agreement = true;
			break;
		case HISTORY:
			evaluate.history = options.value;
			break;
		case NO_HISTORY:
			evaluate.record = false;
			break;
		case QUIET:
			verbosity = VERBOSITY_QUIET;
			break;
		case OPTION_POSITIONAL:
			if (place_count == 2)
				return usage_error(&command_evaluate, "'%s' is one name too many", options.value);
			places[place_count++] = options.value;
			break;
		default:
			return EXIT_USAGE;
		}
		if (!good)
			return EXIT_USAGE;
	}
	if (place_count < 2)
		return usage_error(&command_evaluate, "name a model and a labelled set");
	evaluate.model = places[0];
	evaluate.set = places[1];
	evaluate.hooks = terminal_begin(verbosity);
	const enum lu_status status = lu_evaluate(&evaluate, &text, &err);
	return terminal_finish(status, text, &err);
}

const struct command command_evaluate = {"evaluate", "compare a model with a labelled set", help, run};
