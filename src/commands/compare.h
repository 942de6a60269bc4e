/* compare.h: a map compared with a reference raster, for lu_compare and for a run. */
#ifndef LU_COMMANDS_COMPARE_H
#define LU_COMMANDS_COMPARE_H

#include "landuse/commands.h"
#include "report/comparison.h"

/* Fill '*out', which the caller releases (not after a failure); its paths are those of 'options'. Warnings go to the hooks. */
enum lu_status lu_compare_maps(const struct lu_compare_options *options, struct lu_comparison *out,
			       struct lu_error *err);

#endif
