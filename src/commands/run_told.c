/* run_told.c: the summary of a run as text and as JSON, and what is new since the run before. See run_told.h. */
#include "commands/run_told.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/peak.h"
#include "base/text_stream.h"
#include "change/change_layers.h"
#include "grid/cover.h"
#include "runs/manifest_read.h"
#include "maps/unlike.h"
#include "report/page.h"
#include "report/project.h"
#include "report/statistics_files.h"

/* --- new since the last run --- */

/* The folders of pairs that hold the layer by the former manifest: "PAIR/LAYER.gpkg". */
static enum lu_status former_pairs(const struct lu_manifest *former, const char *layer, char ***pairs, size_t *count,
				   struct lu_error *err)
{
	char *end = lu_sprintf("/%s.gpkg", layer);
	enum lu_status status = end != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: patches");

	for (size_t i = 0; i < lu_manifest_count(former, "outputs") && status == LU_OK; i++) {
		const char *path = lu_manifest_file(former, "outputs", i).path;
		const char *at = path != NULL ? strchr(path, '/') : NULL;
		if (at == NULL || strcmp(at, end) != 0)
			continue;
		LU_TRY(lu_grow(pairs, *count + 1, sizeof(**pairs), "patches", err));
		(*pairs)[*count] = lu_strndup(path, (size_t)(at - path));
		LU_TRY((*pairs)[(*count)++] != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: patches"));
	}
out:
	lu_free(end);
	return status;
}

static enum lu_status pairs_now(const struct lu_county *county, char ***pairs, size_t *count, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (struct lu_date_pair pair = {0};
	     lu_date_pair_next(&pair, county->job->date_count, county->job->pairs) && status == LU_OK;) {
		LU_TRY(lu_grow(pairs, *count + 1, sizeof(**pairs), "patches", err));
		(*pairs)[*count] = lu_sprintf("%s_%s", county->labels[pair.earlier], county->labels[pair.later]);
		LU_TRY((*pairs)[(*count)++] != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: patches"));
	}
out:
	return status;
}

static void free_pairs(char **pairs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		lu_free(pairs[i]);
	lu_free(pairs);
}

enum lu_status lu_run_news_remember(const struct lu_county *county, const struct lu_manifest *former,
				    struct lu_new_patches *out, struct lu_error *err)
{
	const char *layer;
	enum lu_status status = LU_OK;

	for (size_t i = 0; (layer = lu_change_layer_name(&county->job->change, county->scheme, i)) != NULL; i++) {
		char **pairs = NULL;
		size_t count = 0;
		status = former_pairs(former, layer, &pairs, &count, err);
		if (status == LU_OK && count > 0)
			status = lu_new_patches_remember(county->job->output, (const char *const *)pairs, count, layer,
							 &county->grid.cells, out, err);
		free_pairs(pairs, count);
		if (status != LU_OK)
			return status;
	}
	return status;
}

enum lu_status lu_run_news_find(const struct lu_county *county, struct lu_new_patches *out, struct lu_error *err)
{
	const char *layer;
	char **pairs = NULL;
	size_t count = 0;
	enum lu_status status;

	LU_TRY(pairs_now(county, &pairs, &count, err));
	for (size_t i = 0; (layer = lu_change_layer_name(&county->job->change, county->scheme, i)) != NULL; i++)
		LU_TRY(lu_new_patches_find(county->job->output, (const char *const *)pairs, count, layer,
					   &county->grid.cells, out, err));
out:
	free_pairs(pairs, count);
	return status;
}

static void print_news(FILE *to, const struct lu_new_patches *news, enum lu_area_unit unit)
{
	bool any = false;

	if (!news->compared || news->count == 0)
		return;
	for (size_t i = 0; i < news->count; i++) {
		const struct lu_layer_patches *layer = &news->layers[i];
		if (layer->new_patches == 0)
			continue;
		fprintf(to, "%snew since the last run: %s/%s: %zu patch%s, %.2f %s\n", any ? "" : "\n", layer->pair,
			layer->layer, layer->new_patches, layer->new_patches == 1 ? "" : "es",
			lu_in_unit(layer->new_ha * 1e4, unit), lu_area_unit_signs[unit]);
		any = true;
	}
	if (!any)
		fputs("\nnew since the last run: no patch\n", to);
}

/* --- text --- */

static size_t classified(const struct lu_run_told *told)
{
	size_t count = 0;

	for (size_t i = 0; i < told->county->job->date_count; i++)
		count += told->dates[i].chips > 0;
	return count;
}

static double rate(const struct lu_run_told *told)
{
	return told->scoring_seconds > 0 ? (double)told->chips / told->scoring_seconds : 0;
}

enum lu_status lu_run_tell_end(const struct lu_run_told *told, char **line, struct lu_error *err)
{
	const size_t dates = told->county->job->date_count;
	char alarms[48] = "";

	if (told->county->job->alarm_count > 0)
		snprintf(alarms, sizeof(alarms), ", %zu alarm%s", told->fired, told->fired == 1 ? "" : "s");
	*line = lu_sprintf("done: %zu of %zu date%s classified, %zu outputs%s\n", classified(told), dates,
			   dates == 1 ? "" : "s", told->pipeline->outputs.count, alarms);
	return *line != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the summary");
}

/* What of the county its imagery covers and how much of it looks unlike the model's training, of dates of which that is told. */
static void print_covers(FILE *to, const struct lu_county *county)
{
	for (size_t i = 0; i < county->job->date_count; i++) {
		if (county->covers[i].places > 0) {
			fprintf(to, "%s: ", county->labels[i]);
			lu_cover_print(to, &county->covers[i]);
			fputs("\n\n", to);
		}
		if (county->unlike != NULL && lu_unlike_matters(&county->unlike[i])) {
			fprintf(to, "%s: ", county->labels[i]);
			lu_unlike_print(to, &county->unlike[i]);
			fputs("\n\n", to);
		}
	}
}

/* All that matters once more, where the eye is when a run is over. */
static void print_short(FILE *to, const struct lu_run_told *told)
{
	const struct lu_county *county = told->county;
	const size_t last = county->job->date_count - 1;

	fprintf(to, "\n%s, %.2f km2\n", county->name, county->ground.county_m2 / 1e6);
	lu_statistics_print_short(to, &told->pipeline->statistics);
	fprintf(to, "%-16s %11.1f %%", "coverage", 100 * county->covers[0].share);
	if (last > 0)
		fprintf(to, " %11.1f %%", 100 * county->covers[last].share);
	fprintf(to, "\n%-16s %11.1f s", "time", told->seconds);
	if (told->scoring_seconds > 0)
		fprintf(to, " %11.0f chips/s", rate(told));
	fputc('\n', to);
}

static void print_stats(FILE *to, const struct lu_run_stats *stats)
{
	const double all = lu_process_seconds(), percent = all > 0 ? 100 / all : 0;

	fprintf(to, "%-16s %11.1f MiB\n", "peak memory", (double)lu_peak_bytes() / 1048576);
	fprintf(to, "%-16s %11.1f s: reading %.1f %%, network %.1f %%, writing %.1f %%, the rest %.1f %%\n",
		"processor time", all, percent * stats->reading, percent * stats->network, percent * stats->writing,
		percent * (all - stats->reading - stats->network - stats->writing));
}

static enum lu_status tell_text(const struct lu_run_told *told, char **text, struct lu_error *err)
{
	const struct lu_county *county = told->county;
	const size_t dates = county->job->date_count;
	struct lu_text_stream stream;
	char *heading = NULL, *figures = NULL, *end = NULL;
	enum lu_status status;

	LU_TRY(lu_text_begin(&stream, "the summary", err));
	fprintf(stream.to, "%s: %.2f km2, %zu date%s, %llu chips in %.1f s (%.0f chips/s while scoring)\n\n",
		county->name, county->ground.county_m2 / 1e6, dates, dates == 1 ? "" : "s",
		(unsigned long long)told->chips, told->seconds, rate(told));
	print_covers(stream.to, county);
	LU_TRY(lu_text_finish(&stream, &heading, err));
	LU_TRY(lu_pipeline_summary(told->pipeline, heading, &figures, err));
	LU_TRY(lu_run_tell_end(told, &end, err));
	LU_TRY(lu_text_begin(&stream, "the summary", err));
	fputs(figures, stream.to);
	print_short(stream.to, told);
	if (told->stats != NULL)
		print_stats(stream.to, told->stats);
	print_news(stream.to, told->news, told->pipeline->statistics.unit);
	if (county->job->report)
		fprintf(stream.to, "\nopen first: %s/" LU_PAGE_NAME " in a browser, %s/" LU_PROJECT_NAME " in QGIS\n",
			told->pipeline->output, told->pipeline->output);
	fprintf(stream.to, "\n%s%s", told->alarms, end);
	LU_TRY(lu_text_finish(&stream, text, err));
out:
	lu_free(heading);
	lu_free(figures);
	lu_free(end);
	return status;
}

/* --- JSON --- */

static json_t *dates_json(const struct lu_run_told *told)
{
	json_t *dates = json_array();

	for (size_t i = 0; i < told->county->job->date_count; i++)
		json_array_append_new(dates,
				      json_pack("{s:s, s:f, s:I, s:f}", "date", told->county->labels[i], "coverage",
						told->county->covers[i].share, "chips",
						(json_int_t)told->dates[i].chips, "seconds", told->dates[i].seconds));
	return dates;
}

static json_t *layers_json(const struct lu_new_patches *news)
{
	json_t *layers = json_array();

	for (size_t i = 0; i < news->count; i++) {
		const struct lu_layer_patches *layer = &news->layers[i];
		json_t *object = json_pack("{s:s, s:s, s:I, s:f}", "layer", layer->layer, "pair", layer->pair,
					   "patches", (json_int_t)layer->patches, "area_ha", layer->area_ha);
		if (news->compared) {
			json_object_set_new(object, "new_patches", json_integer((json_int_t)layer->new_patches));
			json_object_set_new(object, "new_ha", json_real(layer->new_ha));
		}
		json_array_append_new(layers, object);
	}
	return layers;
}

static json_t *lines_json(const char *text)
{
	json_t *lines = json_array();

	for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1)
		json_array_append_new(lines, json_stringn(text, (size_t)(end - text)));
	return lines;
}

static json_t *stats_json(const struct lu_run_stats *stats)
{
	return json_pack("{s:I, s:f, s:f, s:f, s:f}", "peak_bytes", (json_int_t)lu_peak_bytes(), "processor_seconds",
			 lu_process_seconds(), "reading_seconds", stats->reading, "network_seconds", stats->network,
			 "writing_seconds", stats->writing);
}

static enum lu_status dump(json_t *object, char **text, struct lu_error *err)
{
	char *written = object != NULL ? json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) : NULL;

