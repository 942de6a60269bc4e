/*
 * assess_counts.c: an assessment from tables alone: a matrix, areas, strata.
 *
 *	matrix.csv	map\reference,Forest,Water	areas.csv	class,area
 *			Forest,97,3				Forest,22353
 *			Water,1,48				Water,1122
 */
#include "accuracy/assess.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "accuracy/sample_places.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/table.h"
#include "base/words.h"

/* Sums that a spreadsheet has put beside a matrix. */
static bool is_total(const char *label)
{
	return lu_same_name(label, "total") || lu_same_name(label, "sum") || label[0] == '\0';
}

static const char expected[] =
	"expected a line of class names, and a name in front of each line (the same names for map and reference)";

/* Does the first line have a column, or with 'column' false the table a line, of that name? */
static bool has_name(const struct lu_table *table, const char *name, bool column)
{
	for (size_t j = 1; column && j < table->rows[0].count; j++)
		if (lu_same_label(table->rows[0].fields[j], name))
			return true;
	for (size_t i = 1; !column && i < table->count; i++)
		if (lu_same_label(table->rows[i].fields[0], name))
			return true;
	return false;
}

/*
 * A matrix pasted without its names has counts in their place. Its first field is then a number, which is no heading; or
 * no line has the name of a column. One name that is on one side alone is told: a slip in it counts as an error of the map.
 */
static enum lu_status check_names(const char *path, const struct lu_table *table, const struct lu_hooks *hooks,
				  struct lu_error *err)
{
	const struct lu_table_row *first = &table->rows[0];
	const char *alone = NULL;
	bool lines = false, any = false;
	double number;

	if (lu_table_number(first->fields[0], &number))
		return lu_fail(err, LU_ERROR_FORMAT, "%s: its first line begins with the number %s (%s)", path,
			       first->fields[0], expected);
	for (size_t i = 1; i < table->count; i++) {
		const char *name = table->rows[i].fields[0];
		if (is_total(name))
			continue;
		lines = true;
		if (has_name(table, name, true))
			any = true;
		else
			alone = name;
	}
	if (!lines || !any)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: no map class has the name of a reference class (%s)", path,
			       expected);
	if (alone != NULL)
		lu_log(hooks, LU_LEVEL_WARNING,
		       "%s: map class '%s' has no column of its name: all of it counts as wrong", path, alone);
	for (size_t j = 1; j < first->count; j++)
		if (!is_total(first->fields[j]) && !has_name(table, first->fields[j], false))
			lu_log(hooks, LU_LEVEL_WARNING, "%s: reference class '%s' has no line of its name", path,
			       first->fields[j]);
	return LU_OK;
}

static enum lu_status add_classes(const char *path, const struct lu_table *table, struct lu_assessment *a,
				  const struct lu_hooks *hooks, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	size_t number;

	if (table->count < 2 || table->rows[0].count < 2)
		return lu_fail(
			err, LU_ERROR_FORMAT,
			"%s: expected a matrix: a line with the reference classes, then a line for each map class",
			path);
	LU_TRY(check_names(path, table, hooks, err));
	for (size_t i = 1; i < table->count; i++) {
		const char *label = table->rows[i].fields[0];
		const size_t before = a->count;
		if (is_total(label))
			continue;
		LU_TRY(lu_assessment_class(a, 0, label, &number, err));
		if (a->count == before) {
			status = lu_fail(err, LU_ERROR_FORMAT, "%s:%d: map class '%s' has two lines", path,
					 table->rows[i].line, label);
			goto out;
		}
	}
	for (size_t j = 1; j < table->rows[0].count; j++)
		if (!is_total(table->rows[0].fields[j]))
			LU_TRY(lu_assessment_class(a, 0, table->rows[0].fields[j], &number, err));
out:
	return status;
}

static enum lu_status read_counts(const char *path, struct lu_assessment *a, const struct lu_hooks *hooks,
				  struct lu_error *err)
{
	struct lu_table table;
	enum lu_status status = lu_table_read(path, &table, err);

