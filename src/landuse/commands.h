/*
 * commands.h: one function for each command of the program: files in, files and a report out.
 *
 * Part of landuse.h: include that one. Every function here has a struct of options:
 *
 *	struct lu_run_options options;
 *
 *	lu_run_options_init(&options);
 *	options.job_path = "county.yaml";
 *	status = lu_run(&options, &summary, &err);
 *
 * lu_X_options_init writes every member: the defaults are the library's. What must be named, and lists, it leaves NULL and 0,
 * and a member of 0, NULL or AUTO that has a comment says what that means. The caller keeps the struct and all that it points
 * to until the call returns; nothing of it is changed or kept. Paths and names are UTF-8; paths are as the working folder
 * sees them, and wherever GDAL reads, its /vsi names will do. Of 'x' and 'x_count' the first is an array of so many.
 *
 * What all of them promise: nothing is written before the options and inputs are found to be sound; no file that is read is
 * written over (LU_ERROR_ARGUMENT); an output has its name when it is whole, and one that was there stays until then; on
 * failure the summary holds nothing. Same inputs, options and processor: the same bytes, for any number of threads.
 * What they do not: a bound on time or memory beyond what `landuse run --dry-run` tells; output files that do not grow
 * columns, members or files in a later version.
 */
#ifndef LANDUSE_COMMANDS_H
#define LANDUSE_COMMANDS_H

#include "types.h"

struct lu_accuracy; /* statistics.h */

#ifdef __cplusplus
extern "C" {
#endif

/* What a call has done. */
struct lu_run_summary {
	char *text; /* for a person; lu_text_free it */
	bool up_to_date; /* 'if_changed' found nothing to do */
	uint64_t chips; /* scored or written in this call */
	double seconds;
	uint64_t alarms; /* of the job that fired */
};

/*
 * lu_run: a county from its job file: maps of every date, change of every pair, statistics (lu_statistics_open).
 *
 * The output folder is locked for the time: LU_ERROR_BUSY. A job that was stopped, or whose computer died, goes on from its
 * last finished block. The summary's text says what was written and the class areas, or the plan for 'dry_run'.
 */
struct lu_run_options {
	const char *job_path;
	const char *output; /* NULL: the job's own */
	enum lu_engine_id engine; /* AUTO: the job's own */
	enum lu_precision precision; /* counts where 'has_precision'; otherwise the job's own */
	bool has_precision;
	int threads; /* 0: the job's own, or every core */
	const char *const *creation_options; /* of rasters: "NAME=VALUE" of GDAL's COG driver; none: the job's own */
	size_t creation_option_count;
	const char *output_format; /* "netCDF": county.nc, too; "GeoJSON" or so: vectors/, too; NULL: as the job says */
	bool dry_run; /* plan, and write nothing */
	bool if_changed; /* do nothing when the outputs come from these inputs and are as they were written */
	bool json; /* the summary is a JSON object */
	bool stats; /* and tells peak memory and which share of the processor time went into what */
	bool strict; /* imagery is compared with the former run's by every byte, not by size, times and a sample of them */
	int shard; /* score this shard of lu_shard's plan, and no more; negative: the whole job */
	int shard_count; /* of so many, as the plan should have it; 0: not said */
	const char *const *command; /* what was asked for, in words, for manifest.json; NULL: nothing is said of it */
	size_t command_count;
	const struct lu_hooks *hooks;
};
LU_API void lu_run_options_init(struct lu_run_options *options);
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
LU_API void lu_init_options_init(struct lu_init_options *options);
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
	int count; /* 1 or more; 0: nobody has said */
};
LU_API void lu_shard_options_init(struct lu_shard_options *options);
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
 * lu_report: report.html with its figures in charts/, and county.qgz in the folder of a run's outputs, made of these outputs, as
 * lu_run makes them; manifest.json lists them as they are now. '*text' (lu_text_free it) names what people open.
 * LU_ERROR_ARGUMENT: the folder has no manifest.json, or no Chromium is on PATH to print by; LU_ERROR_BUSY: a run is writing
 * there.
 */
