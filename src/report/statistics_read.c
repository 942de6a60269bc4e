/*
 * statistics_read.c: statistics.json as the structs of landuse/statistics.h. Texts are the document's, and arrays lie in a
 * list of blocks that is released as one.
 */
#include "landuse/statistics.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"

enum { LARGEST = 256 << 20, SCHEMA = 1 };

struct block {
	struct block *next;
	max_align_t data[];
};

struct opened {
	struct lu_statistics statistics; /* first: what a caller has is the whole */
	json_t *root;
	struct block *blocks;
};

/* What is read, and what first went wrong: then 0, "" and NULL are read, and the whole is given up at the end. */
struct reading {
	struct opened *opened;
	const char *missing; /* a member that is not there, or is something else */
	bool no_memory;
};

static const json_t *member(struct reading *reading, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (value == NULL && reading->missing == NULL)
		reading->missing = key;
	return value;
}

static void *array(struct reading *reading, size_t count, size_t size)
{
	struct block *block = NULL;
	size_t bytes;

	if (!lu_mul(count, size, &bytes) || lu_alloc(&block, 1, sizeof(*block) + bytes, "statistics", NULL) != LU_OK) {
		reading->no_memory = true;
		return NULL;
	}
	block->next = reading->opened->blocks;
	reading->opened->blocks = block;
	return block->data;
}

/* A list of 'size' bytes an item, its length in '*count'; NULL, and no items, where there is none. */
static void *list(struct reading *reading, const json_t *items, size_t size, size_t *count)
{
	void *made = array(reading, json_array_size(items), size);

	*count = made != NULL ? json_array_size(items) : 0;
	return made;
}

static double number(struct reading *reading, const json_t *object, const char *key)
{
	const json_t *value = member(reading, object, key);

	if (value != NULL && !json_is_number(value) && !json_is_null(value) && reading->missing == NULL)
		reading->missing = key;
	return json_is_number(value) ? json_number_value(value) : NAN;
}

