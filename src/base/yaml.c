/* yaml.c: libyaml's document checked by tables of keys. */
#include "base/yaml.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"

/*
 * A job nests five deep. libyaml's composer takes time by the square of the depth (it recurses, and keeps a stack of
 * possible keys) and of the number of anchors, so both are looked at before it starts.
 */
enum { LARGEST_FILE = 1 << 20, MOST_KEYS = 64, DEEPEST = 32, MOST_ANCHORS = 100 };

struct lu_yaml {
	char *path;
	bool composed;
	/* libyaml's accessors take a non-const document and do not change it. */
	yaml_document_t document;
};

static yaml_node_t *node_of(struct lu_yaml_at at)
{
	yaml_document_t *document = (yaml_document_t *)(uintptr_t)&at.yaml->document;

	return at.node > 0 ? yaml_document_get_node(document, at.node) : NULL;
}

const char *lu_yaml_word(struct lu_yaml_at at)
{
	const yaml_node_t *node = node_of(at);

	return node != NULL && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

/* A plain (unquoted) scalar is what YAML gives numbers and truth values; "2001" in quotes is a text. */
static bool is_plain(struct lu_yaml_at at)
{
	const yaml_node_t *node = node_of(at);

	return node != NULL && node->type == YAML_SCALAR_NODE && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

enum lu_status lu_yaml_fail(struct lu_yaml_at at, struct lu_error *err, const char *format, ...)
{
	const yaml_node_t *node = node_of(at);
	char text[900];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s:%zu: %s", at.yaml->path,
		       node != NULL ? node->start_mark.line + 1 : 1, text);
}

static bool begins(yaml_event_type_t type)
{
	return type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT;
}

static bool has_anchor(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return event->data.scalar.anchor != NULL;
	case YAML_SEQUENCE_START_EVENT:
		return event->data.sequence_start.anchor != NULL;
	case YAML_MAPPING_START_EVENT:
		return event->data.mapping_start.anchor != NULL;
	default:
		return false;
	}
}

/* Go through the events of the file, which costs no more than its length, until it ends or is too deep. */
static enum lu_status check_depth(const char *path, const char *bytes, size_t size, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	int depth = 0, anchors = 0;
	yaml_parser_t parser;
	bool more = true;

	if (!yaml_parser_initialize(&parser))
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
	yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, size);
	while (more && status == LU_OK) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event))
			break; /* the composer says what is wrong */
		more = event.type != YAML_STREAM_END_EVENT;
		if (begins(event.type) && ++depth > DEEPEST)
			status = lu_fail(err, LU_ERROR_ARGUMENT,
					 "%s:%zu: lists and mappings in each other %d deep: expected %d at most (is a "
					 "bracket not closed?)",
					 path, event.start_mark.line + 1, depth, DEEPEST);
		depth -= event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
		anchors += has_anchor(&event);
		if (anchors > MOST_ANCHORS)
			status = lu_fail(err, LU_ERROR_ARGUMENT, "%s:%zu: more than %d anchors (write values out)",
					 path, event.start_mark.line + 1, MOST_ANCHORS);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return status;
}

enum lu_status lu_yaml_load(const char *path, struct lu_yaml **out, struct lu_error *err)
{
	enum lu_status status;
	struct lu_yaml *yaml = NULL;
	char *bytes = NULL;
	size_t size;
	yaml_parser_t parser;

	*out = NULL;
	status = lu_file_read(path, LARGEST_FILE, &bytes, &size, err);
	if (status != LU_OK)
		return status;
	LU_TRY(check_depth(path, bytes, size, err));
	LU_TRY(lu_alloc(&yaml, 1, sizeof(*yaml), "a YAML file", err));
	yaml->path = lu_strdup(path);
	if (yaml->path == NULL || !yaml_parser_initialize(&parser)) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
		goto out;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, size);
	yaml->composed = yaml_parser_load(&parser, &yaml->document) != 0;
	if (!yaml->composed)
		status = lu_fail(err, LU_ERROR_ARGUMENT, "%s:%zu: not YAML: %s", path, parser.problem_mark.line + 1,
				 parser.problem != NULL ? parser.problem : "unreadable");
	else if (yaml_document_get_root_node(&yaml->document) == NULL)
		status = lu_fail(err, LU_ERROR_ARGUMENT, "%s: is empty", path);
	yaml_parser_delete(&parser);
	if (status != LU_OK)
		goto out;
	*out = yaml;
	yaml = NULL; /* now the caller's */
out:
	lu_yaml_free(yaml);
	lu_free(bytes);
	return status;
}

void lu_yaml_free(struct lu_yaml *yaml)
{
	if (yaml == NULL)
		return;
	if (yaml->composed)
		yaml_document_delete(&yaml->document);
	lu_free(yaml->path);
	lu_free(yaml);
}

