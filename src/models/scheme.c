/* scheme.c: reading class schemes, and binding them to a model's classes. */
#include "models/scheme.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/yaml.h"

/* NLCD codes fit a byte. */
enum { HIGHEST_CODE = 255 };

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static enum lu_status read_color(struct lu_yaml_at at, struct lu_class *class, struct lu_error *err)
{
	char *text = NULL;
	unsigned red, green, blue;
	char rest;
	enum lu_status status;

	LU_TRY(lu_yaml_text(at, "color", &text, err));
	if (strlen(text) != 7 || sscanf(text, "#%2x%2x%2x%c", &red, &green, &blue, &rest) != 3) {
		status = lu_yaml_fail(at, err, "'color' is '%s', it should be \"#rrggbb\" in quotes", text);
		goto out;
	}
	class->red = (uint8_t)red;
	class->green = (uint8_t)green;
	class->blue = (uint8_t)blue;
out:
	lu_free(text);
	return status;
}

/* A list of NLCD codes; absent and empty are the same. */
static enum lu_status read_codes(struct lu_yaml_at at, const char *key, int **codes, size_t *count,
				 struct lu_error *err)
{
	const size_t items = lu_yaml_count(at);
	enum lu_status status = LU_OK;

	if (items == 0)
		return LU_OK;
	LU_TRY(lu_alloc(codes, items, sizeof(**codes), key, err));
	*count = items;
	for (size_t i = 0; i < items; i++)
		LU_TRY(lu_yaml_integer(lu_yaml_item(at, i), key, 1, HIGHEST_CODE, &(*codes)[i], err));
out:
	return status;
}

static enum lu_status read_class(struct lu_yaml_at at, struct lu_class *class, struct lu_scheme_members *members,
				 struct lu_error *err)
{
	enum { VALUE, NAME, COLOR, FROM, NLCD, TITLE };
	static const struct lu_yaml_key keys[] = {{"value", true}, {"name", true},  {"color", true},
						  {"from", true},  {"nlcd", false}, {"title", false}};
	struct lu_yaml_at value[COUNT(keys)];
	char *name = NULL;
	int code;
	enum lu_status status;

	LU_TRY(lu_yaml_map(at, "a class", keys, COUNT(keys), value, err));
	LU_TRY(lu_yaml_integer(value[VALUE], "value", 1, LU_SCHEME_HIGHEST_VALUE, &code, err));
	class->value = (uint16_t)code;
	LU_TRY(lu_yaml_text(value[NAME], "name", &name, err));
	class->name = name;
	LU_TRY(read_color(value[COLOR], class, err));
	/* An empty list is a class that this model cannot see. */
	if (lu_yaml_count(value[FROM]) > 0)
		LU_TRY(lu_yaml_texts(value[FROM], "from", &members->from, &members->from_count, err));
	LU_TRY(read_codes(value[NLCD], "nlcd", &members->nlcd, &members->nlcd_count, err));
out:
	return status;
}

/* The last of 'count' classes to its place among the others, which ascend. */
static void put_in_order(struct lu_scheme *scheme, size_t count)
{
	const struct lu_class class = scheme->classes[count - 1];
	const struct lu_scheme_members members = scheme->members[count - 1];
	size_t at = count - 1;

	for (; at > 0 && scheme->classes[at - 1].value > class.value; at--) {
		scheme->classes[at] = scheme->classes[at - 1];
		scheme->members[at] = scheme->members[at - 1];
	}
	scheme->classes[at] = class;
	scheme->members[at] = members;
}

static enum lu_status read_classes(struct lu_yaml_at at, struct lu_scheme *scheme, struct lu_error *err)
{
	const size_t count = lu_yaml_count(at);

	if (count == 0)
		return lu_yaml_fail(at, err, "'classes' is empty");
	enum lu_status status;

