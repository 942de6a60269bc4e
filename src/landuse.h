/*
 * landuse.h: the public interface of liblanduse, the land-use mapping pipeline.
 *
 * Imagery of a county goes in; classified GeoTIFFs and change statistics come out. This is the
 * only installed header. The library never prints, never exits, reads no argv and installs no
 * signal handler: text goes to the caller's hooks, failures to the caller's struct lu_error.
 */
#ifndef LANDUSE_H
#define LANDUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version that a program is compiled for; lu_version tells that of the library that it runs with. */
#define LU_VERSION_MAJOR 0
#define LU_VERSION_MINOR 1
#define LU_VERSION_PATCH 0

/* What this header declares is all that the library exports. */
#if defined(__GNUC__)
#define LU_API __attribute__((visibility("default")))
#else
#define LU_API
#endif

/* What a fallible function returns. The words for a person are in struct lu_error. */
enum lu_status {
	LU_OK = 0,
	LU_ERROR_ARGUMENT, /* an option, a job key or a path named by them is wrong, or nothing is there: usage */
	LU_ERROR_IO, /* a file that is there cannot be opened or read, or one cannot be written */
	LU_ERROR_FORMAT, /* a file is read, and is not what it should be */
	LU_ERROR_UNSUPPORTED, /* valid, but not something this build does */
	LU_ERROR_MISMATCH, /* inputs that do not belong together (grid, scheme, scale) */
	LU_ERROR_BUSY, /* another job holds the output folder */
	LU_ERROR_MEMORY,
	LU_ERROR_CANCELLED, /* the caller's hook asked to stop */
};
/* "ok", "argument", "io", ...: the constant's name in small letters; "unknown" for any other number. */
LU_API const char *lu_status_name(enum lu_status status);

/*
 * One failure, told to a person: file, fact, expectation, remedy, in one line. Where a remedy is a member of the
 * function's options it is named as C does, ".map_field = NAME"; of a job's keys, as the job does, "range: [LOW, HIGH]".
 * The caller owns it; a zeroed one is ready for use. Every function that fails fills it.
 */
struct lu_error {
	enum lu_status status;
	char text[1024];
};

enum lu_level {
	LU_LEVEL_DEBUG,
	LU_LEVEL_INFO,
	LU_LEVEL_WARNING,
};

/*
 * The caller's ear. Each member may be NULL. They are called from one thread at a time; 'log'
 * and 'progress' must not call back into the library. 'cancelled' is asked often, from any
 * thread, and must be cheap (a volatile flag).
 */
struct lu_hooks {
	void (*log)(void *user, enum lu_level level, const char *text);
	void (*progress)(void *user, const char *stage, uint64_t done, uint64_t total);
	bool (*cancelled)(void *user);
	void *user;
};

/*
 * lu_run: a county from its job file: maps of every date, change of every pair, statistics.
 *
 * No command writes over a file that it reads: LU_ERROR_ARGUMENT, before anything is written.
 *
 * The output folder is locked for the time; a job that was stopped goes on from its last finished
 * block; every file appears under its name only when it is whole. '*text' (lu_text_free it) is a
 * summary for a person: what was written and the class areas, or the plan for 'dry_run'.
 */
struct lu_run_options {
	const char *job_path;
	const char *output; /* NULL: the job's own */
	const char *engine; /* NULL: the job's own; "onednn" or "blas" */
	const char *precision; /* NULL: the job's own; "auto", "fp32", "fp16", "bf16" or "int8" */
	int threads; /* 0: the job's own, or every core */
	const char *const *creation_options; /* of rasters: "NAME=VALUE" of GDAL's COG driver; none: the job's own */
	size_t creation_option_count;
	const char *format; /* "netCDF": county.nc, too; NULL: as the job says */
	bool dry_run; /* plan, and write nothing */
	bool if_changed; /* do nothing when the outputs come from these inputs and are as they were written */
	bool json; /* the summary is a JSON object */
	bool stats; /* and tells peak memory and which share of the processor time went into what */
	bool strict; /* imagery is compared with the former run's by every byte, not by size, times and a sample of them */
	const char *shard; /* "3/8", or "3": score this shard of lu_shard's plan, and no more; NULL: the whole job */
	const char *const *command; /* what was asked for, in words, for manifest.json; NULL: nothing is said of it */
	size_t command_count;
	const struct lu_hooks *hooks;
};
struct lu_run_summary {
	char *text;
	bool up_to_date; /* 'if_changed' found nothing to do */
	uint64_t chips; /* scored in this run */
	double seconds;
	uint64_t alarms; /* of the job that fired */
};
LU_API enum lu_status lu_run(const struct lu_run_options *options, struct lu_run_summary *summary,
			     struct lu_error *err);

