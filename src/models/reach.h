/*
 * reach.h: how far from what a model has learned from a chip looks, and how far its training reaches.
 *
 * A package may keep mean and covariance of what its training chips look like (chips/appearance.h). The distance of a chip
 * is Mahalanobis's,
 *
 *	d^2 = |L^-1 z|^2,	z = (x - mean) / deviation,	L L' = (1 - shrink) R + shrink I
 *
 * R: the training chips' correlation, drawn towards I so that directions in which few chips hardly vary do not decide. The reach is the
 * distance within which 99.9 % of training chips lie when each is looked at by the statistics of others (folds of whole
 * blocks); of fewer than 1,000 chips that is the furthest one.
 */
#ifndef LU_MODELS_REACH_H
#define LU_MODELS_REACH_H

#include <jansson.h>

#include "base/error.h"

/* Where model.json keeps it, in 'properties'. */
#define LU_REACH_KEY "landuse:reach"

#define LU_REACH_SHARE 0.999
#define LU_REACH_SHRINK 0.1
/* Fewer chips say too little of 20 numbers. */
enum { LU_REACH_FEWEST = 100 };

struct lu_reach {
	size_t count; /* numbers a chip; 0: the package does not say */
	double *mean, *deviation; /* 'count' */
	double *factor; /* count x count: L, zeros above its diagonal */
	double distance;
	uint64_t chips; /* that it was found on */
};

void lu_reach_release(struct lu_reach *reach);

/* From the 'properties' of 'path', for a model of so many bands. LU_ERROR_FORMAT, with what should be there. */
enum lu_status lu_reach_read(const char *path, const json_t *properties, size_t bands, struct lu_reach *out,
			     struct lu_error *err);

/* As model.json has it; NULL when memory is out. */
json_t *lu_reach_json(const struct lu_reach *reach);

/* Put it into the package at 'folder'. 'set': the chips' name; 'in_training': how many of them the model has learned from. */
enum lu_status lu_reach_record(const char *folder, const struct lu_reach *reach, const char *set, size_t in_training,
			       struct lu_error *err);

/* The distance of a chip that looks like 'row'; 'scratch' has room for 'count' numbers. Any thread. */
double lu_reach_distance(const struct lu_reach *reach, const double *row, double *scratch);

/*
 * Mean, deviation and factor of the rows with use[i] (NULL: all), 'n' of 'count' numbers each. '*out' is to be released, also
 * on failure; its distance is still 0.
 */
enum lu_status lu_reach_statistics(const double *rows, const bool *use, size_t n, size_t count, struct lu_reach *out,
				   struct lu_error *err);

/*
 * All of it. 'folds' names each row's fold, or -1 for a row that is only learned from; LU_REACH_FEWEST rows or more,
 * else '*out' stays {0}.
 */
enum lu_status lu_reach_find(const double *rows, const int *folds, size_t n, size_t count, struct lu_reach *out,
			     struct lu_error *err);

#endif