/* The same of a member that need not be there. */
static double optional(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static uint64_t whole(struct reading *reading, const json_t *object, const char *key)
{
	const double value = number(reading, object, key);

	if (value >= 0 && value < 9e15)
		return (uint64_t)value;
	if (reading->missing == NULL)
		reading->missing = key;
	return 0;
}

/* A text, or NULL for null. */
static const char *text(struct reading *reading, const json_t *object, const char *key)
{
	return json_string_value(member(reading, object, key));
}

static const char *name(struct reading *reading, const json_t *object)
{
	const char *value = text(reading, object, "name");

	if (value == NULL && reading->missing == NULL)
		reading->missing = "name";
	return value;
}

static void read_date(struct reading *reading, const json_t *from, struct lu_statistics_date *date)
{
	const json_t *classes = member(reading, from, "classes");
	struct lu_statistics_area *areas = list(reading, classes, sizeof(*areas), &date->class_count);

	date->classes = areas;
	for (size_t i = 0; i < date->class_count; i++) {
		const json_t *class = json_array_get(classes, i);
		areas[i] = (struct lu_statistics_area){.value = (uint16_t)whole(reading, class, "value"),
						       .name = name(reading, class),
						       .cells = whole(reading, class, "cells"),
						       .area_ha = optional(class, "area_ha"),
						       .share = optional(class, "share_of_county")};
	}
	date->label = text(reading, from, "label");
	date->mapped_cells = whole(reading, from, "mapped_cells");
	date->not_mapped_cells = whole(reading, from, "not_mapped_cells");
	if (json_object_get(from, "uncertain_cells") != NULL)
		date->uncertain_cells = whole(reading, from, "uncertain_cells");
	date->not_mapped_ha = optional(from, "not_mapped_ha");
	date->mean_confidence = number(reading, from, "mean_confidence_percent") / 100;
}

static void read_matrix(struct reading *reading, const json_t *from, struct lu_statistics_pair *pair)
{
	const json_t *values = member(reading, from, "values"), *cells = member(reading, from, "cells");
	const json_t *areas = json_object_get(from, "area_ha");
	const size_t n = json_array_size(values);
	uint16_t *value = list(reading, values, sizeof(*value), &pair->value_count);
	uint64_t *count = array(reading, n * n, sizeof(*count));
	double *area = areas != NULL ? array(reading, n * n, sizeof(*area)) : NULL;

	for (size_t i = 0; !reading->no_memory && i < n * n; i++) {
		const json_t *cell = json_array_get(json_array_get(cells, i / n), i % n);
		const json_t *hectares = json_array_get(json_array_get(areas, i / n), i % n);
		if (!json_is_integer(cell) || (areas != NULL && !json_is_number(hectares)))
			reading->missing = "transition";
		count[i] = (uint64_t)json_integer_value(cell);
		if (area != NULL)
			area[i] = json_number_value(hectares);
		if (i < n)
			value[i] = (uint16_t)json_integer_value(json_array_get(values, i));
	}
	pair->values = value;
	pair->cells = count;
	pair->area_ha = area;
}

static struct lu_statistics_gain *read_gains(struct reading *reading, const json_t *from,
					     struct lu_statistics_pair *pair)
{
	struct lu_statistics_gain *gains = list(reading, from, sizeof(*gains), &pair->class_count);

	pair->classes = gains;
	for (size_t i = 0; i < pair->class_count; i++) {
		const json_t *class = json_array_get(from, i), *cells = member(reading, class, "cells");
		const json_t *area = json_object_get(class, "area_ha");
		gains[i] = (struct lu_statistics_gain){.value = (uint16_t)whole(reading, class, "value"),
						       .name = name(reading, class),
						       .earlier_cells = whole(reading, cells, "earlier"),
						       .later_cells = whole(reading, cells, "later"),
						       .earlier_ha = optional(area, "earlier"),
						       .later_ha = optional(area, "later"),
						       .persistence_ha = optional(area, "persistence"),
						       .gain_ha = optional(area, "gain"),
						       .loss_ha = optional(area, "loss"),
						       .net_ha = optional(area, "net"),
						       .swap_ha = optional(area, "swap"),
						       .flagged_net_ha = NAN,
						       .expected_net_ha = NAN,
						       .expected_net_low_ha = NAN,
						       .expected_net_high_ha = NAN};
	}
	return gains;
}

/* What significance says of the same classes: 'from' is its net_change, NULL where areas are not known. */
static void read_net(struct reading *reading, const json_t *from, const struct lu_statistics_pair *pair,
		     struct lu_statistics_gain *gains)
{
	for (size_t i = 0; i < pair->class_count; i++)
		for (size_t k = 0; k < json_array_size(from); k++) {
			const json_t *class = json_array_get(from, k);
			if (whole(reading, class, "value") != gains[i].value)
				continue;
			gains[i].flagged_net_ha = optional(class, "flagged_ha");
			gains[i].expected_net_ha = optional(class, "expected_ha");
			gains[i].expected_net_low_ha = optional(class, "expected_low_ha");
			gains[i].expected_net_high_ha = optional(class, "expected_high_ha");
		}
}

static const struct lu_statistics_flags *read_flags(struct reading *reading, const json_t *from)
{
	struct lu_statistics_flags *flags = array(reading, 1, sizeof(*flags));
	const json_t *changes = member(reading, from, "changes");

	if (flags == NULL)
		return NULL;
	*flags = (struct lu_statistics_flags){.compared_cells = whole(reading, from, "compared_cells"),
					      .flagged_cells = whole(reading, from, "flagged_cells"),
					      .flagged_ha = optional(from, "flagged_ha"),
					      .expected_true_ha = optional(from, "expected_true_ha"),
					      .expected_true_low_ha = optional(from, "expected_true_low_ha"),
					      .expected_true_high_ha = optional(from, "expected_true_high_ha"),
					      .threshold = number(reading, from, "threshold"),
					      .change_rate = number(reading, from, "change_rate"),
					      .expected_false_share = number(reading, from, "expected_false_share"),
					      .expected_found_share = number(reading, from, "expected_found_share"),
					      .refused = json_is_true(member(reading, from, "refused"))};
	struct lu_statistics_change *made = list(reading, changes, sizeof(*made), &flags->change_count);
	for (size_t i = 0; i < flags->change_count; i++) {
		const json_t *change = json_array_get(changes, i);
		made[i] = (struct lu_statistics_change){.from = (uint16_t)whole(reading, change, "from"),
							.to = (uint16_t)whole(reading, change, "to"),
							.cells = whole(reading, change, "cells"),
							.area_ha = optional(change, "area_ha")};
	}
	flags->changes = made;
	return flags;
}

/* The number of the date that 'key' names. */
static size_t date_of(struct reading *reading, const json_t *pair, const char *key)
{
	const struct lu_statistics *s = &reading->opened->statistics;
	const char *label = text(reading, pair, key);

	for (size_t i = 0; label != NULL && i < s->date_count; i++)
		if (s->dates[i].label != NULL && strcmp(s->dates[i].label, label) == 0)
			return i;
	if (reading->missing == NULL)
		reading->missing = key;
	return 0;
}

static void read_pair(struct reading *reading, const json_t *from, struct lu_statistics_pair *pair)
{
	const json_t *significance = json_object_get(from, "significance");

	pair->earlier = date_of(reading, from, "earlier");
	pair->later = date_of(reading, from, "later");
	read_matrix(reading, member(reading, from, "transition"), pair);
	struct lu_statistics_gain *gains = read_gains(reading, member(reading, from, "classes"), pair);
	pair->years = optional(json_object_get(from, "annual_rates"), "years");
	if (significance != NULL) {
		pair->flags = read_flags(reading, significance);
		read_net(reading, json_object_get(significance, "net_change"), pair, gains);
	}
}

static void read_all(struct reading *reading, const json_t *root)
{
	struct lu_statistics *s = &reading->opened->statistics;
	const json_t *county = member(reading, root, "county"), *scheme = member(reading, root, "scheme");
	const json_t *classes = member(reading, scheme, "classes");
	const json_t *dates = member(reading, root, "dates"), *pairs = member(reading, root, "pairs");
	struct lu_statistics_class *legend = list(reading, classes, sizeof(*legend), &s->class_count);
	struct lu_statistics_date *date = list(reading, dates, sizeof(*date), &s->date_count);
	struct lu_statistics_pair *pair = list(reading, pairs, sizeof(*pair), &s->pair_count);

	s->software_version = text(reading, member(reading, root, "software"), "version");
	s->county_name = text(reading, county, "name");
	s->county_area_ha = number(reading, county, "area_ha");
	s->crs = text(reading, member(reading, root, "grid"), "crs");
	s->scheme_name = text(reading, scheme, "name");
	s->model_name = text(reading, member(reading, root, "model"), "name");
	for (size_t i = 0; i < s->class_count; i++) {
		const json_t *class = json_array_get(classes, i);
		legend[i] =
			(struct lu_statistics_class){(uint16_t)whole(reading, class, "value"), name(reading, class)};
	}
	for (size_t i = 0; i < s->date_count; i++)
		read_date(reading, json_array_get(dates, i), &date[i]);
	s->classes = legend;
	s->dates = date;
	for (size_t i = 0; i < s->pair_count && !reading->no_memory; i++)
		read_pair(reading, json_array_get(pairs, i), &pair[i]);
	s->pairs = pair;
}

static enum lu_status load(const char *path, struct opened *opened, struct lu_error *err)
{
	json_error_t fault;
	char *bytes = NULL;
	enum lu_status status;
	size_t size;

	LU_TRY(lu_file_read(path, LARGEST, &bytes, &size, err));
	opened->root = json_loadb(bytes, size, 0, &fault);
	if (!json_is_object(opened->root))
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: is no JSON (line %d: %.200s); statistics.json is expected",
				 path, fault.line, fault.text);
	else if (json_integer_value(json_object_get(opened->root, "schema_version")) != SCHEMA)
		status = lu_fail(err, LU_ERROR_UNSUPPORTED,
				 "%s: schema_version is not %d (a newer landuse has written it, or no landuse has)",
				 path, SCHEMA);
out:
	lu_free(bytes);
	return status;
}