struct lu_report_options {
	const char *folder;
	bool pdf; /* also report.pdf, and the figures as PNG; where the manifest lists them they are made in any case */
	const struct lu_hooks *hooks;
};
LU_API void lu_report_options_init(struct lu_report_options *options);
LU_API enum lu_status lu_report(const struct lu_report_options *options, char **text, struct lu_error *err);

/*
 * lu_classify: one date's imagery to landuse.tif and confidence.tif in the folder 'output', without a job file. What is not
 * said is as in a job.
 */
struct lu_classify_options {
	const char *const *imagery; /* files, globs, folders, VRTs, /vsi paths */
	size_t imagery_count;
	const char *date; /* what the map calls its date: letters, digits, '.', '_', '-' */
	const char *model; /* a package's name or folder */
	const char *scheme; /* by name or file; NULL: the model's own */
	const char *boundary; /* polygons of any OGR source: cells that touch them; NULL: all that the imagery covers */
	const char *layer, *where; /* of the boundary: its layer, NULL: the only one; which features, NULL: all */
	const char *output;
	const int *bands; /* in the model's order, counted from 1; NULL: by the file's tags, or the first ones */
	size_t band_count;
	struct lu_nodata nodata;
	const double *range; /* two numbers: raw values of 16-bit imagery that become 0 and 255; NULL: the model's */
	double resolution; /* CRS units a pixel; 0: the imagery's */
	const char *crs; /* as PROJ knows it, "EPSG:26986"; NULL: the first file's */
	double cell_m; /* side of a cell in metres on the ground; 0: the model's, or by the stride */
	int stride_px; /* pixels from cell to cell; 0: by cell_m */
	double min_valid; /* map a cell when this share of its chip has data */
	double min_confidence; /* below it a cell is uncertain: 99, in no class; 0: none is */
	bool accept_gsd_mismatch; /* go on though the imagery is coarser than what the model was trained on */
	bool probabilities; /* probabilities.tif, too */
	enum lu_engine_id engine;
	enum lu_precision precision;
	int threads; /* 0: every core */
	const char *const *creation_options; /* of rasters: "NAME=VALUE" of GDAL's COG driver */
	size_t creation_option_count;
	const char *const *command; /* as of lu_run */
	size_t command_count;
	const struct lu_hooks *hooks;
};
LU_API void lu_classify_options_init(struct lu_classify_options *options);
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
	int threads; /* that read the inputs; 0: every core */
	const struct lu_hooks *hooks;
};
LU_API void lu_verify_options_init(struct lu_verify_options *options);
LU_API enum lu_status lu_verify(const struct lu_verify_options *options, char **text, struct lu_error *err);

/*
 * lu_change: change statistics of classified rasters already made, ours or anyone's, in time order, into the folder 'output'
 * (lu_statistics_open). They must share one grid. With a boundary the areas are the county's; without one the rasters' own
 * extent. LU_ERROR_MISMATCH: another grid, or another legend.
 */
struct lu_change_options {
	const char *const *maps;
	size_t map_count; /* at least 2 */
	const char *const *labels; /* a date for each map; NULL: LANDUSE_DATE or the file's name */
	const char *boundary, *layer, *where; /* as of lu_classify */
	const char *output;
	bool consecutive; /* each map with the next; otherwise every pair */
	bool tables_only; /* no change rasters; classes may then have any value up to 65535 */
	const char *scheme; /* names the classes; NULL: as the maps do */
	bool by_number; /* classes of one number are one, though the maps call them by other names */
	struct lu_smoothing smoothing; /* plurality and the mapping unit; maps have no probabilities for mrf */
	const char *zones; /* a layer of polygons that get figures of their own; NULL: none */
	const char *zone_name; /* its field with their names; needed with 'zones' */
	const char *zone_layer, *zone_where;
	int threads; /* 0: every core */
	const char *const *creation_options; /* of rasters: "NAME=VALUE" of GDAL's COG driver */
	size_t creation_option_count;
	const struct lu_hooks *hooks;
};
LU_API void lu_change_options_init(struct lu_change_options *options);
LU_API enum lu_status lu_change(const struct lu_change_options *options, struct lu_run_summary *summary,
				struct lu_error *err);