	if (status != LU_OK)
		return status;
	LU_TRY(add_classes(path, &table, a, hooks, err));
	LU_TRY(lu_alloc(&a->counts, a->count * a->count, sizeof(*a->counts), "a matrix", err));
	for (size_t i = 1; i < table.count; i++) {
		const struct lu_table_row *row = &table.rows[i];
		size_t map, reference;
		if (is_total(row->fields[0]))
			continue;
		LU_TRY(lu_assessment_class(a, 0, row->fields[0], &map, err));
		for (size_t j = 1; j < row->count; j++) {
			double count = 0;
			if (j >= table.rows[0].count) {
				status = lu_fail(err, LU_ERROR_FORMAT, "%s:%d: %zu fields, the first line has %zu",
						 path, row->line, row->count, table.rows[0].count);
				goto out;
			}
			if (row->fields[j][0] != '\0' &&
			    (!lu_table_number(row->fields[j], &count) || count != floor(count) || count > 1e15)) {
				status = lu_fail(err, LU_ERROR_FORMAT, "%s:%d: '%s' is not a count", path, row->line,
						 row->fields[j]);
				goto out;
			}
			if (!is_total(table.rows[0].fields[j])) {
				LU_TRY(lu_assessment_class(a, 0, table.rows[0].fields[j], &reference, err));
				a->counts[map * a->count + reference] += (uint64_t)count;
			}
		}
	}
	for (size_t k = 0; k < a->count * a->count; k++)
		a->labelled += a->counts[k];
out:
	a->rows = a->labelled;
	lu_table_release(&table);
	return status;
}

/* "label,number" lines, of which the first may be a heading; 'take' gets each. */
typedef enum lu_status (*take_line)(void *user, const char *label, double number, struct lu_error *err);

static enum lu_status read_pairs(const char *path, take_line take, void *user, struct lu_error *err)
{
	struct lu_table table;
	enum lu_status status = lu_table_read(path, &table, err);

	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < table.count && status == LU_OK; i++) {
		const struct lu_table_row *row = &table.rows[i];
		double number = 0;
		const bool good = row->count >= 2 && lu_table_number(row->fields[1], &number);
		if (!good && i == 0)
			continue;
		if (!good)
			status = lu_fail(err, LU_ERROR_FORMAT,
					 "%s:%d: expected a name and a number that is not negative", path, row->line);
		else if (!is_total(row->fields[0]))
			status = take(user, row->fields[0], number, err);
		if (status != LU_OK && good)
			lu_fail_within(err, "%s:%d", path, row->line);
	}
	lu_table_release(&table);
	return status;
}

struct areas {
	struct lu_assessment *assessment;
	double unit_ha;
};

static enum lu_status take_area(void *user, const char *label, double number, struct lu_error *err)
{
	const struct areas *areas = user;
	const size_t before = areas->assessment->count;

	for (size_t i = 0; i < before; i++) {
		struct lu_assessed_class *class = &areas->assessment->classes[i];
		if (!lu_same_label(class->name, label))
			continue;
		if (class->mapped_ha >= 0)
			return lu_fail(err, LU_ERROR_FORMAT, "class '%s' has two lines", label);
		class->mapped_ha = number * areas->unit_ha;
		return LU_OK;
	}
	return lu_fail(err, LU_ERROR_MISMATCH, "class '%s' is not in the matrix (add it there, with counts of 0)",
		       label);
}

/* A population so large that nothing is finite about it. */
static const double large = 1e15;

/* No areas: one stratum. A unit stands for all of its cell of the matrix: counts may be those of every pixel of a map. */
static enum lu_status assess_simple(struct lu_assessment *a, struct lu_error *err)
{
	const double population = fmax(large, 1e6 * (double)a->labelled);
	struct lu_sample_unit *units = NULL;
	size_t at = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&units, a->count * a->count, sizeof(*units), "a sample", err));
	for (size_t k = 0; k < a->count * a->count; k++)
		if (a->counts[k] > 0)
			units[at++] = (struct lu_sample_unit){0, (uint32_t)(k / a->count), (uint32_t)(k % a->count),
							      a->counts[k] - 1};
	a->simple = true;
	LU_TRY(lu_assessment_ratio(a, units, at, &population, 1, err));
out:
	lu_free(units);
	return status;
}

enum lu_status lu_assess_counts(const struct lu_assess_task *task, struct lu_assessment *out, struct lu_error *err)
{
	struct areas areas = {out, task->unit_ha > 0 ? task->unit_ha : 1};
	enum lu_status status;

