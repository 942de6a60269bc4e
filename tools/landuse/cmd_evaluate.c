/* cmd_evaluate.c: landuse evaluate MODEL SET */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

struct request {
	struct lu_evaluate_options evaluate;
	bool json, csv;
};
#define AT(place) OPTION_AT(struct request, evaluate.place)
#define COUNT(place) .count = offsetof(struct request, evaluate.place)

static void init(void *options)
{
	lu_evaluate_options_init(&((struct request *)options)->evaluate);
}

static const struct option rows[] = {
	{"MODEL", NULL, OPTION_TEXT,
	 .meaning = "a package (its name or folder) or a network (FILE.onnx, with --class-names, --mean, --std)",
	 AT(model), .positional = true, .least = 1, .needed = "name a model and a labelled set", .thing = THING_MODEL},
	{"SET", NULL, OPTION_TEXT,
	 .meaning =
		 "a folder with a folder of pictures for each class, or an index (index.csv or index.gpkg with columns "
		 "path, class, split, block, source), or a folder with such an index",
	 AT(set), .positional = true, .least = 1, .needed = "name a model and a labelled set", .thing = THING_FOLDER},
	{"scheme", NULL, OPTION_WORDS, "A,B",
	 "report these class schemes too, from the same run (landcover-7, "
	 "developed-3, or a path)",
	 AT(schemes), COUNT(scheme_count), .most = 16, .thing = THING_SCHEME},
	{"split", NULL, OPTION_CHOICE, "NAME", "train, validate, test or all", AT(split), .choice = LU_CHOICE_SPLIT,
	 .otherwise = "test if the set has it, else validate, else all"},
	FIT(struct request, evaluate.crop),
	PICTURE_RANGE(struct request, evaluate.range, "the package's, where it has one"),
	{"class-names", NULL, OPTION_WORDS, "A,B,...", "of a .onnx file: its classes in the order of the output",
	 AT(class_names), COUNT(class_name_count), .most = 10000},
	{"output-name", NULL, OPTION_TEXT, "NAME",
	 "of a .onnx file with several outputs: the one that tells the classes", AT(output_name),
	 .otherwise = "its first"},
	{"mean", NULL, OPTION_NUMBERS, "R,G,B",
	 "of a .onnx file: it takes (value / 255 - mean) / std; one number or one a band", AT(mean), COUNT(mean_count),
	 .most = 64},
	{"std", NULL, OPTION_NUMBERS, "R,G,B", "of a .onnx file, likewise", AT(std), COUNT(std_count), .most = 64},
	{"output", "o", OPTION_TEXT, "DIR",
	 "write evaluation.json, per_class.csv, confusion.csv, confusion.svg, mistakes.csv and mistakes.svg (the "
	 "surest "
	 "mistakes) there",
	 AT(output), .thing = THING_FOLDER, .made = true},
	{"json", NULL, OPTION_TRUE, .meaning = "print JSON instead of text", OPTION_OWN(struct request, json)},
	{"csv", NULL, OPTION_TRUE, .meaning = "print the table of classes as CSV", OPTION_OWN(struct request, csv)},
	ENGINE(struct request, evaluate.engine),
	PRECISION(struct request, evaluate.precision,
		  "auto, fp32, fp16, bf16 or int8; labels in fp16 and bf16 are compared with those in fp32"),
	{"keep-agreement", NULL, OPTION_TRUE,
	 .meaning =
		 "keep the share of labels that are the same in the package's model.json: from 99.9 % on, precision "
		 "auto "
		 "is fp16 or bf16 for this package, where the processor is faster at it; let SET have a thousand chips "
		 "or more, of the kind to be mapped",
	 AT(keep_agreement)},
	{"keep-reach", NULL, OPTION_TRUE,
	 .meaning = "keep in the package's model.json what the chips look like (colours, contrast, texture), so that "
		    "runs tell "
		    "imagery that looks unlike them; let SET be what the model has learned from, at every resolution "
		    "that it is "
		    "for",
	 AT(keep_reach)},
	HISTORY(struct request, evaluate.history),
	NO_HISTORY(struct request, evaluate.record),
	THREADS(struct request, evaluate.threads, "worker threads"),
	JSON_LOG,
	QUIET,
};

static int run(struct arguments *arguments)
{
	struct request *request = arguments->options;
	struct lu_evaluate_options *evaluate = &request->evaluate;
	struct lu_error err = {0};
	char *text = NULL;

	evaluate->form = request->json ? LU_REPORT_JSON : request->csv ? LU_REPORT_CSV : LU_REPORT_TEXT;
	evaluate->hooks = terminal_begin(arguments);
	const enum lu_status status = lu_evaluate(evaluate, &text, &err);
	return terminal_finish(status, text, &err);
}

const struct command command_evaluate = {
	"evaluate",
	"compare a model with a labelled set",
	.about = "Score a labelled set with a model and compare: overall accuracy with its 95 % interval (Wilson), "
		 "kappa, "
		 "precision, recall, F1 and support of every class, calibration error, confusion matrix (rows = map, "
		 "columns = reference).",
	ROWS_OF(rows),
	sizeof(struct request),
	.init = init,
	.notes = "Pictures are JPEG, PNG or TIFF of any size. Classes are matched by name. What a system leaves in "
		 "folders is "
		 "passed over, pictures further below a class folder and a picture under two classes are refused, rows "
		 "twice count once.",
	.examples = "landuse evaluate aerial-21 chips/ --scheme landcover-7,developed-3 \\\n"
		    "    -o evaluation\n"
		    "landuse evaluate mine chips/ --split all --precision bf16 --keep-agreement\n"
		    "landuse evaluate resnet20.onnx cifar10/ --mean 0.485,0.456,0.406 \\\n"
		    "    --std 0.229,0.224,0.225 \\\n"
		    "    --class-names airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck",
	.run = run,
};
