/* changes.c: the basis of a run as JSON, and two of them compared member by member. */
#include "job/output_names.h"
#include "runs/changes.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "job/evidence.h"
#include "job/job_keys.h"
#include "maps/store.h"
#include "maps/zones.h"

/* Where cells lie, and how much of each is the county's. */
static void hash_ground(const struct lu_county *county, struct lu_sha256 *hash)
{
	const struct lu_frame *cells = &county->grid.cells;

	lu_sha256_add(hash, cells->transform, sizeof(cells->transform));
	lu_sha256_add(hash, &cells->width, sizeof(cells->width));
	lu_sha256_add(hash, &cells->height, sizeof(cells->height));
	lu_sha256_add(hash, cells->crs_wkt, strlen(cells->crs_wkt));
	for (size_t r = 0; r < county->ground.county.count; r++)
		lu_sha256_add(hash, county->ground.county.rings[r].points,
			      county->ground.county.rings[r].count * sizeof(struct lu_point));
}

static json_t *print_of(const struct lu_county *county, void (*add)(const struct lu_county *, struct lu_sha256 *))
{
	char hex[LU_SHA256_HEX];
	struct lu_sha256 *hash = NULL;

	if (lu_sha256_new(&hash, NULL) != LU_OK)
		return NULL;
	add(county, hash);
	lu_sha256_hex(hash, hex);
	lu_sha256_free(hash);
	return json_string(hex);
}

static void hash_zones(const struct lu_county *county, struct lu_sha256 *hash)
{
	if (county->zones != NULL)
		lu_zones_hash(county->zones, hash);
}

static void hash_evidence(const struct lu_county *county, struct lu_sha256 *hash)
{
	lu_evidence_hash(county, hash);
}

/* {"change.rate": "0.01"}, what is not the usual value. NULL: no memory. */
static json_t *settings_of(const struct lu_job *job)
{
	json_t *settings = json_object();
	struct lu_text_stream stream;
	char *text = NULL, *rest = NULL;
	bool whole = settings != NULL && lu_text_begin(&stream, "settings", NULL) == LU_OK;

	if (whole) {
		lu_job_settings_print(stream.to, job, "");
		whole = lu_text_finish(&stream, &text, NULL) == LU_OK;
	}
	for (char *line = whole ? strtok_r(text, "\n", &rest) : NULL; line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *colon = strstr(line, ": ");
		if (colon == NULL)
			continue;
		*colon = '\0';
		whole &= json_object_set_new(settings, line + strspn(line, " "), json_string(colon + 2)) == 0;
	}
	lu_free(text);
	if (whole)
		return settings;
	json_decref(settings);
	return NULL;
}

static json_t *dates_of(const struct lu_county *county)
{
	json_t *dates = json_object();
	char imagery[LU_SHA256_HEX];
	bool whole = dates != NULL;

	for (size_t i = 0; i < county->job->date_count && whole; i++)
		whole = lu_imagery_fingerprint(county->imagery[i], imagery, NULL) == LU_OK &&
			json_object_set_new(dates, county->labels[i], json_string(imagery)) == 0;
	if (whole)
		return dates;
	json_decref(dates);
	return NULL;
}

struct json_t *lu_changes_basis(const struct lu_county *county)
{
	char arithmetic[LU_ARITHMETIC];

	lu_plan_arithmetic(county->plan, arithmetic);
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o}", "version", lu_version(), "model",
			 county->model->sha256, "scheme", county->scheme->sha256, "arithmetic", arithmetic, "ground",
			 print_of(county, hash_ground), "zones", print_of(county, hash_zones), "evidence",
			 print_of(county, hash_evidence), "county", county->name, "settings", settings_of(county->job),
			 "dates", dates_of(county));
}

/* Members of which only that they differ can be told, and how it is said. */
static const struct {
	const char *member, *words;
	bool shown; /* the values, too */
} members[] = {{"version", "landuse", true},
	       {"model", "the model differs", false},
	       {"scheme", "the class scheme differs", false},
	       {"arithmetic", "engine and precision", true},
	       {"ground", "the grid or the boundary differs", false},
	       {"zones", "the zones differ", false},
	       {"evidence", "the labelled samples or the reference map differ", false},
	       {"county", "the county's name", true}};