/*
 * lu_sample: a validation sample of a map, or of the change between two dates, stratified by class: a GeoPackage of cells
 * to be labelled in QGIS, with the design beside them for lu_assess.
 *
 * The map is streamed: memory does not grow with it. Same map, options and seed: the same bytes.
 */
struct lu_sample_options {
	const char *const *maps; /* one map, one change raster, or the maps of an earlier and a later date */
	size_t map_count;
	const char *output; /* FILE.gpkg; or the cells alone, as .fgb, .geojson or, where GDAL has it, .parquet */
	bool overwrite; /* an output that is there already, perhaps with labels */
	enum lu_strata strata;
	const char *probability; /* change_probability.tif of the two dates: strata are bins of it, guesses its own */
	const char *growth; /* with it: the class whose growth is to be told best; NULL: the area that changed */
	const char *scheme; /* names the classes of maps that do not; may be NULL */
	bool by_number; /* as of lu_change */
	uint64_t size; /* cells; 0: as many as 'target_se' needs, of bins 500, of flags 93 */
	double target_se; /* standard error of overall accuracy; 0: as below. Not beside 'size' */
	enum lu_allocation allocation;
	/* Guesses of user's accuracy, 0 to 1, by class name or code; none: 0.9 for classes, 0.7 for changes. */
	const struct lu_class_number *expected_accuracy;
	size_t expected_accuracy_count;
	uint64_t minimum; /* of each stratum, where 'has_minimum'; otherwise as below, less if that */
	bool has_minimum; /* were over half of the sample */
	uint64_t pool_below; /* from-to pairs with fewer cells share one stratum */
	uint64_t seed;
	const char *boundary, *layer, *where; /* as of lu_classify */
	double least_share; /* of a cell inside the boundary, for it to be drawn */
	const struct lu_dated_imagery *imagery; /* pictures of each cell */
	size_t imagery_count;
	const struct lu_hooks *hooks;
};
#define LU_SAMPLE_TARGET_SE 0.01
#define LU_SAMPLE_MINIMUM 50
LU_API void lu_sample_options_init(struct lu_sample_options *options);
LU_API enum lu_status lu_sample(const struct lu_sample_options *options, struct lu_run_summary *summary,
				struct lu_error *err);

/* What tile and label share: one date's imagery and the grid of its chips. Part of their structs, and of their init. */
struct lu_chip_options {
	const char *const *imagery; /* files, globs, folders, VRTs, /vsi paths */
	size_t imagery_count;
	const char *boundary, *layer, *where; /* as of lu_classify: chips whose cell touches them */
	const int *bands; /* counted from 1; NULL: by the file's tags, or the first three */
	size_t band_count;
	struct lu_nodata nodata;
	const double *range; /* two numbers, as of lu_classify; NULL: what the type holds */
	const char *crs; /* as of lu_classify */
	double resolution; /* CRS units a pixel; 0: the imagery's */
	/*
	 * What a chip shows: so many pixels, from chip to chip so many (0: the chip); or so much ground, whatever the imagery's
	 * resolution; or, where none of the three is said, the ground of a package by name or folder. All 0 and NULL: LU_CHIP_PX.
	 */
	int chip_px, stride_px;
	double cell_m;
	const char *model;
	double min_valid; /* leave out a chip with a lesser share of pixels that are data */
};
#define LU_CHIP_PX 224

/*
 * lu_tile: imagery cut into chips on disk, with index.gpkg and index.csv. Memory does not grow with
 * the imagery. A stopped run goes on when it is called again; the index is written last.
 */
