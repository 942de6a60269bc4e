/* job_file.c: the tables of keys of a job file, and the checks that need no other file. */
#include "job/job_file.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/yaml.h"
#include "grid/date_labels.h"
#include "raster/start.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* A shell's word for the home folder, which nobody expands here. */
static enum lu_status no_tilde(const char *path, struct lu_error *err)
{
	if (path == NULL || strncmp(path, "~/", 2) != 0)
		return LU_OK;
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: ~ is not expanded in a job (write the whole path)", path);
}

/* Replace '*path' by the same path seen from the job file's folder. */
static enum lu_status resolve(const char *folder, char **path, struct lu_error *err)
{
	if (*path == NULL)
		return LU_OK;
	const enum lu_status status = no_tilde(*path, err);
	if (status != LU_OK)
		return status;
	char *joined = lu_path_join(folder, *path);
	if (joined == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	lu_free(*path);
	*path = joined;
	return LU_OK;
}

static enum lu_status read_county(struct lu_yaml_at at, const char *folder, struct lu_job *job, struct lu_error *err)
{
	enum { BOUNDARY, LAYER, WHERE, NAME };
	static const struct lu_yaml_key keys[] = {
		{"boundary", true}, {"layer", false}, {"where", false}, {"name", false}};
	struct lu_yaml_at value[COUNT(keys)];
	enum lu_status status = lu_yaml_map(at, "'county'", keys, COUNT(keys), value, err);

	if (status == LU_OK)
		status = lu_yaml_text(value[BOUNDARY], "boundary", &job->boundary, err);
	if (status == LU_OK)
		status = lu_yaml_text(value[LAYER], "layer", &job->layer, err);
	if (status == LU_OK)
		status = lu_yaml_text(value[WHERE], "where", &job->where, err);
	if (status == LU_OK)
		status = lu_yaml_text(value[NAME], "name", &job->county_name, err);
	if (status == LU_OK)
		status = resolve(folder, &job->boundary, err);
	return status;
}

static enum lu_status read_bands(struct lu_yaml_at at, struct lu_job_date *date, struct lu_error *err)
{
	const size_t count = lu_yaml_count(at);

	if (at.node == 0)
		return LU_OK;
	if (count == 0)
		return lu_yaml_fail(at, err, "'bands' is an empty list (for example bands: [1, 2, 3])");
	enum lu_status status = lu_alloc(&date->bands, count, sizeof(*date->bands), "bands", err);
	for (size_t i = 0; i < count && status == LU_OK; i++)
		status = lu_yaml_integer(lu_yaml_item(at, i), "bands", 1, 65535, &date->bands[i], err);
	date->band_count = count;
	return status;
}

static enum lu_status read_pair(struct lu_yaml_at at, const char *key, double pair[2], bool *has, struct lu_error *err)
{
	if (at.node == 0)
		return LU_OK;
	if (lu_yaml_count(at) != 2)
		return lu_yaml_fail(at, err, "'%s' should be a list of two numbers", key);
	enum lu_status status = lu_yaml_number(lu_yaml_item(at, 0), key, -1e12, 1e12, &pair[0], err);
	if (status == LU_OK)
		status = lu_yaml_number(lu_yaml_item(at, 1), key, -1e12, 1e12, &pair[1], err);
	*has = true;
	return status;
}

static enum lu_status read_date(struct lu_yaml_at at, const char *folder, struct lu_job_date *date,
				struct lu_error *err)
{
	enum { DATE, IMAGERY, BANDS, NODATA, RANGE };
	static const struct lu_yaml_key keys[] = {
		{"date", true}, {"imagery", true}, {"bands", false}, {"nodata", false}, {"range", false}};
	struct lu_yaml_at value[COUNT(keys)];
	enum lu_status status = lu_yaml_map(at, "a date", keys, COUNT(keys), value, err);

	if (status == LU_OK)
		status = lu_yaml_text(value[DATE], "date", &date->label, err);
	if (status == LU_OK && lu_date_label_check(date->label, err) != LU_OK)
		status = lu_yaml_fail(value[DATE], err, "%s", err->text);
	if (status == LU_OK)
		status = lu_yaml_texts(value[IMAGERY], "imagery", &date->imagery, &date->imagery_count, err);
	for (size_t i = 0; i < date->imagery_count && status == LU_OK; i++)
		status = resolve(folder, &date->imagery[i], err);
	if (status == LU_OK)
		status = read_bands(value[BANDS], date, err);
	if (status == LU_OK)
		status = lu_yaml_text(value[NODATA], "nodata", &date->nodata, err);
	if (status == LU_OK && date->nodata != NULL && strcmp(date->nodata, "none") != 0) {
		double number;
		status = lu_yaml_number(value[NODATA], "nodata", -1e308, 1e308, &number, err);
		if (status != LU_OK)
			status = lu_yaml_fail(value[NODATA], err, "'nodata' should be a number or none, not '%s'",
					      date->nodata);
	}
	if (status == LU_OK)
		status = read_pair(value[RANGE], "range", date->range, &date->has_range, err);
	if (status == LU_OK && date->has_range && date->range[0] >= date->range[1])
		status = lu_yaml_fail(value[RANGE], err, "'range' should be [low, high] with low below high");
	return status;
}

static enum lu_status read_dates(struct lu_yaml_at at, const char *folder, struct lu_job *job, struct lu_error *err)
{
	const size_t count = lu_yaml_count(at);