static void tell_members(FILE *to, const json_t *then, const json_t *now)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const char *was = json_string_value(json_object_get(then, members[i].member));
		const char *is = json_string_value(json_object_get(now, members[i].member));
		if (was == NULL || is == NULL || strcmp(was, is) == 0)
			continue;
		if (members[i].shown)
			fprintf(to, "%s: %s, it was %s\n", members[i].words, is, was);
		else
			fprintf(to, "%s\n", members[i].words);
	}
}

/* What has to be made again for another value of this key. */
static unsigned made_by(const char *path)
{
	size_t count;
	const struct lu_job_key *keys = lu_job_keys(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(keys[i].path, path) == 0)
			return keys[i].makes;
	return LU_MAKES_OUTPUTS;
}

static void tell_settings(FILE *to, const json_t *then, const json_t *now)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)now, key, value)
	{
		const char *was = json_string_value(json_object_get(then, key));
		if (made_by(key) != LU_MAKES_NOTHING && (was == NULL || strcmp(was, json_string_value(value)) != 0))
			fprintf(to, "%s: %s, it was %s\n", key, json_string_value(value),
				was != NULL ? was : "the usual");
	}
	json_object_foreach((json_t *)(uintptr_t)then, key, value)
	{
		if (made_by(key) != LU_MAKES_NOTHING && json_object_get(now, key) == NULL &&
		    json_string_value(value) != NULL)
			fprintf(to, "%s: the usual, it was %s\n", key, json_string_value(value));
	}
}

bool lu_changes_kept(const struct lu_county *county, size_t i)
{
	const struct lu_frame *cells = &county->grid.cells;
	char *work = lu_path_join(county->job->output, LU_WORK_FOLDER);
	const bool scored = work != NULL && lu_store_complete(work, county->labels[i], county->fingerprints[i],
							      cells->height, cells->width, county->scheme->class_count);

	lu_free(work);
	return scored;
}

static void tell_dates(FILE *to, const struct lu_county *county, const json_t *then, const json_t *now,
		       const bool *exchanged)
{
	const char *label, *before = "";
	json_t *value;
	bool any = false;

	for (size_t i = 0; i < county->job->date_count; i++) {
		const char *is = json_string_value(json_object_get(now, county->labels[i]));
		const char *was = json_string_value(json_object_get(then, county->labels[i]));
		if (then != NULL && was == NULL)
			fprintf(to, "%s: a new date\n", county->labels[i]);
		else if ((was != NULL && is != NULL && strcmp(was, is) != 0) || (exchanged != NULL && exchanged[i]))
			fprintf(to, "%s: its imagery is new\n", county->labels[i]);
		else if (then != NULL && !lu_changes_kept(county, i))
			fprintf(to, "%s: is classified again\n", county->labels[i]);
	}
	json_object_foreach((json_t *)(uintptr_t)then, label, value)
	{
		if (json_object_get(now, label) == NULL)
			fprintf(to, "%s: was taken out\n", label);
	}
	for (size_t i = 0; i < county->job->date_count; i++) {
		if ((exchanged != NULL && exchanged[i]) || !lu_changes_kept(county, i))
			continue;
		fprintf(to, "%s%s", before, county->labels[i]);
		before = ", ";
		any = true;
	}
	fputs(any ? ": kept\n" : "", to);
}

/* The first key with another value that touches what is judged, or NULL. */
static const char *key_of_change(const json_t *then, const json_t *now)
{
	const json_t *sides[2] = {now, then};
	const char *key;
	json_t *value;

	for (int i = 0; i < 2; i++)
		json_object_foreach((json_t *)(uintptr_t)sides[i], key, value)
		{
			if ((made_by(key) & (LU_MAKES_MAPS | LU_MAKES_CHANGE)) != 0 &&
			    !json_equal(value, json_object_get(sides[1 - i], key)))
				return key;
		}
	return NULL;
}

/* Why a pair is made again, in words. */
enum { WHY = 160 };
static void explain(const char *path, enum lu_redo_state state, const json_t *then, const json_t *now, char why[WHY])
{
	const char *key = key_of_change(json_object_get(then, "settings"), json_object_get(now, "settings"));
	const char *name = strrchr(path, '/') + 1;

	if (state == LU_REDO_GONE || state == LU_REDO_CHANGED)
		snprintf(why, WHY, "%.100s is not %s", name,
			 state == LU_REDO_GONE ? "there any more" : "as it was written");
	else if (key != NULL)
		snprintf(why, WHY, "%.100s differs", key);
	else if (state == LU_REDO_OTHER && lu_output_made_of(path) == LU_MADE_OF_MAPS)
		snprintf(why, WHY, "its maps are new");
	else if (!json_equal(json_object_get(then, "dates"), json_object_get(now, "dates")))
		snprintf(why, WHY, "judged again, with the dates that there are now");
	else
		snprintf(why, WHY, "made again");
}

