/*
 * types.h: what options are made of: the words of a command line and of a job, as numbers and structs.
 *
 * Part of landuse.h: include that one. A constant of 0 is what lu_*_options_init chooses where it chooses nothing else. A
 * later version may add constants behind those that are here, and members behind those of a struct.
 *
 * The functions that end in _parse read the text form. They write '*out' whole on LU_OK, and on LU_ERROR_ARGUMENT the error
 * says what the text should be; they read nothing but the text, and any number of threads may call them at once.
 */
#ifndef LANDUSE_TYPES_H
#define LANDUSE_TYPES_H

#include "core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What runs a network. The answers of two engines differ by rounding. */
enum lu_engine_id {
	LU_ENGINE_AUTO, /* the fastest of this build; of a job, the one that the job names */
	LU_ENGINE_ONEDNN, /* oneDNN's kernels and our own */
	LU_ENGINE_BLAS, /* plain C and a BLAS; float32 alone */
};

/* The arithmetic of a network. */
enum lu_precision {
	LU_PRECISION_AUTO, /* the fastest that the package is known to keep its labels in, on this processor */
	LU_PRECISION_FP32,
	LU_PRECISION_BF16,
	LU_PRECISION_INT8, /* of a package that lu_quantize has made */
	LU_PRECISION_FP16,
	LU_PRECISIONS, /* how many there are */
};

/* A chip as a file. */
enum lu_chip_format {
	LU_CHIP_GEOTIFF, /* .tif, DEFLATE: with CRS, place and mask */
	LU_CHIP_PNG, /* .png: 1 or 3 bands */
	LU_CHIP_JPEG, /* .jpg, quality 90: 1 or 3 bands */
};

/* Which pixels of imagery are data. */
enum lu_nodata_rule {
	LU_NODATA_OF_FILE, /* alpha band, else mask band, else the nodata value that the file declares */
	LU_NODATA_NONE, /* every pixel inside the file is data */
	LU_NODATA_VALUE, /* all but 'value', whatever the file says */
};
struct lu_nodata {
	enum lu_nodata_rule rule;
	double value;
};

/* Smoothing of a map in space. */
enum lu_smoothing_method {
	LU_SMOOTH_NONE,
	LU_SMOOTH_MRF, /* a Markov random field over the probabilities */
	LU_SMOOTH_PLURALITY, /* the class with most votes among 3 x 3 cells */
};
struct lu_smoothing {
	enum lu_smoothing_method method;
	double weight; /* mrf: of the neighbours, up to 100; plurality: votes of the centre, 0 to 9 */
	int min_cells; /* minimum mapping unit, 2 or more; 0: not stated in cells */
	double min_hectares; /* the same on the ground; 0: not stated in hectares. At most one of the two */
	bool corners; /* of the unit: cells that touch by a corner are one patch */
};

/* What the strata of a sample are. */
enum lu_strata {
	LU_STRATA_AUTO, /* what the maps are; bins of the probability of change, where it is given */
	LU_STRATA_CLASS,
	LU_STRATA_CHANGE, /* from-to pairs, before * 100 + after */
	LU_STRATA_PROBABILITY, /* bins of the probability of change */
	LU_STRATA_FLAGS, /* one list of flagged cells, drawn from at random */
};

/* How many units of a sample in each stratum. */
enum lu_allocation {
	LU_ALLOCATION_AUTO, /* proportional; with the probability of change Neyman's */
	LU_ALLOCATION_PROPORTIONAL, /* n_h = n W_h: simple; starves rare classes */
	LU_ALLOCATION_EQUAL, /* n_h = n / H: for user's accuracy; poor for areas */
	LU_ALLOCATION_NEYMAN, /* n_h ~ W_h S_h: least standard error of the overall figure */
};

/* How a sample speaks for a map. */
enum lu_estimator {
	LU_ESTIMATOR_AUTO, /* by what the strata are */
	LU_ESTIMATOR_STRATIFIED, /* the strata are the map's classes: Olofsson et al. 2014 */
	LU_ESTIMATOR_RATIO, /* they are something else: Stehman 2014 */
};
enum lu_intervals {
	LU_INTERVALS_WILSON, /* Wilson, gamma limits of omissions, MOVER: hold where few errors are found, too */
	LU_INTERVALS_WALD, /* estimate and standard errors, as older tables have it */
};

/* A part of a labelled set. */
enum lu_split {
	LU_SPLIT_NONE, /* what the set does not put into a part; of lu_evaluate_options all of it */
	LU_SPLIT_TRAIN,
	LU_SPLIT_VALIDATE,
	LU_SPLIT_TEST,
	LU_SPLIT_HELD_OUT, /* the part furthest from training that there is: test, else validate, else all */
};

/* What tells classes apart on a backbone's features. */
enum lu_head_form {
	LU_HEAD_AUTO, /* logistic; with lu_train_options.adapt the package's own */
	LU_HEAD_LOGISTIC, /* softmax regression with an L2 penalty */
	LU_HEAD_FOREST, /* random forest */
	LU_HEAD_FOREST_2017, /* one of 20 trees a class, of depth 5 */
};

/* How much the classes of a labelled set count in training. */
enum lu_weighing {
	LU_WEIGHING_BALANCED, /* every class the same, however many chips it has */
	LU_WEIGHING_NONE, /* every chip the same */
	LU_WEIGHING_NAMED, /* as class_weights says; 1 for classes that it does not name */
};

