/* cmd_train.c: landuse train SET --backbone MODEL -o models/NAME */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define TYPE struct lu_train_options
#define AT(place) OPTION_AT(TYPE, place)
#define COUNT(place) .count = offsetof(TYPE, place)
enum { MOST_BANDS = 64, MOST_SETTINGS = 16 };

static void init(void *options)
{
	lu_train_options_init(options);
}

static enum lu_status parse_augment(const char *text, void *to, void *options, struct lu_error *err)
{
	(void)options;
	return lu_augment_parse(text, to, err);
}

/* A word, or else weights by name. */
static enum lu_status parse_weights(const char *text, void *to, void *options, struct lu_error *err)
{
	TYPE *train = options;
	struct lu_class_number *weights = NULL;

	train->weighing = strcmp(text, "balanced") == 0 ? LU_WEIGHING_BALANCED
			  : strcmp(text, "none") == 0   ? LU_WEIGHING_NONE
							: LU_WEIGHING_NAMED;
	if (train->weighing != LU_WEIGHING_NAMED)
		return LU_OK;
	const enum lu_status status = lu_class_numbers_parse(text, &weights, &train->class_weight_count, err);
	if (status == LU_OK)
		*(struct lu_class_number **)to = weights;
	else if (status == LU_ERROR_ARGUMENT)
		snprintf(err->text, sizeof(err->text),
			 ".class_weights has '%.200s', it should be balanced, none, or NAME=WEIGHT with commas between",
			 text);
	return status;
}

static void release_weights(void *to)
{
	lu_class_numbers_free(*(struct lu_class_number **)to);
	*(struct lu_class_number **)to = NULL;
}

