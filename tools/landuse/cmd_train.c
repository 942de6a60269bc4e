/* cmd_train.c: landuse train SET --backbone MODEL -o models/NAME */
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const char help[] =
	"usage: landuse train [options] --backbone MODEL -o models/NAME SET\n"
	"\n"
	"Learn classes of your own from a labelled set: features of a trained network, and a softmax\n"
	"regression on them (L2, L-BFGS). The result is one ordinary ONNX network with its model.json, for\n"
	"landuse run, classify and evaluate.\n"
	"\n"
	"SET is a folder with a folder of pictures for each class, or an index (columns path, class, split,\n"
	"block, source); see landuse evaluate --help. Chips of one block stay on one side of every split:\n"
	"blocks are the index's, or file numbers in twenties (forest00 to forest19). A set with a validate\n"
	"split is validated on that; others in 5 folds over their blocks. Test chips are left alone.\n"
	"\n"
	"options:\n"
	"  --backbone MODEL      a package (name or folder) or a network (FILE.onnx) (needed)\n"
	"  --layer NAME          the tensor that is the features (default: what enters the last product)\n"
	"  -o, --output DIR      the package; its last part is the model's name (needed)\n"
	"  --overwrite           replace the model that is there\n"
	"  --head logistic       the kind of head\n"
	"  --l2 A,B,...          strengths of the penalty to try; validation chooses (default 0.1,0.01,0.001)\n"
	"  --class-weights W     balanced: every class counts the same (default), or none\n"
	"  --augment LIST        flips, rotations or both with a comma: learn from mirrored and turned chips too\n"
	"  --sample-frac F       learn from this share of each class's chips\n"
	"  --folds K             2 to 100 (default 5)\n"
	"  --block FIELD         the index's column that names the blocks (default block)\n"
	"  --block-numbers N     without blocks: file numbers a block (default 20; 1: every number alone)\n"
	"  --seed N              of folds and sample (default 1)\n"
	"  --fit resize|crop     all of the picture's centred square resized, or its centre at full scale\n"
	"  --mean, --std         of a .onnx file: it takes (value / 255 - mean) / std (default 0.5 and 0.5)\n"
	"  --gsd M               ground metres a pixel (default: the backbone's)\n"
	"  --cache DIR           where features are kept (default: landuse/features in the user's cache folder)\n"
	"  --engine NAME         onednn or blas\n"
	"  --history FILE        the run history to append to (default: see landuse history --help)\n"
	"  --no-history          leave the history alone\n"
	"  -j, --threads N       default: every core\n"
	"  -q, --quiet           only warnings and errors\n"
	"  -h, --help            this page\n"
	"\n"
	"A stopped training goes on from its cached features when it is run again.\n"
	"\n"
	"example: landuse train chips/ --backbone aerial-21 --augment flips -o models/county\n"
	"\n"
	"exit codes: 0 done, 1 failed, 2 wrong usage\n";

enum { MOST_BANDS = 64, MOST_L2 = 16 };

static double mean[MOST_BANDS], std[MOST_BANDS], l2[MOST_L2];

/* "flips", "rotations", or both. */
static bool take_augment(const struct options *options, struct lu_train_options *train)
{
	const char *words[4];
	size_t count;

	if (!options_words(options, "--augment", words, 4, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], "flips") == 0) {
			train->flips = true;
		} else if (strcmp(words[i], "rotations") == 0) {
			train->rotations = true;
		} else {
			usage_error(options->command, "--augment has '%s', it should be flips, rotations or both",
				    words[i]);
			return false;
		}
	}
	return true;
}

