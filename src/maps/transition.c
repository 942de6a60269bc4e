/*
 * transition.c: counting from-to pairs.
 *
 * The inner loop is two table look-ups and one increment a cell. A value that the table has not
 * seen stops it, the table grows, and the loop goes on: that happens a few times in a map.
 */
#include "maps/transition.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "grid/area_sum.h"

#define VALUES 65536
/* Never numbers in 'values', of which there are at most LU_MAX_CLASSES + 1. */
#define UNKNOWN 65535
#define NOTED 65534 /* between note and learn */

/* Values that a table is about to learn. */
struct fresh {
	uint16_t values[LU_MAX_CLASSES + 1];
	size_t count;
};

/* Note 'value' unless it is known or noted already; false when there are too many. */
static bool note(struct lu_transition *t, struct fresh *fresh, uint16_t value)
{
	if (t->index[value] != UNKNOWN)
		return true;
	if (t->count + fresh->count > LU_MAX_CLASSES)
		return false;
	t->index[value] = NOTED;
	fresh->values[fresh->count++] = value;
	return true;
}

static int by_value(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static enum lu_status fail_classes(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_FORMAT,
		       "more than %d distinct values: this is not a map of classes (is it an image, or a measurement?)",
		       LU_MAX_CLASSES);
}

/* Give the fresh values their place in the ascending order, and what was counted its new row and column. */
static enum lu_status learn(struct lu_transition *t, const struct fresh *fresh, struct lu_error *err)
{
	const size_t old = t->count, count = old + fresh->count;
	struct lu_transition grown = {.count = count, .index = t->index, .uncertain = t->uncertain};
	uint16_t *old_values = t->values;
	enum lu_status status;

	if (fresh->count == 0)
		return LU_OK;
	LU_TRY(lu_alloc(&grown.values, count, sizeof(*grown.values), "transition table", err));
	LU_TRY(lu_alloc(&grown.cells, count * count, sizeof(*grown.cells), "transition table", err));
	LU_TRY(lu_alloc(&grown.area_units, count * count, sizeof(*grown.area_units), "transition table", err));

	if (old > 0)
		memcpy(grown.values, old_values, old * sizeof(*old_values));
	memcpy(grown.values + old, fresh->values, fresh->count * sizeof(*fresh->values));
	qsort(grown.values, count, sizeof(*grown.values), by_value);
	for (size_t i = 0; i < count; i++)
		grown.index[grown.values[i]] = (uint16_t)i;
	for (size_t i = 0; i < old; i++) {
		for (size_t j = 0; j < old; j++) {
			const size_t to = (size_t)grown.index[old_values[i]] * count + grown.index[old_values[j]];

			grown.cells[to] = t->cells[i * old + j];
			grown.area_units[to] = t->area_units[i * old + j];
		}
	}
	/* The new arrays go in, the old ones out below. */
	const struct lu_transition before = *t;

	*t = grown;
	grown = before;
out:
	lu_free(grown.values);
	lu_free(grown.cells);
	lu_free(grown.area_units);
	return status;
}

enum lu_status lu_transition_new(const uint16_t *values, size_t count, struct lu_transition **out, struct lu_error *err)
{
	struct lu_transition *t = NULL;
	struct fresh fresh = {.count = 0};
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_alloc(&t, 1, sizeof(*t), "transition table", err));
	LU_TRY(lu_alloc(&t->index, VALUES, sizeof(*t->index), "transition table", err));
	memset(t->index, 0xff, VALUES * sizeof(*t->index)); /* UNKNOWN everywhere */
	note(t, &fresh, 0);
	for (size_t i = 0; i < count; i++) {
		if (!note(t, &fresh, values[i])) {
			status = fail_classes(err);
			goto out;
		}
	}
	LU_TRY(learn(t, &fresh, err));
	*out = t;
	t = NULL;
out:
	lu_transition_free(t);
	return status;
}

void lu_transition_free(struct lu_transition *table)
{
	if (table == NULL)
		return;
	lu_free(table->values);
	lu_free(table->cells);
	lu_free(table->area_units);
	lu_free(table->index);
	lu_free(table);
}

/* Count cells from 'i' on until the end or a value the table does not know; returns where it stopped. */
static size_t count_plain(struct lu_transition *t, const uint16_t *before, const uint16_t *after, size_t i, size_t n)
{
	const uint16_t *const index = t->index;
	uint64_t *const cells = t->cells;
	const size_t count = t->count;

	for (; i < n; i++) {
		const size_t b = index[before[i]], a = index[after[i]];

		if (b == UNKNOWN || a == UNKNOWN)
			break;
		cells[b * count + a]++;
	}
	return i;
}

static size_t count_weighted(struct lu_transition *t, const uint16_t *before, const uint16_t *after,
			     const double *area_m2, size_t i, size_t n)
{
	for (; i < n; i++) {
		const size_t b = t->index[before[i]], a = t->index[after[i]];

		assert(area_m2[i] >= 0.0);
		if (area_m2[i] <= 0.0)
			continue;
		if (b == UNKNOWN || a == UNKNOWN)
			break;
		t->cells[b * t->count + a]++;
		t->area_units[b * t->count + a] += lu_area_units(area_m2[i]);
	}
	return i;
}

enum lu_status lu_transition_add(struct lu_transition *table, const uint16_t *before, const uint16_t *after,
				 const double *area_m2, size_t n, struct lu_error *err)
{
	size_t i = 0;

	for (;;) {
		struct fresh fresh = {.count = 0};

		i = area_m2 != NULL ? count_weighted(table, before, after, area_m2, i, n)
				    : count_plain(table, before, after, i, n);
		if (i == n)
			return LU_OK;
		/* Learn all that is new in the rest at once, so that the table grows once a call at most. */
		for (size_t k = i; k < n; k++) {
			if (area_m2 != NULL && area_m2[k] <= 0.0)
				continue;
			if (!note(table, &fresh, before[k]) || !note(table, &fresh, after[k]))
				return fail_classes(err);
		}
		enum lu_status status = learn(table, &fresh, err);

		if (status != LU_OK)
			return status;
	}
}