	if (count == 0)
		return lu_yaml_fail(at, err, "'dates' is empty (list at least one date with its imagery)");
	enum lu_status status = lu_alloc(&job->dates, count, sizeof(*job->dates), "dates", err);
	if (status != LU_OK)
		return status;
	job->date_count = count;
	for (size_t i = 0; i < count; i++) {
		status = read_date(lu_yaml_item(at, i), folder, &job->dates[i], err);
		if (status != LU_OK)
			return status;
		for (size_t k = 0; k < i; k++)
			if (strcmp(job->dates[k].label, job->dates[i].label) == 0)
				return lu_yaml_fail(lu_yaml_item(at, i), err,
						    "date '%s' stands twice (put all its imagery into one list)",
						    job->dates[i].label);
	}
	return LU_OK;
}

static enum lu_status read_grid(struct lu_yaml_at at, struct lu_job *job, struct lu_error *err)
{
	enum { CRS, RESOLUTION, ORIGIN, CHIP, STRIDE };
	static const struct lu_yaml_key keys[] = {
		{"crs", false}, {"resolution", false}, {"origin", false}, {"chip", false}, {"stride", false}};
	struct lu_yaml_at value[COUNT(keys)];

	if (at.node == 0)
		return LU_OK;
	enum lu_status status = lu_yaml_map(at, "'grid'", keys, COUNT(keys), value, err);
	if (status == LU_OK)
		status = lu_yaml_text(value[CRS], "crs", &job->crs, err);
	if (status == LU_OK)
		status = lu_yaml_number(value[RESOLUTION], "resolution", 1e-9, 1e6, &job->resolution, err);
	if (status == LU_OK)
		status = read_pair(value[ORIGIN], "origin", job->origin, &job->has_origin, err);
	if (status == LU_OK)
		status = lu_yaml_integer(value[CHIP], "chip", 8, 4096, &job->chip_px, err);
	if (status == LU_OK)
		status = lu_yaml_integer(value[STRIDE], "stride", 1, 4096, &job->stride_px, err);
	return status;
}

static enum lu_status read_pairs(struct lu_yaml_at at, struct lu_job *job, struct lu_error *err)
{
	static const char *const words[] = {[LU_PAIRS_ALL] = "all", [LU_PAIRS_CONSECUTIVE] = "consecutive"};
	int pairs = (int)job->pairs;
	const enum lu_status status = lu_yaml_choice(at, "pairs", words, COUNT(words), &pairs, err);

	job->pairs = (enum lu_date_pairs)pairs;
	return status;
}

static enum lu_status read_normalise(struct lu_yaml_at at, struct lu_job *job, struct lu_error *err)
{
	const char **labels;
	enum lu_status status = lu_alloc(&labels, job->date_count, sizeof(*labels), "dates", err);

	for (size_t i = 0; i < job->date_count && status == LU_OK; i++)
		labels[i] = job->dates[i].label;
	if (status == LU_OK)
		status = lu_normalise_keys_read(at, labels, job->date_count, &job->normalise, err);
	lu_free(labels);
	return status;
}

/* The job's keys, and whether one must be there. */
enum {
	COUNTY,
	MODEL,
	SCHEME,
	DATES,
	GRID,
	MIN_VALID,
	ACCEPT_GSD,
	OUTPUT,
	PROBABILITIES,
	PAIRS,
	ENGINE,
	PRECISION,
	THREADS,
	CACHE_MB,
	CHANGE,
	SMOOTH,
	ZONES,
	NORMALISE
};
static const struct lu_yaml_key job_keys[] = {{"county", false},
					      {"model", true},
					      {"scheme", false},
					      {"dates", true},
					      {"grid", false},
					      {"min_valid", false},
					      {"accept_gsd_mismatch", false},
					      {"output", true},
					      {"probabilities", false},
					      {"pairs", false},
					      {"engine", false},
					      {"precision", false},
					      {"threads", false},
					      {"cache_mb", false},
					      {"change", false},
					      {"smooth", false},
					      {"zones", false},
					      {"normalise", false}};

static enum lu_status read_job(struct lu_yaml_at root, const char *folder, struct lu_job *job, struct lu_error *err)
{
	struct lu_yaml_at value[COUNT(job_keys)];
	enum lu_status status = lu_yaml_map(root, "the job", job_keys, COUNT(job_keys), value, err);

