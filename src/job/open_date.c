/* open_date.c: from a date of the job to opened imagery; the one place where a catalogue is asked. */
#include "job/open_date.h"

#include <string.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "catalog/stac.h"
#include "catalog/token.h"
#include "grid/date_labels.h"
#include "raster/boundary.h"
#include "raster/crs.h"
#include "raster/footprint.h"

/* The county's outline in longitude and latitude, as catalogues want it. */
static enum lu_status find_footprint(struct lu_county *county, const struct lu_hooks *hooks, struct lu_error *err)
{
	const struct lu_job *job = county->job;
	struct lu_boundary_options options = {
		.path = job->boundary, .layer = job->layer, .where = job->where, .hooks = hooks};
	struct lu_polygon outline = {0};
	char *wgs84 = NULL;
	enum lu_status status = LU_OK;

	if (county->footprint != NULL || job->boundary == NULL)
		return LU_OK;
	LU_TRY(lu_crs_normalise("EPSG:4326", &wgs84, err));
	options.crs_wkt_target = wgs84;
	LU_TRY(lu_boundary_read(&options, &outline, NULL, err));
	LU_TRY(lu_footprint_new(&outline, &county->footprint, err));
out:
	lu_polygon_release(&outline);
	lu_free(wgs84);
	return status;
}

/* What tells one answer of a catalogue from another. */
static enum lu_status print_items(const struct lu_stac_items *items, char **text, struct lu_error *err)
{
	struct lu_text_stream stream;
	const enum lu_status status = lu_text_begin(&stream, "a catalogue's items", err);

	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < items->count; i++)
		fprintf(stream.to, "%s\n%s\n%s\n", items->items[i].id, items->items[i].href, items->items[i].version);
	return lu_text_finish(&stream, text, err);
}

/* A fault of a file is one of its item, where a catalogue named it. */
static enum lu_status name_item(const struct lu_stac_items *items, struct lu_error *err)
{
	for (size_t i = 0; i < items->count; i++) {
		const struct lu_stac_item *item = &items->items[i];
		const size_t length = strlen(item->name);
		if (strncmp(err->text, item->name, length) == 0 && err->text[length] == ':')
			return lu_fail_within(err, "item %s, asset %s", item->id, item->asset);
	}
	return err->status;
}

static enum lu_status open_found(const struct lu_stac_items *items, struct lu_imagery_options *options,
				 struct lu_imagery **imagery, struct lu_error *err)
{
	const char **names = NULL;
	char *text = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&names, items->count, sizeof(*names), "items", err));
	for (size_t i = 0; i < items->count; i++)
		names[i] = items->items[i].name;
	LU_TRY(print_items(items, &text, err));
	options->paths = names;
	options->path_count = items->count;
	options->catalogue = text;
	status = lu_imagery_open(options, imagery, err);
	if (status != LU_OK)
		name_item(items, err);
out:
	lu_free(names);
	lu_free(text);
	return status;
}

/* Ask the catalogue, and open what it answers. */
static enum lu_status open_catalogue(struct lu_county *county, size_t i, struct lu_imagery_options *options,
				     const struct lu_hooks *hooks, struct lu_error *err)
{
	const struct lu_job_date *date = &county->job->dates[i];
	struct lu_stac_items *items = &county->items[i];
	enum lu_status status;

	LU_TRY(find_footprint(county, hooks, err));
	if (date->stac.token_word_count > 0)
		LU_TRY(lu_token_new(date->stac.token_command, date->stac.token_word_count, &county->tokens[i], err));
	LU_TRY(lu_stac_search(&date->stac, date->label, county->footprint, county->tokens[i], hooks, items, err));
	if (county->tokens[i] != NULL)
		LU_TRY(lu_stac_sign(items, county->tokens[i], err));
	lu_log(hooks, LU_LEVEL_INFO, "%s: %zu item%s of %s, the latest of %s", date->label, items->count,
	       items->count == 1 ? "" : "s", date->stac.source, items->items[0].datetime);
	LU_TRY(open_found(items, options, &county->imagery[i], err));
out:
	return status;
}

enum lu_status lu_county_open_date(struct lu_county *county, size_t i, const struct lu_hooks *hooks,
				   struct lu_error *err)
{
	const struct lu_job_date *date = &county->job->dates[i];
	struct lu_imagery_options options = {.paths = (const char *const *)date->imagery,
					     .path_count = date->imagery_count,
					     .bands = date->bands,
					     .band_count = date->band_count,
					     .wanted = county->model->bands,
					     .nodata = date->nodata,
					     .range = date->has_range ? date->range : NULL,
					     .usual_range = county->model->ranged ? county->model->range : NULL,
					     .names = (const char *const *)county->model->band_names};
	char buffer[LU_DATE_ABOUT];
	const char *about = lu_date_about(county->labels, county->job->date_count, i, buffer);

	if (date->bands != NULL && date->band_count != county->model->bands)
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s'bands' lists %zu bands, model %s takes %zu", about,
			       date->band_count, county->model->name, county->model->bands);
	const enum lu_status status = date->stac.source != NULL ? open_catalogue(county, i, &options, hooks, err)
								: lu_imagery_open(&options, &county->imagery[i], err);
	if (status != LU_OK)
		return lu_fail(err, err->status, "%s%s", about, err->text);
	return LU_OK;
}
