/*
 * classed.h: what is sampled and assessed: a map's classes, or the change between two dates.
 *
 * One raster of classes, one raster of change codes (change.tif), or the maps of two dates, which
 * are read as change codes on the fly. Either way it is one stream of values with names.
 */
#ifndef LU_ACCURACY_CLASSED_H
#define LU_ACCURACY_CLASSED_H

#include "base/hash.h"
#include "maps/products.h"
#include "raster/map.h"

/* Behind the name of a class that did not change. */
#define LU_UNCHANGED ", unchanged"

enum lu_classed_kind {
	LU_CLASSED_AUTO, /* change for two maps and for a map that says it holds change codes */
	LU_CLASSED_CLASS,
	LU_CLASSED_CHANGE,
};

/* One thread at a time. */
struct lu_classed {
	struct lu_map *maps[2];
	const char *paths[2]; /* borrowed */
	size_t count;
	bool change; /* values are before * 100 + after, unchanged keeps its class */
	bool by_number; /* a label that is a class's number is not another's name */
	const struct lu_frame *frame;
	struct lu_legend
		legend; /* of the classes: single dates'; uncertain cells of one date are a value, of two not mapped */
	uint16_t *scratch; /* a strip of the later map */
	size_t scratch_cells;
};

struct lu_classed_options {
	const char *const *paths; /* one map, or the maps of an earlier and a later date; they must stay */
	size_t count;
	enum lu_classed_kind kind;
	bool by_number; /* whatever two maps call them, classes of one number are one */
	const struct lu_hooks *hooks;
};

/* LU_ERROR_MISMATCH when two maps do not belong together, LU_ERROR_ARGUMENT when they stand in the wrong order. */
enum lu_status lu_classed_open(const struct lu_classed_options *options, struct lu_classed *out, struct lu_error *err);
void lu_classed_release(struct lu_classed *classed);

/* Name the classes after a scheme (its name or file), and those that it does not have after the map. */
enum lu_status lu_classed_use_scheme(struct lu_classed *classed, const char *scheme, struct lu_error *err);

/* As lu_map_read_rows. */
enum lu_status lu_classed_read(struct lu_classed *classed, int64_t row0, int64_t rows, uint16_t *values,
			       struct lu_error *err);

/* "Forest", "Forest to Developed", "Forest, unchanged"; a class without a name is "Class 7". lu_free it. */
char *lu_classed_name(const struct lu_classed *classed, uint16_t value);

/* Of a class of one date: "Forest", also where values are change codes. */
char *lu_classed_class_name(const struct lu_classed *classed, uint16_t value);

/* Does the map itself say that it holds change codes? */
bool lu_classed_says_change(const struct lu_classed *classed);

/*
 * The value that a label means: its number, or a name as above (words.h: upper and lower case are the same; with change
 * a class's bare name is the class unchanged, and so are 202 and "Farm to Farm"). Classes may have numbers for names:
 * then a label is the class of that name, unless it is another's number. LU_ERROR_ARGUMENT for that, and for a name
 * that no class has, with those there are.
 */
enum lu_status lu_classed_find(const struct lu_classed *classed, const char *label, uint16_t *value,
			       struct lu_error *err);

/* The date of a map, or the earlier and the later one of change, as the files say it; NULL: they do not. The maps' own. */
void lu_classed_dates(const struct lu_classed *classed, const char *dates[2]);

/*
 * SHA-256 of the file, so that a sample knows its map again; of two files the digest of both digests;
 * "" where a file is not a local one.
 */
enum lu_status lu_classed_hash(const struct lu_classed *classed, char hex[LU_SHA256_HEX], struct lu_error *err);

#endif
