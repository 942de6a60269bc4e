/* cmd_train.c: landuse train SET --backbone MODEL -o models/NAME */
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const char help[] =
	"usage: landuse train [options] --backbone MODEL -o models/NAME SET\n"
	"\n"
	"Learn classes of your own from a labelled set: features of a trained network, and a softmax\n"
	"regression (L2, L-BFGS) or a random forest on them. The result is one ordinary ONNX network with\n"
	"its model.json, for landuse run, classify and evaluate.\n"
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
	"  --head KIND           logistic (default), forest, or forest-2017: 20 trees of depth 5\n"
	"  --l2 A,B,...          logistic: strengths of the penalty to try; validation chooses\n"
	"                        (default 0.1,0.01,0.001)\n"
	"  --trees N             forest: trees of each class (default 100)\n"
	"  --depth A,B,...       forest: levels of splits to try; validation chooses (default 5,8)\n"
	"  --class-weights W     balanced: every class counts the same (default); none; or NAME=WEIGHT,...,\n"
	"                        1 for classes that are not named\n"
	"  --augment LIST        flips, rotations or both with a comma: learn from mirrored and turned chips too\n"
	"  --dedupe BITS         leave out pictures whose 64-bit perceptual hash is at most BITS from that of\n"
	"                        another (4: resized or compressed again; 10: cut a little, too)\n"
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
	"What is left out, and in favour of what, is in the package's left_out.csv. Of near-duplicates in two\n"
	"splits the one to test with is kept, else the one to validate with: splits do not leak.\n"
	"\n"
	"A stopped training goes on from its cached features when it is run again.\n"
	"\n"
	"example: landuse train chips/ --backbone aerial-21 --augment flips -o models/county\n"
	"\n"
	"exit codes: 0 done, 1 failed, 2 wrong usage\n";

enum { MOST_BANDS = 64, MOST_SETTINGS = 16 };

/* Words of --augment; false after saying which is unknown. */
static bool take_augment(const char *list, struct lu_train_options *train)
{
	for (const char *word = list; word != NULL; word = strchr(word, ',') != NULL ? strchr(word, ',') + 1 : NULL) {
		const size_t length = strcspn(word, ",");
		if (length == 5 && strncmp(word, "flips", length) == 0) {
			train->flips = true;
		} else if (length == 9 && strncmp(word, "rotations", length) == 0) {
			train->rotations = true;
		} else {
			usage_error(&command_train, "--augment has '%.*s', it should be flips, rotations or both",
				    (int)length, word);
			return false;
		}
	}
	return true;
}

static int run(int argc, char **argv)
{
	double mean[MOST_BANDS], std[MOST_BANDS], l2[MOST_SETTINGS], depth[MOST_SETTINGS];
	struct lu_train_options train = {.record = true};
	const char *augment = NULL;
	bool quiet = false;
	int seed = 1, dedupe = -1;
	const struct option_row rows[] = {
		{"--backbone", 0, OPTION_TEXT, .to = &train.backbone},
		{"--layer", 0, OPTION_TEXT, .to = &train.layer},
		{"--output", 'o', OPTION_TEXT, .to = &train.output},
		{"--overwrite", 0, OPTION_TRUE, .to = &train.overwrite},
		{"--head", 0, OPTION_TEXT, .to = &train.head},
		{"--l2", 0, OPTION_NUMBERS, .to = l2, .most = MOST_SETTINGS, .count = &train.l2_count},
		{"--trees", 0, OPTION_INTEGER, .to = &train.trees, .low = 1, .high = 10000},
		{"--depth", 0, OPTION_NUMBERS, .to = depth, .most = MOST_SETTINGS, .count = &train.depth_count},
		{"--class-weights", 0, OPTION_TEXT, .to = &train.class_weights},
		{"--augment", 0, OPTION_TEXT, .to = &augment},
		{"--dedupe", 0, OPTION_INTEGER, .to = &dedupe, .low = 0, .high = 32},
		{"--sample-frac", 0, OPTION_NUMBER, .to = &train.sample_frac, .low = 1e-6, .high = 1},
		{"--folds", 0, OPTION_INTEGER, .to = &train.folds, .low = 2, .high = 100},
		{"--block", 0, OPTION_TEXT, .to = &train.block_field},
		{"--block-numbers", 0, OPTION_INTEGER, .to = &train.block_numbers, .low = 1, .high = 1000000},
		{"--seed", 0, OPTION_INTEGER, .to = &seed, .low = 0, .high = 2147483647},
		{"--fit", 0, OPTION_EITHER, .to = &train.crop, .words = {"resize", "crop"}},
		{"--mean", 0, OPTION_NUMBERS, .to = mean, .most = MOST_BANDS, .count = &train.mean_count},
		{"--std", 0, OPTION_NUMBERS, .to = std, .most = MOST_BANDS, .count = &train.std_count},
		{"--gsd", 0, OPTION_NUMBER, .to = &train.gsd_m, .low = 1e-3, .high = 1000},
		{"--cache", 0, OPTION_TEXT, .to = &train.cache},
		{"--engine", 0, OPTION_TEXT, .to = &train.engine},
		{"--threads", 'j', OPTION_INTEGER, .to = &train.threads, .low = 1, .high = 1024},
		{"--history", 0, OPTION_TEXT, .to = &train.history},
		{"--no-history", 0, OPTION_FALSE, .to = &train.record},
		{"--quiet", 'q', OPTION_TRUE, .to = &quiet},
	};
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	if (!options_take(&command_train, rows, sizeof(rows) / sizeof(rows[0]), argc, argv, &train.set) ||
	    !take_augment(augment, &train))
		return EXIT_USAGE;
	if (train.set == NULL)
		return usage_error(&command_train, "name a labelled set");
	if (train.backbone == NULL)
		return usage_error(&command_train, "name a network with --backbone");
	if (train.output == NULL)
		return usage_error(&command_train, "name a folder for the model with -o");
	train.dedupe = dedupe >= 0;
	train.dedupe_bits = dedupe;
	train.seed = (uint64_t)seed;
	train.l2 = train.l2_count > 0 ? l2 : NULL;
	train.depth = train.depth_count > 0 ? depth : NULL;
	train.mean = train.mean_count > 0 ? mean : NULL;
	train.std = train.std_count > 0 ? std : NULL;
	train.hooks = terminal_begin(quiet ? VERBOSITY_QUIET : VERBOSITY_NORMAL);
	const enum lu_status status = lu_train(&train, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_train = {"train", "learn a model of your own classes", help, run};
