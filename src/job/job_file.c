/* job_file.c: a job file read by the table of keys. */
#include "job/job_file.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/yaml.h"
#include "catalog/href.h"
#include "job/job_keys.h"

/* yaml.c has read it by then, and takes none that is larger. */
enum { LARGEST_JOB = 1 << 20 };

/* What a key's value is read for. */
struct reading {
	struct lu_job *job;
	const char *folder; /* of the job file */
};

static enum lu_status read_section(const struct reading *reading, const char *section, const char *what,
				   struct lu_yaml_at at, void *in, struct lu_error *err);

/* A shell's word for the home folder, which nobody expands here. */
static enum lu_status no_tilde(const char *path, struct lu_error *err)
{
	if (strncmp(path, "~/", 2) != 0)
		return LU_OK;
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: ~ is not expanded in a job (write the whole path)", path);
}

/* Replace '*path' by the same path seen from the job file's folder; a URL is none. */
static enum lu_status resolve(const char *folder, char **path, struct lu_error *err)
{
	if (lu_href_is_url(*path))
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

static enum lu_status read_texts(const struct reading *reading, const struct lu_job_key *key, struct lu_yaml_at at,
				 char ***texts, size_t *count, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_yaml_texts(at, lu_job_key_name(key), texts, count, err));
	for (size_t i = 0; i < *count && key->type == LU_KEY_PATHS; i++)
		LU_TRY(resolve(reading->folder, &(*texts)[i], err));
out:
	return status;
}

static enum lu_status read_text(const struct reading *reading, const struct lu_job_key *key, struct lu_yaml_at at,
				char **text, struct lu_error *err)
{
	const enum lu_status status = lu_yaml_text(at, lu_job_key_name(key), text, err);

	if (status != LU_OK || key->type == LU_KEY_TEXT)
		return status;
	return key->type == LU_KEY_PATH ? resolve(reading->folder, text, err) : no_tilde(*text, err);
}

static enum lu_status read_integers(const struct lu_job_key *key, struct lu_yaml_at at, int **numbers, size_t *count,
				    struct lu_error *err)
{
	const char *name = lu_job_key_name(key);
	const size_t items = lu_yaml_count(at);

	if (items == 0)
		return lu_yaml_fail(at, err, "'%s' is an empty list (for example %s: %s)", name, name, key->example);
	enum lu_status status;

	LU_TRY(lu_alloc(numbers, items, sizeof(**numbers), name, err));
	for (size_t i = 0; i < items; i++)
		LU_TRY(lu_yaml_integer(lu_yaml_item(at, i), name, (int)key->low, (int)key->high, &(*numbers)[i], err));
out:
	*count = status == LU_OK ? items : 0;
	return status;
}

static enum lu_status read_pair(const char *name, struct lu_yaml_at at, double pair[2], struct lu_error *err)
{
	if (lu_yaml_count(at) != 2)
		return lu_yaml_fail(at, err, "'%s' should be a list of two numbers", name);
	enum lu_status status;

	LU_TRY(lu_yaml_number(lu_yaml_item(at, 0), name, -1e12, 1e12, &pair[0], err));
	LU_TRY(lu_yaml_number(lu_yaml_item(at, 1), name, -1e12, 1e12, &pair[1], err));
out:
	return status;
}

static enum lu_status read_choice(const struct lu_job_key *key, struct lu_yaml_at at, void *number,
				  struct lu_error *err)
{
	int choice = 0;
	size_t count = 0;

	while (key->words[count] != NULL)
		count++;
	const enum lu_status status = lu_yaml_choice(at, lu_job_key_name(key), key->words, count, &choice, err);
	if (status == LU_OK)
		memcpy(number, &choice, sizeof(choice));
	return status;
}

