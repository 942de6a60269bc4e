/*
 * county.h: everything a job needs, opened, checked and laid on one grid before any pixel is scored.
 *
 * What can be wrong with a job is found here: missing files, bad networks, schemes that do not fit,
 * scales that do not match. lu_county_open writes nothing.
 */
#ifndef LU_JOB_COUNTY_H
#define LU_JOB_COUNTY_H

#include "base/inputs.h"
#include "grid/date_grids.h"
#include "job/job_file.h"
#include "models/model.h"
#include "models/regroup.h"
#include "models/scheme.h"
#include "landuse/core.h"
#include "nn/nn.h"
#include "raster/imagery.h"

struct lu_footprint; /* raster/footprint.h */
struct lu_stac_items; /* catalog/stac.h */
struct lu_token; /* catalog/token.h */
struct lu_cover; /* grid/cover.h */
struct lu_unlike; /* maps/statistics.h */
struct lu_zones; /* maps/zones.h */
struct lu_normaliser; /* maps/normalise.h */
struct lu_sample_fit; /* accuracy/sample_fit.h */

struct lu_county {
	const struct lu_job *job; /* borrowed */
	struct lu_model *model;
	struct lu_scheme *scheme;
	struct lu_regroup *regroup;
	struct lu_plan *plan;
	struct lu_imagery **imagery; /* one a date */
	struct lu_stac_items *items; /* one a date: what a catalogue knows of its imagery, none where it is named */
	struct lu_token **tokens; /* one a date: what the catalogue's servers want to see; NULL: nothing */
	struct lu_footprint
		*footprint; /* of the county, for catalogues; NULL: no date has one, or the job no boundary */
	const char **labels; /* of the dates, the job's own texts */
	struct lu_grid grid; /* the cells, on the first date's pixels */
	struct lu_date_grids grids; /* what the network is shown of each date */
	struct lu_unlike *unlike; /* one a date: what looks unlike the model's training; see lu_county_look */
	struct lu_cover *covers; /* one a date: what of the county its imagery covers */
	struct lu_ground ground;
	struct lu_zones *zones; /* NULL: the job names none */
	struct lu_normaliser *normaliser; /* made when scoring begins; NULL: pixels stay as they are */
	struct lu_sample_fit *samples; /* one for each of the job's 'accuracy': see evidence.h */
	char *reference_codes; /* the file of the job's 'reference.codes'; NULL: none */
	const char *name; /* the job's, the boundary's, or "county" */
	int threads, readers;
	int cache_mb; /* for decoded blocks of imagery */
	int64_t swath_blocks;
	struct lu_inputs inputs; /* every file that is read, the job's own included */
	char (*fingerprints)[LU_SHA256_HEX]; /* one a date: of all that its scores depend on */
};

/* 'job' must outlive the county. Warnings go to 'hooks'. */
enum lu_status lu_county_open(const struct lu_job *job, const struct lu_hooks *hooks, struct lu_county **out,
			      struct lu_error *err);
void lu_county_close(struct lu_county *county);

/*
 * Look at a sample of every date's cells for what is unlike the model's training: county->unlike, and a warning where it is
 * much. Nothing where the model does not say what it has learned from, nor ('plan') where pixels are still to be
 * normalised or lie across a network.
 */
enum lu_status lu_county_look(struct lu_county *county, bool plan, const struct lu_hooks *hooks, struct lu_error *err);

/*
 * Bytes of resident memory that the run should stay below: what the process has peaked at so far (program, libraries, the
 * network's weights), threads' arenas, block buffers, GDAL's cache, and what writing takes afterwards. A minimum mapping unit
 * comes on top (lu_smooth_stage_bytes).
 */
size_t lu_county_memory(const struct lu_county *county);
/*
 * Fewer buffers, readers and threads, until that is no more than the job allows. LU_ERROR_MEMORY: it is more even so. What is
 * made is the same.
 */
enum lu_status lu_county_fit(struct lu_county *county, struct lu_error *err);

#endif
