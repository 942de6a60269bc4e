/* describe_county.c: the plan of a job for a person, before anything is written. */
#include "job/output_names.h"
#include "runs/describe_county.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "grid/cover.h"
#include "job/job_keys.h"
#include "maps/score.h"
#include "maps/smooth_stage.h"
#include "maps/unlike.h"
#include "raster/crs.h"
#include "raster/ground.h"

/* Chips a second that one reader thread decodes from JPEG tiles, for the estimate: low on purpose. */
static const double reader_chips_per_s = 900;

/* One thread's rate, by running the network for a third of a second on a grey chip. */
static enum lu_status measure_rate(const struct lu_plan *plan, double *chips_per_s, struct lu_error *err)
{
	struct lu_plan_facts facts;
	struct lu_session *session = NULL;
	uint8_t *input = NULL;
	float *output = NULL;
	double start;
	int runs = 0;
	enum lu_status status;

	lu_plan_facts(plan, &facts);
	const size_t size = (size_t)facts.channels * (size_t)facts.height * (size_t)facts.width;
	LU_TRY(lu_session_new(plan, &session, err));
	LU_TRY(lu_alloc_aligned(&input, (size_t)facts.batch, size, "a batch", err));
	LU_TRY(lu_alloc(&output, (size_t)facts.batch * facts.outputs, sizeof(float), "a batch", err));
	memset(input, 128, (size_t)facts.batch * size);
	LU_TRY(lu_session_run(session, facts.batch, input, output, err)); /* warms the caches */
	for (start = lu_seconds_now(); runs == 0 || lu_seconds_now() - start < 0.33; runs++)
		LU_TRY(lu_session_run(session, facts.batch, input, output, err));
	*chips_per_s = runs * facts.batch / (lu_seconds_now() - start);
out:
	lu_free(input);
	lu_free(output);
	lu_session_free(session);
	return status;
}

/* "1.0 m imagery", or "1.0, 0.6 and 0.3 m imagery" of several dates. */
static void print_resolutions(FILE *to, const struct lu_county *county)
{
	enum { MOST = 8, LENGTH = 16 };
	char words[MOST][LENGTH];
	size_t count = 0;

	for (size_t i = 0; i < county->job->date_count && count < MOST; i++) {
		const double gsd = lu_imagery_gsd_m(county->imagery[i]);
		size_t k = 0;
		snprintf(words[count], LENGTH, fabs(gsd - round(gsd * 10) / 10) < 0.02 ? "%.1f" : "%.2f", gsd);
		while (strcmp(words[k], words[count]) != 0)
			k++;
		count += k == count;
	}
	for (size_t k = 0; k < count; k++)
		fprintf(to, "%s%s", k == 0 ? "" : k + 1 < count ? ", " : " and ", words[k]);
	fputs(" m imagery", to);
}

/* "cells of 67 m (0.45 ha), 1.0 m imagery". */
static void print_cells(FILE *to, const struct lu_county *county)
{
	double side = 0;

	lu_frame_gsd_m(&county->grid.cells, &side, NULL);
	const double hectares = side * side / 1e4;
	fprintf(to, "cells of %.3g m (%.*f ha), ", side, hectares < 0.1 ? 3 : hectares < 10 ? 2 : 0, hectares);
	print_resolutions(to, county);
	fputc('\n', to);
}

static void print_dates(FILE *to, const struct lu_county *county)
{
	for (size_t i = 0; i < county->job->date_count; i++) {
		const struct lu_imagery *imagery = county->imagery[i];
		const struct lu_frame *frame = lu_imagery_frame(imagery);
		char *crs = lu_crs_name(frame->crs_wkt), *bands = lu_imagery_band_text(imagery);
		fprintf(to,
			"  %-12s %zu file%s, %.1f MB, %" PRId64 " x %" PRId64 " px at %.3g m, chips of %d px, %s, %s\n",
			county->job->dates[i].label, lu_imagery_count(imagery),
			lu_imagery_count(imagery) == 1 ? "" : "s", (double)lu_imagery_bytes(imagery) / 1e6,
			frame->width, frame->height, lu_imagery_gsd_m(imagery), county->grids.dates[i].chip_px,
			crs != NULL ? crs : "?", bands != NULL ? bands : "?");
		if (county->job->boundary != NULL) {
			fprintf(to, "  %-12s ", "");
			lu_cover_print(to, &county->covers[i]);
			fputc('\n', to);
		}
		if (county->unlike != NULL && county->unlike[i].cells > 0) {
			fprintf(to, "  %-12s ", "");
			lu_unlike_print(to, &county->unlike[i]);
			fputc('\n', to);
		}
		lu_free(crs);
		lu_free(bands);
	}
}

/* The length of "FOLDER/" at the front of a name; pictures of a pair stand with the pair. */
static size_t folder_length(const char *name)
{
	const char *slash = strchr(name, '/');

	return slash != NULL ? (size_t)(slash - name) + 1 : 0;
}