static enum lu_status read_date(const struct reading *reading, const struct lu_job_key *key, struct lu_yaml_at at,
				size_t *date, struct lu_error *err)
{
	const struct lu_job *job = reading->job;
	const char **labels;
	int choice = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&labels, job->date_count, sizeof(*labels), "dates", err));
	for (size_t i = 0; i < job->date_count; i++)
		labels[i] = job->dates[i].label;
	LU_TRY(lu_yaml_choice(at, lu_job_key_name(key), labels, job->date_count, &choice, err));
out:
	*date = (size_t)choice;
	lu_free(labels);
	return status;
}

static enum lu_status read_list(const struct reading *reading, const struct lu_job_key *key, struct lu_yaml_at at,
				void *items, size_t *count, struct lu_error *err)
{
	const size_t wanted = lu_yaml_count(at);
	char section[LU_JOB_SECTION], *structs = NULL;
	enum lu_status status = lu_alloc(&structs, wanted, key->item_size, lu_job_key_name(key), err);

	memcpy(items, &structs, sizeof(structs));
	while (status == LU_OK && *count < wanted) {
		const size_t i = (*count)++; /* counted first: what was read of it is released with the others */
		status = read_section(reading, lu_job_key_section(key, section), key->item, lu_yaml_item(at, i),
				      structs + i * key->item_size, err);
	}
	return status;
}

static enum lu_status read_mapping(const struct reading *reading, const struct lu_job_key *key, struct lu_yaml_at at,
				   void *in, struct lu_error *err)
{
	const char *name = lu_job_key_name(key), *word = at.node != 0 ? lu_yaml_word(at) : NULL;
	char section[LU_JOB_SECTION], what[LU_JOB_SECTION];

	if (word != NULL && key->short_form != NULL)
		return key->short_form(word, in)
			       ? LU_OK
			       : lu_yaml_fail(at, err, "'%s' is '%s', it should be %s", name, word, key->form);
	snprintf(what, sizeof(what), "'%s'", name);
	return read_section(reading, lu_job_key_section(key, section), what, at, in, err);
}

/* A value that is stated, of any type but a mapping. */
static enum lu_status read_value(const struct reading *reading, const struct lu_job_key *key, struct lu_yaml_at at,
				 void *in, struct lu_error *err)
{
	const char *name = lu_job_key_name(key);
	const bool any = key->low == 0 && key->high == 0;
	void *value = (char *)in + key->at;
	size_t *count = (size_t *)(void *)((char *)in + key->count_at);

	switch (key->type) {
	case LU_KEY_MAPPING:
		break;
	case LU_KEY_LIST:
		return read_list(reading, key, at, value, count, err);
	case LU_KEY_TEXT:
	case LU_KEY_NAME:
	case LU_KEY_PATH:
		return read_text(reading, key, at, value, err);
	case LU_KEY_TEXTS:
	case LU_KEY_PATHS:
		return read_texts(reading, key, at, value, count, err);
	case LU_KEY_NUMBER:
		return lu_yaml_number(at, name, any ? -1e308 : key->low, any ? 1e308 : key->high, value, err);
	case LU_KEY_PAIR:
		return read_pair(name, at, value, err);
	case LU_KEY_INTEGER:
		return lu_yaml_integer(at, name, (int)key->low, (int)key->high, value, err);
	case LU_KEY_INTEGERS:
		return read_integers(key, at, value, count, err);
	case LU_KEY_BOOLEAN:
		return lu_yaml_boolean(at, name, value, err);
	case LU_KEY_CHOICE:
		return read_choice(key, at, value, err);
	case LU_KEY_DATE:
		return read_date(reading, key, at, value, err);
	}
	return LU_OK;
}

