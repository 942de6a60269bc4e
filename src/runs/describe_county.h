/* describe_county.h: the plan of a run in words. */
#ifndef LU_RUNS_DESCRIBE_COUNTY_H
#define LU_RUNS_DESCRIBE_COUNTY_H

#include "job/county.h"
#include "job/output_names.h"

/*
 * The plan for a person (a dry run), with all that may be written (output_names.h) and a time estimated by running the
 * network for a moment; lu_free it.
 */
enum lu_status lu_county_describe(const struct lu_county *county, const struct lu_output_names *outputs, char **text,
				  struct lu_error *err);

#endif