enum lu_status lu_transition_merge(struct lu_transition *into, const struct lu_transition *from, struct lu_error *err)
{
	struct fresh fresh = {.count = 0};

	for (size_t i = 0; i < from->count; i++) {
		if (!note(into, &fresh, from->values[i]))
			return fail_classes(err);
	}
	enum lu_status status = learn(into, &fresh, err);

	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < from->count; i++) {
		for (size_t j = 0; j < from->count; j++) {
			const size_t to =
				(size_t)into->index[from->values[i]] * into->count + into->index[from->values[j]];

			into->cells[to] += from->cells[i * from->count + j];
			into->area_units[to] += from->area_units[i * from->count + j];
		}
	}
	return LU_OK;
}

enum lu_status lu_transition_add_date(struct lu_transition *into, const struct lu_transition *from, bool later,
				      struct lu_error *err)
{
	const size_t n = from->count, across = later ? n : 1, along = later ? 1 : n;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < n; i++) {
		struct fresh fresh = {.count = 0};
		uint64_t cells = 0;
		lu_area_sum area_units = 0;

		for (size_t j = 0; j < n; j++) {
			cells += from->cells[i * along + j * across];
			area_units += from->area_units[i * along + j * across];
		}
		if (cells == 0)
			continue; /* a class of the other date alone */
		if (!note(into, &fresh, from->values[i]))
			return fail_classes(err);
		LU_TRY(learn(into, &fresh, err));
		const size_t at = into->index[from->values[i]];
		into->cells[at * into->count + at] += cells;
		into->area_units[at * into->count + at] += area_units;
	}
out:
	return status;
}

uint64_t lu_transition_total_cells(const struct lu_transition *table)
{
	uint64_t cells = 0;

	for (size_t i = 0; i < table->count * table->count; i++)
		cells += table->cells[i];
	return cells;
}

double lu_transition_total_m2(const struct lu_transition *table)
{
	lu_area_sum units = 0;

	for (size_t i = 0; i < table->count * table->count; i++)
		units += table->area_units[i];
	return lu_area_m2(units);
}

size_t lu_transition_classes(const struct lu_transition *table)
{
	size_t classes = 0;

	for (size_t i = 1; i < table->count; i++)
		classes += lu_transition_is_class(table, i);
	return classes;
}

int lu_transition_find(const struct lu_transition *table, uint16_t value)
{
	return table->index[value] == UNKNOWN ? -1 : table->index[value];
}

uint64_t lu_transition_cells(const struct lu_transition *table, size_t i, size_t j)
{
	assert(i < table->count && j < table->count);
	return table->cells[i * table->count + j];
}

double lu_transition_area_m2(const struct lu_transition *table, size_t i, size_t j)
{
	assert(i < table->count && j < table->count);
	return lu_area_m2(table->area_units[i * table->count + j]);
}

uint64_t lu_transition_common(const struct lu_transition *table, uint64_t *changed)
{
	uint64_t both = 0;

	*changed = 0;
	for (size_t a = 1; a < table->count; a++)
		for (size_t b = 1; b < table->count; b++) {
			if (!lu_transition_is_class(table, a) || !lu_transition_is_class(table, b))
				continue;
			both += lu_transition_cells(table, a, b);
			*changed += a != b ? lu_transition_cells(table, a, b) : 0;
		}
	return both;
}

/* One entry in the unit asked for. Differences of whole numbers below 2^53 stay exact in a double. */
static double entry(const struct lu_transition *t, size_t i, size_t j, enum lu_unit unit)
{
	return unit == LU_UNIT_CELLS ? (double)lu_transition_cells(t, i, j) : lu_transition_area_m2(t, i, j);
}

struct lu_class_change lu_transition_class(const struct lu_transition *table, size_t class_number, enum lu_unit unit)
{
	struct lu_class_change c = {0};

	assert(class_number < table->count && lu_transition_is_class(table, class_number));
	c.persistence = entry(table, class_number, class_number, unit);
	for (size_t k = 1; k < table->count; k++) {
		if (k == class_number || !lu_transition_is_class(table, k))
			continue;
		c.gain += entry(table, k, class_number, unit);
		c.loss += entry(table, class_number, k, unit);
	}
	c.earlier = c.persistence + c.loss;
	c.later = c.persistence + c.gain;
	c.net = c.gain - c.loss;
	c.swap = 2.0 * (c.gain < c.loss ? c.gain : c.loss);
	return c;
}

void lu_transition_matrix(const struct lu_transition *table, enum lu_unit unit, double *matrix)
{
	for (size_t i = 1; i < table->count; i++) {
		for (size_t j = 1; j < table->count; j++)
			if (lu_transition_is_class(table, i) && lu_transition_is_class(table, j))
				*matrix++ = entry(table, i, j, unit);
	}
}

uint16_t lu_change_code(uint16_t before, uint16_t after)
{
	if (before == 0 || after == 0)
		return 0;
	assert(before <= 99 && after <= 99);
	return before == after ? before : (uint16_t)(before * 100 + after);
}

bool lu_change_codes_fit(const uint16_t *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (values[i] > 99)
			return false;
	}
	return true;
}

void lu_change_decode(uint16_t code, uint16_t *before, uint16_t *after)
{
	*before = code < 100 ? code : code / 100;
	*after = code % 100;
}
