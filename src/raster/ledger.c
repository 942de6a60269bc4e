/* ledger.c: append-only tables in a GeoPackage. See ledger.h. */
#include "raster/ledger.h"

#include <assert.h>
#include <cpl_string.h>
#include <fcntl.h>
#include <gdal.h>
#include <ogr_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "raster/fault.h"
#include "raster/start.h"
#include "raster/trap.h"

#define VERSION_KEY "LANDUSE_LEDGER_VERSION"

/* Between two tries for the lock. */
static const struct timespec pause_time = {.tv_nsec = 10 * 1000 * 1000};

/* Take FILE.lock, shared to read. '*lock' is -1 where a reader may not make the file: then it reads without. */
static enum lu_status take_lock(const char *path, const struct lu_ledger_spec *spec, bool shared, int *lock,
				struct lu_error *err)
{
	const double start = lu_seconds_now();
	char *name = lu_sprintf("%s.lock", path);

	*lock = -1;
	if (name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
	const int fd = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
	const enum lu_status status = fd < 0 && !shared ? lu_fail_errno(err, name, "make the lock file") : LU_OK;
	lu_free(name);
	if (fd < 0)
		return status;
	while (flock(fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0) {
		if (lu_seconds_now() - start > spec->wait_seconds) {
			close(fd);
			return lu_fail(err, LU_ERROR_BUSY,
				       "%s: the %s is locked by another program for more than %g s (try again when it "
				       "is done)",
				       path, spec->what, spec->wait_seconds);
		}
		nanosleep(&pause_time, NULL);
	}
	*lock = fd;
	return LU_OK;
}

static void drop_lock(int lock)
{
	if (lock >= 0)
		close(lock); /* the file stays: removing it would race with the next holder */
}

/* GDAL's words for SQLite's "database is locked" come when QGIS, say, edits the table. */
static enum lu_status fail(const char *path, const struct lu_ledger_spec *spec, const struct lu_trap *trap,
			   const char *act, struct lu_error *err)
{
	if (strstr(trap->text, "locked") != NULL)
		return lu_fail(err, LU_ERROR_BUSY,
			       "%s: the %s is locked by another program (end its edit, then try again)", path,
			       spec->what);
	if (strcmp(act, "read") != 0)
		return lu_fault_write(path, trap, err);
	return lu_fail(err, LU_ERROR_IO, "%s: the %s cannot be %s: %s", path, spec->what, act,
		       lu_trap_text(trap, "unknown reason"));
}

static OGRLayerH make_table(GDALDatasetH dataset, const struct lu_ledger_spec *spec)
{
	static const OGRFieldType types[] = {
		[LU_VECTOR_INTEGER] = OFTInteger64, [LU_VECTOR_REAL] = OFTReal, [LU_VECTOR_TEXT] = OFTString};
	OGRLayerH layer = GDALDatasetCreateLayer(dataset, spec->table, NULL, wkbNone, NULL);

	for (size_t i = 0; i < spec->field_count && layer != NULL; i++) {
		OGRFieldDefnH field = OGR_Fld_Create(spec->fields[i].name, types[spec->fields[i].type]);
		if (OGR_L_CreateField(layer, field, FALSE) != OGRERR_NONE)
			layer = NULL;
		OGR_Fld_Destroy(field);
	}
	return layer;
}

/* A whole, empty file under the final name. */
static enum lu_status make_file(const char *path, const struct lu_ledger_spec *spec, const struct lu_trap *trap,
				struct lu_error *err)
{
	char *temporary = lu_file_temporary(path), version[16];
	GDALDatasetH dataset = NULL;

	if (temporary == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
	dataset = GDALCreate(GDALGetDriverByName("GPKG"), temporary, 0, 0, 0, GDT_Unknown, NULL);
	bool made = dataset != NULL && make_table(dataset, spec) != NULL;
	snprintf(version, sizeof(version), "%d", spec->version);
	made = made && GDALSetMetadataItem(dataset, VERSION_KEY, version, NULL) == CE_None;
	if (dataset != NULL)
		GDALClose(dataset);
	enum lu_status status;
	if (made && !trap->failed) {
		status = lu_file_commit(temporary, path, err);
	} else {
		status = fail(path, spec, trap, "made", err);
		unlink(temporary);
	}
	lu_free(temporary);
	return status;
}

static enum lu_status open_file(const char *path, const struct lu_ledger_spec *spec, bool update,
				const struct lu_trap *trap, GDALDatasetH *dataset, struct lu_error *err)
{
	static const char *const drivers[] = {"GPKG", NULL};

	if (lu_file_check(path, err) != LU_OK)
		return LU_ERROR_ARGUMENT;
	*dataset = GDALOpenEx(path, GDAL_OF_VECTOR | (update ? GDAL_OF_UPDATE : 0) | GDAL_OF_VERBOSE_ERROR, drivers,
			      NULL, NULL);
	if (*dataset == NULL)
		return access(path, update ? R_OK | W_OK : R_OK) != 0
			       ? lu_fail_errno(err, path, update ? "open for writing" : "open")
			       : lu_fail(err, LU_ERROR_FORMAT, "%s: not a %s: %s (name another file)", path, spec->what,
					 lu_trap_text(trap, "not a GeoPackage"));
	const char *version = GDALGetMetadataItem(*dataset, VERSION_KEY, NULL);
	if (version != NULL && atoi(version) > spec->version)
		return lu_fail(
			err, LU_ERROR_UNSUPPORTED,
			"%s: a %s of version %s, this landuse knows up to %d (use a newer landuse, or another file)",
			path, spec->what, version, spec->version);
	if (version == NULL)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: a GeoPackage, but no %s (name another file)", path,
			       spec->what);
	return LU_OK;
}

/* The table of an opened file; made where rows are to go into it. */
static enum lu_status find_table(const char *path, GDALDatasetH dataset, const struct lu_ledger_spec *spec, bool make,
				 OGRLayerH *layer, struct lu_error *err)
{
	*layer = GDALDatasetGetLayerByName(dataset, spec->table);
	if (*layer == NULL && make)
		*layer = make_table(dataset, spec);
	return *layer != NULL ? LU_OK
			      : lu_fail(err, LU_ERROR_FORMAT, "%s: a GeoPackage, but no %s (name another file)", path,
					spec->what);
}

static void fill(OGRFeatureH feature, const struct lu_ledger_spec *spec, const struct lu_vector_value *values)
{
	for (size_t i = 0; i < spec->field_count; i++) {
		const int at = OGR_F_GetFieldIndex(feature, spec->fields[i].name);
		if (at < 0 || !values[i].set)
			continue;
		if (spec->fields[i].type == LU_VECTOR_INTEGER)
			OGR_F_SetFieldInteger64(feature, at, values[i].integer);
		else if (spec->fields[i].type == LU_VECTOR_REAL)
			OGR_F_SetFieldDouble(feature, at, values[i].real);
		else
			OGR_F_SetFieldString(feature, at, values[i].text);
	}
}

/* '*number' is that of the first row. */
static bool put_rows(OGRLayerH layer, const struct lu_ledger_rows *rows, int64_t *number)
{
	const struct lu_ledger_spec *spec = rows->spec;
	bool written = true;

	for (size_t i = 0; i < rows->count && written; i++) {
		OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
		fill(feature, spec, rows->values + i * spec->field_count);
		if (rows->numbered)
			OGR_F_SetFieldInteger64(feature, OGR_F_GetFieldIndex(feature, spec->fields[0].name), *number);
		written = OGR_L_CreateFeature(layer, feature) == OGRERR_NONE;
		if (i == 0 && !rows->numbered)
			*number = OGR_F_GetFID(feature);
		OGR_F_Destroy(feature);
	}
	return written;
}

static enum lu_status append_locked(const char *path, const struct lu_ledger_rows *tables, size_t count,
				    int64_t *number, struct lu_error *err)
{
	const struct lu_ledger_spec *spec = tables[0].spec;
	GDALDatasetH dataset = NULL;
	OGRLayerH layers[LU_LEDGER_TABLES];
	struct lu_trap trap;
	enum lu_status status = LU_OK;

	lu_trap_set(&trap);
	if (!lu_file_exists(path))
		LU_TRY(make_file(path, spec, &trap, err));
	LU_TRY(open_file(path, spec, true, &trap, &dataset, err));
	for (size_t t = 0; t < count; t++)
		LU_TRY(find_table(path, dataset, tables[t].spec, true, &layers[t], err));
	lu_trap_clear(&trap);
	bool written = GDALDatasetStartTransaction(dataset, FALSE) == OGRERR_NONE;
	for (size_t t = 0; t < count && written; t++)
		written = put_rows(layers[t], &tables[t], number);
	if (!written || GDALDatasetCommitTransaction(dataset) != OGRERR_NONE) {
		status = fail(path, spec, &trap, "written", err);
		GDALDatasetRollbackTransaction(dataset);
	}
out:
	if (dataset != NULL)
		GDALClose(dataset);
	if (status == LU_OK && trap.failed)
		status = fail(path, spec, &trap, "written", err);
	lu_trap_drop(&trap);
	return status;
}

enum lu_status lu_ledger_append(const char *path, const struct lu_ledger_spec *spec,
				const struct lu_vector_value *values, int64_t *number, struct lu_error *err)
{
	return lu_ledger_append_all(path, &(struct lu_ledger_rows){.spec = spec, .values = values, .count = 1}, 1,
				    number, err);
}

enum lu_status lu_ledger_append_all(const char *path, const struct lu_ledger_rows *tables, size_t count,
				    int64_t *number, struct lu_error *err)
{
	int lock;
	int64_t own;
	enum lu_status status;

	assert(count > 0 && count <= LU_LEDGER_TABLES);
	lu_raster_start(0);
	LU_TRY(take_lock(path, tables[0].spec, false, &lock, err));
	LU_TRY(append_locked(path, tables, count, number != NULL ? number : &own, err));
out:
	drop_lock(lock);
	return status;
}

static enum lu_status visit_row(OGRFeatureH feature, const struct lu_ledger_spec *spec, struct lu_vector_value *values,
				char **texts, lu_ledger_visit visit, void *user, struct lu_error *err)
{
	for (size_t i = 0; i < spec->field_count; i++) {
		const int at = OGR_F_GetFieldIndex(feature, spec->fields[i].name);
		values[i] = (struct lu_vector_value){0};
		lu_free(texts[i]);
		texts[i] = NULL;
		if (at < 0 || !OGR_F_IsFieldSetAndNotNull(feature, at))
			continue;
		if (spec->fields[i].type == LU_VECTOR_INTEGER) {
			values[i] = lu_vector_integer(OGR_F_GetFieldAsInteger64(feature, at));
		} else if (spec->fields[i].type == LU_VECTOR_REAL) {
			values[i] = lu_vector_real(OGR_F_GetFieldAsDouble(feature, at));
		} else {
			texts[i] = lu_strdup(OGR_F_GetFieldAsString(feature, at));
			if (texts[i] == NULL)
				return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a row of the %s", spec->what);
			values[i] = lu_vector_text(texts[i]);
		}
	}
	return visit(user, OGR_F_GetFID(feature), values, err);
}

static enum lu_status read_locked(const char *path, const struct lu_ledger_spec *spec, lu_ledger_visit visit,
				  void *user, struct lu_error *err)
{
	GDALDatasetH dataset = NULL;
	OGRLayerH layer = NULL;
	OGRFeatureH feature;
	struct lu_vector_value *values = NULL;
	char **texts = NULL;
	struct lu_trap trap;
	enum lu_status status;

	lu_trap_set(&trap);
	LU_TRY(open_file(path, spec, false, &trap, &dataset, err));
	LU_TRY(find_table(path, dataset, spec, false, &layer, err));
	LU_TRY(lu_alloc(&values, spec->field_count, sizeof(*values), "a row", err));
	LU_TRY(lu_alloc(&texts, spec->field_count, sizeof(*texts), "a row", err));
	lu_trap_clear(&trap);
	while (status == LU_OK && (feature = OGR_L_GetNextFeature(layer)) != NULL) {
		status = visit_row(feature, spec, values, texts, visit, user, err);
		OGR_F_Destroy(feature);
	}
	if (status != LU_OK)
		goto out;
	if (trap.failed)
		status = fail(path, spec, &trap, "read", err);
out:
	for (size_t i = 0; texts != NULL && i < spec->field_count; i++)
		lu_free(texts[i]);
	lu_free(texts);
	lu_free(values);
	if (dataset != NULL)
		GDALClose(dataset);
	lu_trap_drop(&trap);
	return status;
}

enum lu_status lu_ledger_read(const char *path, const struct lu_ledger_spec *spec, lu_ledger_visit visit, void *user,
			      struct lu_error *err)
{
	int lock;
	enum lu_status status;

	if (!lu_file_exists(path))
		return LU_OK;
	lu_raster_start(0);
	LU_TRY(take_lock(path, spec, true, &lock, err));
	LU_TRY(read_locked(path, spec, visit, user, err));
out:
	drop_lock(lock);
	return status;
}
