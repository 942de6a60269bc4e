/* county.c: opening a job's model, scheme, imagery and boundary, and laying them on one grid. */
#include "job/county.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/team.h"
#include "catalog/href.h"
#include "catalog/stac.h"
#include "catalog/token.h"
#include "chips/cut.h"
#include "grid/cover.h"
#include "grid/date_labels.h"
#include "grid/grid_over.h"
#include "grid/date_notes.h"
#include "job/evidence.h"
#include "job/job_keys.h"
#include "job/open_date.h"
#include "maps/normalise.h"
#include "maps/unlike.h"
#include "maps/scale.h"
#include "maps/windows.h"
#include "maps/zones.h"
#include "models/answers.h"
#include "models/locate.h"
#include "raster/footprint.h"
#include "raster/reads.h"
#include "raster/reframe.h"
#include "raster/start.h"

enum { MOST_READERS = 16 };

static enum lu_status open_model(struct lu_county *county, const char *folder, const struct lu_hooks *hooks,
				 struct lu_error *err)
{
	const struct lu_job *job = county->job;
	char *path = NULL;
	enum lu_status status;

	LU_TRY(lu_locate_model(job->model, folder, &path, err));
	LU_TRY(lu_model_read(path, &county->model, err));
	lu_model_warn(county->model, hooks);
	LU_TRY(lu_model_need_classes(county->model, err));
out:
	lu_free(path);
	return status;
}

static enum lu_status open_scheme(struct lu_county *county, const char *folder, struct lu_error *err)
{
	const char *scheme = county->job->scheme != NULL ? county->job->scheme : county->model->default_scheme;
	char *path = NULL;
	enum lu_status status;

	if (scheme == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "model %s names no class scheme of its own (add 'scheme' to the job)",
			       county->model->name);
	LU_TRY(lu_locate_scheme(scheme, folder, &path, err));
	LU_TRY(lu_scheme_read(path, &county->scheme, err));
	lu_palette_apply(county->job->palette, county->scheme->classes, county->scheme->class_count);
out:
	lu_free(path);
	return status;
}

/* The value of uncertain cells must be free. */
static enum lu_status check_uncertain(const struct lu_county *county, struct lu_error *err)
{
	const struct lu_scheme *scheme = county->scheme;

	for (size_t i = 0; county->job->min_confidence > 0 && i < scheme->class_count; i++)
		if (scheme->classes[i].value == LU_UNCERTAIN)
			return lu_fail(
				err, LU_ERROR_ARGUMENT,
				"scheme %s: class %s has the value %d, which cells below 'min_confidence' get (give "
				"the class another value, or leave 'min_confidence' out)",
				scheme->name, scheme->classes[i].name, LU_UNCERTAIN);
	return LU_OK;
}

static enum lu_status bind_scheme(struct lu_county *county, const struct lu_hooks *hooks, struct lu_error *err)
{
	const struct lu_scheme *scheme = county->scheme;
	const size_t count = county->model->class_count;
	int *member_of = NULL;
	uint8_t *values = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&member_of, count, sizeof(*member_of), "classes", err));
	LU_TRY(lu_alloc(&values, scheme->class_count, 1, "classes", err));
	LU_TRY(lu_scheme_bind(scheme, (const char *const *)county->model->classes, count, member_of, err));
	for (size_t i = 0; i < scheme->class_count; i++) {
		values[i] = (uint8_t)scheme->classes[i].value;
		if (scheme->members[i].from_count == 0)
			lu_log(hooks, LU_LEVEL_WARNING,
			       "scheme %s has class %s, which model %s cannot see: it will never be mapped",
			       scheme->name, scheme->classes[i].name, county->model->name);
	}
	LU_TRY(check_uncertain(county, err));
	LU_TRY(lu_regroup_new(member_of, count, values, scheme->class_count, &county->regroup, err));
	county->regroup->min_confidence = (float)county->job->min_confidence;
out:
	lu_free(member_of);
	lu_free(values);
	return status;
}

static enum lu_status build_plan(struct lu_county *county, const struct lu_hooks *hooks, struct lu_error *err)
{
	struct lu_model *model = county->model;
	struct lu_plan_options options = {.engine = county->job->engine}; /* batch 0: by the plan's own rule */
	struct lu_graph *graph = NULL;
	struct lu_plan_facts facts;
	enum lu_status status;

	int asked = LU_PRECISION_AUTO;