/* Files of one folder, or of those within ('folders'), a paragraph a folder. Work files are the job's own. */
static void print_files(FILE *to, const struct lu_output_names *names, bool folders)
{
	enum { MARGIN = 20, WIDTH = 118 };
	const char *before = NULL;
	int column = 0;

	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->patterns[i]; /* labels and layers have no characters that patterns mask */
		const size_t folder = folder_length(name);
		const int length = (int)strlen(name + folder);
		if (folders != (folder > 0) || strncmp(name, LU_WORK_FOLDER "/", sizeof(LU_WORK_FOLDER)) == 0)
			continue;
		if (before == NULL || strncmp(before, name, folder) != 0)
			column = fprintf(to, "%s  %-*.*s", before != NULL ? "\n" : "", MARGIN - 2,
					 folder > 0 ? (int)folder : 2, folder > 0 ? name : "./") -
				 (before != NULL);
		else if (column + 2 + length > WIDTH)
			column = fprintf(to, ",\n%*s", MARGIN, "") - 2;
		else
			column += fprintf(to, ", ");
		column += fprintf(to, "%s", name + folder);
		before = name;
	}
	if (before != NULL)
		fputc('\n', to);
}

enum lu_status lu_county_describe(const struct lu_county *county, const struct lu_output_names *outputs, char **text,
				  struct lu_error *err)
{
	const struct lu_job *job = county->job;
	const struct lu_frame *cells = &county->grid.cells;
	struct lu_plan_facts facts;
	double rate = 0;
	struct lu_text_stream stream;
	char *crs;
	enum lu_status status;

	lu_plan_facts(county->plan, &facts);
	LU_TRY(measure_rate(county->plan, &rate, err));
	LU_TRY(lu_text_begin(&stream, "the plan", err));
	FILE *to = stream.to;
	crs = lu_crs_name(cells->crs_wkt);
	const int64_t chips =
		lu_coverage_cells(county->grids.coverage != NULL ? county->grids.coverage : county->ground.coverage);
	const double network = (double)chips / (rate * county->threads);
	const double reading = (double)chips / (reader_chips_per_s * county->readers);
	fprintf(to, "plan of %s\n\n", job->path);
	fprintf(to, "county       %s, %.2f km2\n", county->name, county->ground.county_m2 / 1e6);
	fprintf(to, "grid         %" PRId64 " x %" PRId64 " ", cells->width, cells->height);
	print_cells(to, county);
	fprintf(to, "             origin %.3f %.3f, %s\n", cells->transform[0], cells->transform[3],
		crs != NULL ? crs : "?");
	fprintf(to, "model        %s (%s), %zu classes, trained at %.3g m; engine %s, precision %s\n",
		county->model->name, county->model->architecture != NULL ? county->model->architecture : "network",
		county->model->class_count, county->model->gsd_m, facts.engine,
		lu_choice_word(LU_CHOICE_PRECISION, facts.precision));
	fprintf(to, "scheme       %s version %d, %zu classes\n", county->scheme->name, county->scheme->version,
		county->scheme->class_count);
	fprintf(to, "chips        up to %" PRId64 " a date (", chips);
	if (county->grids.windows > 1)
		fprintf(to, "%d x %d windows a cell, ", county->grids.windows, county->grids.windows);
	fprintf(to, "%s that touch the county), %zu date%s\n", county->grids.windows > 1 ? "those" : "cells",
		job->date_count, job->date_count == 1 ? "" : "s");
	fprintf(to, "\nreads\n");
	print_dates(to, county);
	if (job->normalise.method != LU_RADIOMETRY_NONE)
		fprintf(to, "  and a sample of all dates' pixels first, to normalise them to %s by %s\n",
			job->dates[job->normalise.to].label, lu_radiometry_methods[job->normalise.method]);
	lu_job_settings_print(to, job, "\nsettings that are not the usual ones\n");
	fprintf(to, "\nwrites into %s\n", job->output);
	print_files(to, outputs, true);
	print_files(to, outputs, false);
	fprintf(to, "\nmemory       at most about %.0f MB, whatever the county's size\n",
		(double)lu_county_memory(county) / 1e6);
	const size_t unit = lu_smooth_stage_bytes(&job->smooth, &county->grid.cells, &county->ground);
	if (unit > 0)
		fprintf(to,
			"             and up to %.0f MB after scoring, for the minimum mapping unit of the whole map\n",
			(double)unit / 1e6);
	if (job->keep_scores)
		fprintf(to,
			"disk         %.1f MB of scores stay in " LU_WORK_FOLDER
			" for the next run (keep_scores: false leaves none: a new date or a\n"
			"             lost map then classifies all dates again)\n",
			(double)job->date_count *
				(double)lu_store_bytes(cells->height, cells->width, county->scheme->class_count) / 1e6);
	fprintf(to, "time         about %.0f s (%d thread%s at %.0f chips/s each, %d reader%s)\n",
		(double)job->date_count * (network > reading ? network : reading), county->threads,
		county->threads == 1 ? "" : "s", rate, county->readers, county->readers == 1 ? "" : "s");
	lu_free(crs);
	LU_TRY(lu_text_finish(&stream, text, err));
out:
	return status;
}
