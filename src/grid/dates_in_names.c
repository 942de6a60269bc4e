/* dates_in_names.c: dates out of names, files by their dates, and the shortest words for them. See dates_in_names.h. */
#include "grid/dates_in_names.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* 'count' digits as a number from 'low' to 'high'; 0: they are not. */
static int number(const char *text, size_t count, int low, int high)
{
	int value = 0;

	for (size_t i = 0; i < count; i++) {
		if (!is_digit(text[i]))
			return 0;
		value = 10 * value + text[i] - '0';
	}
	return value >= low && value <= high ? value : 0;
}

/* What stands at 'at', of which nothing before is a digit; its precision as 1 year, 2 month, 3 day, or 0. */
static int read_date(const char *at, int *year, int *month, int *day)
{
	const size_t digits = strspn(at, "0123456789");
	const char mark = at[digits];

	*year = digits >= 4 ? number(at, 4, 1900, 2099) : 0;
	*month = *day = 0;
	if (*year == 0 || (digits != 4 && digits != 8))
		return 0;
	if (digits == 8) {
		*month = number(at + 4, 2, 1, 12);
		*day = number(at + 6, 2, 1, 31);
		return *month > 0 && *day > 0 ? 3 : 0;
	}
	if ((mark != '-' && mark != '_') || strspn(at + 5, "0123456789") != 2)
		return 1;
	*month = number(at + 5, 2, 1, 12);
	if (*month == 0 || at[7] != mark || strspn(at + 8, "0123456789") != 2)
		return *month > 0 && mark == '-' ? 2 : 1;
	*day = number(at + 8, 2, 1, 31);
	return *day > 0 ? 3 : 1;
}

bool lu_date_in_name(const char *name, char label[LU_DATE_IN_NAME])
{
	int best = 0;

	for (const char *at = name; *at != '\0'; at++) {
		int year, month, day;
		if (!is_digit(*at) || (at > name && is_digit(at[-1])))
			continue;
		const int precision = read_date(at, &year, &month, &day);
		if (precision <= best)
			continue;
		best = precision;
		snprintf(label, LU_DATE_IN_NAME, "%04d", year % 10000);
		if (precision > 1)
			snprintf(label + 4, LU_DATE_IN_NAME - 4, "-%02d", month % 100);
		if (precision > 2)
			snprintf(label + 7, LU_DATE_IN_NAME - 7, "-%02d", day % 100);
	}
	return best > 0;
}

static const char undated[] = "undated";

/* A file, the date that it is put to, and the day that it tells. */
struct dated_file {
	const char *path;
	char label[LU_DATE_IN_NAME], day[LU_DATE_IN_NAME];
};

/* By its folders, else its own name: of that only the year, until all of the year are known. */
static void date_file(struct dated_file *file)
{
	char part[256];
	const char *at = file->path;

	for (const char *slash; (slash = strchr(at, '/')) != NULL; at = slash + 1) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - at), at);
		if (lu_date_in_name(part, file->label)) {
			memcpy(file->day, file->label, sizeof(file->day));
			return;
		}
	}
	if (!lu_date_in_name(at, file->day)) {
		snprintf(file->label, sizeof(file->label), "%s", undated);
		memcpy(file->day, file->label, sizeof(file->day));
		return;
	}
	snprintf(file->label, sizeof(file->label), "%.4s", file->day);
}

static int by_label(const void *a, const void *b)
{
	const struct dated_file *x = a, *y = b;
	const int order = strcmp(x->label, y->label);

	return order != 0 ? order : strcmp(x->path, y->path);
}

static size_t folder_length(const char *path)
{
	return (size_t)(lu_path_name(path) - path);
}

static bool same_folder(const char *a, const char *b)
{
	return folder_length(a) == folder_length(b) && strncmp(a, b, folder_length(a)) == 0;
}

/* Do just the files from 'first' to 'last' of their folder match the pattern, of all files there are? */
static bool means_only(const char *pattern, const struct dated_file *files, size_t count, size_t first, size_t last)
{
	for (size_t i = 0; i < count; i++)
		if ((fnmatch(pattern, files[i].path, FNM_PATHNAME | FNM_PERIOD) == 0) != (i >= first && i < last))
			return false;
	return true;
}