	if (county->job->precision != NULL)
		LU_TRY(lu_choice_parse(LU_CHOICE_PRECISION, county->job->precision, &asked, err));
	options.precision = lu_model_precision(model, (enum lu_precision)asked, options.engine);
	LU_TRY(lu_model_graph(model, &graph, err));
	lu_answers_expect(county->model, graph, hooks);
	county->regroup->alone = lu_answers_alone(county->model);
	LU_TRY(lu_model_plan(model, graph, &options, &county->plan, err));
	lu_plan_facts(county->plan, &facts);
	if (facts.outputs != model->class_count)
		status = lu_fail(err, LU_ERROR_MISMATCH, "%s: gives %zu values, model.json names %zu classes",
				 model->onnx_path, facts.outputs, model->class_count);
out:
	lu_graph_free(graph); /* the plan has packed weights of its own */
	return status;
}

static enum lu_status make_grid(struct lu_county *county, const struct lu_hooks *hooks, struct lu_error *err)
{
	const struct lu_job *job = county->job;
	const struct lu_grid_request request = {
		.county = {.boundary = job->boundary, .layer = job->layer, .where = job->where, .hooks = hooks},
		.crs = job->crs,
		.resolution = job->resolution,
		.origin = {job->origin[0], job->origin[1]},
		.has_origin = job->has_origin,
		.chip_px = job->chip_px,
		.stride_px = job->stride_px,
		.ground = {county->model->chip_px * county->model->gsd_m, county->model->chip_px},
		.cell_m = job->cell_m};
	struct lu_polygon polygon = {0};
	char *name = NULL;
	enum lu_status status;

	LU_TRY(lu_grid_over(&request, lu_imagery_frame(county->imagery[0]), &county->grid, &polygon, &name, err));
	LU_TRY(lu_ground_make(&polygon, &county->grid.cells, &county->ground, err));
	county->ground.name = name;
	name = NULL; /* now the ground's */
	county->name = job->county_name != NULL      ? job->county_name
		       : county->ground.name != NULL ? county->ground.name
						     : "county";
out:
	lu_polygon_release(&polygon);
	lu_free(name);
	return status;
}

/* What the network is shown of each date. */
static enum lu_status lay_dates(struct lu_county *county, struct lu_error *err)
{
	const struct lu_job *job = county->job;
	const struct lu_date_grids_request request = {
		.cells = &county->grid,
		.ground = &county->ground,
		.imagery = county->imagery,
		.count = job->date_count,
		.model = {county->model->chip_px * county->model->gsd_m, county->model->chip_px},
		.same_pixels = job->chip_px > 0 || job->stride_px > 0 || job->resolution > 0,
		.divide = job->cell_m > 0};

	return lu_date_grids_make(&request, &county->grids, err);
}

static enum lu_status check_scale(const struct lu_county *county, const struct lu_hooks *hooks, struct lu_error *err)
{
	const struct lu_scale scale = {.model = county->model,
				       .grid = &county->grid,
				       .dates = &county->grids,
				       .labels = county->labels,
				       .imagery = county->imagery,
				       .stated = county->job->chip_px > 0,
				       .accept = county->job->accept_gsd_mismatch};

	return lu_scale_check(&scale, hooks, err);
}

/* A date that covers little is told before it is worked on. */
static enum lu_status find_covers(struct lu_county *county, const struct lu_hooks *hooks, struct lu_error *err)
{
	const size_t dates = county->job->date_count;
	char about[LU_DATE_ABOUT];
	enum lu_status status;

	LU_TRY(lu_alloc(&county->covers, dates, sizeof(*county->covers), "dates", err));
	for (size_t i = 0; i < dates; i++) {
		LU_TRY(lu_cover_find(county->imagery[i], &county->grids, i, &county->ground, &county->covers[i], err));
		LU_TRY(lu_cover_judge(&county->covers[i], &county->ground,
				      lu_date_about(county->labels, dates, i, about), hooks, err));
	}
out:
	return status;
}

/* A date whose imagery lies wholly elsewhere is a mistake in the job, not a county without data. */
static enum lu_status check_overlap(const struct lu_county *county, size_t i, struct lu_error *err)
{
	const struct lu_frame *cells = &county->grid.cells;
	const double *t = cells->transform;
	const struct lu_box grid = {t[0], t[3] + (double)cells->height * t[5], t[0] + (double)cells->width * t[1],
				    t[3]};
	struct lu_frame seen = {0};
	struct lu_box box;
	char buffer[LU_DATE_ABOUT];
	const char *about = lu_date_about(county->labels, county->job->date_count, i, buffer);
	const enum lu_status status =
		lu_frame_in_crs(lu_imagery_frame(county->imagery[i]), cells->crs_wkt, &seen, &box, err);

