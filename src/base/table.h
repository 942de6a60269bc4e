/*
 * table.h: a small table of text from a CSV file (RFC 4180).
 *
 * Commas, semicolons or tabs between fields, whichever the first line has most of; fields may be
 * quoted, and begin with an apostrophe that guards a formula; blanks around fields and empty lines are dropped, and so is a byte order mark. (OGR's CSV
 * driver takes a first line with numbers in it, such as class codes, for data.)
 */
#ifndef LU_BASE_TABLE_H
#define LU_BASE_TABLE_H

#include "base/error.h"

struct lu_table_row {
	char **fields;
	size_t count;
	int line; /* in the file, for messages */
};
struct lu_table {
	struct lu_table_row *rows;
	size_t count;
};

/* LU_ERROR_FORMAT for an open quote or an empty file. '*out' is the caller's: lu_table_release. */
enum lu_status lu_table_read(const char *path, struct lu_table *out, struct lu_error *err);
void lu_table_release(struct lu_table *table);

/* A whole field as a number that is finite and not negative; false when it is none. */
bool lu_table_number(const char *field, double *out);

#endif
