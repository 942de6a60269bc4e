/* evidence.c: a run's maps read at the places of labelled samples, and one laid on a reference map. See evidence.h. */
#include "commands/evidence.h"

#include <string.h>

#include "accuracy/assess.h"
#include "accuracy/sample_fit.h"
#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "commands/compare.h"
#include "job/evidence.h"

/* OUTPUT/FOLDER/NAME, which 'out' keeps. */
static enum lu_status path_of(struct lu_run_evidence *out, const char *output, const char *folder, const char *name,
			      const char **path, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_grow(&out->paths, out->path_count + 1, sizeof(*out->paths), "paths", err));
	*path = out->paths[out->path_count] = lu_sprintf("%s/%s/%s", output, folder, name);
	LU_TRY(*path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	out->path_count++;
out:
	return status;
}

/* Is the sample of the file(s), to the byte? */
static enum lu_status drawn_from(const struct lu_sample_fit *fit, const struct lu_classed_options *maps, bool *same,
				 struct lu_error *err)
{
	struct lu_classed classed = {0};
	char hash[LU_SHA256_HEX] = "";
	enum lu_status status;

	LU_TRY(lu_classed_open(maps, &classed, err));
	LU_TRY(lu_classed_hash(&classed, hash, err));
	*same = hash[0] != '\0' && strcmp(hash, fit->map_sha256) == 0;
out:
	lu_classed_release(&classed);
	return status;
}

/*
 * The maps that the sample is of, into task->maps: of change the maps of both dates, or the raster of change that it was
 * drawn from.
 */
static enum lu_status find_maps(const struct lu_county *county, const struct lu_sample_fit *fit,
				struct lu_run_evidence *out, const char *paths[2], struct lu_assess_task *task,
				bool *same, struct lu_error *err)
{
	const char *earlier = county->labels[fit->earlier], *later = county->labels[fit->later];
	struct lu_classed_options codes = {.count = 1, .hooks = task->hooks};
	const char *change;
	char *pair = NULL;
	enum lu_status status;

	task->maps = (struct lu_classed_options){.paths = paths, .count = fit->change ? 2 : 1, .hooks = task->hooks};
	LU_TRY(path_of(out, county->job->output, earlier, "landuse.tif", &paths[0], err));
	LU_TRY(path_of(out, county->job->output, later, "landuse.tif", &paths[1], err));
	LU_TRY(drawn_from(fit, &task->maps, same, err));
	if (!fit->change || *same)
		goto out;
	pair = lu_sprintf("%s_%s", earlier, later);
	LU_TRY(pair != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(path_of(out, county->job->output, pair, "change.tif", &change, err));
	codes.paths = &change;
	LU_TRY(drawn_from(fit, &codes, same, err));
	if (*same) {
		paths[0] = change;
		task->maps.count = 1;
	}
out:
	lu_free(pair);
	return status;
}

static enum lu_status assess(const struct lu_county *county, size_t i, const struct lu_hooks *hooks,
			     struct lu_run_evidence *out, struct lu_error *err)
{
	const struct lu_job *job = county->job;
	const struct lu_sample_fit *fit = &county->samples[i];
	struct lu_assessed_map *map = &out->maps[i];
	struct lu_assess_task task = {.sample = {.path = job->accuracy[i], .hooks = hooks}, .hooks = hooks};
	const char *paths[2];
	bool same = false;
	enum lu_status status;

	map->date = county->labels[fit->earlier];
	map->later = fit->change ? county->labels[fit->later] : NULL;
	map->assessment.intervals = (struct lu_interval_rule){.percent = 95};
	LU_TRY(find_maps(county, fit, out, paths, &task, &same, err));
	const struct lu_county_source whole = {
		.boundary = job->boundary, .layer = job->layer, .where = job->where, .hooks = hooks};
	/* The design knows the areas of the map that it was drawn from; of another one they are the county's. */
	if (!same)
		task.county = whole;
	if (!fit->change) {
		task.zones = (struct lu_zones_options){.path = job->zones.path,
						       .layer = job->zones.layer,
						       .where = job->zones.where,
						       .name = job->zones.name};
		task.zones_in = whole;
		task.zones_if_possible = true;
	}
	LU_TRY(lu_assess_map(&task, &map->assessment, err));
	/* The figures are the same wherever the folder lies. */
	map->assessment.map = fit->change && task.maps.count == 1 ? "change.tif" : "landuse.tif";
	map->assessment.sample = lu_path_name(job->accuracy[i]);
	if (map->assessment.unlabelled > 0)
		lu_log(hooks, LU_LEVEL_WARNING,
		       "%s: %llu of %llu cells are not labelled and left out: if they are the hard ones, the figures "
		       "flatter "
		       "the map",
		       job->accuracy[i], (unsigned long long)map->assessment.unlabelled,
		       (unsigned long long)map->assessment.rows);
out:
	return status;
}

static enum lu_status compare(const struct lu_county *county, const struct lu_hooks *hooks, struct lu_run_evidence *out,
			      struct lu_error *err)
{
	const struct lu_job *job = county->job;
	const char *date = county->labels[job->reference.date];
	struct lu_compare_options options;
	enum lu_status status;

	lu_compare_options_init(&options);
	options.reference = job->reference.path;
	options.scheme = lu_evidence_scheme(county);
	options.codes = county->reference_codes;
	options.boundary = job->boundary;
	options.layer = job->layer;
	options.where = job->where;
	options.hooks = hooks;
	LU_TRY(path_of(out, job->output, date, "landuse.tif", &options.map, err));
	status = lu_compare_maps(&options, &out->comparison, err);
	if (status == LU_ERROR_MISMATCH)
		status = lu_fail(err, status,
				 "%s: has no class in common with the map of %s, or another place (reference: 'scheme' "
				 "none if it has "
				 "the maps' own codes, 'codes' if they are others than NLCD's)",
				 options.reference, date);
	LU_TRY(status);
	out->comparison.date = date;
	out->comparison.map = "landuse.tif";
	out->comparison.reference = lu_path_name(job->reference.path);
	out->told.reference = &out->comparison;
out:
	return status;
}

enum lu_status lu_run_evidence_find(const struct lu_county *county, const struct lu_hooks *hooks,
				    struct lu_run_evidence *out, struct lu_error *err)
{
	const size_t count = county->job->accuracy_count;
	enum lu_status status;

	LU_TRY(lu_alloc(&out->maps, count, sizeof(*out->maps), "samples", err));
	out->told.maps = out->maps;
	out->told.map_count = out->count = count;
	for (size_t i = 0; i < count; i++)
		LU_TRY(assess(county, i, hooks, out, err));
	if (county->job->reference.path != NULL)
		LU_TRY(compare(county, hooks, out, err));
out:
	return status;
}

void lu_run_evidence_release(struct lu_run_evidence *evidence)
{
	for (size_t i = 0; i < evidence->count; i++)
		lu_assessment_release(&evidence->maps[i].assessment);
	for (size_t i = 0; i < evidence->path_count; i++)
		lu_free(evidence->paths[i]);
	lu_comparison_release(&evidence->comparison);
	lu_free(evidence->maps);
	lu_free(evidence->paths);
	memset(evidence, 0, sizeof(*evidence));
}
