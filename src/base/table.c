/* table.c: reading CSV. */
#include "base/table.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

enum { MOST_BYTES = 64 << 20 };

/* Fields are cut in place: 'write' runs behind 'at' in the same text. */
struct cutter {
	const char *path;
	char *at;
	char between;
	int line;
};

static char find_separator(const char *text)
{
	static const char candidates[] = ",;\t";
	size_t seen[3] = {0}, best = 0;

	for (; *text != '\0' && *text != '\n'; text++)
		for (size_t i = 0; i < 3; i++)
			seen[i] += *text == candidates[i];
	for (size_t i = 1; i < 3; i++)
		best = seen[i] > seen[best] ? i : best;
	return candidates[best];
}

static char *trimmed(char *field, char *end)
{
	while (end > field && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	while (isspace((unsigned char)*field))
		field++;
	return field;
}

/* Cut one field; '*last' says that its row ends with it. */
static enum lu_status cut(struct cutter *cutter, char **field, bool *last, struct lu_error *err)
{
	char *start = cutter->at, *write;
	const int line = cutter->line;

	while (*start == ' ')
		start++;
	const bool quoted = *start == '"';
	char *read = quoted ? start + 1 : cutter->at;
	write = start = read;
	bool open = quoted;
	while (*read != '\0' && (open || (*read != cutter->between && *read != '\n'))) {
		if (open && *read == '"' && read[1] != '"') {
			open = false;
			read++;
			continue;
		}
		read += open && *read == '"';
		cutter->line += *read == '\n';
		*write++ = *read++;
	}
	if (open)
		return lu_fail(err, LU_ERROR_FORMAT, "%s:%d: a quote (\") is not closed", cutter->path, line);
	*last = *read != cutter->between;
	cutter->line += *read == '\n';
	cutter->at = *read != '\0' ? read + 1 : read;
	*field = trimmed(start, write);
	return LU_OK;
}

static enum lu_status read_row(struct cutter *cutter, struct lu_table_row *row, struct lu_error *err)
{
	bool last = false;
	enum lu_status status = LU_OK;

	row->line = cutter->line;
	while (!last) {
		char *field = NULL;
		LU_TRY(cut(cutter, &field, &last, err));
		LU_TRY(lu_grow(&row->fields, row->count + 1, sizeof(char *), "a table", err));
		if (!lu_utf8_valid(field))
			return lu_fail(err, LU_ERROR_FORMAT, "%s:%d: not UTF-8 (save the table in UTF-8)", cutter->path,
				       row->line);
		row->fields[row->count] = lu_strdup(lu_cell_text(field));
		if (row->fields[row->count++] == NULL)
			return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a table");
	}
out:
	return status;
}

static void release_row(struct lu_table_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		lu_free(row->fields[i]);
	lu_free(row->fields);
	*row = (struct lu_table_row){0};
}

static bool is_empty(const struct lu_table_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (row->fields[i][0] != '\0')
			return false;
	return true;
}

enum lu_status lu_table_read(const char *path, struct lu_table *out, struct lu_error *err)
{
	char *text = NULL;
	size_t size;
	enum lu_status status = lu_file_read(path, MOST_BYTES, &text, &size, err);

	*out = (struct lu_table){0};
	if (status != LU_OK)
		return status;
	const char *zero = memchr(text, '\0', size);
	if (zero != NULL) {
		/* Everything behind it would be left out. */
		status = lu_fail(err, LU_ERROR_FORMAT,
				 "%s: byte %zu is 0: expected a table of text (save it as CSV in UTF-8)", path,
				 (size_t)(zero - text));
		lu_free(text);
		return status;
	}
	struct cutter cutter = {.path = path, .at = text, .line = 1};
	if (memcmp(text, "\xef\xbb\xbf", size < 3 ? size : 3) == 0 && size >= 3)
		cutter.at += 3;
	cutter.between = find_separator(cutter.at);
	while (status == LU_OK && *cutter.at != '\0') {
		struct lu_table_row row = {0};
		status = read_row(&cutter, &row, err);
		if (status == LU_OK && !is_empty(&row))
			status = lu_grow(&out->rows, out->count + 1, sizeof(*out->rows), "a table", err);
		else if (status == LU_OK) {
			release_row(&row);
			continue;
		}
		if (status != LU_OK)
			release_row(&row);
		else
			out->rows[out->count++] = row;
	}
	if (status == LU_OK && out->count == 0)
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: empty: expected a table (CSV)", path);
	lu_free(text);
	if (status != LU_OK)
		lu_table_release(out);
	return status;
}

void lu_table_release(struct lu_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		release_row(&table->rows[i]);
	lu_free(table->rows);
	*table = (struct lu_table){0};
}

bool lu_table_number(const char *field, double *out)
{
	char *end;

	*out = strtod(field, &end);
	return end != field && *end == '\0' && isfinite(*out) && *out >= 0;
}
