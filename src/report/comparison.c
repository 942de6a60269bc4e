/* comparison.c: agreement for a person and as JSON. */
#include "report/comparison.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/memory.h"
#include "report/evidence_json.h"

enum { NAME = 28, HEAD = 12, HECTARE_DECIMALS = 6 };

void lu_comparison_release(struct lu_comparison *comparison)
{
	lu_transition_free(comparison->table);
	for (size_t i = 0; i < comparison->name_count; i++)
		lu_free(comparison->names[i]);
	lu_free(comparison->names);
	lu_free(comparison->matrix);
	lu_free(comparison->codes);
	lu_free(comparison->scheme);
	memset(comparison, 0, sizeof(*comparison));
}

/* Square metres of a class (from 0): what agrees, in all of the map, in all of the reference. */
struct sums {
	double agree, map, reference;
};

static struct sums sums_of(const struct lu_comparison *c, size_t class)
{
	const size_t n = c->table->count - 1;
	struct sums sums = {.agree = c->matrix[class * n + class]};

	for (size_t k = 0; k < n; k++) {
		sums.map += c->matrix[class * n + k];
		sums.reference += c->matrix[k * n + class];
	}
	return sums;
}

static void print_matrix(FILE *to, const struct lu_comparison *c)
{
	const size_t n = c->table->count - 1;

	fprintf(to, "\nCells (rows = map, columns = reference)\n%*s", NAME + 6, "");
	for (size_t j = 1; j <= n; j++) {
		if (n <= 9)
			fprintf(to, "  %*.*s", HEAD, HEAD, c->names[j]);
		else
			fprintf(to, "  %*u", HEAD, c->table->values[j]);
	}
	fputc('\n', to);
	for (size_t i = 1; i <= n; i++) {
		fprintf(to, "%5u %-*.*s", c->table->values[i], NAME, NAME, c->names[i]);
		for (size_t j = 1; j <= n; j++)
			fprintf(to, "  %*" PRIu64, HEAD, lu_transition_cells(c->table, i, j));
		fputc('\n', to);
	}
}

static void print_share(FILE *to, double part, double whole)
{
	if (whole > 0)
		fprintf(to, "  %12.4f", part / whole);
	else
		fprintf(to, "  %12s", "-");
}

static void print_classes(FILE *to, const struct lu_comparison *c)
{
	fprintf(to, "\nAgreement by class, of area (hectares in the compared cells)\n%*s  %12s  %12s  %14s  %14s\n",
		NAME + 6, "", "user's", "producer's", "map ha", "reference ha");
	for (size_t i = 1; i < c->table->count; i++) {
		const struct sums sums = sums_of(c, i - 1);
		fprintf(to, "%5u %-*.*s", c->table->values[i], NAME, NAME, c->names[i]);
		print_share(to, sums.agree, sums.map);
		print_share(to, sums.agree, sums.reference);
		fprintf(to, "  %14.2f  %14.2f\n", sums.map / 1e4, sums.reference / 1e4);
	}
}

static void print_left_out(FILE *to, const struct lu_comparison *c)
{
	const struct {
		uint64_t cells;
		const char *why;
	} reasons[] = {{c->uncertain, "uncertain on the map (in no class)"},
		       {c->mixed, "of mixed reference (no class covers enough of them)"},
		       {c->left_out, "of reference classes that the scheme leaves out"},
		       {c->unknown, "of reference codes that nobody knows"},
		       {c->uncovered, "beyond the reference's data"}};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].cells > 0)
			fprintf(to, "left out: %" PRIu64 " cells %s\n", reasons[i].cells, reasons[i].why);
	for (size_t i = 0; i < c->code_count; i++)
		fprintf(to, "reference code %u: %s, about %.1f cells in all\n", c->codes[i].code,
			c->codes[i].left_out ? "left out by the scheme" : "not known to the scheme", c->codes[i].cells);
}