	LU_TRY(read_counts(task->counts, out, task->hooks, err));
	out->map = task->counts;
	out->probability_sample = true;
	for (size_t i = 0; i < out->count; i++)
		out->classes[i].mapped_ha = -1;
	if (task->areas == NULL)
		return assess_simple(out, err);
	LU_TRY(read_pairs(task->areas, take_area, &areas, err));
	for (size_t i = 0; i < out->count; i++) {
		bool sampled = false;
		for (size_t j = 0; j < out->count; j++)
			sampled = sampled || out->counts[i * out->count + j] > 0;
		if (out->classes[i].mapped_ha < 0 && sampled)
			return lu_fail(err, LU_ERROR_MISMATCH, "%s: no area of class '%s', which has counts",
				       task->areas, out->classes[i].name);
		if (out->classes[i].mapped_ha < 0)
			out->classes[i].mapped_ha = 0;
	}
	out->has_areas = true;
	LU_TRY(lu_assessment_stratified(out, NULL, err));
out:
	return status;
}

struct strata {
	bool weights; /* sizes are areas or shares, as it is said or as they look */
	char **names;
	double *sizes;
	size_t count;
};

static enum lu_status take_stratum(void *user, const char *label, double number, struct lu_error *err)
{
	struct strata *strata = user;

	for (size_t h = 0; h < strata->count; h++)
		if (strcmp(strata->names[h], label) == 0)
			return lu_fail(err, LU_ERROR_FORMAT, "stratum '%s' has two lines", label);
	/* Units come whole. */
	strata->weights = strata->weights || number != floor(number);
	char *name = lu_strdup(label);
	enum lu_status status;

	LU_TRY(name != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: strata"));
	LU_TRY(lu_grow(&strata->names, strata->count + 1, sizeof(*strata->names), "strata", err));
	LU_TRY(lu_grow(&strata->sizes, strata->count + 1, sizeof(*strata->sizes), "strata", err));
out:
	if (status != LU_OK) {
		lu_free(name);
		return status;
	}
	strata->names[strata->count] = name;
	strata->sizes[strata->count++] = number;
	return LU_OK;
}

static enum lu_status make_units(const struct lu_assess_task *task, const struct lu_sample_table *table,
				 const struct strata *strata, struct lu_assessment *a, struct lu_sample_unit *units,
				 struct lu_error *err)
{
	enum lu_status status = LU_OK;

	a->rows = table->count - a->repeated;
	for (size_t i = 0; i < table->count; i++) {
		const struct lu_sample_row *row = &table->rows[i];
		size_t map, reference, h = 0;
		if (row->repeated)
			continue;
		if (row->reference == NULL) {
			a->unlabelled++;
			continue;
		}
		if (row->map == NULL || row->stratum == NULL)
			return lu_fail(err, LU_ERROR_FORMAT, "%s: row %zu has no %s (.map_field, .stratum_field)",
				       task->sample.path, i + 1, row->map == NULL ? "map class" : "stratum");
		while (h < strata->count && strcmp(strata->names[h], row->stratum) != 0)
			h++;
		if (h == strata->count)
			return lu_fail(err, LU_ERROR_MISMATCH, "%s: row %zu is of stratum '%s', which %s does not have",
				       task->sample.path, i + 1, row->stratum, task->strata);
		LU_TRY(lu_assessment_class(a, 0, row->map, &map, err));
		LU_TRY(lu_assessment_class(a, 0, row->reference, &reference, err));
		units[a->labelled++] = (struct lu_sample_unit){(uint32_t)h, (uint32_t)map, (uint32_t)reference, 0};
	}
	if (a->labelled == 0)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: none of %zu rows is labelled", task->sample.path,
			       table->count);
	/* Names of the map in one spelling and of the reference in another would all be errors. */
	bool shared = false;
	for (size_t i = 0; i < a->count && !shared; i++) {
		bool mapped = false, found = false;
		for (size_t k = 0; k < a->labelled; k++) {
			mapped = mapped || units[k].map == i;
			found = found || units[k].reference == i;
		}
		shared = mapped && found;
	}
	if (!shared)
		status = lu_fail(
			err, LU_ERROR_MISMATCH,
			"%s: no map class has the name of a reference class ('%s' and '%s'; expected the same names "
			"in both fields)",
			task->sample.path, a->classes[units[0].map].name, a->classes[units[0].reference].name);
out:
	return status;
}