struct lu_tile_options {
	struct lu_chip_options chips;
	enum lu_chip_format format;
	const char *output;
	bool overwrite; /* take a folder that holds something else */
	int threads; /* that encode; 0: every core */
	const struct lu_hooks *hooks;
};
LU_API void lu_tile_options_init(struct lu_tile_options *options);
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
	const char *backbone; /* a package's name or folder, or a .onnx file; NULL: LU_BACKBONE, if there is one */
	const char *layer; /* the tensor that is the features; NULL: what enters the last product, or the output */
	/*
	 * A package (name or folder) whose head is corrected by the set's labels instead of a new one being made: classes of its own or
	 * of a scheme that it knows. It keeps its classes, and its head where held-out labels do not show that the correction helps.
	 */
	const char *adapt;
	enum lu_head_form head;
	const char *output; /* models/NAME */
	bool overwrite;
	const double *l2; /* logistic: strengths of the penalty to try; NULL: LU_LOGISTIC_L2 */
	size_t l2_count; /* at most 16 */
	int trees; /* forest: trees of each class; 0: LU_FOREST_TREES */
	const int *depth; /* forest: levels of splits to try, 1 to 16; NULL: LU_FOREST_DEPTH */
	size_t depth_count; /* at most 16 */
	enum lu_weighing weighing;
	const struct lu_class_number *class_weights; /* above 0; with LU_WEIGHING_NAMED */
	size_t class_weight_count;
	unsigned augment; /* constants of enum lu_augment: learn from such chips, too; 0: none */
	bool dedupe; /* leave out pictures whose perceptual hash is within dedupe_bits of another's */
	int dedupe_bits; /* 0 to 64 */
	double sample_frac; /* learn from this share of each class's chips; 0: all */
	int folds; /* 2 to 100; not used where the set has a validate split */
	const char *block_field; /* the index's column of blocks; NULL: "block", where there is one */
	int block_numbers; /* without an index: file numbers a block */
	uint64_t seed; /* of folds, sample and forest */
	bool crop; /* the picture's centre, instead of all of it resized */
	const double *
		range; /* two numbers: values of chips with more than 8 bits that become 0 and 255; NULL: the backbone's */
	const double *mean, *std; /* of a .onnx file, see lu_evaluate */
	size_t mean_count, std_count;
	double gsd_m; /* ground metres a pixel; 0: the backbone's */
	const char *cache; /* folder; NULL: the user's cache folder */
	bool record; /* append the run to the history */
	const char *history; /* NULL: the usual one */
	enum lu_engine_id engine;
	int threads; /* 0: every core */
	const struct lu_hooks *hooks;
};
#define LU_BACKBONE "aerial-features"
#define LU_BLOCK_NUMBERS 20 /* chips with numbers near to each other are often of one scene */
#define LU_LOGISTIC_L2 0.1, 0.01, 0.001
#define LU_FOREST_TREES 100
#define LU_FOREST_DEPTH 5
LU_API void lu_train_options_init(struct lu_train_options *options);
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
	int calibration; /* pictures that set the ranges; at most half */
	double percentile; /* of an activation's numbers inside its range, 90 to 100; 0: the range with the least error */
	double limit; /* on the error between the best two answers, as a share of their distance; 1: all layers in integers */
	bool crop; /* the picture's centre, instead of all of it resized */
	const double *range; /* see lu_train; NULL: the package's, if any */
	int threads; /* 0: every core */
	const struct lu_hooks *hooks;
};
LU_API void lu_quantize_options_init(struct lu_quantize_options *options);
LU_API enum lu_status lu_quantize(const struct lu_quantize_options *options, struct lu_run_summary *summary,
				  struct lu_error *err);

/*
 * lu_evaluate: how well a model's classes match a labelled set's: a folder of class folders of
 * pictures, or an index (path,class,split,block,source). '*text' (lu_text_free it) is the report;
 * with 'output' the same and its pictures are written into that folder.
 */
struct lu_evaluate_options {
	const char *model; /* a package's name or folder, or a .onnx file */
	const char *set;
	enum lu_split split;
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
	enum lu_engine_id engine;
	enum lu_precision precision; /* of BF16 and FP16 labels are compared with float32's */
	bool keep_agreement; /* and the share that is the same goes into the package's model.json */
	bool keep_reach; /* what the chips look like goes there, too: runs tell imagery that looks unlike them */
	const struct lu_accuracy **accuracy; /* becomes the figures as numbers: lu_accuracy_free; NULL: text alone */
	int threads; /* 0: every core */
	const struct lu_hooks *hooks;
};
LU_API void lu_evaluate_options_init(struct lu_evaluate_options *options);
LU_API enum lu_status lu_evaluate(const struct lu_evaluate_options *options, char **text, struct lu_error *err);

