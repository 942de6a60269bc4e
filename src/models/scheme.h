/*
 * scheme.h: a class scheme, which says what the values of a map mean and which of a model's classes
 * each of them gathers.
 *
 * Map values start at 1; 0 is "not mapped" and never a class. A map class's probability is the sum
 * of the probabilities of the model classes in its 'from' list. Every class of the model is in just
 * one list, or in 'unmapped': what a scheme leaves out, it leaves out in writing. The same goes for
 * the codes of the National Land Cover Database (NLCD) in the 'nlcd' lists and 'unmapped_nlcd'.
 */
#ifndef LU_MODELS_SCHEME_H
#define LU_MODELS_SCHEME_H

#include "base/class.h"
#include "base/error.h"
#include "base/hash.h"

/* change.tif holds before * 100 + after */
#define LU_SCHEME_HIGHEST_VALUE 99

/* What a class takes in. */
struct lu_scheme_members {
	char **from; /* model classes */
	size_t from_count;
	int *nlcd; /* NLCD codes that count as this class; may be empty */
	size_t nlcd_count;
};

struct lu_scheme {
	char *path, *name, *title;
	int version;
	struct lu_class *classes; /* ascending by value; names are the scheme's own */
	struct lu_scheme_members *members; /* one a class */
	size_t class_count;
	char **unmapped; /* model classes that no map class takes */
	size_t unmapped_count;
	int *unmapped_nlcd; /* NLCD codes left out on purpose */
	size_t unmapped_nlcd_count;
	char sha256[LU_SHA256_HEX]; /* of the file */
};

/* Read a scheme file. */
enum lu_status lu_scheme_read(const char *path, struct lu_scheme **out, struct lu_error *err);
void lu_scheme_free(struct lu_scheme *scheme);

/*
 * Which map class (index into scheme->classes) each of the model's 'count' classes goes to, -1 for
 * unmapped, into 'map' (count entries). A model whose classes are all named as the scheme's own, and
 * stand in none of its lists, goes by those names: it was trained on chips that the scheme labelled.
 * Otherwise the lists decide; fails when a name is unknown to the scheme or to the model.
 */
enum lu_status lu_scheme_bind(const struct lu_scheme *scheme, const char *const *model_classes, size_t count, int *map,
			      struct lu_error *err);

/*
 * The index of the class that NLCD code 'code' counts as, or one of the two below. A code stands in
 * one list at most: lu_scheme_read sees to that.
 */
enum {
	LU_SCHEME_LEFT_OUT = -1, /* in 'unmapped_nlcd' */
	LU_SCHEME_UNKNOWN = -2, /* the scheme does not know the code */
};
int lu_scheme_of_nlcd(const struct lu_scheme *scheme, int code);

#endif
