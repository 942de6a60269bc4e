/* review.c: look for words of people, and rename what holds them. */
#include "change/review.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/vector.h"

const struct lu_form_choice lu_review_statuses[LU_REVIEW_STATUSES] = {[LU_REVIEWED_CHANGE] = {1, "change"},
								      [LU_REVIEWED_NO_CHANGE] = {2, "no change"},
								      [LU_REVIEWED_UNSURE] = {3, "unsure"}};

/* How many rows somebody wrote into. A layer without the fields has none. */
static enum lu_status count_reviewed(const char *path, const char *layer, uint64_t *count, struct lu_error *err)
{
	static const char *const fields[] = {LU_REVIEW_STATUS, LU_REVIEW_STATUS_FORMERLY, LU_REVIEW_REMARK};
	struct lu_vector_reader *reader = NULL;
	bool more = true;
	enum lu_status status;

	*count = 0;
	LU_TRY(lu_vector_open(path, LU_FOUND, layer, NULL, &reader, err));
	LU_TRY(lu_vector_next(reader, &more, err));
	while (more) {
		bool written = false;
		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
			const int field = lu_vector_find(reader, fields[i]);
			written |= field >= 0 && lu_vector_get(reader, field) != NULL;
		}
		*count += written;
		LU_TRY(lu_vector_next(reader, &more, err));
	}
out:
	lu_vector_close(reader);
	return status;
}

/* Give 'path' the first free name of NAME_reviewed.gpkg, NAME_reviewed_2.gpkg, ... */
static enum lu_status move_aside(const char *folder, const char *name, const char *path, uint64_t count,
				 const struct lu_hooks *hooks, struct lu_error *err)
{
	for (int number = 1;; number++) {
		char tail[16] = "";
		if (number > 1)
			snprintf(tail, sizeof(tail), "_%d", number);
		char *kept = lu_sprintf("%s/%s_reviewed%s.gpkg", folder, name, tail);
		if (kept == NULL)
			return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		const bool taken = lu_file_exists(kept);
		enum lu_status status = LU_OK;
		if (!taken && rename(path, kept) != 0)
			status = lu_fail_errno(err, path, "keep what was written into it under another name");
		else if (!taken && count > 0)
			lu_log(hooks, LU_LEVEL_WARNING, "%s held %" PRIu64 " reviewed patches: it is now %s", path,
			       count, kept);
		else if (!taken)
			lu_log(hooks, LU_LEVEL_WARNING, "%s was no layer of candidates: it is now %s", path, kept);
		lu_free(kept);
		if (!taken)
			return status;
	}
}

enum lu_status lu_review_keep(const char *folder, const char *name, const struct lu_hooks *hooks, struct lu_error *err)
{
	char *path = lu_sprintf("%s/%s.gpkg", folder, name), *journal = NULL;
	uint64_t count = 0;
	bool keep = false;
	enum lu_status status = LU_OK;

	if (path != NULL)
		journal = lu_sprintf("%s-wal", path);
	if (journal == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		goto out;
	}
	if (lu_file_exists(journal)) {
		status = lu_fail(err, LU_ERROR_BUSY, "%s is open in another program (close it there, and run again)",
				 path);
		goto out;
	}
	if (lu_file_exists(path))
		/* What cannot be read as such a layer is somebody's own file: it is not for us to overwrite. */
		keep = count_reviewed(path, name, &count, err) != LU_OK || count > 0;
	if (keep)
		LU_TRY(move_aside(folder, name, path, count, hooks, err));
out:
	lu_free(journal);
	lu_free(path);
	return status;
}