/*
 * lu_init: a commented job file to start from, of what lies in a folder: dates found in the names of imagery, the model that
 * fits its resolution, and a boundary. '*text' (lu_text_free it) tells what was found. LU_ERROR_ARGUMENT: there is no imagery
 * that can be used, or the file is there already: nothing is ever written over.
 */
struct lu_init_options {
	const char *folder;
	const char *job; /* the file to write; NULL: county.yaml in the folder */
};
LU_API enum lu_status lu_init(const struct lu_init_options *options, char **text, struct lu_error *err);

/*
 * A job on many machines that share its folders: lu_shard plans, lu_run with 'shard' scores a shard each, lu_merge makes the
 * outputs, byte for byte those of lu_run.
 *
 * lu_shard cuts the county into 'count' shards of rows with even work, numbered from 0, of the dates whose scores are not
 * kept. A plan that is there already stays, with what its shards have done; one of another job or count goes, unless a shard
 * of it is at work: LU_ERROR_BUSY.
 */
struct lu_shard_options {
	struct lu_run_options run; /* its job_path, output, engine, precision and hooks count */
	int count;
};
LU_API enum lu_status lu_shard(const struct lu_shard_options *options, struct lu_run_summary *summary,
			       struct lu_error *err);
/*
 * LU_ERROR_MISMATCH, with the numbers of the shards to run again, "3,17-20": some are missing or damaged, or were scored by
 * another kind of processor than the others. What shards left goes when the outputs are whole. Of 'options' if_changed and
 * shard do not count; outputs that are current stay.
 */
LU_API enum lu_status lu_merge(const struct lu_run_options *options, struct lu_run_summary *summary,
			       struct lu_error *err);

/*
 * lu_report: report.html and county.qgz in the folder of a run's outputs, made of these outputs, as lu_run makes them.
 * '*text' (lu_text_free it) names both. LU_ERROR_ARGUMENT: the folder has no manifest.json; LU_ERROR_BUSY: a run is
 * writing there.
 */
LU_API enum lu_status lu_report(const char *folder, char **text, struct lu_error *err);

/*
 * lu_classify: one date's imagery to landuse.tif and confidence.tif in the folder 'output', without
 * a job file. Options left NULL or 0 take the defaults of a job.
 */
struct lu_classify_options {
	const char *const *imagery; /* files, globs, folders, VRTs, /vsi paths */
	size_t imagery_count;
	const char *date; /* what the map calls its date; NULL: "map" */
	const char *model; /* a package's name or folder */
	const char *scheme;
	const char *boundary, *layer, *where;
	const char *output;
	const int *bands;
	size_t band_count;
	const char *nodata;
	const double *range; /* two numbers */
	double resolution;
	const char *crs;
	const char *cell; /* "67m": side of a cell on the ground; NULL: the model's, or by the stride */
	int stride_px;
	double min_valid;
	double min_confidence; /* below it a cell is uncertain: 99, in no class; 0: none is */
	bool accept_gsd_mismatch, probabilities;
	const char *engine, *precision;
	int threads;
	const char *const *creation_options; /* of rasters: "NAME=VALUE" of GDAL's COG driver */
	size_t creation_option_count;
	const char *const *command; /* as of lu_run */
	size_t command_count;
	const struct lu_hooks *hooks;
};
LU_API enum lu_status lu_classify(const struct lu_classify_options *options, struct lu_run_summary *summary,
				  struct lu_error *err);

/*
 * lu_verify: is the output folder of a run whole, valid, and made from these inputs by this version? '*text' (lu_text_free it)
 * tells each problem in one line; of LU_ERROR_FORMAT, which says that there are some, too.
 */
struct lu_verify_options {
	const char *folder;
	bool outputs_only; /* leave the inputs alone */
	bool json;
	int threads; /* 0: every core */
	const struct lu_hooks *hooks;
};
LU_API enum lu_status lu_verify(const struct lu_verify_options *options, char **text, struct lu_error *err);

/*
 * lu_change: change statistics of classified rasters already made, ours or anyone's, in time
 * order. They must share one grid. With a boundary the areas are the county's; without one the
 * rasters' own extent.
 */