	lu_frame_release(&seen);
	if (status != LU_OK)
		return lu_fail(err, err->status, "%s%s", about, err->text);
	if (box.max_x <= grid.min_x || box.min_x >= grid.max_x || box.max_y <= grid.min_y || box.min_y >= grid.max_y)
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"%s%s does not overlap the county (check the boundary, the where-filter and the imagery's CRS)",
			about, lu_imagery_path(county->imagery[i], 0));
	return LU_OK;
}

/*
 * Tiled imagery is read in swaths whose row of tiles fits into the cache; striped imagery has no
 * choice but whole rows. Half the cache is left for the file's masks and overviews.
 */
static void choose_swath(struct lu_county *county)
{
	const int64_t across = (county->grids.dates[0].cells.width + LU_BLOCK_CELLS - 1) / LU_BLOCK_CELLS;
	const double cache = county->cache_mb * 1048576.0 / 2 / county->readers;

	county->swath_blocks = across;
	for (size_t i = 0; i < county->job->date_count; i++) {
		int block_width = 0, block_height = 0;
		lu_imagery_block(county->imagery[i], &block_width, &block_height);
		const struct lu_grid *grid = &county->grids.dates[i];
		const double column = (grid->chip_px + (double)block_height) * LU_BLOCK_CELLS * grid->step_px[0] *
				      (double)(county->model->bands + 1);
		const int64_t fits = (int64_t)(cache / column);
		if (lu_imagery_tiled(county->imagery[i]) && fits < county->swath_blocks)
			county->swath_blocks = fits > 1 ? fits : 1;
	}
}

static enum lu_status make_fingerprint(const struct lu_county *county, size_t i, struct lu_error *err)
{
	char imagery[LU_SHA256_HEX], text[1024], arithmetic[LU_ARITHMETIC];
	struct lu_sha256 *hash = NULL;
	const struct lu_grid *grid = &county->grids.dates[i];
	const struct lu_frame *cells = &county->grid.cells;
	const struct lu_normalise_keys *normalise = &county->job->normalise;
	const bool normalised = normalise->method != LU_RADIOMETRY_NONE && i != normalise->to;
	enum lu_status status;

	LU_TRY(lu_imagery_fingerprint(county->imagery[i], imagery, err));
	LU_TRY(lu_sha256_new(&hash, err));
	lu_plan_arithmetic(county->plan, arithmetic);
	const int length = snprintf(text, sizeof(text), "%s|%d|%s|%s|%s|%s|%d|%d|%a|%a|%a|%lld|%lld", lu_version(),
				    LU_CHIP_VERSION, imagery, county->model->sha256, county->scheme->sha256, arithmetic,
				    grid->chip_px, lu_grid_stride(grid), cells->transform[0], cells->transform[1],
				    cells->transform[3], (long long)cells->width, (long long)cells->height);
	lu_sha256_add(hash, text, (size_t)length);
	lu_job_keys_hash(county->job, LU_MAKES_SCORES, hash);
	lu_sha256_add(hash, cells->crs_wkt, strlen(cells->crs_wkt));
	/* Chips that are not the cells' own pixels begin where these lie. */
	if (county->grids.windows > 1 || grid->corner_px[0] != 0 || grid->corner_px[1] != 0 ||
	    grid->step_px[0] != lu_grid_stride(grid)) {
		lu_sha256_add(hash, grid->pixels.transform, sizeof(grid->pixels.transform));
		lu_sha256_add(hash, &county->grids.windows, sizeof(county->grids.windows));
	}
	/* What model.json says of pixels and answers; the network's hash knows nothing of it. */
	lu_sha256_add(hash, county->model->scale, county->model->bands * sizeof(*county->model->scale));
	lu_sha256_add(hash, county->model->offset, county->model->bands * sizeof(*county->model->offset));
	lu_sha256_add(hash, &county->model->logits, sizeof(county->model->logits));
	if (county->model->output != NULL)
		lu_sha256_add(hash, county->model->output, strlen(county->model->output) + 1);
	if (county->model->order == LU_ORDER_CHANNELS_LAST)
		lu_sha256_add(hash, "channels last", sizeof("channels last"));
	for (size_t k = 0; k < county->model->class_count; k++)
		lu_sha256_add(hash, county->model->classes[k], strlen(county->model->classes[k]) + 1);
	/* The way to the reference may lead by any other date. */
	for (size_t k = 0; normalised && k < county->job->date_count; k++) {
		LU_TRY(lu_imagery_fingerprint(county->imagery[k], imagery, err));
		lu_sha256_add(hash, imagery, sizeof(imagery));
		lu_sha256_add(hash, &normalise->to, sizeof(normalise->to));
		lu_sha256_add(hash, &normalise->method, sizeof(normalise->method));
	}
	for (size_t r = 0; r < county->ground.county.count; r++)
		lu_sha256_add(hash, county->ground.county.rings[r].points,
			      county->ground.county.rings[r].count * sizeof(struct lu_point));
	lu_sha256_hex(hash, county->fingerprints[i]);
out:
	lu_sha256_free(hash);
	return status;
}

