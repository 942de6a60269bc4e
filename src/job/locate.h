/*
 * locate.h: where models and schemes are, by name.
 *
 * A name with a slash, or one that exists as a path, is taken as a path. Otherwise the places are,
 * in this order: $LANDUSE_DATA, share/landuse beside the program's bin folder, the installation
 * prefix that was configured, and the source tree that was built.
 */
#ifndef LU_JOB_LOCATE_H
#define LU_JOB_LOCATE_H

#include "base/error.h"

/* The folder of model 'name'; 'job_folder' is where relative paths start. '*path' is lu_free'd by the caller. */
enum lu_status lu_locate_model(const char *name, const char *job_folder, char **path, struct lu_error *err);
/* The file of scheme 'name'. */
enum lu_status lu_locate_scheme(const char *name, const char *job_folder, char **path, struct lu_error *err);

#endif