	if (status == LU_OK && value[COUNTY].node != 0)
		status = read_county(value[COUNTY], folder, job, err);
	if (status == LU_OK)
		status = lu_yaml_text(value[MODEL], "model", &job->model, err);
	if (status == LU_OK)
		status = no_tilde(job->model, err);
	if (status == LU_OK)
		status = lu_yaml_text(value[SCHEME], "scheme", &job->scheme, err);
	if (status == LU_OK)
		status = no_tilde(job->scheme, err);
	if (status == LU_OK)
		status = read_dates(value[DATES], folder, job, err);
	if (status == LU_OK)
		status = read_grid(value[GRID], job, err);
	if (status == LU_OK)
		status = lu_yaml_number(value[MIN_VALID], "min_valid", 1e-6, 1, &job->min_valid, err);
	if (status == LU_OK)
		status = lu_yaml_boolean(value[ACCEPT_GSD], "accept_gsd_mismatch", &job->accept_gsd_mismatch, err);
	if (status == LU_OK)
		status = lu_yaml_text(value[OUTPUT], "output", &job->output, err);
	if (status == LU_OK)
		status = resolve(folder, &job->output, err);
	if (status == LU_OK)
		status = lu_yaml_boolean(value[PROBABILITIES], "probabilities", &job->probabilities, err);
	if (status == LU_OK)
		status = read_pairs(value[PAIRS], job, err);
	if (status == LU_OK)
		status = lu_yaml_text(value[ENGINE], "engine", &job->engine, err);
	if (status == LU_OK)
		status = lu_yaml_text(value[PRECISION], "precision", &job->precision, err);
	if (status == LU_OK)
		status = lu_yaml_integer(value[THREADS], "threads", 1, 1024, &job->threads, err);
	if (status == LU_OK)
		status = lu_yaml_integer(value[CACHE_MB], "cache_mb", 8, 1 << 20, &job->cache_mb, err);
	if (status == LU_OK)
		status = lu_change_keys_read(value[CHANGE], &job->change, err);
	if (status == LU_OK)
		status = lu_smooth_keys_read(value[SMOOTH], &job->smooth, err);
	if (status == LU_OK)
		status = read_normalise(value[NORMALISE], job, err);
	if (status == LU_OK)
		status = lu_zone_keys_read(value[ZONES], &job->zones, err);
	if (status == LU_OK)
		status = resolve(folder, &job->zones.path, err);
	return status;
}

const char *lu_job_about(const struct lu_job *job, size_t i, char buffer[LU_JOB_ABOUT])
{
	buffer[0] = '\0';
	if (job->date_count > 1)
		snprintf(buffer, LU_JOB_ABOUT, "date %s: ", job->dates[i].label);
	return buffer;
}

enum lu_status lu_job_read(const char *path, struct lu_job **out, struct lu_error *err)
{
	enum lu_status status;
	struct lu_yaml *yaml = NULL;
	struct lu_job *job = NULL;
	char *folder = lu_path_folder(path);

	*out = NULL;
	if (folder == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	status = lu_yaml_load(path, &yaml, err);
	if (status != LU_OK)
		goto out;
	status = lu_alloc(&job, 1, sizeof(*job), "a job", err);
	if (status != LU_OK)
		goto out;
	job->min_valid = 0.9;
	job->cache_mb = LU_RASTER_CACHE_MB;
	job->path = lu_strdup(path);
	if (job->path == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		goto out;
	}
	status = read_job(lu_yaml_root(yaml), folder, job, err);
	if (status != LU_OK)
		goto out;
	*out = job;
	job = NULL; /* now the caller's */
out:
	lu_job_free(job);
	lu_yaml_free(yaml);
	lu_free(folder);
	return status;
}

void lu_job_free(struct lu_job *job)
{
	if (job == NULL)
		return;
	for (size_t i = 0; i < job->date_count; i++) {
		struct lu_job_date *date = &job->dates[i];
		lu_free(date->label);
		lu_texts_free(date->imagery, date->imagery_count);
		lu_free(date->bands);
		lu_free(date->nodata);
	}
	lu_free(job->dates);
	lu_change_keys_release(&job->change);
	lu_zone_keys_release(&job->zones);
	char *const texts[] = {job->path,   job->boundary, job->layer,  job->where,  job->county_name, job->model,
			       job->scheme, job->crs,      job->output, job->engine, job->precision};
	for (size_t i = 0; i < COUNT(texts); i++)
		lu_free(texts[i]);
	lu_free(job);
}