/* "2016" before "2010" is a slip that would turn every gain into a loss. */
static enum lu_status check_dates(struct lu_county *county, struct lu_error *err)
{
	const struct lu_job *job = county->job;
	enum lu_status status;

	LU_TRY(lu_alloc(&county->labels, job->date_count, sizeof(*county->labels), "dates", err));
	for (size_t i = 0; i < job->date_count; i++)
		county->labels[i] = job->dates[i].label;
	LU_TRY(lu_date_labels_check(county->labels, job->date_count, job->pairs, "dates", err));
out:
	return status == LU_OK ? LU_OK : lu_fail_within(err, "%s", job->path);
}

static enum lu_status open_dates(struct lu_county *county, const struct lu_hooks *hooks, struct lu_error *err)
{
	const size_t dates = county->job->date_count;
	size_t opened = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&county->imagery, dates, sizeof(struct lu_imagery *), "dates", err));
	LU_TRY(lu_alloc(&county->items, dates, sizeof(*county->items), "dates", err));
	LU_TRY(lu_alloc(&county->tokens, dates, sizeof(struct lu_token *), "dates", err));
	for (size_t i = 0; i < dates && status == LU_OK; i++) {
		status = lu_county_open_date(county, i, hooks, err);
		opened += status == LU_OK;
	}
	lu_date_notes_tell(county->labels, county->imagery, opened, hooks);
	LU_TRY(status);
	LU_TRY(make_grid(county, hooks, err));
	LU_TRY(lay_dates(county, err));
	for (size_t i = 0; i < dates; i++)
		LU_TRY(check_overlap(county, i, err));
	LU_TRY(check_scale(county, hooks, err));
	LU_TRY(find_covers(county, hooks, err));
out:
	return status;
}

static enum lu_status open_all(struct lu_county *county, const char *folder, const struct lu_hooks *hooks,
			       struct lu_error *err)
{
	const struct lu_job *job = county->job;
	const struct lu_zones_options zones = {
		.path = job->zones.path, .layer = job->zones.layer, .where = job->zones.where, .name = job->zones.name};
	enum lu_status status;

	LU_TRY(check_dates(county, err));
	LU_TRY(open_model(county, folder, hooks, err));
	LU_TRY(open_scheme(county, folder, err));
	LU_TRY(bind_scheme(county, hooks, err));
	LU_TRY(build_plan(county, hooks, err));
	LU_TRY(open_dates(county, hooks, err));
	LU_TRY(lu_zones_open(&zones, &county->grid.cells, &county->ground, hooks, &county->zones, err));
	county->threads = lu_team_size(job->threads);
	county->readers = (county->threads + 1) / 2;
	if (county->readers > MOST_READERS)
		county->readers = MOST_READERS;
	county->cache_mb = job->cache_mb;
	LU_TRY(lu_county_fit(county, err));
	lu_raster_start((size_t)county->cache_mb << 20);
	choose_swath(county);
	LU_TRY(lu_evidence_check(county, folder, hooks, err));
	LU_TRY(lu_alloc(&county->fingerprints, job->date_count, LU_SHA256_HEX, "fingerprints", err));
	for (size_t i = 0; i < job->date_count; i++)
		LU_TRY(make_fingerprint(county, i, err));
out:
	return status;
}

/* Every file that the job reads: none of them may be written over. */
static enum lu_status list_inputs(struct lu_county *county, struct lu_error *err)
{
	const struct lu_job *job = county->job;
	enum lu_status status;

