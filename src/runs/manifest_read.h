/*
 * manifest_read.h: what the manifest.json of an output folder says, and whether a file is as it says.
 */
#ifndef LU_RUNS_MANIFEST_READ_H
#define LU_RUNS_MANIFEST_READ_H

#include "job/output_names.h"
#include "base/error.h"

#define LU_MANIFEST_NAME "manifest.json"
#define LU_MANIFEST_FORMER LU_WORK_FOLDER "/former.json"

struct json_t;
struct lu_manifest;

/* A file that was written or read. The manifest's own texts. */
struct lu_manifest_file {
	const char *path; /* of an output, from the folder; of an input, as it was named */
	int64_t bytes;
	const char *sha256; /* NULL: nobody knows */
	const char *state; /* of an input, lu_input_state when it was summed; or NULL */
	const char *made_of; /* of an output, its fingerprint (redo.h); or NULL */
};

/*
 * '*out' is NULL where FOLDER/NAME is not there. LU_ERROR_FORMAT: it is, and is no manifest. NAME is LU_MANIFEST_NAME, or
 * LU_MANIFEST_FORMER: the one that was withdrawn, for as long as its outputs are being replaced.
 */
enum lu_status lu_manifest_read(const char *folder, const char *name, struct lu_manifest **out, struct lu_error *err);
void lu_manifest_free(struct lu_manifest *manifest);

/* A member that is a text, "fingerprint"; NULL where there is none. */
const char *lu_manifest_text(const struct lu_manifest *manifest, const char *key);
/* The job file's path as the run named it; NULL where the manifest does not say. */
const char *lu_manifest_job(const struct lu_manifest *manifest);
/* Any member; NULL where there is none. */
const struct json_t *lu_manifest_member(const struct lu_manifest *manifest, const char *key);
/* The files of "outputs" or "inputs"; of a NULL manifest there are none. */
size_t lu_manifest_count(const struct lu_manifest *manifest, const char *list);
struct lu_manifest_file lu_manifest_file(const struct lu_manifest *manifest, const char *list, size_t i);
/* The input of this path; its path is NULL where there is none. */
struct lu_manifest_file lu_manifest_input(struct lu_manifest *manifest, const char *path);
/* How many inputs lie in the network: they have no sums. */
size_t lu_manifest_remote(const struct lu_manifest *manifest);

enum lu_file_condition {
	LU_FILE_AS_WRITTEN,
	LU_FILE_EDITED, /* by a person or QGIS, and sound: a GeoPackage, a style, a table beside a raster */
	LU_FILE_CHANGED,
	LU_FILE_GONE,
};
/* What has become of an output since. Reads all of it. */
enum lu_file_condition lu_manifest_look(const char *folder, const struct lu_manifest_file *file);

#endif