/* "" where the former run had no such pair. */
static void look_at_pair(const struct lu_county *county, const struct lu_manifest *former, struct lu_redo *redo,
			 struct lu_date_pair pair, const json_t *then, const json_t *now, char why[WHY])
{
	char *folder = lu_sprintf("%s_%s/", county->labels[pair.earlier], county->labels[pair.later]);

	why[0] = '\0';
	for (size_t i = 0; i < lu_manifest_count(former, "outputs") && folder != NULL; i++) {
		const char *path = lu_manifest_file(former, "outputs", i).path;
		if (path == NULL || strncmp(path, folder, strlen(folder)) != 0 ||
		    lu_output_made_of(path) == LU_MADE_ALWAYS)
			continue;
		const enum lu_redo_state state = lu_redo_look(redo, path);
		if (state != LU_REDO_KEPT) {
			explain(path, state, then, now, why);
			break;
		}
		snprintf(why, WHY, "kept");
	}
	lu_free(folder);
}

/* A line for all pairs of one reason. */
static enum lu_status tell_pairs(FILE *to, const struct lu_county *county, const struct lu_manifest *former,
				 struct lu_redo *redo, const json_t *then, const json_t *now, struct lu_error *err)
{
	const size_t dates = county->job->date_count;
	char(*why)[WHY] = NULL;
	struct lu_date_pair *pairs = NULL;
	size_t count = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&why, dates * dates, sizeof(*why), "pairs of dates", err));
	LU_TRY(lu_alloc(&pairs, dates * dates, sizeof(*pairs), "pairs of dates", err));
	for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, dates, county->job->pairs); count++) {
		pairs[count] = pair;
		look_at_pair(county, former, redo, pair, then, now, why[count]);
	}
	for (size_t i = 0; i < count; i++) {
		const char *before = "change ";
		for (size_t k = i; k < count && why[i][0] != '\0'; k++) {
			if (k > i && strcmp(why[k], why[i]) != 0)
				continue;
			fprintf(to, "%s%s-%s", before, county->labels[pairs[k].earlier],
				county->labels[pairs[k].later]);
			before = ", ";
			if (k > i)
				why[k][0] = '\0';
		}
		if (why[i][0] != '\0')
			fprintf(to, ": %s\n", why[i]);
	}
out:
	lu_free(why);
	lu_free(pairs);
	return status;
}

enum lu_status lu_changes_tell(const struct lu_county *county, const struct lu_manifest *former, const bool *exchanged,
			       struct lu_redo *redo, char **text, struct lu_error *err)
{
	const json_t *then = lu_manifest_member(former, "basis");
	json_t *now = lu_changes_basis(county);
	struct lu_text_stream stream;
	enum lu_status status;

	*text = NULL;
	LU_TRY(now != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: what a run rests on"));
	LU_TRY(lu_text_begin(&stream, "the reasons", err));
	if (then != NULL) {
		tell_members(stream.to, then, now);
		tell_settings(stream.to, json_object_get(then, "settings"), json_object_get(now, "settings"));
	}
	tell_dates(stream.to, county, json_object_get(then, "dates"), json_object_get(now, "dates"), exchanged);
	const enum lu_status told = redo != NULL ? tell_pairs(stream.to, county, former, redo, then, now, err) : LU_OK;
	status = lu_text_finish(&stream, text, told == LU_OK ? err : NULL);
	status = told == LU_OK ? status : told;
out:
	json_decref(now);
	return status;
}

enum lu_status lu_changes_exchanged(const struct lu_county *county, struct lu_manifest *former,
				    const struct lu_file_sum *sums, bool *exchanged, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < county->job->date_count && status == LU_OK; i++) {
		struct lu_inputs own = {0};
		status = lu_imagery_inputs(county->imagery[i], &own, err);
		for (size_t k = 0; k < own.count && status == LU_OK; k++) {
			const struct lu_manifest_file then = lu_manifest_input(former, own.files[k].path);
			for (size_t n = 0; n < county->inputs.count && then.sha256 != NULL; n++)
				if (strcmp(county->inputs.files[n].path, own.files[k].path) == 0) {
					exchanged[i] |= strcmp(sums[n].hex, then.sha256) != 0;
					break;
				}
		}
		lu_inputs_release(&own);
	}
	return status;
}
