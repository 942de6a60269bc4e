/*
 * csv.h: building a small table as text (RFC 4180, UTF-8, lines end in \n, '.' in any locale).
 *
 * Errors stick: add fields as if nothing could fail, and lu_csv_write or lu_csv_release tells at
 * the end. A zeroed struct is an empty table. One thread at a time.
 */
#ifndef LU_BASE_CSV_H
#define LU_BASE_CSV_H

#include "base/error.h"

struct lu_csv {
	char *text; /* owned */
	size_t size, room;
	bool in_row; /* a field has been written since the last row ended */
	bool failed; /* memory ran out; what follows is dropped */
};

/*
 * A field of text, quoted when it must be, and with an apostrophe before what a spreadsheet would run (base/text.h). NULL
 * is an empty field.
 */
void lu_csv_text(struct lu_csv *csv, const char *text);
void lu_csv_count(struct lu_csv *csv, uint64_t count);
void lu_csv_integer(struct lu_csv *csv, int64_t value);
/* 'value' rounded to 'decimals' (0..9) places; empty when it is not finite or above 9e18 / 10^decimals. */
void lu_csv_fixed(struct lu_csv *csv, double value, int decimals);
void lu_csv_end_row(struct lu_csv *csv);

/* A row of 'count' texts: a header. */
void lu_csv_row(struct lu_csv *csv, const char *const *texts, size_t count);

/* Write the table durably to 'path' (see base/file.h). */
enum lu_status lu_csv_write(const struct lu_csv *csv, const char *path, struct lu_error *err);
void lu_csv_release(struct lu_csv *csv);

#endif
