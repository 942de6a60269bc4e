/*
 * packages.h: the model packages on the search path (locate.h), whole and damaged ones.
 */
#ifndef LU_MODELS_PACKAGES_H
#define LU_MODELS_PACKAGES_H

#include "models/model.h"

struct lu_package {
	char *name; /* its folder's, which is what a job says */
	char *folder;
	struct lu_model *model; /* NULL: damaged */
	char *fault; /* why, when damaged */
	bool hidden; /* one earlier on the path has the name: a job gets that one */
};

struct lu_packages {
	struct lu_package *items; /* in the order of the path, by name within a place */
	size_t count;
};

/* Read every package found, each compared with its hash. Damage is told in the package, not as a failure. */
enum lu_status lu_packages_find(struct lu_packages *out, struct lu_error *err);
void lu_packages_release(struct lu_packages *packages);

/*
 * Copy the package at 'folder', after it is verified, to 'root'/ID; '*target' (lu_free it) is its
 * folder there. It appears whole or not at all. '*already' when the same package was there.
 * LU_ERROR_FORMAT: it does not verify; LU_ERROR_MISMATCH: another package has the name.
 */
enum lu_status lu_package_copy(const char *folder, const char *root, char **target, bool *already,
			       struct lu_error *err);

#endif
