/* init.c: landuse init: a job file to start from, of what lies in a folder. */
#define _XOPEN_SOURCE 700 /* realpath */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "base/yaml.h"
#include "grid/dates_in_names.h"
#include "job/job_file.h"
#include "job/job_template.h"
#include "landuse/commands.h"
#include "models/packages.h"
#include "raster/boundary.h"
#include "raster/imagery.h"
#include "raster/survey.h"

enum { USUAL_BANDS = 3, MOST_TOLD = 5 /* of a kind */ };

/* The job as far as it is known; texts and notes are its own. */
struct page {
	const char *folder; /* that is looked at */
	char *prefix; /* "", or the folder's name where the job lies elsewhere */
	struct lu_job_value *values;
	size_t count;
	struct lu_text_stream notes; /* lines of comment in front */
	size_t dates; /* of them those that can be used */
	char *labels; /* "2010, 2016" */
	double finest_m, coarsest_m; /* of their pixels */
	struct lu_frame frame; /* the first one's */
	char *model, *boundary;
};

static enum lu_status no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a job");
}

/* Takes 'text' and 'note' over; 'note' may be NULL. */
static enum lu_status add(struct page *page, const char *path, size_t item, char *text, char *note,
			  struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(text != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_grow(&page->values, page->count + 1, sizeof(*page->values), "a job", err));
	page->values[page->count++] = (struct lu_job_value){path, item, text, note};
	return LU_OK;
out:
	lu_free(text);
	lu_free(note);
	return status;
}

/* A path of the survey as the job names it; lu_free it. */
static char *job_path(const struct page *page, const char *path)
{
	char *whole = lu_sprintf("%s%s", page->prefix, path);
	char *words = whole != NULL ? lu_yaml_words(whole) : NULL;

	lu_free(whole);
	return words;
}

static void note(struct page *page, const char *name, const char *text)
{
	/* What a file is called and what it says of itself ends no comment. */
	char *safe = lu_sprintf("%s: %s", name, text);

	for (char *at = safe; at != NULL && *at != '\0'; at++)
		if ((unsigned char)*at < ' ')
			*at = ' ';
	fprintf(page->notes.to, "# - %s\n", safe != NULL ? safe : name);
	lu_free(safe);
}

/* --- dates --- */

static enum lu_status open_imagery(const struct page *page, char *const *words, size_t count,
				   struct lu_imagery **imagery, struct lu_error *err)
{
	char **paths = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&paths, count, sizeof(*paths), "a date", err));
	for (size_t i = 0; i < count; i++) {
		paths[i] = lu_path_join(page->folder, words[i]);
		LU_TRY(paths[i] != NULL ? LU_OK : no_memory(err));
	}
	const struct lu_imagery_options options = {
		.paths = (const char *const *)paths, .path_count = count, .wanted = USUAL_BANDS};
	LU_TRY(lu_imagery_open(&options, imagery, err));
out:
	for (size_t i = 0; paths != NULL && i < count; i++)
		lu_free(paths[i]);
	lu_free(paths);
	return status;
}

/* Maps, masks, elevation, what is damaged: a date's imagery would not open with them. */
static enum lu_status pass_over(struct page *page, const struct lu_survey *files, bool **out, struct lu_error *err)
{
	size_t passed = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(out, files->raster_count, sizeof(**out), "files", err));
	for (size_t i = 0; i < files->raster_count; i++) {
		struct lu_imagery *imagery = NULL;
		struct lu_error why = {0};
		(*out)[i] = open_imagery(page, &files->rasters[i], 1, &imagery, &why) != LU_OK;
		lu_imagery_free(imagery);
		LU_TRY(why.status == LU_ERROR_MEMORY ? no_memory(err) : LU_OK);
		if ((*out)[i] && passed++ < MOST_TOLD)
			note(page, "not used", why.text);
	}
	if (passed > MOST_TOLD)
		fprintf(page->notes.to, "# - not used: %zu more rasters that are no imagery\n", passed - MOST_TOLD);
out:
	return status;
}

/* "naip_2016/", or a list of several. */
static char *imagery_words(const struct page *page, const struct lu_named_date *date)
{
	char *words = lu_strdup(date->imagery_count > 1 ? "[" : "");

	for (size_t i = 0; words != NULL && i < date->imagery_count; i++) {
		char *path = job_path(page, date->imagery[i]);
		char *more = path != NULL ? lu_sprintf("%s%s%s", words, i > 0 ? ", " : "", path) : NULL;
		lu_free(path);
		lu_free(words);
		words = more;
	}
	if (words != NULL && date->imagery_count > 1) {
		char *whole = lu_sprintf("%s]", words);
		lu_free(words);
		words = whole;
	}
	return words;
}