	LU_TRY(lu_alloc(&scheme->classes, count, sizeof(*scheme->classes), "classes", err));
	LU_TRY(lu_alloc(&scheme->members, count, sizeof(*scheme->members), "classes", err));
	scheme->class_count = count;
	for (size_t i = 0; i < count; i++) {
		LU_TRY(read_class(lu_yaml_item(at, i), &scheme->classes[i], &scheme->members[i], err));
		put_in_order(scheme, i + 1);
	}
	for (size_t i = 1; i < count; i++)
		if (scheme->classes[i].value == scheme->classes[i - 1].value)
			return lu_yaml_fail(at, err, "value %d stands for two classes, %s and %s",
					    scheme->classes[i].value, scheme->classes[i - 1].name,
					    scheme->classes[i].name);
out:
	return status;
}

/* A code in two lists would count for two classes. */
static enum lu_status check_codes(struct lu_yaml_at at, const struct lu_scheme *scheme, struct lu_error *err)
{
	bool seen[HIGHEST_CODE + 1] = {false};

	for (size_t i = 0; i <= scheme->class_count; i++) {
		const bool rest = i == scheme->class_count;
		const int *codes = rest ? scheme->unmapped_nlcd : scheme->members[i].nlcd;
		const size_t count = rest ? scheme->unmapped_nlcd_count : scheme->members[i].nlcd_count;
		for (size_t k = 0; k < count; k++) {
			if (seen[codes[k]])
				return lu_yaml_fail(at, err, "NLCD code %d is named twice (keep one)", codes[k]);
			seen[codes[k]] = true;
		}
	}
	return LU_OK;
}

int lu_scheme_of_nlcd(const struct lu_scheme *scheme, int code)
{
	for (size_t i = 0; i < scheme->class_count; i++)
		for (size_t k = 0; k < scheme->members[i].nlcd_count; k++)
			if (scheme->members[i].nlcd[k] == code)
				return (int)i;
	for (size_t k = 0; k < scheme->unmapped_nlcd_count; k++)
		if (scheme->unmapped_nlcd[k] == code)
			return LU_SCHEME_LEFT_OUT;
	return LU_SCHEME_UNKNOWN;
}

enum lu_status lu_scheme_read(const char *path, struct lu_scheme **out, struct lu_error *err)
{
	enum { NAME, VERSION, TITLE, CLASSES, UNMAPPED, UNMAPPED_NLCD };
	static const struct lu_yaml_key keys[] = {{"name", true},    {"version", true},   {"title", false},
						  {"classes", true}, {"unmapped", false}, {"unmapped_nlcd", false}};
	struct lu_yaml_at value[COUNT(keys)];
	struct lu_yaml *yaml = NULL;
	struct lu_scheme *scheme = NULL;
	enum lu_status status;

	*out = NULL;
	status = lu_yaml_load(path, &yaml, err);
	if (status != LU_OK)
		return status;
	LU_TRY(lu_alloc(&scheme, 1, sizeof(*scheme), "a scheme", err));
	scheme->path = lu_strdup(path);
	LU_TRY(scheme->path != NULL ? lu_sha256_file(path, scheme->sha256, err)
				    : lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path));
	LU_TRY(lu_yaml_map(lu_yaml_root(yaml), "the scheme", keys, COUNT(keys), value, err));
	LU_TRY(lu_yaml_text(value[NAME], "name", &scheme->name, err));
	LU_TRY(lu_yaml_integer(value[VERSION], "version", 1, 1000000, &scheme->version, err));
	LU_TRY(lu_yaml_text(value[TITLE], "title", &scheme->title, err));
	LU_TRY(read_classes(value[CLASSES], scheme, err));
	if (lu_yaml_count(value[UNMAPPED]) > 0)
		LU_TRY(lu_yaml_texts(value[UNMAPPED], "unmapped", &scheme->unmapped, &scheme->unmapped_count, err));
	LU_TRY(read_codes(value[UNMAPPED_NLCD], "unmapped_nlcd", &scheme->unmapped_nlcd, &scheme->unmapped_nlcd_count,
			  err));
	LU_TRY(check_codes(lu_yaml_root(yaml), scheme, err));
	*out = scheme;
	scheme = NULL; /* now the caller's */
