/*
 * yaml.h: reading a YAML file by a table of keys, with file and line in every complaint.
 *
 * libyaml composes the document and keeps where each node began; here a mapping is checked by
 * the keys that it may have. (libcyaml maps YAML onto C structs, but has no "a text or a list of
 * texts", which imagery needs, and its errors do not name the nearest known key.)
 */
#ifndef LU_BASE_YAML_H
#define LU_BASE_YAML_H

#include "base/error.h"

struct lu_yaml;

/* A place in a document; 'node' 0 is "absent". Valid as long as the document. */
struct lu_yaml_at {
	const struct lu_yaml *yaml;
	int node;
};

/* One key that a mapping may have. */
struct lu_yaml_key {
	const char *name;
	bool required;
};

enum lu_status lu_yaml_load(const char *path, struct lu_yaml **out, struct lu_error *err);
void lu_yaml_free(struct lu_yaml *yaml);
struct lu_yaml_at lu_yaml_root(const struct lu_yaml *yaml);

/*
 * Hold the mapping at 'at' against 'keys' and put the place of each key's value into 'values'
 * (same order; absent: node 0). Unknown, repeated and missing keys are LU_ERROR_ARGUMENT.
 * 'what' names the mapping in messages ("the job", "a date").
 */
enum lu_status lu_yaml_map(struct lu_yaml_at at, const char *what, const struct lu_yaml_key *keys, size_t count,
			   struct lu_yaml_at *values, struct lu_error *err);

/* The place of the key 'name' in the mapping at 'at'; node 0: it has none, or is no mapping. */
struct lu_yaml_at lu_yaml_find(struct lu_yaml_at at, const char *name);

/* How many items a sequence has; 1 for a single scalar or mapping, 0 for absent. */
size_t lu_yaml_count(struct lu_yaml_at at);
/* Item 'i' of a sequence; a scalar or mapping is its own item 0. */
struct lu_yaml_at lu_yaml_item(struct lu_yaml_at at, size_t i);

/* Is it a mapping? */
bool lu_yaml_is_mapping(struct lu_yaml_at at);

/* A scalar's text, the document's own; NULL for a list, a mapping or nothing. */
const char *lu_yaml_word(struct lu_yaml_at at);

/* Typed values. Absent leaves '*out' as it was. 'key' names the value in messages. */
enum lu_status lu_yaml_text(struct lu_yaml_at at, const char *key, char **out, struct lu_error *err);
enum lu_status lu_yaml_number(struct lu_yaml_at at, const char *key, double low, double high, double *out,
			      struct lu_error *err);
enum lu_status lu_yaml_integer(struct lu_yaml_at at, const char *key, int low, int high, int *out,
			       struct lu_error *err);
/* One of 'count' words: '*out' is its number. */
enum lu_status lu_yaml_choice(struct lu_yaml_at at, const char *key, const char *const *words, size_t count, int *out,
			      struct lu_error *err);
enum lu_status lu_yaml_boolean(struct lu_yaml_at at, const char *key, bool *out, struct lu_error *err);
/* A text or a list of texts, as a new array of new strings; release with lu_texts_free. */
enum lu_status lu_yaml_texts(struct lu_yaml_at at, const char *key, char ***out, size_t *count, struct lu_error *err);
void lu_texts_free(char **texts, size_t count);

/* 'text' as YAML writes it, in quotes where it must be, also in a list on one line; lu_free it. NULL: memory is out. */
char *lu_yaml_words(const char *text);

/* LU_ERROR_ARGUMENT with "FILE:LINE: " before the text. */
enum lu_status lu_yaml_fail(struct lu_yaml_at at, struct lu_error *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