struct lu_change_options {
	const char *const *maps;
	size_t map_count; /* at least 2 */
	const char *const *labels; /* a date for each map; NULL: LANDUSE_DATE or the file's name */
	const char *boundary, *layer, *where;
	const char *output;
	bool consecutive; /* each map with the next; otherwise every pair */
	bool tables_only; /* no change rasters; classes may then have any value up to 65535 */
	const char *scheme; /* names the classes; NULL: as the maps do */
	bool by_number; /* classes of one number are one, though the maps call them by other names */
	const char *smooth; /* "plurality", "plurality:WEIGHT" (1); NULL: the maps are taken as they are */
	const char *mmu; /* minimum mapping unit: "4" cells, "0.5ha"; NULL: none */
	bool corners; /* cells that touch by a corner are one patch */
	const char *zones; /* a layer of polygons that get figures of their own; NULL: none */
	const char *zone_name; /* its field with their names */
	const char *zone_layer, *zone_where;
	int threads; /* 0: every core */
	const char *const *creation_options; /* of rasters: "NAME=VALUE" of GDAL's COG driver */
	size_t creation_option_count;
	const struct lu_hooks *hooks;
};
LU_API enum lu_status lu_change(const struct lu_change_options *options, struct lu_run_summary *summary,
				struct lu_error *err);

/*
 * lu_sample: a validation sample of a map, or of the change between two dates, stratified by class:
 * a GeoPackage of cells to be labelled in QGIS, with the design beside them for lu_assess.
 *
 * The map is streamed: memory does not grow with it. Same map, options and seed: the same bytes.
 */
struct lu_sample_options {
	const char *const *maps; /* one map, one change raster, or the maps of an earlier and a later date */
	size_t map_count;
	const char *output; /* FILE.gpkg */
	bool overwrite; /* an output that is there already, perhaps with labels */
	const char *strata; /* "class", "change", "probability"; "flags": 93 of one list; NULL: what is at hand */
	const char *probability; /* change_probability.tif of the two dates: strata are bins of it, guesses its own */
	const char *growth; /* with it: the class whose growth is to be told best; NULL: the area that changed */
	const char *scheme; /* names the classes of maps that do not; may be NULL */
	bool by_number; /* as of lu_change */
	uint64_t size; /* cells; 0: as many as 'target_se' needs, of bins 500 */
	double target_se; /* standard error of overall accuracy; 0: 0.01 */
	const char *allocation; /* NULL: "proportional", with 'probability' "neyman"; "equal" */
	const char *expected_accuracy; /* "0.9", "Forest=0.95,..."; NULL: 0.9 for classes, 0.7 for changes */
	uint64_t minimum; /* of each stratum, */
	bool has_minimum; /* or else 50, and less where the size does not allow it */
	uint64_t pool_below; /* from-to pairs with fewer cells share one stratum */
	uint64_t seed;
	const char *boundary, *layer, *where;
	double least_share; /* of a cell inside the boundary, for it to be drawn, */
	bool has_least_share; /* or else 0.5 */
	const char *const *imagery; /* "DATE=PATH": pictures of each cell */
	size_t imagery_count;
	const struct lu_hooks *hooks;
};
LU_API enum lu_status lu_sample(const struct lu_sample_options *options, struct lu_run_summary *summary,
				struct lu_error *err);

/* What tile and label share: one date's imagery and the grid of its chips. NULL and 0 take the defaults. */
struct lu_chip_options {
	const char *const *imagery; /* files, globs, folders, VRTs, /vsi paths */
	size_t imagery_count;
	const char *boundary, *layer, *where;
	const int *bands; /* default 1, 2, 3 */
	size_t band_count;
	const char *nodata;
	const double *range; /* two numbers */
	const char *crs;
	double resolution;
	int chip_px, stride_px; /* default 224; the chip */
	const char *cell; /* "67m": chips of so much ground instead, at the imagery's own resolution */
	const char *model; /* a package's name or folder: chips of its ground, where none of the three says another */
	double min_valid; /* default 0.9 */
};

/*
 * lu_tile: imagery cut into chips on disk, with index.gpkg and index.csv. Memory does not grow with
 * the imagery. A stopped run goes on when it is called again; the index is written last.
 */