static bool folder_is_whole(const struct dated_file *files, size_t count, size_t first, size_t last)
{
	for (size_t i = 0; i < count; i++)
		if ((i < first || i >= last) && same_folder(files[i].path, files[first].path))
			return false;
	return true;
}

/* Takes 'word' over. */
static enum lu_status add_word(struct lu_named_date *date, char *word, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(word != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: dates"));
	LU_TRY(lu_grow(&date->imagery, date->imagery_count + 1, sizeof(*date->imagery), "dates", err));
	date->imagery[date->imagery_count++] = word;
	word = NULL; /* now the date's */
out:
	lu_free(word);
	return status;
}

/* The files from 'first' to 'last' are of one date and lie in one folder. */
static enum lu_status name_files(struct lu_named_date *date, const struct dated_file *files, size_t count, size_t first,
				 size_t last, struct lu_error *err)
{
	const char *path = files[first].path, *dot = strrchr(path, '.');
	const int folder = (int)folder_length(path);
	enum lu_status status = LU_OK;
	char *pattern;

	if (folder > 0 && folder_is_whole(files, count, first, last))
		return add_word(date, lu_sprintf("%.*s", folder, path), err);
	pattern = last - first > 1 ? lu_sprintf("%.*s*%s*%s", folder, path, files[first].label, dot != NULL ? dot : "")
				   : NULL;
	if (pattern != NULL && means_only(pattern, files, count, first, last))
		return add_word(date, pattern, err);
	lu_free(pattern);
	for (size_t i = first; i < last && status == LU_OK; i++)
		status = add_word(date, lu_strdup(files[i].path), err);
	return status;
}

static enum lu_status name_date(struct lu_named_date *date, const struct dated_file *files, size_t count, size_t first,
				size_t last, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	bool one_day = true;

	date->files = last - first;
	for (size_t i = first; i < last; i++)
		one_day = one_day && strcmp(files[i].day, files[first].day) == 0;
	date->label = lu_strdup(one_day ? files[first].day : files[first].label);
	if (date->label == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: dates");
	for (size_t i = first; i < last && status == LU_OK;) {
		const size_t begin = i;
		while (i < last && same_folder(files[i].path, files[begin].path))
			i++;
		status = name_files(date, files, count, begin, i, err);
	}
	return status;
}

enum lu_status lu_dates_in_names(const char *const *files, const bool *passed_over, size_t file_count,
				 struct lu_named_date **out, size_t *count, struct lu_error *err)
{
	struct dated_file *dated = NULL;
	enum lu_status status;

	*out = NULL;
	*count = 0;
	LU_TRY(lu_alloc(&dated, file_count, sizeof(*dated), "dates", err));
	for (size_t i = 0; i < file_count; i++) {
		dated[i].path = files[i];
		if (passed_over == NULL || !passed_over[i])
			date_file(&dated[i]);
	}
	if (file_count > 0)
		qsort(dated, file_count, sizeof(*dated), by_label);
	for (size_t i = 0; i < file_count;) {
		const size_t first = i;
		while (i < file_count && strcmp(dated[i].label, dated[first].label) == 0)
			i++;
		if (dated[first].label[0] == '\0')
			continue; /* passed over */
		LU_TRY(lu_grow(out, *count + 1, sizeof(**out), "dates", err));
		(*out)[*count] = (struct lu_named_date){0};
		LU_TRY(name_date(&(*out)[(*count)++], dated, file_count, first, i, err));
	}
out:
	if (status != LU_OK) {
		lu_named_dates_free(*out, *count);
		*out = NULL;
		*count = 0;
	}
	lu_free(dated);
	return status;
}

void lu_named_dates_free(struct lu_named_date *dates, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < dates[i].imagery_count; k++)
			lu_free(dates[i].imagery[k]);
		lu_free(dates[i].imagery);
		lu_free(dates[i].label);
	}
	lu_free(dates);
}
