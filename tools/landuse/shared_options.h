/* shared_options.h: rows that several commands have; 'type' is the struct of a command's options, 'place' a member of it. */
#ifndef SHARED_OPTIONS_H
#define SHARED_OPTIONS_H

#include "options.h"

/* A table of rows and how many, as two members of struct command. */
#define ROWS_OF(rows) rows, sizeof(rows) / sizeof((rows)[0])

/* Left as it is: a macro of rows is easier to read so. */
/* clang-format off */

#define OUTPUT_FOLDER(type, place) \
	{"output", "o", OPTION_TEXT, "DIR", "the output folder", OPTION_AT(type, place), .thing = THING_FOLDER, \
	 .made = true, .needed = "name an output folder with -o", .key = "output"}

#define OUTPUT_MODEL(type, place) \
	{"output", "o", OPTION_TEXT, "DIR", "the package; its last part is the model's name", OPTION_AT(type, \
	 place), .thing = THING_FOLDER, .made = true, .needed = "name a folder for the model with -o"}

/* Polygons, and which of them; 'within' is empty, or the struct within that has the three members, and a dot. */
#define BOUNDARY(type, within, words) \
	{"boundary", NULL, OPTION_TEXT, "FILE", words, OPTION_AT(type, within boundary), .thing = THING_VECTOR, \
	 .key = "county.boundary"}, \
	{"layer", NULL, OPTION_TEXT, "NAME", "of --boundary: the layer, where there are several", OPTION_AT(type, \
	 within layer), .key = "county.layer"}, \
	{"where", NULL, OPTION_TEXT, "FILTER", "of --boundary: which features, as in SQL", OPTION_AT(type, \
	 within where), .otherwise = "all, joined", .key = "county.where"}

/* The grid and the values of imagery; 'within' as above. */
#define IMAGERY_GRID(type, within) \
	{"nodata", NULL, OPTION_PARSED, "VALUE|none", "instead of what the files say; none: every pixel is data", \
	 OPTION_AT(type, within nodata), .parse = parse_nodata, .key = "dates[].nodata"}, \
	{"range", NULL, OPTION_RANGE, "LOW,HIGH", "raw values of 16-bit imagery that become 0 and 255", \
	 OPTION_AT(type, within range), .key = "dates[].range"}, \
	{"crs", NULL, OPTION_TEXT, "CRS", "the grid's, such as EPSG:26986", OPTION_AT(type, within crs), \
	 .otherwise = "the first file's", .key = "grid.crs"}, \
	{"resolution", NULL, OPTION_NUMBER, "R", "the grid's: units of the CRS a pixel", OPTION_AT(type, \
	 within resolution), .low = 1e-9, .high = 1e6, .otherwise = "the imagery's", .key = "grid.resolution"}

/* What tile and label share: imagery in 'chips' and the grid of its chips. */
#define CHIPS(type) \
	{"chip", NULL, OPTION_INTEGER, "PX", "the side of a chip", OPTION_AT(type, chips.chip_px), .low = 8, \
	 .high = 4096, .otherwise = OPTION_TEXT_OF(LU_CHIP_PX), .key = "grid.chip"}, \
	{"stride", NULL, OPTION_INTEGER, "PX", "pixels from chip to chip", OPTION_AT(type, chips.stride_px), \
	 .low = 1, .high = 4096, .otherwise = "the chip", .key = "grid.stride"}, \
	{"cell", NULL, OPTION_PARSED, "67m", "or chips of so much ground, whatever the imagery's resolution", \
	 OPTION_AT(type, chips.cell_m), .parse = parse_cell, .key = "grid.cell"}, \
	{"model", NULL, OPTION_TEXT, "NAME", "or of the ground that this model has learnt from", \
	 OPTION_AT(type, chips.model), .thing = THING_MODEL}, \
	{"min-valid", NULL, OPTION_NUMBER, "SHARE", "leave out a chip with less of its pixels having data", \
	 OPTION_AT(type, chips.min_valid), .low = 1e-6, .high = 1, .key = "min_valid"}, \
	BOUNDARY(type, chips., "only chips whose cell touches this polygon (any OGR source)"), \
	{"bands", "b", OPTION_INTEGERS, "1,2,3", "bands of the imagery", OPTION_AT(type, chips.bands), \
	 .count = offsetof(type, chips.band_count), .most = 64, .otherwise = "1,2,3", .key = "dates[].bands"}, \
	IMAGERY_GRID(type, chips.)

#define DEDUPE(type, place, flag, words) \
	{"dedupe", NULL, OPTION_INTEGER, "BITS", words, OPTION_AT(type, place), .has = offsetof(type, flag), \
	 .low = 0, .high = 32}

