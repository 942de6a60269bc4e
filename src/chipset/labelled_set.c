/* labelled_set.c: class folders and indexes become one list of chips. See labelled_set.h. */
#include "chipset/labelled_set.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "chipset/class_folders.h"
#include "chipset/set_build.h"
#include "chipset/set_folder.h"
#include "raster/vector.h"

bool lu_split_parse(const char *text, enum lu_split *split)
{
	struct lu_error ignored;
	int value;

	if (lu_choice_parse(LU_CHOICE_SPLIT, text, &value, &ignored) != LU_OK || value == LU_SPLIT_NONE)
		return false;
	*split = (enum lu_split)value;
	return true;
}

/* Where an index has its columns; -1 where it has not. */
struct columns {
	int path, class, split, block, weight;
};

static enum lu_status read_weight(const struct lu_labelled_set *set, const char *text, size_t row, double *weight,
				  struct lu_error *err)
{
	char *end;

	*weight = strtod(text, &end);
	if (end == text || *end != '\0' || !(*weight > 0) || !isfinite(*weight))
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: row %zu has weight '%s', it should be a number above 0, or empty for 1", set->path,
			       row, text);
	return LU_OK;
}

static enum lu_status read_row(struct lu_labelled_set *set, struct lu_vector_reader *reader,
			       const struct columns *columns, const char *folder, size_t row, struct lu_error *err)
{
	enum lu_split split = LU_SPLIT_NONE;
	char *path = NULL;
	size_t class;

	/* The reader's texts are valid until its next call: each is used before the next is asked for. */
	const char *text = lu_vector_get(reader, columns->path);
	if (text == NULL)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: row %zu has no path", set->path, row);
	if (lu_leads_away(text))
		return lu_fail(
			err, LU_ERROR_FORMAT,
			"%s: row %zu has path '%s', which leads out of this machine's folders: expected files here "
			"(copy the pictures beside the index)",
			set->path, row, text);
	path = lu_path_join(folder, text);
	if (path == NULL)
		return lu_set_no_memory(err);
	text = lu_vector_get(reader, columns->class);
	enum lu_status status;

	LU_TRY(text != NULL ? lu_set_class(set, text, &class, err)
			    : lu_fail(err, LU_ERROR_FORMAT, "%s: row %zu has no class", set->path, row));
	if (columns->split >= 0) {
		text = lu_vector_get(reader, columns->split);
		if (text != NULL && !lu_split_parse(text, &split))
			status = lu_fail(err, LU_ERROR_FORMAT,
					 "%s: row %zu has split '%s', it should be train, validate, test or empty",
					 set->path, row, text);
	}
out:
	if (status != LU_OK) {
		lu_free(path);
		return status;
	}
	status = lu_set_chip(set, path, class, split,
			     columns->block >= 0 ? lu_vector_get(reader, columns->block) : NULL, err);
	text = status == LU_OK && columns->weight >= 0 ? lu_vector_get(reader, columns->weight) : NULL;
	return text != NULL ? read_weight(set, text, row, &set->chips[set->chip_count - 1].weight, err) : status;
}

enum lu_status lu_labelled_set_inputs(const struct lu_labelled_set *set, struct lu_inputs *inputs, struct lu_error *err)
{
	static const char *const indices[] = {LU_SET_INDEX, LU_SET_PLACES, LU_SET_FACTS};
	enum lu_status status;

	LU_TRY(lu_inputs_add(inputs, set->path, err));
	for (size_t i = 0; i < sizeof(indices) / sizeof(indices[0]) && status == LU_OK; i++) {
		char *path = lu_path_join(set->path, indices[i]);
		status = path != NULL ? lu_inputs_add(inputs, path, err) : lu_set_no_memory(err);
		lu_free(path);
	}
	if (status != LU_OK)
		goto out;
	for (size_t i = 0; i < set->chip_count; i++)
		LU_TRY(lu_inputs_add(inputs, set->chips[i].path, err));
out:
	return status;
}