void lu_comparison_print(FILE *to, const struct lu_comparison *comparison)
{
	const struct lu_comparison *c = comparison;

	fprintf(to, "%s, compared with %s\n", c->map, c->reference);
	fputs("This is agreement with another map, which has errors of its own; it is not accuracy (landuse assess).\n",
	      to);
	fprintf(to, "%" PRIu64 " cells, %.2f ha; each takes the reference class that covers most of it, ", c->compared,
		c->compared_m2 / 1e4);
	if (c->scheme != NULL)
		fprintf(to, "NLCD codes merged by scheme %s\n", c->scheme);
	else
		fputs("by the same codes as the map's\n", to);
	print_left_out(to, c);
	print_matrix(to, c);
	fprintf(to, "\nOverall agreement: %.4f of area, %.4f of cells\n", c->agreement, c->agreement_cells);
	fprintf(to,
		"Disagreement of area: %.4f = quantity %.4f + exchange %.4f + shift %.4f (Pontius & Santacruz 2014)\n",
		c->disagreement.difference, c->disagreement.quantity, c->disagreement.exchange, c->disagreement.shift);
	print_classes(to, c);
}

static void set(json_t *object, const char *key, json_t *value, bool *ok)
{
	*ok = json_object_set_new(object, key, value) == 0 && *ok;
}

static void push(json_t *array, json_t *value, bool *ok)
{
	*ok = json_array_append_new(array, value) == 0 && *ok;
}

static json_t *share_json(double part, double whole)
{
	return whole > 0 ? json_real(part / whole) : json_null();
}

static json_t *class_json(const struct lu_comparison *c, size_t i, bool *ok)
{
	const struct sums sums = sums_of(c, i - 1);
	json_t *class = json_object();

	set(class, "value", json_integer(c->table->values[i]), ok);
	set(class, "name", json_string(c->names[i]), ok);
	set(class, "users_agreement", share_json(sums.agree, sums.map), ok);
	set(class, "producers_agreement", share_json(sums.agree, sums.reference), ok);
	set(class, "map_ha", json_real(sums.map / 1e4), ok);
	set(class, "reference_ha", json_real(sums.reference / 1e4), ok);
	return class;
}

static json_t *matrix_json(const struct lu_comparison *c, bool *ok)
{
	json_t *matrix = json_object(), *values = json_array(), *cells = json_array(), *area = json_array();
	const size_t n = c->table->count - 1;

	for (size_t i = 1; i <= n; i++) {
		json_t *cell_row = json_array(), *area_row = json_array();
		push(values, json_integer(c->table->values[i]), ok);
		for (size_t j = 1; j <= n; j++) {
			push(cell_row, json_integer((json_int_t)lu_transition_cells(c->table, i, j)), ok);
			push(area_row, json_real(c->matrix[(i - 1) * n + j - 1] / 1e4), ok);
		}
		push(cells, cell_row, ok);
		push(area, area_row, ok);
	}
	set(matrix, "rows", json_string("map"), ok);
	set(matrix, "columns", json_string("reference"), ok);
	set(matrix, "values", values, ok);
	set(matrix, "cells", cells, ok);
	set(matrix, "area_ha", area, ok);
	return matrix;
}

static json_t *left_out_json(const struct lu_comparison *c, bool *ok)
{
	json_t *object = json_object(), *codes = json_array();

	set(object, "uncertain", json_integer((json_int_t)c->uncertain), ok);
	set(object, "mixed", json_integer((json_int_t)c->mixed), ok);
	set(object, "left_out_by_scheme", json_integer((json_int_t)c->left_out), ok);
	set(object, "unknown_code", json_integer((json_int_t)c->unknown), ok);
	set(object, "beyond_reference", json_integer((json_int_t)c->uncovered), ok);
	for (size_t i = 0; i < c->code_count; i++) {
		json_t *code = json_object();
		set(code, "code", json_integer(c->codes[i].code), ok);
		set(code, "cells", json_real(c->codes[i].cells), ok);
		set(code, "known", json_boolean(c->codes[i].left_out), ok);
		push(codes, code, ok);
	}
	set(object, "codes", codes, ok);
	return object;
}