struct lu_tile_options {
	struct lu_chip_options chips;
	const char *format; /* "tif" (NULL), "png", "jpg" */
	const char *output;
	bool overwrite; /* take a folder that holds something else */
	int threads; /* that encode; 0: every core */
	const struct lu_hooks *hooks;
};
LU_API enum lu_status lu_tile(const struct lu_tile_options *options, struct lu_run_summary *summary,
			      struct lu_error *err);

/*
 * lu_train: a model of one's own classes, from a labelled set (see lu_evaluate) and a network whose
 * features are taken as they are. Features are made once and kept in a cache; a run that was stopped
 * goes on from there. Validation keeps blocks together, so it does not test by memory. 'output'
 * becomes a model package: one ordinary ONNX network and its model.json. '*summary' says how good.
 */
struct lu_train_options {
	const char *set;
	const char *backbone; /* a package's name or folder, or a .onnx file; NULL: aerial-features, if there is one */
	const char *layer; /* the tensor that is the features; NULL: what enters the last product, or the output */
	/*
	 * A package (name or folder) whose head is corrected by the set's labels instead of a new one being made: classes of its own or
	 * of a scheme that it knows. It keeps its classes, and its head where held-out labels do not show that the correction helps.
	 */
	const char *adapt;
	/*
	 * NULL or "logistic": softmax regression; "forest": random forest; "forest-2017": one of 20 trees a class, of
	 * depth 5.
	 */
	const char *head;
	const char *output; /* models/NAME */
	bool overwrite;
	const double *l2; /* logistic: strengths of the penalty to try; NULL: 0.1, 0.01, 0.001 */
	size_t l2_count; /* at most 16 */
	int trees; /* forest: trees of each class; 0: 100 */
	const double *depth; /* forest: levels of splits to try, whole numbers; NULL: 5 */
	size_t depth_count; /* at most 16 */
	/* NULL or "balanced": every class counts the same, however many chips it has; "none"; "NAME=WEIGHT,..." */
	const char *class_weights;
	const char *
		augment; /* "flips", "rotations", "colour", some of them with commas, or NULL: learn from such chips too */
	bool dedupe; /* leave out pictures whose perceptual hash is within dedupe_bits of another's */
	int dedupe_bits; /* 0 to 64 */
	double sample_frac; /* of each class's chips; 0: all */
	int folds; /* 0: 5; not used where the set has a validate split */
	const char *block_field; /* the index's column of blocks; NULL: "block" */
	int block_numbers; /* without an index: file numbers a block; 0: 20 */
	uint64_t seed;
	bool crop;
	/* Two numbers: the values of chips with more than 8 bits a band that become 0 and 255; NULL: the backbone's, if any. */
	const double *range;
	const double *mean, *std; /* of a .onnx file, see lu_evaluate */
	size_t mean_count, std_count;
	double gsd_m; /* ground metres a pixel; 0: the backbone's */
	const char *cache; /* folder; NULL: the user's cache folder */
	bool record; /* append the run to the history */
	const char *history; /* NULL: the usual one */
	const char *engine;
	int threads; /* 0: every core */
	const struct lu_hooks *hooks;
};
LU_API enum lu_status lu_train(const struct lu_train_options *options, struct lu_run_summary *summary,
			       struct lu_error *err);

/*
 * lu_quantize: a model package in 8-bit integers, stored as an ordinary ONNX network with QuantizeLinear and
 * DequantizeLinear. Some pictures below 'chips' set the ranges of activations; on the others its labels are compared
 * with the model's own, and model.json records on how many they agree. '*summary' tells it.
 */
struct lu_quantize_options {
	const char *model; /* a package's name or folder */
	const char *chips; /* a folder of pictures, at any depth */
	const char *output; /* models/NAME */
	bool overwrite;
	int calibration; /* pictures that set the ranges; 0: 200; at most half */
	double percentile; /* of an activation's numbers inside its range; 0: the range with the least error */
	double limit; /* on the error between the best two answers, as a share of their distance; 0: 0.018 */
	bool crop; /* the picture's centre, instead of all of it resized */
	const double *range; /* see lu_train; NULL: the package's, if any */
	int threads; /* 0: every core */
	const struct lu_hooks *hooks;
};
LU_API enum lu_status lu_quantize(const struct lu_quantize_options *options, struct lu_run_summary *summary,
				  struct lu_error *err);

/* The forms in which a report is told on stdout. */
enum lu_report_form {
	LU_REPORT_TEXT,
	LU_REPORT_JSON,
	LU_REPORT_CSV,
};