/* Further looks at each chip, to be added up. */
enum lu_augment {
	LU_AUGMENT_FLIPS = 1, /* left-right, top-bottom */
	LU_AUGMENT_ROTATIONS = 2, /* by one, two and three quarters; with flips all eight ways to lay a square */
	LU_AUGMENT_COLOUR = 4, /* each of these once more in another brightness, contrast and balance */
};

/* When a chip has a label. */
enum lu_label_rule_kind {
	LU_RULE_NINE_POINT, /* the cells at 1/6, 3/6 and 5/6 of the chip, both ways, agree */
	LU_RULE_PURITY, /* one class covers at least the share 'purity' of the chip */
	LU_RULE_PLURALITY, /* the class that covers most */
};
struct lu_label_rule {
	enum lu_label_rule_kind kind;
	double purity; /* above 0.5 and up to 1 */
};

/* What the codes of a reference are. */
enum lu_codes {
	LU_CODES_AUTO, /* NLCD's of a raster; of polygons and points the scheme's */
	LU_CODES_NLCD, /* NLCD's, merged by the scheme's 'nlcd' lists */
	LU_CODES_SCHEME, /* the scheme's own values, or of shapes its names */
	LU_CODES_TABLE, /* as a table says */
};

/* What goes to one side of a split as a whole. */
enum lu_split_by {
	LU_SPLIT_BY_BLOCK, /* a square block of ground */
	LU_SPLIT_BY_FILE, /* a file of imagery */
	LU_SPLIT_BY_FIELD, /* an area of the boundary's layer with one value of a field */
};

/* A number for a class or a stratum, by name or value; 'name' NULL: for all. */
struct lu_class_number {
	const char *name;
	double number;
};

/* Imagery of a date. */
struct lu_dated_imagery {
	const char *date; /* letters, digits, '-' and '_' */
	const char *path;
};

/* The forms in which a report is told. */
enum lu_report_form {
	LU_REPORT_TEXT,
	LU_REPORT_JSON,
	LU_REPORT_CSV,
};

/* The enums above that have words: one word, one constant. */
enum lu_choice {
	LU_CHOICE_ENGINE, /* onednn, blas; enum lu_engine_id */
	LU_CHOICE_PRECISION, /* auto, fp32, fp16, bf16, int8 */
	LU_CHOICE_CHIP_FORMAT, /* tif, png, jpg */
	LU_CHOICE_STRATA, /* class, change, probability, flags */
	LU_CHOICE_ALLOCATION, /* proportional, equal, neyman */
	LU_CHOICE_ESTIMATOR, /* auto, stratified, ratio */
	LU_CHOICE_INTERVALS, /* wilson, wald */
	LU_CHOICE_SPLIT, /* train, validate, test, all */
	LU_CHOICE_HEAD, /* logistic, forest, forest-2017; enum lu_head_form */
	LU_CHOICES,
};
/* The word for a constant of the enum; NULL: it has none, as most that are called AUTO. It lasts for ever. */
LU_API const char *lu_choice_word(enum lu_choice choice, int value);
/* Word number 'i' of a choice, in the order in which people are told them; NULL behind the last. */
LU_API const char *lu_choice_list(enum lu_choice choice, size_t i);
/* The constant that a word stands for. */
LU_API enum lu_status lu_choice_parse(enum lu_choice choice, const char *text, int *out, struct lu_error *err);

/* "67m", "67 m" or "67": the side of a cell in metres on the ground. */
LU_API enum lu_status lu_cell_parse(const char *text, double *out, struct lu_error *err);
/* "none", or a number. */
LU_API enum lu_status lu_nodata_parse(const char *text, struct lu_nodata *out, struct lu_error *err);
/* "plurality", "plurality:3", "mrf:2": method and weight (1, where it is not said); the other members stay. */
LU_API enum lu_status lu_smoothing_parse(const char *text, struct lu_smoothing *out, struct lu_error *err);
/* "4" cells or "1.5ha": the minimum mapping unit; the other members stay. */
LU_API enum lu_status lu_mapping_unit_parse(const char *text, struct lu_smoothing *out, struct lu_error *err);
/* "nine-point", "purity:0.9" or "plurality". */
LU_API enum lu_status lu_label_rule_parse(const char *text, struct lu_label_rule *out, struct lu_error *err);
/* "flips,colour": constants of enum lu_augment, added up. */
LU_API enum lu_status lu_augment_parse(const char *text, unsigned *out, struct lu_error *err);
/* "3/8", or "3" ('count' 0: not said): the number of a shard, and of how many. */
LU_API enum lu_status lu_shard_parse(const char *text, int *number, int *count, struct lu_error *err);
/*
 * "0.85", "Forest=0.95,402=0.6": numbers of classes. The list, with the names in it, is the caller's:
 * lu_class_numbers_free. A name may have commas in it; it ends at its '='.
 */
LU_API enum lu_status lu_class_numbers_parse(const char *text, struct lu_class_number **out, size_t *count,
					     struct lu_error *err);
LU_API void lu_class_numbers_free(struct lu_class_number *numbers);

#ifdef __cplusplus
}
#endif
#endif
