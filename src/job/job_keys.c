/* job_keys.c: walks over the table of keys: what belongs to a section, and a job's values as bytes and as text. */
#include "job/job_keys.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "job/job_file.h"

const char *lu_job_key_name(const struct lu_job_key *key)
{
	const char *dot = strrchr(key->path, '.');

	return dot != NULL ? dot + 1 : key->path;
}

const char *lu_job_key_section(const struct lu_job_key *key, char buffer[LU_JOB_SECTION])
{
	snprintf(buffer, LU_JOB_SECTION, "%s%s", key->path, key->type == LU_KEY_LIST ? "[]" : "");
	return buffer;
}

size_t lu_job_section_keys(const char *section, const struct lu_job_key *keys[LU_JOB_SECTION_KEYS])
{
	const size_t length = strlen(section);
	size_t rows, count = 0;
	const struct lu_job_key *table = lu_job_keys(&rows);

	for (size_t i = 0; i < rows; i++) {
		const size_t front = (size_t)(lu_job_key_name(&table[i]) - table[i].path);
		if (front != length + (length > 0) || strncmp(table[i].path, section, length) != 0)
			continue;
		assert(count < LU_JOB_SECTION_KEYS);
		keys[count++] = &table[i];
	}
	return count;
}

/* What a key's row says of the struct 'in'. */
static void *value_of(const struct lu_job_key *key, const void *in)
{
	return (char *)(uintptr_t)in + key->at;
}

static size_t count_of(const struct lu_job_key *key, const void *in)
{
	return *(const size_t *)(const void *)((const char *)in + key->count_at);
}

static bool has(const struct lu_job_key *key, const void *in)
{
	return *(const bool *)(const void *)((const char *)in + key->has_at);
}

/* The pointer, of whatever type, that is a key's value. */
static void *pointer_of(const struct lu_job_key *key, const void *in)
{
	void *pointer;

	memcpy(&pointer, value_of(key, in), sizeof(pointer));
	return pointer;
}

/* Item 'i' of a list of structs. */
static void *item_of(const struct lu_job_key *key, const void *in, size_t i)
{
	return (char *)pointer_of(key, in) + i * key->item_size;
}

void lu_job_key_default(const struct lu_job_key *key, void *in)
{
	const int number = (int)key->number;

	if (key->type == LU_KEY_NUMBER)
		memcpy(value_of(key, in), &key->number, sizeof(key->number));
	if (key->type == LU_KEY_INTEGER || key->type == LU_KEY_CHOICE)
		memcpy(value_of(key, in), &number, sizeof(number));
	if (key->type == LU_KEY_BOOLEAN)
		*(bool *)value_of(key, in) = number != 0;
}

static void add_text(struct lu_sha256 *hash, const char *text)
{
	lu_sha256_add(hash, text != NULL ? "+" : "-", 1);
	if (text != NULL)
		lu_sha256_add(hash, text, strlen(text) + 1);
}

/* The value's bytes, behind the key's path. */
static void add_value(struct lu_sha256 *hash, const struct lu_job_key *key, const void *in)
{
	static const size_t sizes[] = {
		[LU_KEY_NUMBER] = sizeof(double), [LU_KEY_PAIR] = 2 * sizeof(double), [LU_KEY_INTEGER] = sizeof(int),
		[LU_KEY_BOOLEAN] = sizeof(bool),  [LU_KEY_CHOICE] = sizeof(int),      [LU_KEY_DATE] = sizeof(size_t)};
	const void *value = value_of(key, in);
	const size_t count = key->count_at > 0 ? count_of(key, in) : 0;

	lu_sha256_add(hash, key->path, strlen(key->path) + 1);
	lu_sha256_add(hash, &count, sizeof(count));
	lu_sha256_add(hash, key->has_at > 0 && has(key, in) ? "+" : "-", 1);
	switch (key->type) {
	case LU_KEY_MAPPING:
	case LU_KEY_LIST:
		break;
	case LU_KEY_TEXT:
	case LU_KEY_NAME:
	case LU_KEY_PATH:
		add_text(hash, pointer_of(key, in));
		break;
	case LU_KEY_TEXTS:
	case LU_KEY_PATHS:
		for (size_t i = 0; i < count; i++)
			add_text(hash, ((char **)pointer_of(key, in))[i]);
		break;
	case LU_KEY_INTEGERS:
		lu_sha256_add(hash, pointer_of(key, in), count * sizeof(int));
		break;
	default:
		lu_sha256_add(hash, value, sizes[key->type]);
	}
}

static void hash_section(const char *section, const void *in, unsigned makes, struct lu_sha256 *hash)
{
	const struct lu_job_key *keys[LU_JOB_SECTION_KEYS];
	const size_t count = lu_job_section_keys(section, keys);
	char below[LU_JOB_SECTION];

	for (size_t k = 0; k < count; k++) {
		const struct lu_job_key *key = keys[k];
		if (key->type != LU_KEY_MAPPING && (key->makes & makes) != 0 && !key->found)
			add_value(hash, key, in);
		if (key->type == LU_KEY_MAPPING || key->or_mapping)
			hash_section(lu_job_key_section(key, below), in, makes, hash);
		for (size_t i = 0; key->type == LU_KEY_LIST && i < count_of(key, in); i++)
			hash_section(lu_job_key_section(key, below), item_of(key, in, i), makes, hash);
	}
}

