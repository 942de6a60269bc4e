/* cmd_train.c: landuse train SET --backbone MODEL -o models/NAME */
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const char help[] =
	"usage: landuse train [options] -o models/NAME SET\n"
	"\n"
	"Learn classes of your own from a labelled set: features of a trained network, the backbone, and a\n"
	"head on them. The result is one ordinary ONNX network, from pixels to probabilities, with its\n"
	"model.json, a card and a class scheme, for landuse run, classify and evaluate and other programs.\n"
	"\n"
	"SET is a folder with a folder of pictures for each class, or an index (columns path, class, split,\n"
	"block, source, weight); see landuse evaluate --help. Pictures that cannot be read are named and\n"
	"counted, repeated ones taken once; a class needs two or more.\n"
	"\n"
	"The backbone:\n"
	"  --backbone MODEL      a package (name or folder) or a network (FILE.onnx); default: the package\n"
	"                        aerial-features, where there is one\n"
	"  --layer NAME          the tensor that is the features (default: what enters the last product)\n"
	"  --fit resize|crop     all of the picture's centred square resized, or its centre at full scale\n"
	"  --range LOW,HIGH      raw values of 16-bit and float pictures that become 0 and 255\n"
	"  --mean, --std         of a .onnx file: it takes (value / 255 - mean) / std (default 0.5 and 0.5)\n"
	"  --gsd M               ground metres a pixel (default: the backbone's)\n"
	"  --cache DIR           features by the content of the picture, kept for later trainings (default:\n"
	"                        landuse/features in the user's cache folder)\n"
	"  --engine NAME         onednn or blas\n"
	"\n"
	"The head:\n"
	"  --head logistic       softmax regression with an L2 penalty (default)\n"
	"         forest         random forest of trees of each class\n"
	"         forest-2017    the forest of the 2017 samples: 20 trees, depth 5\n"
	"  --l2 A,B,...          logistic: strengths of the penalty to try (default 0.1,0.01,0.001)\n"
	"  --trees N             forest: trees of each class (default 100)\n"
	"  --depth A,B,...       forest: levels of splits to try (default 5)\n"
	"  --class-weights W     balanced: every class counts the same (default); none; or NAME=WEIGHT,...,\n"
	"                        1 for classes that are not named\n"
	"\n"
	"What is learned from:\n"
	"  --augment LIST        learn from further looks at each chip, never validate on them: flips (two),\n"
	"                        rotations (three; with flips all eight ways to lay a square), colour (each of\n"
	"                        these once more under another light, drawn by the picture's content)\n"
	"  --dedupe BITS         leave out pictures whose 64-bit perceptual hash is at most BITS from that of\n"
	"                        another (4: resized or compressed again; 10: cut a little, too)\n"
	"  --sample-frac F       learn from this share of each class's chips\n"
	"\n"
	"Validation. Chips of one block stay on one side of every split: blocks are the index's, or file\n"
	"numbers in twenties (forest00 to forest19). A set with a validate split is validated on that, others\n"
	"in folds over their blocks; test chips are left alone; a block or picture on two sides is refused.\n"
	"What is held out chooses among the settings to try by log loss, and finds the temperature that makes\n"
	"probabilities mean something: the calibration error is told before and after.\n"
	"  --folds K             2 to 100 (default 5)\n"
	"  --block FIELD         the index's column that names the blocks (default block)\n"
	"  --block-numbers N     without blocks: file numbers a block (default 20; 1: every number alone)\n"
	"  --seed N              of folds, sample and forest (default 1)\n"
	"\n"
	"The run:\n"
	"  -o, --output DIR      the package; its last part is the model's name (needed)\n"
	"  --overwrite           replace the model that is there\n"
	"  --history FILE        the run history to append to (default: see landuse history --help)\n"
	"  --no-history          leave the history alone\n"
	"  -j, --threads N       default: every core; the model has the same bytes for any number\n"
	"  -q, --quiet           only warnings and errors on stderr\n"
	"  -h, --help            this page\n"
	"\n"
	"examples:\n"
	"  landuse train chips/ --backbone aerial-21 --augment flips,colour -o models/county\n"
	"  landuse train chips/index.csv --backbone aerial-21 --head forest --depth 5,8 -o models/woods\n"
	"\n" EXIT_CODES_HELP("done", "failed");

enum { MOST_BANDS = 64, MOST_SETTINGS = 16 };

static int run(int argc, char **argv)
{
	double mean[MOST_BANDS], std[MOST_BANDS], l2[MOST_SETTINGS], depth[MOST_SETTINGS], range[2];
	struct lu_train_options train = {.record = true};
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
		{"--augment", 0, OPTION_TEXT, .to = &train.augment},
		{"--dedupe", 0, OPTION_INTEGER, .to = &dedupe, .low = 0, .high = 32},
		{"--sample-frac", 0, OPTION_NUMBER, .to = &train.sample_frac, .low = 1e-6, .high = 1},
		{"--folds", 0, OPTION_INTEGER, .to = &train.folds, .low = 2, .high = 100},
		{"--block", 0, OPTION_TEXT, .to = &train.block_field},
		{"--block-numbers", 0, OPTION_INTEGER, .to = &train.block_numbers, .low = 1, .high = 1000000},
		{"--seed", 0, OPTION_INTEGER, .to = &seed, .low = 0, .high = 2147483647},
		{"--fit", 0, OPTION_EITHER, .to = &train.crop, .words = {"resize", "crop"}},
		{"--range", 0, OPTION_RANGE, .to = &train.range, .room = range},
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

	if (!options_take(&command_train, rows, sizeof(rows) / sizeof(rows[0]), argc, argv, &train.set))
		return EXIT_USAGE;
	if (train.set == NULL)
		return usage_error(&command_train, "name a labelled set");
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
