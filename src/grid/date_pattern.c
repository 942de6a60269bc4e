/* date_pattern.c: glob(3) for the part of the path that names the date, and again for what is in it. */
#include "grid/date_pattern.h"

#include <fnmatch.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "grid/date_labels.h"

static const char mark[] = "{date}";
enum { MARK = sizeof(mark) - 1 };

/* 'text' with 'by' for every mark; lu_free it. NULL: no memory. */
static char *filled(const char *text, const char *by)
{
	char *done = lu_strdup("");

	for (const char *at; done != NULL && (at = strstr(text, mark)) != NULL; text = at + MARK) {
		char *more = lu_sprintf("%s%.*s%s", done, (int)(at - text), text, by);
		lu_free(done);
		done = more;
	}
	char *whole = done != NULL ? lu_sprintf("%s%s", done, text) : NULL;
	lu_free(done);
	return whole;
}

static bool exists(const char *pattern)
{
	glob_t found = {0};
	const bool any = glob(pattern, GLOB_NOSORT, NULL, &found) == 0;

	globfree(&found);
	return any;
}

/* The longest part of 'name' that tells a time, with 'front' matching before it and 'back' after it; NULL: there is none. */
static char *label_in(const char *name, const char *front, const char *back)
{
	const size_t length = strlen(name);
	char *best = NULL;

	for (size_t from = 0; from < length; from++) {
		char *before = lu_strndup(name, from);
		for (size_t to = length; before != NULL && to > from + (best != NULL ? strlen(best) : 0); to--) {
			char *label = lu_strndup(name + from, to - from);
			if (label != NULL && fnmatch(front, before, 0) == 0 && fnmatch(back, name + to, 0) == 0 &&
			    lu_date_label_check(label, NULL) == LU_OK && lu_date_label_year(label) >= 0) {
				lu_free(best);
				best = label;
				break;
			}
			lu_free(label);
		}
		lu_free(before);
	}
	return best;
}

static bool is_known(const struct lu_found_date *dates, size_t count, const char *label)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(dates[i].label, label) == 0)
			return true;
	return false;
}

/* Takes 'label' over. */
static enum lu_status add(struct lu_found_date **dates, size_t *count, char *label, const char *pattern,
			  struct lu_error *err)
{
	char *imagery = filled(pattern, label);
	enum lu_status status;

	LU_TRY(imagery != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: dates"));
	if (is_known(*dates, *count, label) || !exists(imagery))
		goto out;
	LU_TRY(lu_grow(dates, *count + 1, sizeof(**dates), "dates", err));
	(*dates)[(*count)++] = (struct lu_found_date){label, imagery};
	label = imagery = NULL; /* now the list's */
out:
	lu_free(label);
	lu_free(imagery);
	return status;
}

static int by_label(const void *a, const void *b)
{
	return strcmp(((const struct lu_found_date *)a)->label, ((const struct lu_found_date *)b)->label);
}

enum lu_status lu_date_pattern_find(const char *pattern, struct lu_found_date **out, size_t *count,
				    struct lu_error *err)
{
	const char *at = strstr(pattern, mark), *start = at, *end = at;
	char *part = NULL, *front = NULL, *back = NULL, *wanted = NULL;
	struct lu_found_date *dates = NULL;
	glob_t found = {0};
	enum lu_status status = LU_OK;

	*out = NULL;
	*count = 0;
	if (at == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT, "'%s' has no {date} (for example naip/{date}/*.tif)", pattern);
	while (start > pattern && start[-1] != '/')
		start--;
	while (*end != '\0' && *end != '/')
		end++;
	part = lu_strndup(at + MARK, (size_t)(end - at) - MARK);
	front = lu_strndup(start, (size_t)(at - start));
	back = part != NULL ? filled(part, "*") : NULL;
	wanted = front != NULL && back != NULL ? lu_sprintf("%.*s%s*%s", (int)(start - pattern), pattern, front, back)
					       : NULL;
	LU_TRY(wanted != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: dates"));
	if (glob(wanted, GLOB_NOSORT, NULL, &found) != 0)
		found.gl_pathc = 0;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char *label = label_in(lu_path_name(found.gl_pathv[i]), front, back);
		if (label != NULL)
			LU_TRY(add(&dates, count, label, pattern, err));
	}
	if (*count == 0)
		LU_TRY(lu_fail(err, LU_ERROR_ARGUMENT,
			       "'%s' finds no date (in the place of {date} a year or an ISO date is looked for)",
			       pattern));
	qsort(dates, *count, sizeof(*dates), by_label);
	*out = dates;
	dates = NULL; /* now the caller's */
out:
	if (status != LU_OK) {
		lu_found_dates_free(dates, *count);
		*count = 0;
	}
	globfree(&found);
	lu_free(part);
	lu_free(front);
	lu_free(back);
	lu_free(wanted);
	return status;
}

void lu_found_dates_free(struct lu_found_date *dates, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		lu_free(dates[i].label);
		lu_free(dates[i].imagery);
	}
	lu_free(dates);
}