/* One key, stated or not, of a section that is stated or not. */
static enum lu_status read_key(const struct reading *reading, const struct lu_job_key *key, struct lu_key_place place,
			       void *in, struct lu_error *err)
{
	const bool stated = place.value.node != 0;
	enum lu_status status = LU_OK;

	lu_job_key_default(key, in);
	if (key->type == LU_KEY_MAPPING ? stated || !key->off : key->or_mapping && lu_yaml_is_mapping(place.value))
		status = read_mapping(reading, key, place.value, in, err);
	else if (stated)
		status = read_value(reading, key, place.value, in, err);
	if (key->has_at > 0)
		*(bool *)((char *)in + key->has_at) = stated;
	if (status == LU_OK && key->check != NULL && place.section.node != 0)
		status = key->check(place, in, err);
	return status;
}

/* A key by the name that it had before. */
static enum lu_status check_names(const struct lu_job_key *const *keys, size_t count, struct lu_yaml_at at,
				  struct lu_error *err)
{
	for (size_t k = 0; k < count; k++) {
		const struct lu_yaml_at found =
			keys[k]->formerly != NULL ? lu_yaml_find(at, keys[k]->formerly) : (struct lu_yaml_at){0};
		if (found.node != 0)
			return lu_yaml_fail(found, err, "'%s' is called '%s' now (rename it)", keys[k]->formerly,
					    lu_job_key_name(keys[k]));
	}
	return LU_OK;
}

/* The keys of a section into the struct 'in'; 'at' with node 0: it is left out, and what then holds is set. */
static enum lu_status read_section(const struct reading *reading, const char *section, const char *what,
				   struct lu_yaml_at at, void *in, struct lu_error *err)
{
	const struct lu_job_key *keys[LU_JOB_SECTION_KEYS];
	const size_t count = lu_job_section_keys(section, keys);
	struct lu_yaml_key known[LU_JOB_SECTION_KEYS];
	struct lu_yaml_at values[LU_JOB_SECTION_KEYS] = {0};
	enum lu_status status = LU_OK;

	for (size_t k = 0; k < count; k++)
		known[k] = (struct lu_yaml_key){lu_job_key_name(keys[k]), keys[k]->required};
	if (at.node != 0)
		LU_TRY(check_names(keys, count, at, err));
	if (at.node != 0)
		LU_TRY(lu_yaml_map(at, what, known, count, values, err));
	for (size_t k = 0; k < count; k++)
		LU_TRY(read_key(reading, keys[k], (struct lu_key_place){reading->job, at, values[k]}, in, err));
out:
	return status;
}

/* A job by what the file says below 'at'; node 0: by nothing. */
static enum lu_status job_of(const char *path, const char *folder, struct lu_yaml_at at, struct lu_job **out,
			     struct lu_error *err)
{
	struct lu_job *job = NULL;
	enum lu_status status = lu_alloc(&job, 1, sizeof(*job), "a job", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	job->path = lu_strdup(path);
	if (job->path == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		goto out;
	}
	LU_TRY(read_section(&(struct reading){job, folder}, "", "the job", at, job, err));
out:
	if (status == LU_OK)
		*out = job;
	else
		lu_job_free(job);
	return status;
}

enum lu_status lu_job_new(const char *path, struct lu_job **out, struct lu_error *err)
{
	return job_of(path, "", (struct lu_yaml_at){0}, out, err);
}

enum lu_status lu_job_read(const char *path, struct lu_job **out, struct lu_error *err)
{
	struct lu_yaml *yaml = NULL;
	char *folder = lu_path_folder(path), *text = NULL;
	enum lu_status status = LU_OK;
	size_t size;

	*out = NULL;
	if (folder == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	LU_TRY(lu_yaml_load(path, &yaml, err));
	LU_TRY(lu_file_read(path, LARGEST_JOB, &text, &size, err));
	LU_TRY(job_of(path, folder, lu_yaml_root(yaml), out, err));
	(*out)->text = text;
	text = NULL; /* now the job's */
out:
	lu_free(text);
	lu_yaml_free(yaml);
	lu_free(folder);
	return status;
}

void lu_job_free(struct lu_job *job)
{
	if (job == NULL)
		return;
	lu_job_keys_release(job);
	lu_free(job->path);
	lu_free(job->text);
	lu_free(job);
}
