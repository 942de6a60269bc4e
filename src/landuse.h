/*
 * landuse.h: the public interface of liblanduse, the land-use mapping pipeline.
 *
 * Imagery of a county goes in; classified GeoTIFFs and change statistics come out. This is the header to include; it has
 *
 *	landuse/core.h        status, error, hooks, texts
 *	landuse/types.h       what options are made of: enums and small structs, and their words
 *	landuse/commands.h    one function for each command: lu_run, lu_classify, lu_change, ...
 *	landuse/statistics.h  what a run, a comparison or an assessment found, as numbers
 *	landuse/model.h       a model and arrays of pixels
 *	landuse/records.h     the run history, and model packages by name
 *
 * Versions. Within 1.x what is declared here stays, by name and by meaning. A minor version may add functions, constants at
 * the end of enums and members at the end of structs; so a program that was written for 1.0 compiles with any 1.x, if it
 * begins every struct of options with its lu_X_options_init. The size of structs is not kept: the shared library's name has
 * major and minor version, and a program runs with the minor version that it was compiled for.
 *
 * Threads. Calls from several threads may overlap, also of one function, as long as they do not write into one folder: of
 * two that do, one gets LU_ERROR_BUSY, or, of files that are no run's, the last one stays. Structs of options may be
 * shared, a struct lu_error or lu_run_summary may not. A call does its work with OpenMP's threads of the calling thread
 * and some of its own, as many as it was asked for: overlapping calls each have as many.
 *
 * What is the process's. The library never prints, never exits, reads no argv, changes neither working folder, locale,
 * umask nor environment, and installs no signal handler: text goes to the caller's hooks, failures to the caller's struct
 * lu_error. It leaves in the process: OpenMP's threads, which wait for the next call; GDAL's drivers, registered at the first
 * call; the size of GDAL's block cache, which each call that reads rasters sets as it needs it (of overlapping calls the last,
 * which costs time and changes no result); GDAL's options for a busy network (GDAL_HTTP_MAX_RETRY and the like) where nobody
 * has set them; libtiff's own handlers of errors and warnings, which are silenced; libcurl, started at the first catalogue.
 * GDAL's error handlers are pushed and popped within the calling thread, and so are its thread-local options. A job's
 * 'notify' and 'token_command' start programs, and wait for them. Of the environment are read: LANDUSE_DATA,
 * LANDUSE_HISTORY, XDG_DATA_HOME, XDG_CACHE_HOME, HOME, USER, OMP_NUM_THREADS, and what GDAL, PROJ, libcurl and oneDNN read.
 * A process that has used it should not fork and go on in the child without exec.
 */
#ifndef LANDUSE_H
#define LANDUSE_H

/* The version that a program is compiled for; lu_version tells that of the library that it runs with. */
#define LU_VERSION_MAJOR 1
#define LU_VERSION_MINOR 0
#define LU_VERSION_PATCH 0

#include "landuse/core.h"
#include "landuse/types.h"
#include "landuse/commands.h"
#include "landuse/model.h"
#include "landuse/records.h"
#include "landuse/statistics.h"

#endif
