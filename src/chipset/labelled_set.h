/*
 * labelled_set.h: pictures whose class is known: what training and evaluation start from.
 *
 * A set is one of
 *	SET/CLASS/picture.jpg		a folder of class folders, pictures right inside them
 *	SET/train/CLASS/picture.jpg	the same below train, validate (val) and test
 *	SET/index.csv or index.gpkg	path,class,split,block,source,weight: one row a picture,
 *					paths relative to the index; split is train, validate, test or empty
 *	a .csv or .gpkg file itself
 *
 * A block names chips that belong together (a place, a scene): training keeps a block on one side
 * of every split. Reading a set opens no picture.
 *
 * Hidden files and what a system leaves in folders (__MACOSX, Thumbs.db) are no chips and no classes: they are
 * passed over, counted and told. Pictures further below a class folder are refused: what the folders between
 * mean, a class or a part of one, nobody has said. The same file twice counts once when both say the same of it,
 * and is refused when they do not.
 */
#ifndef LU_CHIPSET_LABELLED_SET_H
#define LU_CHIPSET_LABELLED_SET_H

#include "base/hooks.h"
#include "base/inputs.h"
#include "landuse/types.h"

struct lu_labelled_chip {
	char *path; /* absolute, or as the working folder sees it */
	char *block; /* never NULL; "" where the set does not say */
	size_t class;
	enum lu_split split;
	double weight; /* how much it counts in training; 1 where the set does not say */
};

/* What reading a folder passes over. */
enum lu_passed {
	LU_PASSED_SYSTEM, /* hidden, or left there by a system (lu_name_is_system) */
	LU_PASSED_OTHER, /* in a class folder, not named as a picture */
	LU_PASSED_FOLDER, /* in a class folder, a folder without pictures */
	LU_PASSED_LOOSE, /* pictures beside the class folders */
	LU_PASSED_KINDS,
};

struct lu_tally_of_names {
	size_t count;
	char *example; /* the first; NULL for none */
};

struct lu_labelled_set {
	char *path;
	char **classes; /* in alphabetic (byte) order */
	size_t class_count;
	struct lu_labelled_chip *chips; /* by class folder and name, or as in the index */
	size_t chip_count;
	size_t counts[4]; /* chips by enum lu_split */
	char *scheme; /* the class scheme that labelled the chips, from landuse label's set.json; NULL: not known */
	double chip_m; /* ground of a chip's side, likewise; 0: not known */
	struct lu_tally_of_names passed_over[LU_PASSED_KINDS];
	struct lu_tally_of_names repeated; /* chips that stood there before and said the same; not among 'chips' */
};

/*
 * Read the set at 'path'. 'block_field' names the index's column that holds the block; NULL takes
 * "block", where there is one. LU_ERROR_ARGUMENT: no such folder or file; LU_ERROR_FORMAT: no pictures, or
 * an index without the columns path and class, a split that is none of the three words, or a weight that is
 * no number above 0; LU_ERROR_MISMATCH: pictures below a class folder's own folders, or a file twice under two classes
 * (splits, blocks or weights); the message names them.
 */
enum lu_status lu_labelled_set_read(const char *path, const char *block_field, struct lu_labelled_set **out,
				    struct lu_error *err);
void lu_labelled_set_free(struct lu_labelled_set *set);

/* Add the set's index, where it has one, and its pictures. */
enum lu_status lu_labelled_set_inputs(const struct lu_labelled_set *set, struct lu_inputs *inputs,
				      struct lu_error *err);

/* Log what was passed over and what counts once, with an example each. */
void lu_labelled_set_tell(const struct lu_labelled_set *set, const struct lu_hooks *hooks);
size_t lu_labelled_set_passed_over(const struct lu_labelled_set *set);

/*
 * Give chips without a block one by the last number in their file's name: "forest17.jpg" in class
 * forest and blocks of 'numbers' = 20 is in block "forest/0", "forest20.jpg" in "forest/1". A name
 * without a number is a block of its own. Returns how many names had none.
 */
enum lu_status lu_labelled_set_number_blocks(struct lu_labelled_set *set, int numbers, size_t *unnumbered,
					     struct lu_error *err);

/* The split that 'text' names, as "train" or "val"; false when it names none. */
bool lu_split_parse(const char *text, enum lu_split *split);

#endif