static int run(int argc, char **argv)
{
	enum {
		BACKBONE = 1,
		LAYER,
		OUTPUT,
		OVERWRITE,
		HEAD,
		L2,
		WEIGHTS,
		AUGMENT,
		SAMPLE,
		FOLDS,
		BLOCK,
		NUMBERS,
		SEED,
		FIT,
		MEAN,
		STD,
		GSD,
		CACHE,
		ENGINE,
		THREADS,
		HISTORY,
		NO_HISTORY,
		QUIET
	};
	static const struct option_spec specs[] = {{"--backbone", 0, true, BACKBONE},
						   {"--layer", 0, true, LAYER},
						   {"--output", 'o', true, OUTPUT},
						   {"--overwrite", 0, false, OVERWRITE},
						   {"--head", 0, true, HEAD},
						   {"--l2", 0, true, L2},
						   {"--class-weights", 0, true, WEIGHTS},
						   {"--augment", 0, true, AUGMENT},
						   {"--sample-frac", 0, true, SAMPLE},
						   {"--folds", 0, true, FOLDS},
						   {"--block", 0, true, BLOCK},
						   {"--block-numbers", 0, true, NUMBERS},
						   {"--seed", 0, true, SEED},
						   {"--fit", 0, true, FIT},
						   {"--mean", 0, true, MEAN},
						   {"--std", 0, true, STD},
						   {"--gsd", 0, true, GSD},
						   {"--cache", 0, true, CACHE},
						   {"--engine", 0, true, ENGINE},
						   {"--threads", 'j', true, THREADS},
						   {"--history", 0, true, HISTORY},
						   {"--no-history", 0, false, NO_HISTORY},
						   {"--quiet", 'q', false, QUIET}};
	struct lu_train_options train = {.seed = 1, .balance = true, .record = true};
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};
	enum verbosity verbosity = VERBOSITY_NORMAL;
	bool none = false;
	int seed = 1;
	struct options options = options_begin(&command_train, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);

	for (int id = options_next(&options); id != OPTION_END; id = options_next(&options)) {
		bool good = true;
		switch (id) {
		case BACKBONE:
			train.backbone = options.value;
			break;
		case LAYER:
			train.layer = options.value;
			break;
		case OUTPUT:
			train.output = options.value;
			break;
		case OVERWRITE:
			train.overwrite = true;
			break;
		case HEAD:
			train.head = options.value;
			break;
		case L2:
			good = options_numbers(&options, "--l2", l2, MOST_L2, &train.l2_count);
			train.l2 = l2;
			break;
		case WEIGHTS:
			good = options_either(&options, "--class-weights", "balanced", "none", &none);
			train.balance = !none;
			break;
		case AUGMENT:
			good = take_augment(&options, &train);
			break;
		case SAMPLE:
			good = options_number(&options, "--sample-frac", 1e-6, 1, &train.sample_frac);
			break;
		case FOLDS:
			good = options_integer(&options, "--folds", 2, 100, &train.folds);
			break;
		case BLOCK:
			train.block_field = options.value;
			break;
		case NUMBERS:
			good = options_integer(&options, "--block-numbers", 1, 1000000, &train.block_numbers);
			break;
		case SEED:
			good = options_integer(&options, "--seed", 0, 2147483647, &seed);
			train.seed = (uint64_t)seed;
			break;
		case FIT:
			good = options_either(&options, "--fit", "resize", "crop", &train.crop);
			break;
		case MEAN:
			good = options_numbers(&options, "--mean", mean, MOST_BANDS, &train.mean_count);
			train.mean = mean;
			break;
		case STD:
			good = options_numbers(&options, "--std", std, MOST_BANDS, &train.std_count);
			train.std = std;
			break;
		case GSD:
			good = options_number(&options, "--gsd", 1e-3, 1000, &train.gsd_m);
			break;
		case CACHE:
			train.cache = options.value;
			break;
		case ENGINE:
			train.engine = options.value;
			break;
		case THREADS:
			good = options_integer(&options, "--threads", 1, 1024, &train.threads);
			break;
		case HISTORY:
			train.history = options.value;
			break;
		case NO_HISTORY:
			train.record = false;
			break;
		case QUIET:
			verbosity = VERBOSITY_QUIET;
			break;
		case OPTION_POSITIONAL:
			if (train.set != NULL)
				return usage_error(&command_train, "'%s' is one name too many", options.value);
			train.set = options.value;
			break;
		default:
			return EXIT_USAGE;
		}
		if (!good)
			return EXIT_USAGE;
	}
	if (train.set == NULL)
		return usage_error(&command_train, "name a labelled set");
	if (train.backbone == NULL)
		return usage_error(&command_train, "name a network with --backbone");
	if (train.output == NULL)
		return usage_error(&command_train, "name a folder for the model with -o");
	train.hooks = terminal_begin(verbosity);
	const enum lu_status status = lu_train(&train, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_train = {"train", "learn a model of your own classes", help, run};
