/*
 * output_names.h: what a run and a comparison of maps write, known before anything is written.
 *
 * One table for both: --dry-run, the check that no input is written over, and the check that nothing else is written
 * are made from it.
 */
#ifndef LU_JOB_OUTPUT_NAMES_H
#define LU_JOB_OUTPUT_NAMES_H

#include "accuracy/sample_fit.h"
#include "base/inputs.h"
#include "job/job_file.h"
#include "models/scheme.h"

/* Of the output folder: what a run keeps for the next one. */
#define LU_WORK_FOLDER ".work"

struct lu_output_plan {
	const char *const *labels; /* of the dates */
	size_t date_count;
	enum lu_date_pairs pairs;
	bool flat; /* one date, its maps right in the output folder */
	bool scored; /* a run: maps of dates, significance; else maps that were there before */
	bool rasters; /* of change */
	bool smoothed, probabilities, normalised, zones;
	bool report; /* for people: report.html, and the boundary that it shows */
	bool pdf; /* printed, too, with its figures */
	bool stac; /* for programs: stac/, an item for each raster */
	bool skips; /* ground that cannot be read */
	const struct lu_sample_fit *samples; /* whose assessments are written */
	size_t sample_count;
	bool geopackage; /* county.gpkg */
	bool netcdf; /* county.nc */
	bool vectors; /* layers of county.gpkg as files of their own */
	bool reference; /* a map of others to compare with */
	bool windows; /* cells are larger than what the network looks at */
	const struct lu_change_keys *layers; /* of a run, with its scheme; else NULL */
	const struct lu_scheme *scheme;
	int pictures; /* of the best patches; 0: none */
};

enum lu_status lu_output_names_plan(const struct lu_output_plan *plan, struct lu_output_names *out,
				    struct lu_error *err);

/* What an output is made of, and so when it is made again. */
enum lu_output_made {
	LU_MADE_ALWAYS, /* of figures of everything: by every run */
	LU_MADE_OF_MAPS, /* of the maps of its date, or of its two dates */
	LU_MADE_OF_ALL, /* of the scores of all dates, which judge each other */
};
enum lu_output_made lu_output_made_of(const char *path);

#endif