struct lu_yaml_at lu_yaml_root(const struct lu_yaml *yaml)
{
	return (struct lu_yaml_at){yaml, 1};
}

static enum lu_status unknown_key(struct lu_yaml_at at, const char *what, const char *name,
				  const struct lu_yaml_key *keys, size_t count, struct lu_error *err)
{
	const char *names[MOST_KEYS];
	char known[400] = "";

	for (size_t i = 0; i < count && i < MOST_KEYS; i++) {
		names[i] = keys[i].name;
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", i > 0 ? ", " : "", names[i]);
	}
	const char *nearest = lu_nearest_word(name, names, count < MOST_KEYS ? count : MOST_KEYS);
	if (nearest != NULL)
		return lu_yaml_fail(at, err, "'%s' is not a key of %s (did you mean '%s'?)", name, what, nearest);
	return lu_yaml_fail(at, err, "'%s' is not a key of %s (known keys: %s)", name, what, known);
}

enum lu_status lu_yaml_map(struct lu_yaml_at at, const char *what, const struct lu_yaml_key *keys, size_t count,
			   struct lu_yaml_at *values, struct lu_error *err)
{
	const yaml_node_t *node = node_of(at);

	for (size_t i = 0; i < count; i++)
		values[i] = (struct lu_yaml_at){at.yaml, 0};
	if (node == NULL || node->type != YAML_MAPPING_NODE)
		return lu_yaml_fail(at, err, "%s should be a mapping (key: value lines, indented below it)", what);
	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
	     pair++) {
		const struct lu_yaml_at key = {at.yaml, pair->key};
		const char *name = lu_yaml_word(key);
		size_t i = 0;
		if (name == NULL)
			return lu_yaml_fail(key, err, "a key of %s should be a word", what);
		while (i < count && strcmp(keys[i].name, name) != 0)
			i++;
		if (i == count)
			return unknown_key(key, what, name, keys, count, err);
		if (values[i].node != 0)
			return lu_yaml_fail(key, err, "'%s' stands twice in %s (keep one)", name, what);
		values[i].node = pair->value;
	}
	for (size_t i = 0; i < count; i++)
		if (keys[i].required && values[i].node == 0)
			return lu_yaml_fail(at, err, "%s lacks the key '%s' (add it)", what, keys[i].name);
	return LU_OK;
}

struct lu_yaml_at lu_yaml_find(struct lu_yaml_at at, const char *name)
{
	const yaml_node_t *node = node_of(at);

	if (node == NULL || node->type != YAML_MAPPING_NODE)
		return (struct lu_yaml_at){at.yaml, 0};
	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
	     pair++) {
		const struct lu_yaml_at key = {at.yaml, pair->key};
		const char *word = lu_yaml_word(key);
		if (word != NULL && strcmp(word, name) == 0)
			return key;
	}
	return (struct lu_yaml_at){at.yaml, 0};
}

size_t lu_yaml_count(struct lu_yaml_at at)
{
	const yaml_node_t *node = node_of(at);

	if (node == NULL)
		return 0;
	if (node->type != YAML_SEQUENCE_NODE)
		return 1;
	return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
}

struct lu_yaml_at lu_yaml_item(struct lu_yaml_at at, size_t i)
{
	const yaml_node_t *node = node_of(at);

	if (node == NULL || node->type != YAML_SEQUENCE_NODE)
		return at;
	return (struct lu_yaml_at){at.yaml, node->data.sequence.items.start[i]};
}

bool lu_yaml_is_mapping(struct lu_yaml_at at)
{
	const yaml_node_t *node = node_of(at);

	return node != NULL && node->type == YAML_MAPPING_NODE;
}

enum lu_status lu_yaml_text(struct lu_yaml_at at, const char *key, char **out, struct lu_error *err)
{
	if (at.node == 0)
		return LU_OK;
	const char *scalar = lu_yaml_word(at);
	if (scalar == NULL || scalar[0] == '\0')
		return lu_yaml_fail(at, err, "'%s' should be a text", key);
	char *copy = lu_strdup(scalar);
	if (copy == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: '%s'", key);
	lu_free(*out);
	*out = copy;
	return LU_OK;
}

/* strtod reads "1,5" in some locales; job files are written with a point everywhere. */
static bool parse_number(const char *text, double *value)
{
	char *end;
	const locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	const locale_t before = uselocale(plain);

	errno = 0;
	*value = strtod(text, &end);
	uselocale(before);
	freelocale(plain);
	return end != text && *end == '\0' && errno == 0 && isfinite(*value);
}

/* What goes up to 1 is a share, and people write shares in percent. */
static const char *share_hint(double high)
{
	return high <= 1 ? " (a share: 0.9 is 90 %)" : "";
}

enum lu_status lu_yaml_number(struct lu_yaml_at at, const char *key, double low, double high, double *out,
			      struct lu_error *err)
{
	double value;