/* A date whose imagery can be read becomes one of the job's. */
static enum lu_status add_date(struct page *page, const struct lu_named_date *date, struct lu_error *err)
{
	struct lu_imagery *imagery = NULL;
	struct lu_error why = {0};
	char *bands = NULL, *labels = NULL;
	enum lu_status status = open_imagery(page, date->imagery, date->imagery_count, &imagery, &why);

	if (status != LU_OK && status != LU_ERROR_MEMORY) {
		note(page, "not used", why.text);
		return LU_OK;
	}
	LU_TRY(status == LU_OK ? LU_OK : no_memory(err));
	const double gsd = lu_imagery_gsd_m(imagery);
	bands = lu_imagery_band_text(imagery);
	if (page->dates == 0)
		LU_TRY(lu_frame_copy(lu_imagery_frame(imagery), &page->frame, err));
	page->finest_m = page->dates == 0 ? gsd : fmin(page->finest_m, gsd);
	page->coarsest_m = fmax(page->coarsest_m, gsd);
	LU_TRY(add(page, "dates[].date", page->dates, lu_strdup(date->label),
		   strcmp(date->label, "undated") == 0
			   ? lu_strdup("no name tells a date: write the year that the imagery was taken in")
			   : NULL,
		   err));
	LU_TRY(add(page, "dates[].imagery", page->dates, imagery_words(page, date),
		   lu_sprintf("%zu file%s, %.3g m a pixel, %s", date->files, date->files == 1 ? "" : "s", gsd,
			      bands != NULL ? bands : "bands not told"),
		   err));
	labels = lu_sprintf("%s%s%s", page->labels != NULL ? page->labels : "", page->dates > 0 ? ", " : "",
			    date->label);
	LU_TRY(labels != NULL ? LU_OK : no_memory(err));
	lu_free(page->labels);
	page->labels = labels;
	page->dates++;
out:
	lu_free(bands);
	lu_imagery_free(imagery);
	return status;
}

static enum lu_status find_dates(struct page *page, const struct lu_survey *files, struct lu_error *err)
{
	struct lu_named_date *dates = NULL;
	size_t count = 0;
	bool *over = NULL;
	enum lu_status status;

	LU_TRY(pass_over(page, files, &over, err));
	LU_TRY(lu_dates_in_names((const char *const *)files->rasters, over, files->raster_count, &dates, &count, err));
	for (size_t i = 0; i < count; i++) {
		/* Among files of dates one without is an elevation model, a map, an overview. */
		if (count > 1 && strcmp(dates[i].label, "undated") == 0)
			for (size_t k = 0; k < dates[i].imagery_count; k++)
				note(page, "not used", dates[i].imagery[k]);
		else
			LU_TRY(add_date(page, &dates[i], err));
	}
	if (page->dates == 0)
		status = lu_fail(
			err, LU_ERROR_ARGUMENT,
			"%s: no imagery that can be used (expected GeoTIFFs and the like with 3 bands and a CRS, in "
			"folders or files that are named by their date, such as naip_2016/)",
			page->folder);
out:
	lu_named_dates_free(dates, count);
	lu_free(over);
	return status;
}

/* --- the model --- */

/*
 * How far a model is from the imagery's scale, in octaves: chips are brought to a model's own, so all that fit are equal, and
 * the first on the search path is taken; a package in integers goes behind the one that it was made of.
 */
static double distance(const struct page *page, const struct lu_package *package)
{
	const struct lu_model *model = package->model;
	const double tolerance = 1.02; /* as of a run, maps/scale.c */
	double far = 0;

	if (fmax(page->coarsest_m, model->gsd_m) > model->gsd_range[1] * tolerance)
		far = 100 + fabs(log2(page->coarsest_m / model->gsd_range[1]));
	return far + (strstr(package->name, "-int8") != NULL ? 0.01 : 0);
}

static enum lu_status choose_model(struct page *page, struct lu_error *err)
{
	struct lu_packages packages = {0};
	const struct lu_package *best = NULL;
	double least = INFINITY;
	char *words = NULL, *name = NULL;
	enum lu_status status;