static const struct option rows[] = {
	{"SET", NULL, OPTION_TEXT,
	 .meaning =
		 "a folder with a folder of pictures for each class, or an index (columns path, class, split, block, "
		 "source, weight), as for landuse evaluate",
	 AT(set), .positional = true, .least = 1, .needed = "name a labelled set", .thing = THING_FOLDER},
	{"the backbone", .kind = OPTION_HEADING},
	{"backbone", NULL, OPTION_TEXT, "MODEL", "a package (name or folder) or a network (FILE.onnx)", AT(backbone),
	 .otherwise = "the package " LU_BACKBONE ", where there is one", .thing = THING_MODEL},
	{"adapt", NULL, OPTION_TEXT, "MODEL",
	 "correct the head of this package by the labels, instead of making a new one: see below", AT(adapt),
	 .thing = THING_MODEL},
	{"layer", NULL, OPTION_TEXT, "NAME", "the tensor that is the features", AT(layer),
	 .otherwise = "what enters the last product"},
	FIT(TYPE, crop),
	PICTURE_RANGE(TYPE, range, "the backbone's, where it has one"),
	{"mean", NULL, OPTION_NUMBERS, "R,G,B", "of a .onnx file: it takes (value / 255 - mean) / std", AT(mean),
	 COUNT(mean_count), .most = MOST_BANDS, .otherwise = "0.5"},
	{"std", NULL, OPTION_NUMBERS, "R,G,B", "of a .onnx file, likewise", AT(std), COUNT(std_count),
	 .most = MOST_BANDS, .otherwise = "0.5"},
	{"gsd", NULL, OPTION_NUMBER, "M", "ground metres a pixel", AT(gsd_m), .low = 1e-3, .high = 1000,
	 .otherwise = "the backbone's"},
	{"cache", NULL, OPTION_TEXT, "DIR", "features by the content of the picture, kept for later trainings",
	 AT(cache), .otherwise = "landuse/features in the user's cache folder", .thing = THING_FOLDER, .made = true},
	ENGINE(TYPE, engine),
	{"the head", .kind = OPTION_HEADING},
	{"head", NULL, OPTION_CHOICE, "NAME",
	 "what tells the classes apart\n"
	 "logistic: softmax regression with an L2 penalty\n"
	 "forest: random forest of trees of each class\n"
	 "forest-2017: the forest of the 2017 samples: 20 trees, depth 5",
	 AT(head), .choice = LU_CHOICE_HEAD, .otherwise = "logistic"},
	{"l2", NULL, OPTION_NUMBERS, "A,B,...", "logistic: strengths of the penalty to try", AT(l2), COUNT(l2_count),
	 .most = MOST_SETTINGS, .otherwise = OPTION_TEXT_OF(LU_LOGISTIC_L2)},
	{"trees", NULL, OPTION_INTEGER, "N", "forest: trees of each class", AT(trees), .low = 1, .high = 10000,
	 .otherwise = OPTION_TEXT_OF(LU_FOREST_TREES)},
	{"depth", NULL, OPTION_INTEGERS, "A,B,...", "forest: levels of splits to try", AT(depth), COUNT(depth_count),
	 .most = MOST_SETTINGS, .otherwise = OPTION_TEXT_OF(LU_FOREST_DEPTH)},
	{"class-weights", NULL, OPTION_PARSED, "W",
	 "balanced: every class counts the same; none; or NAME=WEIGHT,..., 1 for classes that are not named",
	 AT(class_weights), .parse = parse_weights, .release = release_weights, .choices = "balanced|none",
	 .open = true, .otherwise = "balanced"},
	{"what is learned from", .kind = OPTION_HEADING},
	{"augment", NULL, OPTION_PARSED, "LIST",
	 "learn from further looks at each chip, never validate on them: flips (two), rotations (three; with flips all "
	 "eight "
	 "ways to lay a square), colour (each of these once more in another brightness, contrast and balance, drawn by "
	 "the picture's content)",
	 AT(augment), .parse = parse_augment, .choices = "flips|rotations|colour", .open = true},
	DEDUPE(TYPE, dedupe_bits, dedupe,
	       "leave out pictures whose 64-bit perceptual hash is at most BITS from that of another (4: resized or "
	       "compressed "
	       "again; 10: cut a little, too)"),
	{"sample-frac", NULL, OPTION_NUMBER, "F", "learn from this share of each class's chips", AT(sample_frac),
	 .low = 1e-6, .high = 1, .otherwise = "all"},
	{"validation", .kind = OPTION_HEADING,
	 .meaning =
		 "Chips of one block stay on one side of every split: blocks are the index's, or file numbers in "
		 "twenties "
		 "(forest00 to forest19). A set with a validate split is validated on that, others in folds over their "
		 "blocks; test chips are left alone; a block or picture on two sides is refused. What is held out "
		 "chooses "
		 "among the settings to try by log loss, and finds the temperature that makes probabilities mean "
		 "something: the calibration error is told before and after."},
	{"folds", NULL, OPTION_INTEGER, "K", "2 to 100", AT(folds), .low = 2, .high = 100},
	{"block", NULL, OPTION_TEXT, "FIELD", "the index's column that names the blocks", AT(block_field),
	 .otherwise = "block"},
	{"block-numbers", NULL, OPTION_INTEGER, "N", "without blocks: file numbers a block; 1: every number alone",
	 AT(block_numbers), .low = 1, .high = 1e6},
	{"seed", NULL, OPTION_COUNT, "N", "of folds, sample and forest", AT(seed), .low = 0, .high = 2147483647},
	{"the run", .kind = OPTION_HEADING},
	OUTPUT_MODEL(TYPE, output),
	OVERWRITE_MODEL(TYPE, overwrite),
	HISTORY(TYPE, history),
	NO_HISTORY(TYPE, record),
	THREADS(TYPE, threads, "worker threads; the model has the same bytes for any number"),
	JSON_LOG,
	QUIET,
};

static int run(struct arguments *arguments)
{
	struct lu_train_options *options = arguments->options;
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	options->hooks = terminal_begin(arguments);
	const enum lu_status status = lu_train(options, &summary, &err);
	return terminal_finish(status, summary.text, &err);
}

const struct command command_train = {
	"train",
	"learn a model of your own classes",
	.usage = "[options] -o models/NAME SET",
	.about = "Learn classes of your own from a labelled set: features of a trained network, the backbone, and a "
		 "head on "
		 "them. The result is one ordinary ONNX network, from pixels to probabilities, with its model.json, a "
		 "card "
		 "and a class scheme, for landuse run, classify and evaluate and other programs.\n\n"
		 "Pictures that cannot be read are named and counted, repeated ones taken once; a class needs two or "
		 "more.",
	ROWS_OF(rows),
	sizeof(TYPE),
	.init = init,
	.notes = "--adapt takes a few hundred labels (20 or more), each a class of MODEL or of its scheme, and leaves "
		 "MODEL's "
		 "classes as they are: what its head says is the prior, from which a penalised correction departs as "
		 "far as "
		 "held-out labels want. Whether that helps is told by cross-validation over blocks, with its interval; "
		 "where it "
		 "does not help by more than one standard error, the head stays as it was.",
	.examples = "landuse train labels/ --adapt aerial -o models/county\n"
		    "landuse train chips/ --backbone aerial-21 --augment flips,colour \\\n"
		    "    -o models/county\n"
		    "landuse train chips/index.csv --backbone aerial-21 --head forest --depth 5,8 \\\n"
		    "    -o models/woods",
	.run = run,
};
