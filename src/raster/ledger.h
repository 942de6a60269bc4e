/*
 * ledger.h: rows that several programs append to one file: a table in a GeoPackage, which is SQLite.
 *
 * A writer holds the lock beside the file (FILE.lock) and writes its rows in one transaction, so two
 * at once lose nothing and a crash leaves the rows in or out, never half. The file is made whole
 * under another name first. Rows are never changed.
 */
#ifndef LU_RASTER_LEDGER_H
#define LU_RASTER_LEDGER_H

#include "base/error.h"
#include "raster/vector.h"

struct lu_ledger_spec {
	const char *what; /* "run history", for messages */
	const char *table;
	int version; /* of the columns; a file that states a higher one is refused */
	const struct lu_vector_field *fields;
	size_t field_count;
	double wait_seconds; /* for the lock, before giving up */
};

/*
 * Append a row ('values' has one entry a field), making the file, or the table in it, if need be. '*number' (may be NULL)
 * is the row's. LU_ERROR_BUSY: locked for too long; LU_ERROR_UNSUPPORTED: of a newer landuse;
 * LU_ERROR_FORMAT: not such a file; LU_ERROR_IO: cannot be written. Any thread or process.
 */
enum lu_status lu_ledger_append(const char *path, const struct lu_ledger_spec *spec,
				const struct lu_vector_value *values, int64_t *number, struct lu_error *err);

enum { LU_LEDGER_TABLES = 8 };

/* Rows of one table of a file. */
struct lu_ledger_rows {
	const struct lu_ledger_spec *spec;
	const struct lu_vector_value *values; /* row after row, one entry a field */
	size_t count;
	bool numbered; /* the first field of each is '*number', whatever 'values' has there */
};

/*
 * The same of the rows of 1 to LU_LEDGER_TABLES tables, of one 'version', in one transaction: all of them or none. '*number'
 * (may be NULL) is that of the first row of the first table, by which the 'numbered' tables behind it refer to it.
 */
enum lu_status lu_ledger_append_all(const char *path, const struct lu_ledger_rows *tables, size_t count,
				    int64_t *number, struct lu_error *err);

/* One row; its texts live until the visit returns. Anything but LU_OK ends the reading. */
typedef enum lu_status (*lu_ledger_visit)(void *user, int64_t number, const struct lu_vector_value *values,
					  struct lu_error *err);

/* Every row, in order of number. A file that does not exist has none. Fails as lu_ledger_append does. */
enum lu_status lu_ledger_read(const char *path, const struct lu_ledger_spec *spec, lu_ledger_visit visit, void *user,
			      struct lu_error *err);

#endif