json_t *lu_comparison_object(const struct lu_comparison *c, bool *all_ok)
{
	json_t *root = json_object(), *classes = json_array(), *disagreement = json_object();
	bool ok = root != NULL && classes != NULL && disagreement != NULL;

	if (c->date != NULL)
		set(root, "date", json_string(c->date), &ok);
	set(root, "map", json_string(c->map), &ok);
	set(root, "reference", json_string(c->reference), &ok);
	set(root, "scheme", c->scheme != NULL ? json_string(c->scheme) : json_null(), &ok);
	set(root, "measures", json_string("agreement with another map, not accuracy"), &ok);
	set(root, "compared_cells", json_integer((json_int_t)c->compared), &ok);
	set(root, "compared_ha", json_real(c->compared_m2 / 1e4), &ok);
	set(root, "cells_left_out", left_out_json(c, &ok), &ok);
	set(root, "matrix", matrix_json(c, &ok), &ok);
	set(root, "agreement", json_real(c->agreement), &ok);
	set(root, "agreement_of_cells", json_real(c->agreement_cells), &ok);
	set(disagreement, "total", json_real(c->disagreement.difference), &ok);
	set(disagreement, "quantity", json_real(c->disagreement.quantity), &ok);
	set(disagreement, "exchange", json_real(c->disagreement.exchange), &ok);
	set(disagreement, "shift", json_real(c->disagreement.shift), &ok);
	set(root, "disagreement", disagreement, &ok);
	for (size_t i = 1; i < c->table->count; i++)
		push(classes, class_json(c, i, &ok), &ok);
	set(root, "classes", classes, &ok);
	*all_ok = *all_ok && ok;
	return root;
}

enum lu_status lu_comparison_json(const struct lu_comparison *c, char **text, struct lu_error *err)
{
	bool ok = true;
	json_t *root = lu_comparison_object(c, &ok);
	char *dumped = ok ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) : NULL;

	*text = NULL;
	json_decref(root);
	if (dumped != NULL)
		*text = lu_sprintf("%s\n", dumped);
	free(dumped);
	return *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory, or a name is not UTF-8");
}

const char *const lu_comparison_tables[LU_COMPARISON_TABLES] = {"reference_matrix.csv", "reference_areas.csv"};

static void fill_matrix(struct lu_csv *csv, const struct lu_comparison *c)
{
	const size_t n = c->table->count - 1;

	lu_csv_text(csv, "map\\reference (ha)");
	for (size_t j = 1; j <= n; j++)
		lu_csv_text(csv, c->names[j]);
	lu_csv_end_row(csv);
	for (size_t i = 0; i < n; i++) {
		lu_csv_text(csv, c->names[i + 1]);
		for (size_t j = 0; j < n; j++)
			lu_csv_fixed(csv, c->matrix[i * n + j] / 1e4, HECTARE_DECIMALS);
		lu_csv_end_row(csv);
	}
}

static void fill_areas(struct lu_csv *csv, const struct lu_comparison *c)
{
	static const char *const header[] = {
		"value", "name", "map_ha", "reference_ha", "agreement_ha", "users_agreement", "producers_agreement"};

	lu_csv_row(csv, header, sizeof(header) / sizeof(header[0]));
	for (size_t i = 1; i < c->table->count; i++) {
		const struct sums sums = sums_of(c, i - 1);
		lu_csv_count(csv, c->table->values[i]);
		lu_csv_text(csv, c->names[i]);
		lu_csv_fixed(csv, sums.map / 1e4, HECTARE_DECIMALS);
		lu_csv_fixed(csv, sums.reference / 1e4, HECTARE_DECIMALS);
		lu_csv_fixed(csv, sums.agree / 1e4, HECTARE_DECIMALS);
		lu_csv_fixed(csv, sums.map > 0 ? sums.agree / sums.map : NAN, HECTARE_DECIMALS);
		lu_csv_fixed(csv, sums.reference > 0 ? sums.agree / sums.reference : NAN, HECTARE_DECIMALS);
		lu_csv_end_row(csv);
	}
}

enum lu_status lu_comparison_csv(const char *folder, const struct lu_comparison *comparison, struct lu_error *err)
{
	void (*const fill[LU_COMPARISON_TABLES])(struct lu_csv *, const struct lu_comparison *) = {fill_matrix,
												   fill_areas};
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < LU_COMPARISON_TABLES && status == LU_OK; i++) {
		struct lu_csv csv = {0};
		char *path = lu_path_join(folder, lu_comparison_tables[i]);
		fill[i](&csv, comparison);
		status = path != NULL ? lu_csv_write(&csv, path, err)
				      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		lu_free(path);
		lu_csv_release(&csv);
	}
	return status;
}
