/*
 * train.h: what the two ways of lu_train share: a new head on a backbone, and the correction of a package's own head.
 */
#ifndef LU_COMMANDS_TRAIN_H
#define LU_COMMANDS_TRAIN_H

#include "chipset/labelled_set.h"
#include "landuse/commands.h"

/* The output folder is named as a model, and holds none yet unless it may be overwritten. */
enum lu_status lu_train_check_output(const struct lu_train_options *options, struct lu_error *err);

/* The set, its chips in blocks; what was passed over is told. */
enum lu_status lu_train_open_set(const struct lu_train_options *options, struct lu_labelled_set **set,
				 struct lu_error *err);

/* lu_train with options->adapt. */
enum lu_status lu_train_adapt(const struct lu_train_options *options, struct lu_run_summary *summary,
			      struct lu_error *err);

#endif