static enum lu_status read_index(struct lu_labelled_set *set, const char *index, enum lu_trust trust,
				 const char *block_field, struct lu_error *err)
{
	struct lu_vector_reader *reader = NULL;
	char *folder = lu_path_folder(index);
	bool more = false;
	enum lu_status status;

	LU_TRY(folder != NULL ? lu_vector_open(index, trust, NULL, "index", &reader, err) : lu_set_no_memory(err));
	const struct columns columns = {.path = lu_vector_find(reader, "path"),
					.class = lu_vector_find(reader, "class"),
					.split = lu_vector_find(reader, "split"),
					.block = lu_vector_find(reader, block_field != NULL ? block_field : "block"),
					.weight = lu_vector_find(reader, "weight")};
	if (columns.path < 0 || columns.class < 0) {
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: an index needs the columns path and class, this has %s",
				 index, lu_vector_field_names(reader));
		goto out;
	}
	if (block_field != NULL && columns.block < 0) {
		status = lu_fail(err, LU_ERROR_ARGUMENT, "%s: has no column '%s' for the blocks, it has %s", index,
				 block_field, lu_vector_field_names(reader));
		goto out;
	}
	for (size_t row = 1; status == LU_OK; row++) {
		status = lu_vector_next(reader, &more, err);
		if (status != LU_OK || !more)
			break;
		status = read_row(set, reader, &columns, folder, row, err);
	}
out:
	lu_vector_close(reader);
	lu_free(folder);
	return status;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Put the classes into alphabetic order: an index names them as they come. */
static enum lu_status sort_classes(struct lu_labelled_set *set, struct lu_error *err)
{
	char **sorted = NULL;
	size_t *place = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&sorted, set->class_count, sizeof(char *), "classes", err));
	LU_TRY(lu_alloc(&place, set->class_count, sizeof(size_t), "classes", err));
	if (set->class_count > 0) {
		memcpy(sorted, set->classes, set->class_count * sizeof(char *));
		qsort(sorted, set->class_count, sizeof(char *), by_bytes);
		for (size_t i = 0; i < set->class_count; i++)
			while (strcmp(set->classes[i], sorted[place[i]]) != 0)
				place[i]++;
		for (size_t i = 0; i < set->chip_count; i++)
			set->chips[i].class = place[set->chips[i].class];
		memcpy(set->classes, sorted, set->class_count * sizeof(char *));
	}
out:
	lu_free(sorted);
	lu_free(place);
	return status;
}

/* The index of a folder, or the file itself; '*index' is NULL where the folder has none; lu_free it. */
static enum lu_status find_index(const char *path, bool folder, char **index, struct lu_error *err)
{
	static const char *const names[] = {"index.csv", "index.gpkg"};

	*index = NULL;
	if (!folder)
		*index = lu_strdup(path);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && folder; i++) {
		*index = lu_path_join(path, names[i]);
		if (*index == NULL || lu_file_exists(*index))
			break;
		lu_free(*index);
		*index = NULL;
		if (i + 1 == sizeof(names) / sizeof(names[0]))
			return LU_OK;
	}
	return *index != NULL ? LU_OK : lu_set_no_memory(err);
}

/* What landuse label says of the set in 'folder'. A file of the same name by others says nothing. */
static enum lu_status read_facts(struct lu_labelled_set *set, const char *folder, struct lu_error *err)
{
	enum { LARGEST = 1 << 20 };
	char *path = lu_path_join(folder, LU_SET_FACTS), *bytes = NULL;
	struct lu_error unreadable;
	enum lu_status status;
	size_t size;

	LU_TRY(path != NULL ? LU_OK : lu_set_no_memory(err));
	if (lu_file_exists(path) && lu_file_read(path, LARGEST, &bytes, &size, &unreadable) == LU_OK) {
		json_t *facts = json_loadb(bytes, size, 0, NULL);
		const char *scheme = json_string_value(json_object_get(facts, "scheme"));
		set->chip_m = json_number_value(json_object_get(facts, "chip_px")) *
			      json_number_value(json_object_get(facts, "gsd_m"));
		if (scheme != NULL && (set->scheme = lu_strdup(scheme)) == NULL)
			status = lu_set_no_memory(err);
		json_decref(facts);
	}
out:
	lu_free(bytes);
	lu_free(path);
	return status;
}