/*
 * lu_evaluate: how well a model's classes match a labelled set's: a folder of class folders of
 * pictures, or an index (path,class,split,block,source). '*text' (lu_text_free it) is the report;
 * with 'output' the same and its pictures are written into that folder.
 */
struct lu_evaluate_options {
	const char *model; /* a package's name or folder, or a .onnx file */
	const char *set;
	const char *split; /* "train", "validate", "test", "all"; NULL: the one held out furthest */
	bool crop; /* the picture's centre, instead of all of it resized */
	const double *range; /* see lu_train; NULL: the package's, if any */
	const char *const *schemes; /* further, coarser views of the same run */
	size_t scheme_count;
	/* Of a .onnx file: input = (value / 255 - mean) / std, one number or one a band; the classes. */
	const double *mean, *std;
	size_t mean_count, std_count;
	const char *const *class_names;
	size_t class_name_count;
	const char *output_name; /* which of its outputs; NULL: the first */
	enum lu_report_form form;
	const char *output; /* a folder, or NULL */
	bool record; /* append the run to the history */
	const char *history; /* NULL: the usual one */
	const char *engine;
	const char *precision; /* NULL: "auto"; of "bf16" and "fp16" labels are compared with float32's */
	bool keep_agreement; /* and the share that is the same goes into the package's model.json */
	bool keep_reach; /* what the chips look like goes there, too: runs tell imagery that looks unlike them */
	int threads; /* 0: every core */
	const struct lu_hooks *hooks;
};
LU_API enum lu_status lu_evaluate(const struct lu_evaluate_options *options, char **text, struct lu_error *err);

/*
 * lu_assess: what a labelled sample says about a map: error matrix, accuracies with standard errors,
 * areas adjusted for the map's errors with 95 % intervals. '*summary' gets the report as text or JSON.
 *
 * Either 'maps' and 'sample'; or 'strata' and a 'sample' that has stratum, map class and reference in
 * fields; or 'counts', with 'areas' unless the sample was a simple random one. Or 'candidates': how many
 * of the patches that somebody reviewed are real.
 */
struct lu_assess_options {
	const char *const *maps; /* a map, a change raster, or the maps of two dates */
	size_t map_count;
	const char *sample; /* any OGR source */
	const char
		*sample_layer; /* of the sample (NULL: "sample", else the first) or the candidates (NULL: the first) */
	const char *reference_field; /* NULL: "reference" */
	const char *map_field; /* NULL: the map is read at the sample's places */
	const char *stratum_field; /* NULL: "stratum" */
	const char *strata; /* CSV: stratum, size */
	const char *counts; /* CSV: error matrix, rows = map, columns = reference */
	const char *areas; /* CSV: class, mapped area */
	const char *candidates; /* a layer of patches that were reviewed ('review_status'), as lu_run writes them */
	double unit_ha; /* of the sizes and areas; 0: hectares */
	const char *estimator; /* NULL: "auto"; "stratified", "ratio" */
	double confidence; /* of the intervals, in percent, below 100; 0: 95 */
	const char *
		intervals; /* NULL: "wilson" (of Wilson, gamma limits and MOVER); "wald": estimate and standard errors */
	bool weights; /* the strata's sizes are areas or shares, not numbers of sampling units */
	const char *scheme; /* names the classes of maps that do not; may be NULL */
	bool by_number; /* as of lu_change */
	bool change; /* the map holds change codes, though it does not say so */
	bool kappa, json;
	const char *csv_folder; /* NULL: no tables */
	const char *boundary, *layer, *where; /* for mapped areas, where the sample has no design */
	const char *zones, *zone_layer,
		*zone_name; /* areas of zones, too: a vector layer and the field that names them */
	const struct lu_hooks *hooks;
};
LU_API enum lu_status lu_assess(const struct lu_assess_options *options, struct lu_run_summary *summary,
				struct lu_error *err);

/*
 * lu_label: a labelled chip set from imagery and a land-cover raster of any CRS and resolution, or labels drawn as vectors:
 * index.gpkg, index.csv and chips in class folders, split without a leak (whole groups of chips go
 * to one side). A stopped run goes on when it is called again.
 */