#define FIT(type, place) \
	{"fit", NULL, OPTION_EITHER, .choices = "resize|crop", OPTION_AT(type, place), \
	 .meaning = "all of the picture's centred square resized, or its centre at full scale"}

#define PICTURE_RANGE(type, place, unless) \
	{"range", NULL, OPTION_RANGE, "LOW,HIGH", "raw values of 16-bit and float pictures that become 0 and 255", \
	 OPTION_AT(type, place), .otherwise = unless}

#define ENGINE(type, place) \
	{"engine", NULL, OPTION_CHOICE, "NAME", "what runs the network: onednn or blas", OPTION_AT(type, place), \
	 .choice = LU_CHOICE_ENGINE, .otherwise = "the fastest that was built", .key = "engine"}

#define PRECISION(type, place, words) \
	{"precision", NULL, OPTION_CHOICE, "NAME", words, OPTION_AT(type, place), \
	 .choice = LU_CHOICE_PRECISION, .key = "precision"}

#define HISTORY(type, place) \
	{"history", NULL, OPTION_TEXT, "FILE", "the run history to append to", OPTION_AT(type, place), \
	 .otherwise = "see landuse history --help", .thing = THING_FILE, .made = true}

#define NO_HISTORY(type, place) \
	{"no-history", NULL, OPTION_FALSE, NULL, "leave the history alone", OPTION_AT(type, place)}

#define OVERWRITE_MODEL(type, place) \
	{"overwrite", NULL, OPTION_TRUE, NULL, "replace the model that is there", OPTION_AT(type, place)}

#define OVERWRITE_SET(type, place) \
	{"overwrite", NULL, OPTION_TRUE, NULL, \
	 "use a folder that holds something else; a former chip set in it goes", OPTION_AT(type, place)}

#define THREADS(type, place, words) \
	{"threads", "j", OPTION_INTEGER, "N", words, OPTION_AT(type, place), .low = 1, .high = 1024, \
	 .otherwise = "every core", .key = "threads"}

/* A job file and what stands above its keys; 'within' as above, of a struct lu_run_options. */
#define JOB_FILE(type, within) \
	{"JOB.yaml", NULL, OPTION_TEXT, .meaning = "the job file; config/job.yaml explains every key", \
	 OPTION_AT(type, within job_path), .positional = true, .least = 1, .needed = "name a job file", \
	 .thing = THING_FILE}

#define JOB_OUTPUT(type, within) \
	{"output", "o", OPTION_TEXT, "DIR", "write here", OPTION_AT(type, within output), .otherwise = "the job's", \
	 .key = "output", .thing = THING_FOLDER, .made = true}

#define JOB_ARITHMETIC(type, within) \
	{"engine", NULL, OPTION_CHOICE, "NAME", "what runs the network: onednn or blas", OPTION_AT(type, \
	 within engine), .choice = LU_CHOICE_ENGINE, .otherwise = "the job's, else the fastest that was built", \
	 .key = "engine"}, \
	{"precision", NULL, OPTION_CHOICE, "NAME", "its arithmetic: auto, fp32, fp16, bf16 or int8", OPTION_AT(type, \
	 within precision), .choice = LU_CHOICE_PRECISION, .has = offsetof(type, within has_precision), \
	 .otherwise = "the job's, else auto", .key = "precision"}

#define JOB_THREADS(type, within) \
	{"threads", "j", OPTION_INTEGER, "N", "worker threads", OPTION_AT(type, within threads), .low = 1, \
	 .high = 1024, .otherwise = "the job's, else every core", .key = "threads"}

#define CREATION(type, within) \
	{"creation-option", "co", OPTION_LIST, "NAME=VALUE", \
	 "of every raster: an option of GDAL's COG driver, such as COMPRESS=ZSTD", \
	 OPTION_AT(type, within creation_options), .count = offsetof(type, within creation_option_count), \
	 .key = "creation_options"}

#define JOB_JSON(type, within) \
	{"json", NULL, OPTION_TRUE, NULL, "the summary as a JSON object on stdout", OPTION_AT(type, within json)}

#define JOB_STATS(type, within) \
	{"stats", NULL, OPTION_TRUE, NULL, "tell peak memory and how much of the processor time went into reading, the " \
	 "network and writing", OPTION_AT(type, within stats)}

#define JSON_LOG \
	{"json-log", NULL, OPTION_JSON_LOG, \
	 .meaning = "say what happens as events on stderr, a JSON object a line: start, log, stage, progress, result"}

#define QUIET {"quiet", "q", OPTION_QUIET, .meaning = "only warnings and errors on stderr"}
#define VERBOSE {"verbose", "v", OPTION_VERBOSE, .meaning = "also details"}

/* clang-format on */

#endif