out:
	lu_scheme_free(scheme);
	lu_yaml_free(yaml);
	return status;
}

void lu_scheme_free(struct lu_scheme *scheme)
{
	if (scheme == NULL)
		return;
	for (size_t i = 0; i < scheme->class_count; i++) {
		lu_free((char *)scheme->classes[i].name);
		lu_texts_free(scheme->members[i].from, scheme->members[i].from_count);
		lu_free(scheme->members[i].nlcd);
	}
	lu_free(scheme->classes);
	lu_free(scheme->members);
	lu_texts_free(scheme->unmapped, scheme->unmapped_count);
	lu_free(scheme->unmapped_nlcd);
	lu_free(scheme->path);
	lu_free(scheme->name);
	lu_free(scheme->title);
	lu_free(scheme);
}

/* Set the entries of 'names' to 'target' in 'map'; -2 marks a model class that nobody has named yet. */
static enum lu_status bind_names(const struct lu_scheme *scheme, char **names, size_t name_count, int target,
				 const char *const *model_classes, size_t count, int *map, struct lu_error *err)
{
	for (size_t i = 0; i < name_count; i++) {
		size_t k = 0;
		while (k < count && strcmp(model_classes[k], names[i]) != 0)
			k++;
		if (k == count)
			return lu_fail(err, LU_ERROR_MISMATCH,
				       "%s: class '%s' is not one of the model's (use a scheme made for this model)",
				       scheme->path, names[i]);
		if (map[k] != -2)
			return lu_fail(err, LU_ERROR_FORMAT, "%s: model class '%s' is named twice (keep one)",
				       scheme->path, names[i]);
		map[k] = target;
	}
	return LU_OK;
}

static bool among(char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Is some list of the scheme about this class of a model? */
static bool lists(const struct lu_scheme *scheme, const char *name)
{
	for (size_t i = 0; i < scheme->class_count; i++)
		if (among(scheme->members[i].from, scheme->members[i].from_count, name))
			return true;
	return among(scheme->unmapped, scheme->unmapped_count, name);
}

/* A model of the scheme's own classes: each goes to the one it is named as. False when the lists are about it. */
static bool bind_own(const struct lu_scheme *scheme, const char *const *model_classes, size_t count, int *map)
{
	for (size_t k = 0; k < count; k++) {
		map[k] = -2;
		for (size_t i = 0; i < scheme->class_count && map[k] == -2; i++)
			if (strcmp(scheme->classes[i].name, model_classes[k]) == 0)
				map[k] = (int)i;
		if (map[k] == -2 || lists(scheme, model_classes[k]))
			return false;
	}
	return true;
}

enum lu_status lu_scheme_bind(const struct lu_scheme *scheme, const char *const *model_classes, size_t count, int *map,
			      struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (bind_own(scheme, model_classes, count, map))
		return LU_OK;
	for (size_t k = 0; k < count; k++)
		map[k] = -2;
	for (size_t i = 0; i < scheme->class_count; i++)
		LU_TRY(bind_names(scheme, scheme->members[i].from, scheme->members[i].from_count, (int)i, model_classes,
				  count, map, err));
	LU_TRY(bind_names(scheme, scheme->unmapped, scheme->unmapped_count, -1, model_classes, count, map, err));
	for (size_t k = 0; k < count; k++)
		if (map[k] == -2) {
			status = lu_fail(err, LU_ERROR_MISMATCH,
					 "%s: the model's class '%s' is in no class of the scheme (add it to a 'from' "
					 "list or to 'unmapped')",
					 scheme->path, model_classes[k]);
			goto out;
		}
out:
	return status;
}
