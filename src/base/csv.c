/*
 * csv.c: fields, commas and quotes.
 */
#include "base/csv.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

static void append(struct lu_csv *csv, const char *bytes, size_t size)
{
	if (csv->failed || size == 0)
		return;
	if (csv->room - csv->size < size) {
		const size_t room = 2 * csv->room + size + 1024;

		if (lu_grow(&csv->text, room, 1, "table", NULL) != LU_OK) {
			csv->failed = true;
			return;
		}
		csv->room = room;
	}
	memcpy(csv->text + csv->size, bytes, size);
	csv->size += size;
}

static void begin_field(struct lu_csv *csv)
{
	if (csv->in_row)
		append(csv, ",", 1);
	csv->in_row = true;
}

void lu_csv_text(struct lu_csv *csv, const char *text)
{
	begin_field(csv);
	if (text == NULL)
		return;
	const char *guard = lu_cell_is_formula(text) ? "'" : "";
	if (strpbrk(text, ",\"\r\n") == NULL) {
		append(csv, guard, strlen(guard));
		append(csv, text, strlen(text));
		return;
	}
	append(csv, "\"", 1);
	append(csv, guard, strlen(guard));
	for (; *text; text++)
		append(csv, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
	append(csv, "\"", 1);
}

void lu_csv_count(struct lu_csv *csv, uint64_t count)
{
	char digits[32];

	begin_field(csv);
	append(csv, digits, (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, count));
}

void lu_csv_integer(struct lu_csv *csv, int64_t value)
{
	char digits[32];

	begin_field(csv);
	append(csv, digits, (size_t)snprintf(digits, sizeof(digits), "%" PRId64, value));
}

/* By whole numbers: printf's %f would write the locale's decimal comma. */
void lu_csv_fixed(struct lu_csv *csv, double value, int decimals)
{
	char digits[64];
	int64_t one = 1;

	assert(decimals >= 0 && decimals <= 9);
	for (int i = 0; i < decimals; i++)
		one *= 10;
	begin_field(csv);
	if (!(fabs(value) * (double)one < 9e18))
		return;

	const int64_t scaled = llround(fabs(value) * (double)one);
	const char *sign = value < 0.0 && scaled > 0 ? "-" : "";
	int size = snprintf(digits, sizeof(digits), "%s%" PRId64, sign, scaled / one);

	if (decimals > 0)
		size += snprintf(digits + size, sizeof(digits) - (size_t)size, ".%0*" PRId64, decimals, scaled % one);
	append(csv, digits, (size_t)size);
}

void lu_csv_end_row(struct lu_csv *csv)
{
	append(csv, "\n", 1);
	csv->in_row = false;
}

void lu_csv_row(struct lu_csv *csv, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		lu_csv_text(csv, texts[i]);
	lu_csv_end_row(csv);
}

enum lu_status lu_csv_write(const struct lu_csv *csv, const char *path, struct lu_error *err)
{
	if (csv->failed)
		return lu_fail(err, LU_ERROR_MEMORY, "%s: out of memory for the table", path);
	return lu_file_write(path, csv->text, csv->size, err);
}

void lu_csv_release(struct lu_csv *csv)
{
	if (csv == NULL)
		return;
	lu_free(csv->text);
	memset(csv, 0, sizeof(*csv));
}