void lu_job_keys_hash(const struct lu_job *job, unsigned makes, struct lu_sha256 *hash)
{
	hash_section("", job, makes, hash);
}

/* Is the value another than what holds without one? */
static bool is_set(const struct lu_job_key *key, const void *in)
{
	const void *value = value_of(key, in);

	if (key->has_at > 0)
		return has(key, in);
	if (key->count_at > 0)
		return count_of(key, in) > 0;
	switch (key->type) {
	case LU_KEY_NUMBER:
		return *(const double *)value != key->number;
	case LU_KEY_INTEGER:
	case LU_KEY_CHOICE:
		return *(const int *)value != (int)key->number;
	case LU_KEY_BOOLEAN:
		return *(const bool *)value != (key->number != 0);
	case LU_KEY_TEXT:
	case LU_KEY_NAME:
	case LU_KEY_PATH:
		return pointer_of(key, in) != NULL;
	default:
		return false;
	}
}

static void print_value(FILE *to, const struct lu_job_key *key, const void *in);

/* "{name: new_development, to: [Developed]}" */
static void print_item(FILE *to, const struct lu_job_key *list, const void *item)
{
	const struct lu_job_key *keys[LU_JOB_SECTION_KEYS];
	char section[LU_JOB_SECTION];
	const size_t count = lu_job_section_keys(lu_job_key_section(list, section), keys);
	const char *before = "{";

	for (size_t k = 0; k < count; k++) {
		if (!keys[k]->required && !is_set(keys[k], item))
			continue;
		fprintf(to, "%s%s: ", before, lu_job_key_name(keys[k]));
		print_value(to, keys[k], item);
		before = ", ";
	}
	fputc('}', to);
}

static void print_value(FILE *to, const struct lu_job_key *key, const void *in)
{
	const void *value = value_of(key, in);
	const size_t count = key->count_at > 0 ? count_of(key, in) : 0;

	switch (key->type) {
	case LU_KEY_NUMBER:
		fprintf(to, "%g", *(const double *)value);
		break;
	case LU_KEY_INTEGER:
		fprintf(to, "%d", *(const int *)value);
		break;
	case LU_KEY_BOOLEAN:
		fputs(*(const bool *)value ? "true" : "false", to);
		break;
	case LU_KEY_CHOICE:
		fputs(key->words[*(const int *)value], to);
		break;
	case LU_KEY_TEXT:
	case LU_KEY_NAME:
		fputs(pointer_of(key, in), to);
		break;
	case LU_KEY_TEXTS:
	case LU_KEY_LIST:
		fputc('[', to);
		for (size_t i = 0; i < count; i++) {
			fputs(i > 0 ? ", " : "", to);
			if (key->type == LU_KEY_LIST)
				print_item(to, key, item_of(key, in, i));
			else
				fputs(((char **)pointer_of(key, in))[i], to);
		}
		fputc(']', to);
		break;
	default: /* paths, and what only dates have: told where they lead to */
		break;
	}
}

/* Lines for what is set in a section, '*heading' before the first of all; from then on it is "". */
static void print_section(FILE *to, const char *section, const void *in, const char **heading)
{
	const struct lu_job_key *keys[LU_JOB_SECTION_KEYS];
	const size_t count = lu_job_section_keys(section, keys);
	char below[LU_JOB_SECTION];

	for (size_t k = 0; k < count; k++) {
		if (keys[k]->type == LU_KEY_MAPPING)
			print_section(to, lu_job_key_section(keys[k], below), in, heading);
		if (keys[k]->found || keys[k]->type == LU_KEY_PATH || !is_set(keys[k], in))
			continue;
		fprintf(to, "%s  %s: ", *heading, keys[k]->path);
		*heading = "";
		print_value(to, keys[k], in);
		fputc('\n', to);
	}
}

void lu_job_settings_print(FILE *to, const struct lu_job *job, const char *heading)
{
	print_section(to, "", job, &heading);
}

static void release_section(const char *section, void *in)
{
	const struct lu_job_key *keys[LU_JOB_SECTION_KEYS];
	const size_t count = lu_job_section_keys(section, keys);
	char below[LU_JOB_SECTION];

	for (size_t k = 0; k < count; k++) {
		const struct lu_job_key *key = keys[k];
		if (key->or_mapping)
			release_section(lu_job_key_section(key, below), in);
		switch (key->type) {
		case LU_KEY_MAPPING:
			release_section(lu_job_key_section(key, below), in);
			break;
		case LU_KEY_TEXTS:
		case LU_KEY_PATHS:
			lu_texts_free(pointer_of(key, in), count_of(key, in));
			break;
		case LU_KEY_LIST:
			for (size_t i = 0; i < count_of(key, in); i++)
				release_section(lu_job_key_section(key, below), item_of(key, in, i));
			lu_free(pointer_of(key, in));
			break;
		case LU_KEY_TEXT:
		case LU_KEY_NAME:
		case LU_KEY_PATH:
		case LU_KEY_INTEGERS:
			lu_free(pointer_of(key, in));
			break;
		default:
			break;
		}
	}
}

void lu_job_keys_release(struct lu_job *job)
{
	release_section("", job);
}