struct lu_label_options {
	struct lu_chip_options chips;
	const char *reference; /* the raster; or polygons and points, by its ending or where 'field' is given */
	const char *reference_layer; /* of vectors; NULL: "sample", or the first */
	const char *field; /* of vectors: holds their codes; NULL: "reference" */
	/*
	 * "nlcd" (NULL, of a raster): by the scheme's nlcd lists; "scheme" (NULL, of vectors): the scheme's own values or names;
	 * or a table of codes, by name or file.
	 */
	const char *codes;
	const char *scheme; /* by name or file; NULL: landcover-7 */
	const char *rule; /* "nine-point" (NULL), "purity:P", "plurality" */
	const char *output;
	const char *format; /* "png" (NULL), "jpg", "tif" */
	bool no_chips; /* only the index */
	uint64_t per_class; /* at most so many chips a class; 0: all */
	bool balance; /* the index's 'weight' lets every class of the training chips count the same */
	bool dedupe; /* leave out chips whose picture is within 'dedupe_bits' of another's hash */
	int dedupe_bits;
	uint64_t seed;
	const char *split_by; /* "block" (NULL), "file", or a field of the boundary's layer */
	int block_cells; /* side of a block; 0: 8 */
	double validate, test; /* shares of the chips */
	const char *const *validate_blocks, *const *test_blocks; /* blocks that go there by name */
	size_t validate_block_count, test_block_count;
	bool overwrite;
	int threads;
	const struct lu_hooks *hooks;
};
LU_API enum lu_status lu_label(const struct lu_label_options *options, struct lu_run_summary *summary,
			       struct lu_error *err);

/*
 * lu_compare: agreement of a map with a reference raster of another grid and CRS: each cell takes the
 * reference class that covers most of it. '*summary' gets the report as text or JSON.
 */
struct lu_compare_options {
	const char *map, *reference;
	const char *scheme; /* the reference has NLCD codes, merged by it; NULL: the map's own codes */
	const char *codes; /* with 'scheme': a table of the reference's codes, by name or file; NULL: they are NLCD's */
	bool by_number; /* of map and reference, or of map and scheme, as of lu_change */
	double purity; /* least share of a cell that its class must cover; 0: any */
	const char *boundary, *layer, *where;
	double least_share; /* of a cell inside the boundary, for it to be compared, */
	bool has_least_share; /* or else 0.5 */
	bool json;
	const struct lu_hooks *hooks;
};
LU_API enum lu_status lu_compare(const struct lu_compare_options *options, struct lu_run_summary *summary,
				 struct lu_error *err);

/*
 * The run history: what train, evaluate and run did, in one GeoPackage (SQLite). 'path' NULL is
 * $LANDUSE_HISTORY, else history.gpkg in the user's own data folder. A run is named by its number;
 * '*text' is lu_text_free'd.
 */
struct lu_history_metric {
	const char *name;
	double value;
};
struct lu_history_run {
	const char *kind; /* "train", "evaluate", "run", ... */
	const char *name; /* what was made or looked at */
	const char *model; /* a package's name or folder, as a job would name it; or NULL */
	const char *model_sha256, *data, *data_sha256; /* or NULL */
	const char *parameters; /* a JSON object, or NULL */
	const struct lu_history_metric *metrics;
	size_t metric_count;
	uint64_t chips; /* 0: not counted */
	double seconds; /* 0: not timed */
};
/* Append one run; '*number' (may be NULL) is its number. Two writers at once lose nothing. LU_ERROR_BUSY: locked. */
LU_API enum lu_status lu_history_append(const char *path, const struct lu_history_run *run, int64_t *number,
					struct lu_error *err);
LU_API enum lu_status lu_history_list(const char *path, const char *kind, bool json, char **text, struct lu_error *err);
LU_API enum lu_status lu_history_show(const char *path, int64_t number, bool json, char **text, struct lu_error *err);
/* Parameters, data and metrics side by side, differences marked. */
LU_API enum lu_status lu_history_compare(const char *path, int64_t a, int64_t b, char **text, struct lu_error *err);
/* The run with the highest 'metric' (with 'lowest' the lowest), and its model. */
LU_API enum lu_status lu_history_best(const char *path, const char *metric, bool lowest, char **text,
				      struct lu_error *err);

/*
 * The areas of a class (NULL: of all) at every date of every run into an output folder; 'path' is the folder or its runs.gpkg.
 */
LU_API enum lu_status lu_history_areas(const char *path, const char *class_name, bool json, char **text,
				       struct lu_error *err);

