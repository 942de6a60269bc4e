/*
 * test_operator_page.c: docs/engine.md lists the operators that the table has.
 *
 * LANDUSE_UPDATE=1 writes them there, from the source's folder: LANDUSE_UPDATE=1 build/tests/nn_test_operator_page
 */
#include "nn/ops/ops.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "support/check.h"

static const char page[] = "docs/engine.md";
static const char begin[] =
	"<!-- operators: this table is made by LANDUSE_UPDATE=1 build/tests/nn_test_operator_page -->\n";
static const char end[] = "<!-- end of operators -->\n";

static int by_name(const void *a, const void *b)
{
	const struct lu_op *x = *(const struct lu_op *const *)a, *y = *(const struct lu_op *const *)b;
	const int order = strcmp(x->name, y->name);

	return order != 0 ? order : x->since - y->since;
}

/* "axis, keepdims" of "i:axis i:keepdims". */
static void print_attributes(FILE *to, const char *attributes)
{
	const char *between = "";

	for (const char *at = attributes; *at != '\0'; at += strcspn(at, " ")) {
		at += strspn(at, " ");
		if (*at == '\0')
			break;
		fprintf(to, "%s%.*s", between, (int)strcspn(at + 2, " "), at + 2);
		between = ", ";
	}
}

static void print_range(FILE *to, int low, int high)
{
	if (high >= LU_MAX_CALL)
		fprintf(to, " | %d or more", low);
	else if (low == high)
		fprintf(to, " | %d", low);
	else
		fprintf(to, " | %d to %d", low, high);
}

static void print_table(FILE *to)
{
	size_t count;
	const struct lu_op *table = lu_op_table(&count), **sorted = calloc(count, sizeof(*sorted));

	assert_non_null(sorted);
	for (size_t i = 0; i < count; i++)
		sorted[i] = &table[i];
	qsort(sorted, count, sizeof(*sorted), by_name);
	fputs("\n| operator | opsets | inputs | attributes |\n|---|---|---|---|\n", to);
	for (size_t i = 0; i < count; i++) {
		const struct lu_op *op = sorted[i];
		fprintf(to, "| %s%s%s", op->name, op->domain[0] != '\0' ? ", " : "", op->domain);
		print_range(to, op->since, op->until);
		print_range(to, op->in_min, op->in_max);
		fputs(" | ", to);
		print_attributes(to, op->attributes);
		fputs(" |\n", to);
	}
	fputs("\n", to);
	free(sorted);
}

static void the_page_holds(void **state)
{
	struct lu_text_stream stream;
	struct lu_error err = {0};
	char *kept = NULL, *text = NULL;
	size_t size;

	(void)state;
	check_ok(lu_file_read(page, 1 << 20, &kept, &size, &err), err);
	const char *from = strstr(kept, begin), *to = from != NULL ? strstr(from, end) : NULL;
	assert_non_null(to);
	check_ok(lu_text_begin(&stream, page, &err), err);
	fprintf(stream.to, "%.*s%s", (int)(from - kept), kept, begin);
	print_table(stream.to);
	fputs(to, stream.to);
	check_ok(lu_text_finish(&stream, &text, &err), err);
	if (getenv("LANDUSE_UPDATE") != NULL)
		check_ok(lu_file_write(page, text, strlen(text), &err), err);
	else if (strcmp(kept, text) != 0)
		fail_msg("%s is not what src/nn/ops/table.c says (LANDUSE_UPDATE=1 build/tests/nn_test_operator_page)",
			 page);
	lu_free(kept);
	lu_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_page_holds)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
