/*
 * sample_fit.h: which maps of a county a labelled sample is of, and whether it fits them, before any map is made.
 *
 * A sample that landuse sample drew says its dates; another one is of the county's only date. Scheme, classes and labels are
 * compared with the county's.
 */
#ifndef LU_ACCURACY_SAMPLE_FIT_H
#define LU_ACCURACY_SAMPLE_FIT_H

#include "accuracy/sample_table.h"
#include "models/legend.h"

/* The county's maps. All borrowed. */
struct lu_sample_maps {
	const char *const *labels; /* of the dates */
	size_t dates;
	const char *scheme; /* its name */
	const struct lu_legend *legend; /* of the classes of single dates */
	double county_ha; /* inside its boundary; 0: it has none */
};

struct lu_sample_fit {
	size_t earlier, later; /* of one date's map the same number twice */
	bool change;
	char map_sha256[LU_SHA256_HEX]; /* of what it was drawn from; "": not known */
	char sha256[LU_SHA256_HEX]; /* of all that an assessment takes from it */
};

/*
 * LU_ERROR_MISMATCH, in one line that names the file: another date, scheme, class or more ground, or a check of flags; LU_ERROR_FORMAT:
 * nothing is labelled; what lu_sample_table_read says.
 */
enum lu_status lu_sample_fit(const char *path, const struct lu_sample_maps *maps, struct lu_sample_fit *out,
			     struct lu_error *err);

#endif