	if (at.node == 0)
		return LU_OK;
	const char *scalar = lu_yaml_word(at);
	if (scalar == NULL || !is_plain(at) || !parse_number(scalar, &value))
		return lu_yaml_fail(at, err, "'%s' should be a number%s%s%s%s", key, scalar != NULL ? ", not '" : "",
				    scalar != NULL ? scalar : "", scalar != NULL ? "'" : "",
				    scalar != NULL && strchr(scalar, '%') != NULL ? share_hint(high) : "");
	if (value < low || value > high)
		return lu_yaml_fail(at, err, "'%s' is %g, it should be between %g and %g%s", key, value, low, high,
				    value > high ? share_hint(high) : "");
	*out = value;
	return LU_OK;
}

enum lu_status lu_yaml_integer(struct lu_yaml_at at, const char *key, int low, int high, int *out, struct lu_error *err)
{
	double value = *out;
	const enum lu_status status = lu_yaml_number(at, key, low, high, &value, err);

	if (status != LU_OK)
		return status;
	if (value != floor(value))
		return lu_yaml_fail(at, err, "'%s' is %g, it should be a whole number", key, value);
	*out = (int)value;
	return LU_OK;
}

enum lu_status lu_yaml_choice(struct lu_yaml_at at, const char *key, const char *const *words, size_t count, int *out,
			      struct lu_error *err)
{
	char list[200] = "";

	if (at.node == 0)
		return LU_OK;
	const char *scalar = lu_yaml_word(at);
	for (size_t i = 0; i < count; i++) {
		const size_t used = strlen(list);
		if (scalar != NULL && strcmp(scalar, words[i]) == 0) {
			*out = (int)i;
			return LU_OK;
		}
		snprintf(list + used, sizeof(list) - used, "%s%s",
			 i == 0          ? ""
			 : i + 1 < count ? ", "
					 : " or ",
			 words[i]);
	}
	return lu_yaml_fail(at, err, "'%s' is '%s', it should be %s", key, scalar != NULL ? scalar : "", list);
}

enum lu_status lu_yaml_boolean(struct lu_yaml_at at, const char *key, bool *out, struct lu_error *err)
{
	if (at.node == 0)
		return LU_OK;
	const char *scalar = lu_yaml_word(at);
	if (scalar != NULL && is_plain(at) && (strcmp(scalar, "true") == 0 || strcmp(scalar, "yes") == 0))
		*out = true;
	else if (scalar != NULL && is_plain(at) && (strcmp(scalar, "false") == 0 || strcmp(scalar, "no") == 0))
		*out = false;
	else
		return lu_yaml_fail(at, err, "'%s' should be true or false", key);
	return LU_OK;
}

enum lu_status lu_yaml_texts(struct lu_yaml_at at, const char *key, char ***out, size_t *count, struct lu_error *err)
{
	enum lu_status status;
	char **texts = NULL;
	const size_t items = lu_yaml_count(at);

	*out = NULL;
	*count = 0;
	if (items == 0)
		return at.node == 0 ? LU_OK : lu_yaml_fail(at, err, "'%s' is an empty list (name at least one)", key);
	LU_TRY(lu_alloc(&texts, items, sizeof(*texts), key, err));
	for (size_t i = 0; i < items; i++)
		LU_TRY(lu_yaml_text(lu_yaml_item(at, i), key, &texts[i], err));
out:
	if (status != LU_OK) {
		lu_texts_free(texts, items);
		return status;
	}
	*out = texts;
	*count = items;
	return LU_OK;
}

void lu_texts_free(char **texts, size_t count)
{
	for (size_t i = 0; texts != NULL && i < count; i++)
		lu_free(texts[i]);
	lu_free(texts);
}

static bool needs_quotes(const char *text)
{
	const size_t length = strlen(text);

	if (length == 0 || strchr("-?:!&*|>%@`'\"#~= ", text[0]) != NULL || text[length - 1] == ' ' ||
	    text[length - 1] == ':' || strstr(text, ": ") != NULL || strstr(text, " #") != NULL)
		return true;
	for (const char *at = text; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 127 || strchr(",[]{}\"", *at) != NULL)
			return true;
	return false;
}

char *lu_yaml_words(const char *text)
{
	struct lu_text_stream stream;
	char *words = NULL;

	if (!needs_quotes(text))
		return lu_strdup(text);
	if (lu_text_begin(&stream, "a text", NULL) != LU_OK)
		return NULL;
	fputc('"', stream.to);
	for (const char *at = text; *at != '\0'; at++) {
		if ((unsigned char)*at < ' ' || *at == 127)
			fprintf(stream.to, "\\x%02X", (unsigned char)*at);
		else
			fprintf(stream.to, "%s%c", strchr("\"\\", *at) != NULL ? "\\" : "", *at);
	}
	fputc('"', stream.to);
	lu_text_finish(&stream, &words, NULL);
	return words;
}