	LU_TRY(lu_inputs_add(&county->inputs, job->path, err));
	LU_TRY(lu_model_inputs(county->model, &county->inputs, err));
	LU_TRY(lu_inputs_add(&county->inputs, county->scheme->path, err));
	LU_TRY(lu_reads_add(&county->inputs, job->boundary, err));
	LU_TRY(lu_reads_add(&county->inputs, job->zones.path, err));
	LU_TRY(lu_evidence_inputs(county, err));
	for (size_t i = 0; i < job->date_count; i++)
		if (job->dates[i].stac.source != NULL && !lu_href_is_url(job->dates[i].stac.source))
			LU_TRY(lu_inputs_add(&county->inputs, job->dates[i].stac.source, err));
	for (size_t i = 0; i < job->date_count; i++)
		LU_TRY(lu_imagery_inputs(county->imagery[i], &county->inputs, err));
out:
	return status;
}

enum lu_status lu_county_open(const struct lu_job *job, const struct lu_hooks *hooks, struct lu_county **out,
			      struct lu_error *err)
{
	struct lu_county *county = NULL;
	char *folder = lu_path_folder(job->path);
	enum lu_status status;

	*out = NULL;
	lu_raster_start((size_t)job->cache_mb << 20);
	LU_TRY(folder != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_alloc(&county, 1, sizeof(*county), "a county", err));
	county->job = job;
	LU_TRY(open_all(county, folder, hooks, err));
	LU_TRY(list_inputs(county, err));
	*out = county;
	county = NULL; /* now the caller's */
out:
	lu_free(folder);
	lu_county_close(county);
	return status;
}

void lu_county_close(struct lu_county *county)
{
	if (county == NULL)
		return;
	for (size_t i = 0; county->imagery != NULL && i < county->job->date_count; i++)
		lu_imagery_free(county->imagery[i]);
	lu_free(county->imagery);
	for (size_t i = 0; county->items != NULL && i < county->job->date_count; i++)
		lu_stac_items_release(&county->items[i]);
	lu_free(county->items);
	for (size_t i = 0; county->tokens != NULL && i < county->job->date_count; i++) {
		lu_stac_unsign(county->tokens[i]);
		lu_token_free(county->tokens[i]);
	}
	lu_free(county->tokens);
	lu_footprint_free(county->footprint);
	lu_free(county->labels);
	lu_zones_close(county->zones);
	lu_normaliser_free(county->normaliser);
	lu_ground_release(&county->ground);
	lu_date_grids_release(&county->grids);
	lu_free(county->covers);
	lu_free(county->unlike);
	lu_grid_release(&county->grid);
	lu_plan_free(county->plan);
	lu_regroup_free(county->regroup);
	lu_scheme_free(county->scheme);
	lu_model_free(county->model);
	lu_inputs_release(&county->inputs);
	lu_free(county->fingerprints);
	lu_free(county->samples);
	lu_free(county->reference_codes);
	lu_free(county);
}

/* Does a date's imagery lie across a network, where a few hundred looks take long? */
static bool is_far(const struct lu_imagery *imagery)
{
	return lu_imagery_count(imagery) > 0 && strncmp(lu_imagery_path(imagery, 0), "/vsi", 4) == 0;
}

enum lu_status lu_county_look(struct lu_county *county, bool plan, const struct lu_hooks *hooks, struct lu_error *err)
{
	const size_t dates = county->job->date_count;
	const bool raw = county->job->normalise.method != LU_RADIOMETRY_NONE && county->normaliser == NULL;
	char buffer[LU_DATE_ABOUT];
	enum lu_status status = LU_OK;

	if (county->model->reach.count == 0)
		return LU_OK;
	LU_TRY(lu_alloc(&county->unlike, dates, sizeof(*county->unlike), "dates", err));
	for (size_t i = 0; i < dates; i++) {
		const struct lu_unlike_task task = {
			.imagery = county->imagery[i],
			.grid = &county->grids.dates[i],
			.coverage = county->grids.coverage != NULL ? county->grids.coverage : county->ground.coverage,
			.model = county->model,
			.radiometry = county->normaliser != NULL ? lu_normaliser_date(county->normaliser, i) : NULL,
			.threads = county->threads,
			.hooks = hooks};
		const char *about = lu_date_about(county->labels, dates, i, buffer);
		if (plan && (raw || is_far(county->imagery[i])))
			continue;
		status = lu_unlike_find(&task, &county->unlike[i], err);
		/* What cannot be read is told when it is to be scored. */
		if (status == LU_ERROR_IO && county->job->on_read_error == LU_READ_ERROR_SKIPS) {
			status = LU_OK;
			continue;
		}
		if (status != LU_OK)
			return lu_fail(err, status, "%s%s", about, err->text);
		lu_unlike_warn(&county->unlike[i], county->model, about, hooks);
	}
out:
	return status;
}