/*
 * Model packages by name: every one on the search path, as a table or JSON; one compared with its
 * SHA-256 ('name' NULL: all of them; LU_ERROR_FORMAT when one is damaged); the folder at 'path'
 * verified and copied, durably and whole or not at all, into $LANDUSE_DATA/models or the user's own.
 * '*text' is lu_text_free'd; of lu_models_verify it may be there on failure too.
 */
LU_API enum lu_status lu_models_list(bool json, char **text, struct lu_error *err);
LU_API enum lu_status lu_models_verify(const char *name, char **text, struct lu_error *err);
LU_API enum lu_status lu_models_add(const char *path, char **text, struct lu_error *err);

/*
 * A model that looks at arrays: for programs that have imagery of their own in memory, cut to squares of the model's
 * ground. Opened once, it does not change: any number of threads may score with one model at once, each call with
 * threads of its own. Strings and arrays of its description are the model's, and last as long as it does.
 */
struct lu_open_model;
struct lu_model_options {
	const char *model; /* a package's name or folder, or a .onnx file */
	/* Of a .onnx file alone, as of lu_evaluate. */
	const double *mean, *std;
	size_t mean_count, std_count;
	const char *const *class_names;
	size_t class_name_count;
	const char *output_name;
	const char *engine, *precision; /* as in a job; NULL: the best, "auto" */
	int threads; /* of one call; 0: every core */
	const struct lu_hooks *hooks; /* kept until lu_model_close */
};
struct lu_model_description {
	const char *name;
	int side_px; /* a chip is side_px x side_px pixels, */
	size_t bands; /* of so many bytes each */
	double gsd_m; /* ground metres of such a pixel; 0: not known, of a .onnx file */
	double finest_gsd_m, coarsest_gsd_m; /* of imagery that chips may be resized from; 0: not known */
	size_t class_count;
	const char *const *class_names; /* in the order of a chip's probabilities */
	bool independent; /* each class has a probability of its own, and they need not sum to 1 */
};
/* LU_ERROR_ARGUMENT: nothing of that name; LU_ERROR_FORMAT: damaged, or no network of chips. lu_model_close '*model'. */
LU_API enum lu_status lu_model_open(const struct lu_model_options *options, struct lu_open_model **model,
				    struct lu_error *err);
LU_API const struct lu_model_description *lu_model_describe(const struct lu_open_model *model);
/*
 * 'pixels' is count x side_px x side_px x bands, values 0 to 255 (NumPy: uint8, C order, bands last); 'probabilities'
 * becomes count x class_count. A chip's numbers are the same bits in whatever company and with any number of threads.
 * LU_ERROR_MISMATCH: the network's answers for a chip, told by its number, are no probabilities.
 */
LU_API enum lu_status lu_model_score(const struct lu_open_model *model, const uint8_t *pixels, size_t count,
				     float *probabilities, struct lu_error *err);
LU_API void lu_model_close(struct lu_open_model *model);

/*
 * lu_info: what an image, a map, a network (.onnx) or a model package is, as text or JSON; lu_text_free it. A network is
 * planned for 'precision' (as in a job; NULL: auto) and the output of that name (NULL: the file's first).
 */
LU_API enum lu_status lu_info(const char *path, const char *precision, const char *output_name, bool json, char **text,
			      struct lu_error *err);

/* lu_check_cog: is this GeoTIFF laid out as a Cloud Optimized GeoTIFF? LU_ERROR_FORMAT says what is not. */
LU_API enum lu_status lu_check_cog(const char *path, struct lu_error *err);

LU_API void lu_text_free(char *text);
/*
 * 'text' for a terminal (lu_text_free it): names come from files, and control characters in them are spelt out (\u001b), as
 * are bytes that are not UTF-8 (\xe9); \n and \t stay. NULL when memory is out.
 */
LU_API char *lu_text_printable(const char *text);
/* Whether 'text' is UTF-8, as every path and name given to the library should be. */
LU_API bool lu_utf8_valid(const char *text);

/* Of 'count' known words, the one that may be meant by 'word' (edit distance at most 1/3 of its length), or NULL. */
LU_API const char *lu_nearest_word(const char *word, const char *const *known, size_t count);

/* "0.1.0": the version of the library that runs. */
LU_API const char *lu_version(void);

/*
 * The same with the engines of this build (their libraries, and the processor that they compute for here), GDAL and PROJ,
 * as text or JSON; lu_text_free it.
 */
LU_API enum lu_status lu_versions(bool json, char **text, struct lu_error *err);

#ifdef __cplusplus
}
#endif
#endif
