/*
 * change_keys.h: what a job asks of change: what is flagged, and what is believed beforehand.
 */
#ifndef LU_CHANGE_CHANGE_KEYS_H
#define LU_CHANGE_CHANGE_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* Changes by class names; an empty list is every class. */
struct lu_change_rule {
	char *name; /* of a layer of candidates; NULL elsewhere */
	double factor; /* of an unlikely change: 1 ordinary, 0 forbidden */
	char **from, **to;
	size_t from_count, to_count;
};

/* Where doubt about the network's answers comes from, beside what the county's own scores teach. */
enum lu_error_source {
	LU_ERRORS_NONE,
	LU_ERRORS_PACKAGE, /* the confusion matrix that the package carries */
	LU_ERROR_SOURCES
};
extern const char *const lu_error_source_names[]; /* NULL at the end */

struct lu_change_keys {
	double false_discovery_rate, min_probability;
	double rate; /* 0: not stated */
	struct lu_change_rule *unlikely;
	size_t unlikely_count;
	struct lu_change_rule *layers; /* of candidates, each to a GeoPackage NAME.gpkg */
	size_t layer_count;
	bool layers_stated; /* false: the usual one, new_development */
	enum lu_error_source error_model;
	int pictures; /* of so many patches of a layer, the best */
};

#endif
