/*
 * locate.h: where models and schemes are, by name.
 *
 * A name with a slash, or one that exists as a path, is taken as a path. Otherwise the places are,
 * in this order: $LANDUSE_DATA, the user's own folder ($XDG_DATA_HOME/landuse, else
 * ~/.local/share/landuse), share/landuse beside the program's bin folder, the installation prefix
 * that was configured, and (not in a package) the source tree that was built.
 */
#ifndef LU_MODELS_LOCATE_H
#define LU_MODELS_LOCATE_H

#include "base/error.h"

/* The folder of model 'name'; 'job_folder' is where relative paths start. '*path' is lu_free'd by the caller. */
enum lu_status lu_locate_model(const char *name, const char *job_folder, char **path, struct lu_error *err);
/* The file of scheme 'name'. */
enum lu_status lu_locate_scheme(const char *name, const char *job_folder, char **path, struct lu_error *err);

/* The file of code table 'name'. */
enum lu_status lu_locate_codes(const char *name, const char *job_folder, char **path, struct lu_error *err);

/* The places themselves, in that order; each is lu_free'd by lu_places_release. Some may not exist. */
enum { LU_PLACES = 5 };
struct lu_places {
	char *paths[LU_PLACES];
	size_t count;
};
enum lu_status lu_places_find(struct lu_places *out, struct lu_error *err);
void lu_places_release(struct lu_places *places);

/*
 * 'name' in the user's own data folder, which may not exist; lu_free it. LU_ERROR_ARGUMENT when
 * neither XDG_DATA_HOME nor HOME is set.
 */
enum lu_status lu_locate_user(const char *name, char **path, struct lu_error *err);

#endif