	LU_TRY(lu_packages_find(&packages, err));
	for (size_t i = 0; i < packages.count; i++) {
		const struct lu_package *package = &packages.items[i];
		if (package->model == NULL || package->hidden || package->model->features > 0 ||
		    package->model->bands != USUAL_BANDS)
			continue;
		if (distance(page, package) < least) {
			best = package;
			least = distance(page, package);
		}
	}
	if (best == NULL) {
		words = lu_strdup("no model on the search path takes 3 bands: name a package (landuse models)");
		name = lu_strdup("aerial");
	} else {
		name = lu_yaml_words(best->name);
		words = lu_sprintf("%s imagery of %.3g to %.3g m a pixel, and this is of %.3g m%s",
				   least < 100 ? "has learnt from" : "NO MODEL FITS: the nearest has learnt from",
				   best->model->gsd_range[0], best->model->gsd_range[1], page->coarsest_m,
				   least < 100 ? "" : " (train one for this scale, or accept_gsd_mismatch: true)");
	}
	page->model = name != NULL ? lu_strdup(name) : NULL;
	if (page->model == NULL || words == NULL)
		status = no_memory(err);
	LU_TRY(add(page, "model", 0, name, words, err));
	name = words = NULL; /* now the page's */
	LU_TRY(status);
out:
	lu_packages_release(&packages);
	return status;
}

/* --- the boundary --- */

static struct lu_box box_of(const struct lu_frame *frame)
{
	struct lu_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};

	for (int corner = 0; corner < 4; corner++) {
		const double *t = frame->transform;
		const double column = corner & 1 ? (double)frame->width : 0,
			     row = corner & 2 ? (double)frame->height : 0;
		const double x = t[0] + column * t[1] + row * t[2], y = t[3] + column * t[4] + row * t[5];
		box.min_x = fmin(box.min_x, x);
		box.max_x = fmax(box.max_x, x);
		box.min_y = fmin(box.min_y, y);
		box.max_y = fmax(box.max_y, y);
	}
	return box;
}

/* How well a file of polygons would do: 0 not at all, its name being what tells of two that do. */
static int fitness(const struct page *page, const char *path, char **name, struct lu_error *why)
{
	char *whole = lu_path_join(page->folder, path);
	const struct lu_boundary_options options = {.path = whole, .crs_wkt_target = page->frame.crs_wkt};
	struct lu_polygon outline = {0};
	int points = 0;

	if (whole != NULL && lu_boundary_read(&options, &outline, name, why) == LU_OK) {
		const struct lu_box a = lu_polygon_box(&outline), b = box_of(&page->frame);
		const char *file = lu_path_name(path);
		const bool meets = a.min_x < b.max_x && a.max_x > b.min_x && a.min_y < b.max_y && a.max_y > b.min_y;
		points = !meets ? 0 : strstr(file, "ounty") != NULL || strstr(file, "ound") != NULL ? 2 : 1;
		if (points == 0)
			lu_fail(why, LU_ERROR_MISMATCH, "%s: lies beside the imagery", path);
	}
	lu_polygon_release(&outline);
	lu_free(whole);
	return points;
}

static enum lu_status choose_boundary(struct page *page, const struct lu_survey *files, struct lu_error *err)
{
	const char *best = NULL;
	char *best_name = NULL;
	int most = 0;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < files->vector_count; i++) {
		struct lu_error why = {0};
		char *name = NULL;
		const int points = fitness(page, files->vectors[i], &name, &why);
		if (points > most) {
			if (best != NULL)
				note(page, "polygons, too (zones?)", best);
			lu_free(best_name);
			best = files->vectors[i];
			best_name = name;
			most = points;
			continue;
		}
		note(page, points > 0 ? "polygons, too (zones?)" : "not used",
		     points > 0 ? files->vectors[i] : why.text);
		lu_free(name);
	}
	if (best == NULL) {
		fputs("# - no boundary: all that the first date's imagery covers is mapped\n", page->notes.to);
		return LU_OK;
	}
	page->boundary = lu_strdup(best);
	LU_TRY(page->boundary != NULL ? LU_OK : no_memory(err));
	LU_TRY(add(page, "county.boundary", 0, job_path(page, best), NULL, err));
	LU_TRY(add(page, "county.name", 0, best_name != NULL ? lu_yaml_words(best_name) : NULL, NULL, err));
out:
	lu_free(best_name);
	return status;
}

/* --- the file --- */

/* Never over a file that is there. */
static enum lu_status write_new(const char *path, const char *text, struct lu_error *err)
{
	const int file = lu_file_new(path);
	const size_t size = strlen(text);
	struct lu_job *job = NULL;
	enum lu_status status = LU_OK;

