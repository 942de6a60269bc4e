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

/* Has the layer a column of somebody's own? */
static bool has_foreign(const struct lu_vector_reader *reader, const struct lu_review_task *task)
{
	const char *names = lu_vector_field_names(reader);
	size_t known = 0, found = 1;

	for (size_t i = 0; i < task->count; i++)
		known += lu_vector_find(reader, task->fields[i].name) >= 0;
	known += lu_vector_find(reader, LU_REVIEW_STATUS_FORMERLY) >= 0;
	for (; *names != '\0'; names++)
		found += *names == ',';
	return found > known;
}

/* How many rows somebody wrote into. A layer without the fields has none. */
static enum lu_status count_reviewed(const char *path, const struct lu_review_task *task, uint64_t *count,
				     bool *foreign, struct lu_error *err)
{
	static const char *const fields[] = {LU_REVIEW_STATUS, LU_REVIEW_STATUS_FORMERLY, LU_REVIEW_REMARK};
	struct lu_vector_reader *reader = NULL;
	bool more = true;
	enum lu_status status;

	*count = 0;
	LU_TRY(lu_vector_open(path, LU_FOUND, task->name, NULL, &reader, err));
	*foreign = has_foreign(reader, task);
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

char *lu_review_kept(const char *folder, const char *name, int number)
{
	return number > 1 ? lu_sprintf("%s/%s_reviewed_%d.gpkg", folder, name, number)
			  : lu_sprintf("%s/%s_reviewed.gpkg", folder, name);
}

/* Give 'path' the first free name of NAME_reviewed.gpkg, NAME_reviewed_2.gpkg, ... */
static enum lu_status move_aside(const struct lu_review_task *task, const char *path, uint64_t count,
				 struct lu_error *err)
{
	for (int number = 1;; number++) {
		char *kept = lu_review_kept(task->folder, task->name, number);
		if (kept == NULL)
			return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		const bool taken = lu_file_exists(kept);
		enum lu_status status = LU_OK;
		if (!taken && rename(path, kept) != 0)
			status = lu_fail_errno(err, path, "keep what was written into it under another name");
		else if (!taken && count > 0)
			lu_log(task->hooks, LU_LEVEL_WARNING,
			       "%s held %" PRIu64 " reviewed patches, of which %" PRIu64
			       " are candidates again and keep their review: it is now %s",
			       path, count, task->carried, kept);
		else if (!taken)
			lu_log(task->hooks, LU_LEVEL_WARNING, "%s was no layer of candidates: it is now %s", path,
			       kept);
		lu_free(kept);
		if (!taken)
			return status;
	}
}

enum lu_status lu_review_keep(const struct lu_review_task *task, struct lu_error *err)
{
	char *path = lu_sprintf("%s/%s.gpkg", task->folder, task->name), *journal = NULL;
	bool keep = false, foreign = false;
	uint64_t count = 0;
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
		keep = count_reviewed(path, task, &count, &foreign, err) != LU_OK || count > task->carried ||
		       (foreign && count > 0);
	if (keep)
		LU_TRY(move_aside(task, path, count, err));
	else if (count > 0)
		lu_log(task->hooks, LU_LEVEL_INFO,
		       "%s: the %" PRIu64 " reviewed patches are candidates again and keep "
		       "their review",
		       path, count);
out:
	lu_free(journal);
	lu_free(path);
	return status;
}