enum lu_status lu_statistics_open(const char *path, const struct lu_statistics **out, struct lu_error *err)
{
	char *file = lu_folder_exists(path) ? lu_path_join(path, "statistics.json") : lu_strdup(path);
	struct reading reading = {0};
	enum lu_status status;

	*out = NULL;
	LU_TRY(file != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if (!lu_file_exists(file)) {
		status = lu_fail(err, LU_ERROR_ARGUMENT,
				 "%s: no such file (the output folder of landuse run or change is expected)", file);
		goto out;
	}
	LU_TRY(lu_alloc(&reading.opened, 1, sizeof(*reading.opened), "statistics", err));
	LU_TRY(load(file, reading.opened, err));
	read_all(&reading, reading.opened->root);
	if (reading.no_memory)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: statistics");
	else if (reading.missing != NULL)
		status = lu_fail(
			err, LU_ERROR_FORMAT,
			"%s: '%s' is missing, or not what it should be (statistics.json of landuse is expected)", file,
			reading.missing);
	if (status == LU_OK) {
		*out = &reading.opened->statistics;
		reading.opened = NULL;
	}
out:
	if (reading.opened != NULL)
		lu_statistics_free(&reading.opened->statistics);
	lu_free(file);
	return status;
}

void lu_statistics_free(const struct lu_statistics *statistics)
{
	struct opened *opened = (struct opened *)(uintptr_t)statistics;

	if (opened == NULL)
		return;
	while (opened->blocks != NULL) {
		struct block *block = opened->blocks;
		opened->blocks = block->next;
		lu_free(block);
	}
	json_decref(opened->root);
	lu_free(opened);
}
