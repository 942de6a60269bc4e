/* code_table.c: reading a table of codes, and looking them up. */
#include "models/code_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/words.h"
#include "base/yaml.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Move 'codes' into entries that all count as the same. */
static enum lu_status add(struct lu_code_table *table, char **codes, size_t count, int nlcd, const char *class,
			  struct lu_error *err)
{
	const enum lu_status status =
		lu_grow(&table->entries, table->count + count, sizeof(*table->entries), "codes", err);

	for (size_t i = 0; status == LU_OK && i < count; i++) {
		char *copy = class != NULL ? lu_strdup(class) : NULL;
		table->entries[table->count++] = (struct lu_code_entry){codes[i], nlcd, copy};
		codes[i] = NULL;
		if (class != NULL && copy == NULL)
			return lu_fail(err, LU_ERROR_MEMORY, "out of memory: codes");
	}
	return status;
}

static enum lu_status read_entry(struct lu_yaml_at at, struct lu_code_table *table, struct lu_error *err)
{
	enum { NLCD, CLASS, OF, TITLE };
	static const struct lu_yaml_key keys[] = {{"nlcd", false}, {"class", false}, {"of", true}, {"title", false}};
	struct lu_yaml_at value[COUNT(keys)];
	char **codes = NULL, *class = NULL;
	size_t count = 0;
	int nlcd = 0;
	enum lu_status status;

	LU_TRY(lu_yaml_map(at, "an entry", keys, COUNT(keys), value, err));
	LU_TRY(lu_yaml_integer(value[NLCD], "nlcd", 1, 255, &nlcd, err));
	LU_TRY(lu_yaml_text(value[CLASS], "class", &class, err));
	if ((nlcd > 0) == (class != NULL)) {
		status = lu_yaml_fail(at, err, "an entry says one of 'nlcd' and 'class'");
		goto out;
	}
	LU_TRY(lu_yaml_texts(value[OF], "of", &codes, &count, err));
	LU_TRY(add(table, codes, count, nlcd, class, err));
out:
	lu_texts_free(codes, count);
	lu_free(class);
	return status;
}

/* A number is the same however it is written. */
static bool same_code(const char *a, const char *b)
{
	char *end_a, *end_b;
	const double x = strtod(a, &end_a), y = strtod(b, &end_b);

	if (end_a != a && *end_a == '\0' && end_b != b && *end_b == '\0')
		return x == y;
	return lu_same_label(a, b);
}

static const struct lu_code_entry *find(const struct lu_code_table *table, const char *code)
{
	for (size_t i = 0; i < table->count; i++)
		if (same_code(table->entries[i].code, code))
			return &table->entries[i];
	return NULL;
}

static enum lu_status read_entries(struct lu_yaml_at codes, struct lu_yaml_at unmapped, struct lu_code_table *table,
				   struct lu_error *err)
{
	char **left_out = NULL;
	size_t count = 0;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < lu_yaml_count(codes); i++)
		LU_TRY(read_entry(lu_yaml_item(codes, i), table, err));
	if (lu_yaml_count(unmapped) > 0) {
		LU_TRY(lu_yaml_texts(unmapped, "unmapped", &left_out, &count, err));
		LU_TRY(add(table, left_out, count, 0, NULL, err));
	}
	for (size_t i = 0; i < table->count; i++)
		if (find(table, table->entries[i].code) != &table->entries[i]) {
			status = lu_yaml_fail(codes, err, "code %s is named twice (keep one)", table->entries[i].code);
			goto out;
		}
out:
	lu_texts_free(left_out, count);
	return status;
}

enum lu_status lu_code_table_read(const char *path, struct lu_code_table **out, struct lu_error *err)
{
	enum { NAME, VERSION, TITLE, CODES, UNMAPPED };
	static const struct lu_yaml_key keys[] = {
		{"name", true}, {"version", true}, {"title", false}, {"codes", true}, {"unmapped", false}};
	struct lu_yaml_at value[COUNT(keys)];
	struct lu_yaml *yaml = NULL;
	struct lu_code_table *table = NULL;
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_yaml_load(path, &yaml, err));
	LU_TRY(lu_alloc(&table, 1, sizeof(*table), "a table of codes", err));
	table->path = lu_strdup(path);
	if (table->path == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
		goto out;
	}
	LU_TRY(lu_yaml_map(lu_yaml_root(yaml), "the table of codes", keys, COUNT(keys), value, err));
	LU_TRY(lu_yaml_text(value[NAME], "name", &table->name, err));
	LU_TRY(lu_yaml_integer(value[VERSION], "version", 1, 1000000, &table->version, err));
	LU_TRY(lu_yaml_text(value[TITLE], "title", &table->title, err));
	LU_TRY(read_entries(value[CODES], value[UNMAPPED], table, err));
	*out = table;
	table = NULL;
out:
	lu_code_table_free(table);
	lu_yaml_free(yaml);
	return status;
}

void lu_code_table_free(struct lu_code_table *table)
{
	if (table == NULL)
		return;
	for (size_t i = 0; i < table->count; i++) {
		lu_free(table->entries[i].code);
		lu_free(table->entries[i].class);
	}
	lu_free(table->entries);
	lu_free(table->path);
	lu_free(table->name);
	lu_free(table->title);
	lu_free(table);
}

int lu_code_table_class(const struct lu_code_table *table, const struct lu_scheme *scheme, const char *code)
{
	const struct lu_code_entry *entry = find(table, code);

	if (entry == NULL)
		return LU_SCHEME_UNKNOWN;
	if (entry->class != NULL)
		return lu_scheme_class_of_label(scheme, entry->class);
	return entry->nlcd > 0 ? lu_scheme_of_nlcd(scheme, entry->nlcd) : LU_SCHEME_LEFT_OUT;
}

int lu_scheme_class_of_label(const struct lu_scheme *scheme, const char *label)
{
	char *end;
	const double value = strtod(label, &end);
	const bool number = end != label && *end == '\0';

	for (size_t i = 0; i < scheme->class_count; i++)
		if (lu_same_label(scheme->classes[i].name, label) || (number && value == scheme->classes[i].value))
			return (int)i;
	return LU_SCHEME_UNKNOWN;
}