enum lu_status lu_labelled_set_read(const char *path, const char *block_field, struct lu_labelled_set **out,
				    struct lu_error *err)
{
	struct lu_labelled_set *set = NULL;
	char *index = NULL;
	enum lu_status status = lu_alloc(&set, 1, sizeof(*set), "a labelled set", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	set->path = lu_strdup(path);
	const bool folder = lu_folder_exists(path);
	if (set->path == NULL)
		LU_TRY(lu_set_no_memory(err));
	else if (!folder && !lu_file_exists(path)) {
		status =
			lu_fail(err, LU_ERROR_ARGUMENT,
				"%s: no such set: expected a folder of class folders, or an index (.csv, .gpkg)", path);
		goto out;
	}
	LU_TRY(find_index(path, folder, &index, err));
	if (index != NULL)
		LU_TRY(read_index(set, index, folder ? LU_FOUND : LU_NAMED, block_field, err));
	else if (block_field != NULL) {
		status = lu_fail(err, LU_ERROR_ARGUMENT, "%s: has no index, so no column '%s' for the blocks", path,
				 block_field);
		goto out;
	} else
		LU_TRY(lu_class_folders_read(set, err));
	LU_TRY(lu_set_drop_repeats(set, index, err));
	if (folder)
		LU_TRY(read_facts(set, path, err));
	LU_TRY(sort_classes(set, err));
	if (set->chip_count == 0) {
		status = lu_fail(err, LU_ERROR_FORMAT,
				 "%s: no pictures: expected a folder for each class with pictures in it, or index.csv",
				 path);
		goto out;
	}
	*out = set;
	set = NULL; /* now the caller's */
out:
	lu_free(index);
	lu_labelled_set_free(set);
	return status;
}

void lu_labelled_set_tell(const struct lu_labelled_set *set, const struct lu_hooks *hooks)
{
	static const struct {
		const char *what;
		enum lu_level level;
	} kinds[LU_PASSED_KINDS] = {
		[LU_PASSED_SYSTEM] = {"hidden files and what a system leaves in folders", LU_LEVEL_INFO},
		[LU_PASSED_OTHER] = {"files that are not named as pictures", LU_LEVEL_INFO},
		[LU_PASSED_FOLDER] = {"folders without pictures inside class folders", LU_LEVEL_INFO},
		[LU_PASSED_LOOSE] = {"pictures outside the class folders", LU_LEVEL_WARNING},
	};

	for (int kind = 0; kind < LU_PASSED_KINDS; kind++)
		if (set->passed_over[kind].count > 0)
			lu_log(hooks, kinds[kind].level, "%s: %s, passed over: %zu (%s)", set->path, kinds[kind].what,
			       set->passed_over[kind].count, set->passed_over[kind].example);
	if (set->repeated.count > 0)
		lu_log(hooks, LU_LEVEL_WARNING, "%s: chips that stand there before, counted once: %zu (%s)", set->path,
		       set->repeated.count, set->repeated.example);
}

size_t lu_labelled_set_passed_over(const struct lu_labelled_set *set)
{
	size_t sum = 0;

	for (int kind = 0; kind < LU_PASSED_KINDS; kind++)
		sum += set->passed_over[kind].count;
	return sum;
}

void lu_labelled_set_free(struct lu_labelled_set *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < set->chip_count; i++) {
		lu_free(set->chips[i].path);
		lu_free(set->chips[i].block);
	}
	for (size_t i = 0; i < set->class_count; i++)
		lu_free(set->classes[i]);
	lu_free(set->chips);
	lu_free(set->classes);
	for (int kind = 0; kind < LU_PASSED_KINDS; kind++)
		lu_free(set->passed_over[kind].example);
	lu_free(set->repeated.example);
	lu_free(set->path);
	lu_free(set->scheme);
	lu_free(set);
}

/* The last run of digits in a file's name without its ending; false when there is none. */
static bool file_number(const char *path, uint64_t *number)
{
	const char *name = lu_path_name(path), *dot = strrchr(name, '.');
	const char *end = dot != NULL ? dot : name + strlen(name);

	while (end > name && !isdigit((unsigned char)end[-1]))
		end--;
	if (end == name)
		return false;
	const char *start = end;
	while (start > name && isdigit((unsigned char)start[-1]))
		start--;
	*number = strtoull(start, NULL, 10);
	return true;
}

enum lu_status lu_labelled_set_number_blocks(struct lu_labelled_set *set, int numbers, size_t *unnumbered,
					     struct lu_error *err)
{
	*unnumbered = 0;
	for (size_t i = 0; i < set->chip_count; i++) {
		struct lu_labelled_chip *chip = &set->chips[i];
		uint64_t number;

		if (chip->block[0] != '\0')
			continue;
		const bool numbered = file_number(chip->path, &number);
		*unnumbered += !numbered;
		char *block = numbered ? lu_sprintf("%s/%llu", set->classes[chip->class],
						    (unsigned long long)(number / (uint64_t)numbers))
				       : lu_strdup(chip->path);
		if (block == NULL)
			return lu_set_no_memory(err);
		lu_free(chip->block);
		chip->block = block;
	}
	return LU_OK;
}