	*text = written != NULL ? lu_sprintf("%s\n", written) : NULL;
	free(written);
	json_decref(object);
	return *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the summary");
}

static enum lu_status tell_json(const struct lu_run_told *told, char **text, struct lu_error *err)
{
	const struct lu_county *county = told->county;
	json_t *object = json_pack("{s:s, s:s, s:f, s:b, s:I, s:f, s:f, s:I}", "county", county->name, "output",
				   told->pipeline->output, "county_ha", county->ground.county_m2 / 1e4, "up_to_date", 0,
				   "chips", (json_int_t)told->chips, "seconds", told->seconds, "chips_per_second",
				   rate(told), "outputs", (json_int_t)told->pipeline->outputs.count);
	json_t *open = json_array();

	if (county->job->report) {
		json_array_append_new(open, json_string(LU_PAGE_NAME));
		json_array_append_new(open, json_string(LU_PROJECT_NAME));
	}
	json_object_set_new(object, "dates", dates_json(told));
	if (told->stats != NULL)
		json_object_set_new(object, "stats", stats_json(told->stats));
	json_object_set_new(object, "layers", layers_json(told->news));
	json_object_set_new(object, "alarms", lines_json(told->alarms));
	json_object_set_new(object, "statistics", json_string("statistics.json"));
	json_object_set_new(object, "open_first", open);
	return dump(object, text, err);
}

enum lu_status lu_run_wrap(const char *member, const char *output, char **text, struct lu_error *err)
{
	json_t *object = *member != '\0' ? json_pack("{s:s, s:s}", "output", output, member, *text)
					 : json_pack("{s:s, s:b}", "output", output, "up_to_date", 1);

	lu_free(*text);
	return dump(object, text, err);
}

enum lu_status lu_run_tell(const struct lu_run_told *told, bool json, char **text, struct lu_error *err)
{
	return json ? tell_json(told, text, err) : tell_text(told, text, err);
}
