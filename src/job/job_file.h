/*
 * job_file.h: what a county's job file says.
 *
 * The file is YAML; config/job.yaml is the annotated example and docs/job-file.md the reference, both made from the table of
 * keys (job_keys.h), which says for each member here how it is written. Paths are relative to the job file. Nothing is
 * opened here but the job file itself.
 */
#ifndef LU_JOB_JOB_FILE_H
#define LU_JOB_JOB_FILE_H

#include "base/error.h"
#include "catalog/stac_keys.h"
#include "change/change_keys.h"
#include "chips/radiometry.h"
#include "base/area_unit.h"
#include "grid/date_pairs.h"
#include "models/palette.h"
#include "maps/smooth_keys.h"
#include "report/county_gpkg.h"

/* One date's imagery. */
struct lu_job_date {
	char *label; /* "2001" or "2001-08-18": folder name and table entry */
	char **imagery; /* files, globs, folders, VRTs, /vsi paths */
	size_t imagery_count;
	struct lu_stac_keys stac; /* in the place of 'imagery': a catalogue that knows it; source NULL: none */
	char *pattern; /* "naip/{date}/m_*.tif" in the place of both, until its dates are found; NULL: there is none */
	int *bands; /* 1-based; NULL: the first that the model takes */
	size_t band_count;
	char *nodata_text; /* NULL: as the files say; "none"; a number */
	struct lu_nodata nodata; /* the same */
	double range[2]; /* raw values that become 0 and 255, where has_range */
	bool has_range;
};

struct lu_normalise_keys {
	enum lu_radiometry_method method; /* none: the job does not normalise */
	size_t to; /* number of the reference date */
};

/* What is worth an alarm: a net gain or loss of a class between the last two dates, or new patches; 0: none is. */
struct lu_alarm_rule {
	char *class_name; /* NULL: it is about patches */
	double net_gain_ha, net_loss_ha;
	double confidence_level; /* one-sided */
	char *patches; /* a layer of candidates; NULL: it is about a class */
	double new_ha;
};

/* What becomes of ground whose imagery cannot be read. */
enum lu_on_read_error {
	LU_READ_ERROR_FAILS, /* the run does */
	LU_READ_ERROR_SKIPS, /* it is not mapped */
};

struct lu_zone_keys {
	char *path; /* NULL: no zones */
	char *name; /* the field with the zones' names */
	char *layer, *where;
};

/* A map of somebody else's that one of ours is compared with. */
struct lu_reference_keys {
	char *path; /* NULL: none */
	size_t date; /* number of the date that it is of */
	char *scheme; /* "none": it has the codes of our maps; NULL, or the name of the maps': codes are merged by it */
	char *codes; /* a table of its codes, a name or file; NULL: they are NLCD's */
};

struct lu_job {
	char *path; /* the job file */
	char *text; /* what it says; NULL: there is no file */
	char *boundary, *layer, *where, *county_name; /* boundary NULL: the imagery's own extent */
	char *model; /* a package's name or folder */
	char *scheme; /* a scheme's name or file; NULL: the model's own */
	struct lu_job_date *dates;
	size_t date_count;
	char *crs; /* NULL: the first date's */
	double resolution; /* CRS units a pixel; 0: the first date's */
	double origin[2];
	bool has_origin;
	int chip_px, stride_px; /* 0: what shows the model's ground; the chip */
	char *cell; /* "67m", and NULL: the stride. Not beside chip and stride */
	double cell_m; /* the same as a number, metres on the ground */
	double min_valid;
	double min_confidence; /* 0: every mapped cell has its most probable class */
	bool accept_gsd_mismatch;
	char *output;
	bool keep_scores; /* for the next run */
	char *log; /* a file in the output folder; NULL: none */
	char **notify; /* a program and its arguments */
	size_t notify_count;
	struct lu_alarm_rule *alarms;
	size_t alarm_count;
	char **creation_options; /* of rasters: "NAME=VALUE" */
	size_t creation_option_count;
	bool probabilities; /* write probabilities.tif */
	bool netcdf; /* write county.nc */
	bool report; /* write report.html and what goes with it */
	bool pdf; /* print it, and its figures, by a browser */
	enum lu_geopackage geopackage; /* how much of county.gpkg */
	char **vectors; /* formats of its layers as files of their own */
	size_t vector_count;
	bool stac; /* write stac/, a collection of the outputs for programs */
	enum lu_area_unit units; /* of what people read */
	enum lu_palette palette; /* of the scheme's classes */
	enum lu_date_pairs pairs;
	struct lu_change_keys change;
	struct lu_normalise_keys normalise;
	struct lu_smoothing smooth;
	struct lu_zone_keys zones;
	char **accuracy; /* labelled samples of the maps */
	size_t accuracy_count;
	struct lu_reference_keys reference;
	char *engine; /* NULL: the best one built */
	char *precision; /* NULL: auto */
	int threads; /* 0: every core */
	int cache_mb; /* GDAL's block cache */
	char *memory; /* "2GiB", which the run stays below; NULL: what it takes */
	uint64_t memory_bytes; /* the same as a number; 0: any */
	enum lu_on_read_error on_read_error;
};

enum lu_status lu_job_read(const char *path, struct lu_job **out, struct lu_error *err);

/* A job that says nothing, of nothing that it needs: what holds where a key is left out, and 'path' for messages. */
enum lu_status lu_job_new(const char *path, struct lu_job **out, struct lu_error *err);
void lu_job_free(struct lu_job *job);

#endif