static enum lu_status labels_agree(void *user, size_t row, size_t other, bool *agree, struct lu_error *err)
{
	const struct lu_sample_table *table = user;

	(void)err;
	*agree = lu_same_label(table->rows[row].reference, table->rows[other].reference);
	return LU_OK;
}

/* Rows at the very same point are one place. */
static enum lu_status unite_points(const struct lu_assess_task *task, struct lu_sample_table *table,
				   struct lu_assessment *a, struct lu_error *err)
{
	struct lu_sample_place *points = NULL;
	size_t count = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&points, table->count, sizeof(*points), "a sample", err));
	table->has_design = true; /* the strata's sizes are told */
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].has_place)
			points[count++] = (struct lu_sample_place){table->rows[i].place.x, table->rows[i].place.y, i};
	LU_TRY(lu_sample_unite(&task->sample, table, points, count, labels_agree, table, a, err));
out:
	lu_free(points);
	return status;
}

static int by_name(const void *a, const void *b)
{
	const struct lu_assessed_class *x = a, *y = b;
	char *x_end, *y_end;
	const double p = strtod(x->name, &x_end), q = strtod(y->name, &y_end);

	if (x_end != x->name && y_end != y->name && p != q)
		return p < q ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Classes in the order of their names, rather than the order in which rows happen to have them. */
static enum lu_status sort_classes(const struct lu_sample_table *table, struct lu_assessment *a, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	size_t number;

	for (size_t i = 0; i < table->count; i++) {
		if (table->rows[i].reference == NULL || table->rows[i].map == NULL)
			continue;
		LU_TRY(lu_assessment_class(a, 0, table->rows[i].map, &number, err));
		LU_TRY(lu_assessment_class(a, 0, table->rows[i].reference, &number, err));
	}
out:
	if (a->count > 0)
		qsort(a->classes, a->count, sizeof(*a->classes), by_name);
	for (size_t i = 0; i < a->count; i++)
		a->classes[i].mapped_ha = -1;
	return status;
}

enum lu_status lu_assess_strata(const struct lu_assess_task *task, struct lu_assessment *out, struct lu_error *err)
{
	struct lu_sample_table table = {0};
	struct lu_sample_unit *units = NULL;
	struct strata strata = {.weights = task->weights};
	double total = 0, least = large;
	enum lu_status status;

	out->map = NULL;
	LU_TRY(read_pairs(task->strata, take_stratum, &strata, err));
	out->sample = task->sample.path;
	out->probability_sample = true;
	LU_TRY(lu_sample_table_read(&task->sample, &table, err));
	LU_TRY(unite_points(task, &table, out, err));
	LU_TRY(lu_alloc(&units, table.count, sizeof(*units), "a sample", err));
	LU_TRY(sort_classes(&table, out, err));
	LU_TRY(make_units(task, &table, &strata, out, units, err));
	for (size_t h = 0; h < strata.count; h++) {
		total += strata.sizes[h];
		least = strata.sizes[h] > 0 && strata.sizes[h] < least ? strata.sizes[h] : least;
	}
	out->area_ha = total * task->unit_ha;
	out->has_areas = task->unit_ha > 0;
	if (strata.weights && !task->weights)
		lu_log(task->hooks, LU_LEVEL_WARNING,
		       "%s: sizes that are not whole are taken for areas or shares, of a large population (say so: "
		       ".weights)",
		       task->strata);
	/* The estimators take numbers of units; weights become large ones in the same proportion. */
	for (size_t h = 0; h < strata.count && strata.weights; h++)
		strata.sizes[h] *= large / least;
	LU_TRY(lu_assessment_ratio(out, units, (size_t)out->labelled, strata.sizes, strata.count, err));
out:
	if (status == LU_ERROR_ARGUMENT && !strata.weights)
		status = lu_fail(err, status, "%s: %s (.weights, if the sizes are areas or shares)", task->strata,
				 err->text);
	for (size_t h = 0; h < strata.count; h++)
		lu_free(strata.names[h]);
	lu_free(strata.names);
	lu_free(strata.sizes);
	lu_free(units);
	lu_sample_table_release(&table);
	return status;
}
