/* vector_tables.c: tables by SQL, and the schema extension of a GeoPackage. See vector_tables.h. */
#include "raster/vector_tables.h"

#include <cpl_string.h>
#include <gdal.h>
#include <inttypes.h>
#include <ogr_api.h>
#include <string.h>

#include "base/memory.h"
#include "base/text_stream.h"
#include "raster/fault.h"
#include "raster/vector_writer.h"

enum { MOST_ROWS = 500 }; /* in one statement: SQLite takes so many, and a statement costs more than a row */

void lu_vector_word(char *name)
{
	static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";

	/* Bytes above 127 are parts of letters. */
	for (char *c = name; *c != '\0'; c++)
		if ((unsigned char)*c < 128 && strchr(plain, *c) == NULL)
			*c = '_';
}

/* 'text' between quotes: ' for a value, " for a name. */
static void put_quoted(FILE *to, const char *text, char quote)
{
	fputc(quote, to);
	for (; *text != '\0'; text++) {
		if (*text == quote)
			fputc(quote, to);
		fputc(*text, to);
	}
	fputc(quote, to);
}

static void put_value(FILE *to, enum lu_vector_type type, const struct lu_vector_value *value)
{
	char number[40];

	if (!value->set) {
		fputs("NULL", to);
	} else if (type == LU_VECTOR_TEXT) {
		put_quoted(to, value->text, '\'');
	} else if (type == LU_VECTOR_INTEGER) {
		fprintf(to, "%" PRId64, value->integer);
	} else {
		/* Adding 0 turns -0 into 0. */
		CPLsnprintf(number, sizeof(number), "%.15g", value->real + 0.0);
		fputs(number, to);
	}
}

static enum lu_status run(struct lu_vector_writer *writer, const char *sql, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	struct lu_trap trap;

	lu_vector_enter(&trap);
	const OGRLayerH result = GDALDatasetExecuteSQL(writer->dataset, sql, NULL, NULL);
	if (result != NULL)
		GDALDatasetReleaseResultSet(writer->dataset, result);
	if (trap.failed)
		status = lu_fault_write(writer->path, &trap, err);
	lu_vector_leave(&trap);
	return status;
}

/* OGR makes the table of a layer late, and says when. */
static enum lu_status sync(struct lu_vector_writer *writer, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	struct lu_trap trap;

	if (writer->layer == NULL)
		return LU_OK;
	lu_vector_enter(&trap);
	if (OGR_L_SyncToDisk(writer->layer) != OGRERR_NONE)
		status = lu_fault_write(writer->path, &trap, err);
	lu_vector_leave(&trap);
	return status;
}

/* Run what was printed. */
static enum lu_status run_text(struct lu_vector_writer *writer, struct lu_text_stream *stream, struct lu_error *err)
{
	char *sql = NULL;
	enum lu_status status;

	LU_TRY(lu_text_finish(stream, &sql, err));
	LU_TRY(run(writer, sql, err));
out:
	lu_free(sql);
	return status;
}

enum lu_status lu_vector_flush_rows(struct lu_vector_writer *writer, struct lu_error *err)
{
	struct lu_text_stream *rows = writer->rows;
	enum lu_status status = LU_OK;

	writer->rows = NULL;
	writer->row_count = 0;
	if (rows != NULL)
		status = run_text(writer, rows, err);
	lu_free(rows);
	return status;
}

enum lu_status lu_vector_row(struct lu_vector_writer *writer, const struct lu_vector_value *values,
			     struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (!writer->format->tables)
		return LU_OK;
	if (writer->rows == NULL) {
		LU_TRY(lu_alloc(&writer->rows, 1, sizeof(*writer->rows), "rows", err));
		status = lu_text_begin(writer->rows, "rows of a table", err);
		if (status != LU_OK) {
			lu_free(writer->rows);
			writer->rows = NULL;
			return status;
		}
		fputs("INSERT INTO ", writer->rows->to);
		put_quoted(writer->rows->to, writer->table, '"');
		fputs(" VALUES ", writer->rows->to);
	}
	fputs(writer->row_count > 0 ? ",(" : "(", writer->rows->to);
	for (size_t i = 0; i < writer->field_count; i++) {
		if (i > 0)
			fputc(',', writer->rows->to);
		put_value(writer->rows->to, writer->types[i], &values[i]);
	}
	fputc(')', writer->rows->to);
	if (++writer->row_count == MOST_ROWS)
		LU_TRY(lu_vector_flush_rows(writer, err));
out:
	return status;
}

/* The tables of the schema extension, as the standard has them. */
static enum lu_status begin_schema(struct lu_vector_writer *writer, struct lu_error *err)
{
	static const char *const statements[] = {
		"CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT "
		"NOT NULL, "
		"definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, "
		"extension_name))",
		"CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title "
		"TEXT, "
		"description TEXT, mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, "
		"column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name))",
		"CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT "
		"NULL, value "
		"TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT, "
		"CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))",
		"INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema', "
		"'http://www.geopackage.org/spec121/#extension_schema', 'read-write'), "
		"('gpkg_data_column_constraints', NULL, "
		"'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write')"};
	enum lu_status status = LU_OK;

	if (writer->described)
		return LU_OK;
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		LU_TRY(run(writer, statements[i], err));
	writer->described = true;
out:
	return status;
}

