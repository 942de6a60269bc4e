/* evidence.c: samples and a reference map, looked at before a run. See evidence.h. */
#include "job/evidence.h"

#include <string.h>

#include "accuracy/sample_fit.h"
#include "base/memory.h"
#include "models/legend.h"
#include "models/locate.h"
#include "raster/map_classes.h"
#include "raster/reads.h"

/* What the reference's scheme is called where it has none. */
#define NO_SCHEME "none"

const char *lu_evidence_scheme(const struct lu_county *county)
{
	const char *stated = county->job->reference.scheme;

	return stated != NULL && strcmp(stated, NO_SCHEME) == 0 ? NULL : county->scheme->path;
}

static bool is_compared(const struct lu_job *job, const struct lu_sample_fit *fit)
{
	for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, job->date_count, job->pairs);)
		if (pair.earlier == fit->earlier && pair.later == fit->later)
			return true;
	return false;
}

/* The outputs have one place for the assessment of a map, and of a pair. */
static enum lu_status check_place(const struct lu_county *county, size_t i, struct lu_error *err)
{
	const struct lu_job *job = county->job;
	const struct lu_sample_fit *fit = &county->samples[i];

	if (fit->change && !is_compared(job, fit))
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "%s: a sample of the change from %s to %s, which the job does not compare (pairs: all)",
			       job->accuracy[i], county->labels[fit->earlier], county->labels[fit->later]);
	for (size_t k = 0; k < i; k++)
		if (county->samples[k].change == fit->change && county->samples[k].earlier == fit->earlier &&
		    county->samples[k].later == fit->later)
			return lu_fail(err, LU_ERROR_ARGUMENT, "%s: a sample of the same map as %s (name one of them)",
				       job->accuracy[i], job->accuracy[k]);
	return LU_OK;
}

static enum lu_status check_samples(struct lu_county *county, struct lu_error *err)
{
	const struct lu_job *job = county->job;
	struct lu_legend legend = {0};
	const struct lu_sample_maps maps = {.labels = county->labels,
					    .dates = job->date_count,
					    .scheme = county->scheme->name,
					    .legend = &legend,
					    .county_ha = job->boundary != NULL ? county->ground.county_m2 / 1e4 : 0};
	enum lu_status status;

	LU_TRY(lu_alloc(&county->samples, job->accuracy_count, sizeof(*county->samples), "samples", err));
	LU_TRY(lu_legend_of_scheme(county->scheme, &legend, err));
	if (job->min_confidence > 0)
		LU_TRY(lu_legend_add_uncertain(&legend, err));
	for (size_t i = 0; i < job->accuracy_count; i++) {
		LU_TRY(lu_sample_fit(job->accuracy[i], &maps, &county->samples[i], err));
		LU_TRY(check_place(county, i, err));
	}
out:
	lu_legend_release(&legend);
	return status;
}

/* The maps' scheme, or none: there is no third. */
static enum lu_status check_scheme(const struct lu_county *county, struct lu_error *err)
{
	const struct lu_reference_keys *keys = &county->job->reference;
	const char *merging = lu_evidence_scheme(county);
	bool any = keys->codes != NULL;

	if (keys->scheme != NULL && merging != NULL && strcmp(keys->scheme, county->scheme->name) != 0)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "%s: 'reference.scheme' is %s, and the maps are in %s (leave it out; or none: the "
			       "reference has the "
			       "maps' own codes)",
			       county->job->path, keys->scheme, county->scheme->name);
	if (keys->codes != NULL && merging == NULL)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"%s: 'reference.codes' goes with the scheme that merges them, and 'reference.scheme' is none "
			"(leave one out)",
			county->job->path);
	for (size_t i = 0; i < county->scheme->class_count; i++)
		any = any || county->scheme->members[i].nlcd_count > 0;
	if (!any && merging != NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "%s: scheme %s names no NLCD codes, by which the reference could be merged (reference: "
			       "{scheme: "
			       "none} if %s has the maps' own codes)",
			       county->job->path, county->scheme->name, keys->path);
	return LU_OK;
}

static enum lu_status check_reference(struct lu_county *county, const char *folder, const struct lu_hooks *hooks,
				      struct lu_error *err)
{
	const struct lu_reference_keys *keys = &county->job->reference;
	struct lu_map *map = NULL;
	enum lu_status status;

	if (keys->path == NULL)
		return LU_OK;
	LU_TRY(lu_map_open_classes(keys->path, hooks, &map, err));
	LU_TRY(check_scheme(county, err));
	if (keys->codes != NULL)
		LU_TRY(lu_locate_codes(keys->codes, folder, &county->reference_codes, err));
out:
	lu_map_close(map);
	return status;
}

enum lu_status lu_evidence_check(struct lu_county *county, const char *folder, const struct lu_hooks *hooks,
				 struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (county->job->accuracy_count > 0)
		LU_TRY(check_samples(county, err));
	LU_TRY(check_reference(county, folder, hooks, err));
out:
	return status;
}

enum lu_status lu_evidence_inputs(struct lu_county *county, struct lu_error *err)
{
	const struct lu_job *job = county->job;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < job->accuracy_count; i++)
		LU_TRY(lu_reads_add(&county->inputs, job->accuracy[i], err));
	LU_TRY(lu_reads_add(&county->inputs, job->reference.path, err));
out:
	return status;
}

void lu_evidence_hash(const struct lu_county *county, struct lu_sha256 *hash)
{
	struct lu_inputs files = {0};
	char state[LU_INPUT_STATE];

	for (size_t i = 0; i < county->job->accuracy_count; i++)
		lu_sha256_add(hash, county->samples[i].sha256, LU_SHA256_HEX);
	/* What cannot be listed was told when it was opened. */
	lu_reads_add(&files, county->job->reference.path, NULL);
	for (size_t i = 0; i < files.count; i++) {
		lu_input_state(&files.files[i], state);
		lu_sha256_add(hash, state, strlen(state) + 1);
	}
	lu_inputs_release(&files);
}
