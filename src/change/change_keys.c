/* change_keys.c: the tables of keys under 'change'. */
#include "change/change_keys.h"

#include <string.h>

#include "base/memory.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

const char *const lu_error_source_names[] = {[LU_ERRORS_NONE] = "none", [LU_ERRORS_PACKAGE] = "package"};

static enum lu_status read_unlikely(struct lu_yaml_at at, struct lu_change_rule *rule, struct lu_error *err)
{
	enum { FROM, TO, FACTOR };
	static const struct lu_yaml_key keys[] = {{"from", false}, {"to", false}, {"factor", true}};
	struct lu_yaml_at value[COUNT(keys)];
	enum lu_status status = lu_yaml_map(at, "an unlikely change", keys, COUNT(keys), value, err);

	if (status == LU_OK)
		status = lu_yaml_texts(value[FROM], "from", &rule->from, &rule->from_count, err);
	if (status == LU_OK)
		status = lu_yaml_texts(value[TO], "to", &rule->to, &rule->to_count, err);
	if (status == LU_OK)
		status = lu_yaml_number(value[FACTOR], "factor", 0, 1, &rule->factor, err);
	return status;
}

/* A layer's name becomes a file's and a table's. */
static enum lu_status read_layer(struct lu_yaml_at at, struct lu_change_rule *rule, struct lu_error *err)
{
	enum { NAME, FROM, TO };
	static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
	static const struct lu_yaml_key keys[] = {{"name", true}, {"from", false}, {"to", false}};
	struct lu_yaml_at value[COUNT(keys)];
	enum lu_status status = lu_yaml_map(at, "a layer", keys, COUNT(keys), value, err);

	if (status == LU_OK)
		status = lu_yaml_text(value[NAME], "name", &rule->name, err);
	if (status == LU_OK && (strspn(rule->name, plain) != strlen(rule->name) || strlen(rule->name) > 64))
		status = lu_yaml_fail(value[NAME], err,
				      "layer '%s' should be letters, digits, '_' or '-' (for example new_development)",
				      rule->name);
	if (status == LU_OK)
		status = lu_yaml_texts(value[FROM], "from", &rule->from, &rule->from_count, err);
	if (status == LU_OK)
		status = lu_yaml_texts(value[TO], "to", &rule->to, &rule->to_count, err);
	return status;
}

/* Two layers of one name would be one file. */
static enum lu_status check_names(struct lu_yaml_at at, const struct lu_change_keys *keys, struct lu_error *err)
{
	for (size_t i = 0; i < keys->layer_count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(keys->layers[i].name, keys->layers[k].name) == 0)
				return lu_yaml_fail(lu_yaml_item(at, i), err, "layer '%s' stands twice",
						    keys->layers[i].name);
	return LU_OK;
}

/* A list of rules, each read by 'read'. */
static enum lu_status read_rules(struct lu_yaml_at at,
				 enum lu_status (*read)(struct lu_yaml_at, struct lu_change_rule *, struct lu_error *),
				 struct lu_change_rule **rules, size_t *count, struct lu_error *err)
{
	const size_t items = lu_yaml_count(at);
	enum lu_status status = LU_OK;

	if (items == 0)
		return LU_OK;
	status = lu_alloc(rules, items, sizeof(**rules), "change rules", err);
	while (status == LU_OK && *count < items) {
		const size_t i = (*count)++;
		status = read(lu_yaml_item(at, i), &(*rules)[i], err);
	}
	return status;
}

static enum lu_status read_error_model(struct lu_yaml_at at, enum lu_error_source *source, struct lu_error *err)
{
	int number = (int)*source;
	const enum lu_status status =
		lu_yaml_choice(at, "error_model", lu_error_source_names, LU_ERROR_SOURCES, &number, err);

	*source = (enum lu_error_source)number;
	return status;
}

enum lu_status lu_change_keys_read(struct lu_yaml_at at, struct lu_change_keys *keys, struct lu_error *err)
{
	enum { RATE_OF_FALSE, MIN_PROBABILITY, RATE, UNLIKELY, LAYERS, PICTURES, ERROR_MODEL };
	static const struct lu_yaml_key known[] = {{"false_discovery_rate", false},
						   {"min_probability", false},
						   {"rate", false},
						   {"unlikely", false},
						   {"layers", false},
						   {"pictures", false},
						   {"error_model", false}};
	struct lu_yaml_at value[COUNT(known)];

	*keys = (struct lu_change_keys){.false_discovery_rate = LU_FALSE_DISCOVERY_RATE,
					.pictures = LU_CHANGE_PICTURES};
	if (at.node == 0)
		return LU_OK;
	enum lu_status status = lu_yaml_map(at, "'change'", known, COUNT(known), value, err);
	if (status == LU_OK)
		status = lu_yaml_number(value[RATE_OF_FALSE], "false_discovery_rate", 1e-6, 1,
					&keys->false_discovery_rate, err);
	if (status == LU_OK)
		status = lu_yaml_number(value[MIN_PROBABILITY], "min_probability", 0, 1, &keys->min_probability, err);
	if (status == LU_OK)
		status = lu_yaml_number(value[RATE], "rate", 1e-9, 0.5, &keys->rate, err);
	if (status == LU_OK)
		status = read_rules(value[UNLIKELY], read_unlikely, &keys->unlikely, &keys->unlikely_count, err);
	if (status == LU_OK)
		status = lu_yaml_integer(value[PICTURES], "pictures", 0, 100000, &keys->pictures, err);
	if (status == LU_OK)
		status = read_error_model(value[ERROR_MODEL], &keys->error_model, err);
	keys->layers_stated = value[LAYERS].node != 0;
	if (status == LU_OK)
		status = read_rules(value[LAYERS], read_layer, &keys->layers, &keys->layer_count, err);
	if (status == LU_OK)
		status = check_names(value[LAYERS], keys, err);
	return status;
}

static void release_rules(struct lu_change_rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		lu_free(rules[i].name);
		lu_texts_free(rules[i].from, rules[i].from_count);
		lu_texts_free(rules[i].to, rules[i].to_count);
	}
	lu_free(rules);
}

void lu_change_keys_release(struct lu_change_keys *keys)
{
	release_rules(keys->unlikely, keys->unlikely_count);
	release_rules(keys->layers, keys->layer_count);
	*keys = (struct lu_change_keys){0};
}