enum lu_status lu_vector_codes(struct lu_vector_writer *writer, const char *list, const struct lu_class *classes,
			       size_t count, struct lu_error *err)
{
	struct lu_text_stream sql;
	enum lu_status status;

	if (!writer->format->tables)
		return LU_OK;
	LU_TRY(begin_schema(writer, err));
	for (size_t i = 0; i < count; i++) {
		LU_TRY(lu_text_begin(&sql, "codes", err));
		fputs("INSERT INTO gpkg_data_column_constraints (constraint_name, constraint_type, value, description) "
		      "VALUES (",
		      sql.to);
		put_quoted(sql.to, list, '\'');
		fprintf(sql.to, ",'enum','%u',", classes[i].value);
		put_quoted(sql.to, classes[i].name, '\'');
		fputc(')', sql.to);
		LU_TRY(run_text(writer, &sql, err));
	}
out:
	return status;
}

/* What columns are: a row each that has something to say. */
static enum lu_status describe_columns(struct lu_vector_writer *writer, const char *table,
				       const struct lu_vector_column *columns, size_t count, struct lu_error *err)
{
	struct lu_text_stream sql;
	enum lu_status status = LU_OK;

	LU_TRY(begin_schema(writer, err));
	for (size_t i = 0; i < count; i++) {
		LU_TRY(lu_text_begin(&sql, "columns", err));
		fputs("INSERT INTO gpkg_data_columns (table_name, column_name, description, constraint_name) VALUES (",
		      sql.to);
		put_quoted(sql.to, table, '\'');
		fputc(',', sql.to);
		put_quoted(sql.to, columns[i].name, '\'');
		fputc(',', sql.to);
		put_quoted(sql.to, columns[i].description, '\'');
		fputc(',', sql.to);
		if (columns[i].codes != NULL)
			put_quoted(sql.to, columns[i].codes, '\'');
		else
			fputs("NULL", sql.to);
		fputc(')', sql.to);
		LU_TRY(run_text(writer, &sql, err));
	}
out:
	return status;
}

static enum lu_status create_table(struct lu_vector_writer *writer, const char *name,
				   const struct lu_vector_column *columns, size_t count, size_t key,
				   struct lu_error *err)
{
	static const char *const types[] = {
		[LU_VECTOR_INTEGER] = "INTEGER", [LU_VECTOR_REAL] = "REAL", [LU_VECTOR_TEXT] = "TEXT"};
	struct lu_text_stream sql;
	enum lu_status status;

	LU_TRY(lu_text_begin(&sql, "a table", err));
	fputs("CREATE TABLE ", sql.to);
	put_quoted(sql.to, name, '"');
	for (size_t i = 0; i < count; i++) {
		fputs(i > 0 ? ", " : " (", sql.to);
		put_quoted(sql.to, columns[i].name, '"');
		fprintf(sql.to, " %s%s", types[columns[i].type], i < key ? " NOT NULL" : "");
		if (columns[i].references != NULL)
			fprintf(sql.to, " REFERENCES %s", columns[i].references);
	}
	fputs(key > 0 ? ", PRIMARY KEY (" : "", sql.to);
	for (size_t i = 0; i < key; i++) {
		fputs(i > 0 ? ", " : "", sql.to);
		put_quoted(sql.to, columns[i].name, '"');
	}
	fputs(key > 0 ? "))" : ")", sql.to);
	LU_TRY(run_text(writer, &sql, err));
out:
	return status;
}

enum lu_status lu_vector_table(struct lu_vector_writer *writer, const char *name, const char *description,
			       const struct lu_vector_column *columns, size_t count, size_t key, struct lu_error *err)
{
	struct lu_text_stream sql;
	enum lu_status status;

	if (!writer->format->tables)
		return LU_OK;
	LU_TRY(lu_vector_flush_rows(writer, err));
	LU_TRY(sync(writer, err));
	writer->layer = NULL;
	LU_TRY(lu_grow(&writer->types, count, sizeof(*writer->types), "columns", err));
	for (size_t i = 0; i < count; i++)
		writer->types[i] = columns[i].type;
	writer->field_count = count;
	lu_free(writer->table);
	writer->table = lu_strdup(name);
	LU_TRY(writer->table != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a table"));
	LU_TRY(create_table(writer, name, columns, count, key, err));
	LU_TRY(lu_text_begin(&sql, "a table", err));
	fputs("INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) VALUES "
	      "(",
	      sql.to);
	put_quoted(sql.to, name, '\'');
	fputs(",'attributes',", sql.to);
	put_quoted(sql.to, name, '\'');
	fputc(',', sql.to);
	put_quoted(sql.to, description, '\'');
	fputs(",'" LU_VECTOR_FIXED_DATE "', NULL)", sql.to);
	LU_TRY(run_text(writer, &sql, err));
	LU_TRY(describe_columns(writer, name, columns, count, err));
out:
	return status;
}

enum lu_status lu_vector_explain(struct lu_vector_writer *writer, const char *layer, const char *description,
				 const struct lu_vector_column *columns, size_t count, const char *unique,
				 struct lu_error *err)
{
	struct lu_text_stream sql;
	enum lu_status status;

	if (!writer->format->tables)
		return LU_OK;
	LU_TRY(sync(writer, err));
	LU_TRY(lu_text_begin(&sql, "a layer", err));
	fputs("UPDATE gpkg_contents SET description = ", sql.to);
	put_quoted(sql.to, description, '\'');
	fputs(" WHERE table_name = ", sql.to);
	put_quoted(sql.to, layer, '\'');
	LU_TRY(run_text(writer, &sql, err));
	LU_TRY(describe_columns(writer, layer, columns, count, err));
	if (unique == NULL)
		goto out;
	LU_TRY(lu_text_begin(&sql, "a layer", err));
	fprintf(sql.to, "CREATE UNIQUE INDEX \"%s_%s\" ON ", layer, unique);
	put_quoted(sql.to, layer, '"');
	fprintf(sql.to, " (\"%s\")", unique);
	LU_TRY(run_text(writer, &sql, err));
out:
	return status;
}