/*
 * lu_assess: what a labelled sample says about a map: error matrix, accuracies with standard errors,
 * areas adjusted for the map's errors with intervals. '*summary' gets the report as text or JSON.
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
	const char *reference_field; /* the label */
	const char *map_field; /* NULL: the map is read at the sample's places */
	const char *stratum_field; /* NULL: "stratum", where there is one */
	const char *strata; /* CSV: stratum, size */
	const char *counts; /* CSV: error matrix, rows = map, columns = reference */
	const char *areas; /* CSV: class, mapped area */
	const char *candidates; /* a layer of patches that were reviewed ('review_status'), as lu_run writes them */
	double unit_ha; /* of the sizes and areas; 0: hectares */
	enum lu_estimator estimator;
	double confidence; /* of the intervals, in percent, below 100 */
	enum lu_intervals intervals;
	bool weights; /* the strata's sizes are areas or shares, not numbers of sampling units */
	const char *scheme; /* names the classes of maps that do not; may be NULL */
	bool by_number; /* as of lu_change */
	bool change; /* the map holds change codes, though it does not say so */
	bool kappa, json;
	const char *csv_folder; /* NULL: no tables */
	const char *boundary, *layer, *where; /* for mapped areas, where the sample has no design */
	const char *zones, *zone_layer; /* areas of zones, too: a vector layer, NULL: none */
	const char *zone_name; /* the field that names them */
	const struct lu_accuracy **accuracy; /* becomes the figures as numbers: lu_accuracy_free; NULL: text alone */
	const struct lu_hooks *hooks;
};
LU_API void lu_assess_options_init(struct lu_assess_options *options);
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
	enum lu_codes codes;
	const char *code_table; /* with LU_CODES_TABLE: by name or file */
	const char *scheme; /* by name or file */
	struct lu_label_rule rule;
	const char *output;
	enum lu_chip_format format;
	bool no_chips; /* only the index */
	uint64_t per_class; /* at most so many chips a class; 0: all */
	bool balance; /* the index's 'weight' lets every class of the training chips count the same */
	bool dedupe; /* leave out chips whose picture is within 'dedupe_bits' of another's hash */
	int dedupe_bits; /* 0 to 64 */
	uint64_t seed; /* of every draw */
	enum lu_split_by split_by;
	const char *split_field; /* with LU_SPLIT_BY_FIELD */
	int block_cells; /* side of a block */
	double validate, test; /* shares of the chips */
	const char *const *validate_blocks, *const *test_blocks; /* blocks that go there by name */
	size_t validate_block_count, test_block_count;
	bool overwrite; /* take a folder that holds something else */
	int threads; /* that encode; 0: every core */
	const struct lu_hooks *hooks;
};
LU_API void lu_label_options_init(struct lu_label_options *options);
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
	const char *boundary, *layer, *where; /* as of lu_classify */
	double least_share; /* of a cell inside the boundary, for it to be compared */
	bool json;
	const struct lu_hooks *hooks;
};
LU_API void lu_compare_options_init(struct lu_compare_options *options);
LU_API enum lu_status lu_compare(const struct lu_compare_options *options, struct lu_run_summary *summary,
				 struct lu_error *err);

/*
 * lu_info: what an image, a map, a network (.onnx) or a model package is, as text or JSON; lu_text_free it. A network is
 * planned for 'precision' and the output of that name (NULL: the file's first). LU_ERROR_FORMAT: it is none of these.
 */
LU_API enum lu_status lu_info(const char *path, enum lu_precision precision, const char *output_name, bool json,
			      char **text, struct lu_error *err);

/* lu_check_cog: is this GeoTIFF laid out as a Cloud Optimized GeoTIFF? LU_ERROR_FORMAT says what is not. */
LU_API enum lu_status lu_check_cog(const char *path, struct lu_error *err);

#ifdef __cplusplus
}
#endif
#endif