	if (file < 0)
		return lu_file_exists(path)
			       ? lu_fail(err, LU_ERROR_ARGUMENT, "%s: is there already (.job = another name)", path)
			       : lu_fail_errno(err, path, "cannot be made");
	if (write(file, text, size) != (ssize_t)size || fsync(file) != 0)
		status = lu_fail_errno(err, path, "cannot be written");
	if (close(file) != 0 && status == LU_OK)
		status = lu_fail_errno(err, path, "cannot be written");
	/* What a run would stumble over is told now. */
	if (status == LU_OK)
		status = lu_job_read(path, &job, err);
	lu_job_free(job);
	if (status != LU_OK)
		unlink(path);
	return status;
}

/* Where paths in a job at 'job' start, seen from what is looked at. */
static enum lu_status find_prefix(struct page *page, const char *job, struct lu_error *err)
{
	char *folder = lu_path_folder(job);
	char *there = folder != NULL ? realpath(folder, NULL) : NULL, *here = realpath(page->folder, NULL);
	enum lu_status status = LU_OK;

	if (here == NULL || (folder != NULL && there == NULL))
		status = lu_fail_open(err, here == NULL ? page->folder : folder);
	else
		page->prefix = strcmp(there, here) == 0 ? lu_strdup("") : lu_sprintf("%s/", here);
	if (status == LU_OK && page->prefix == NULL)
		status = no_memory(err);
	free(there);
	free(here);
	lu_free(folder);
	return status;
}

static enum lu_status write_job(struct page *page, const char *path, char **notes, struct lu_error *err)
{
	struct lu_text_stream stream;
	char *text = NULL;
	enum lu_status status;

	LU_TRY(add(page, "output", 0, lu_strdup("out"), NULL, err));
	LU_TRY(lu_text_finish(&page->notes, notes, err));
	LU_TRY(lu_text_begin(&stream, "a job", err));
	fputs("# A job for `landuse run`, written by `landuse init` from what lies in the folder: look it over first. "
	      "Paths are\n"
	      "# relative to this file. Lines that begin with # are keys that may be stated (take \"# \" away). The "
	      "reference is\n"
	      "# docs/job-file.md.\n",
	      stream.to);
	if ((*notes)[0] != '\0')
		fprintf(stream.to, "#\n# Of what was found:\n%s", *notes);
	fputc('\n', stream.to);
	lu_job_template_print(stream.to, page->values, page->count);
	LU_TRY(lu_text_finish(&stream, &text, err));
	LU_TRY(write_new(path, text, err));
out:
	lu_free(text);
	return status;
}

enum lu_status lu_init(const struct lu_init_options *options, char **text, struct lu_error *err)
{
	struct page page = {.folder = options->folder};
	struct lu_survey files = {0};
	char *job = options->job != NULL ? lu_strdup(options->job) : lu_path_join(options->folder, "county.yaml");
	char *notes = NULL;
	enum lu_status status;

	*text = NULL;
	LU_TRY(job != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_survey_folder(options->folder, &files, err));
	/* Before minutes of looking. */
	if (lu_file_exists(job))
		LU_TRY(write_new(job, "", err));
	LU_TRY(find_prefix(&page, job, err));
	LU_TRY(lu_text_begin(&page.notes, "a job", err));
	LU_TRY(find_dates(&page, &files, err));
	LU_TRY(choose_model(&page, err));
	LU_TRY(choose_boundary(&page, &files, err));
	LU_TRY(write_job(&page, job, &notes, err));
	*text = lu_sprintf("%s: dates %s, model %s, %s%s\n%slook it over, then run it: landuse run %s\n", job,
			   page.labels, page.model, page.boundary != NULL ? "boundary " : "no boundary",
			   page.boundary != NULL ? page.boundary : "", notes, job);
	LU_TRY(*text != NULL ? LU_OK : no_memory(err));
out:
	if (page.notes.to != NULL && notes == NULL)
		lu_text_finish(&page.notes, &notes, NULL);
	for (size_t i = 0; i < page.count; i++) {
		lu_free((char *)(uintptr_t)page.values[i].text);
		lu_free((char *)(uintptr_t)page.values[i].note);
	}
	lu_free(page.values);
	lu_free(page.prefix);
	lu_free(page.labels);
	lu_free(page.model);
	lu_free(page.boundary);
	lu_frame_release(&page.frame);
	lu_survey_release(&files);
	lu_free(notes);
	lu_free(job);
	return status;
}
