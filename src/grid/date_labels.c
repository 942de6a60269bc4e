/* date_labels.c: labels one by one, in order, and joined. See date_labels.h. */
#include "grid/date_labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

/* Characters that are safe in folder names, CSV cells and layer names. */
#define CHARACTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-"

/* Endings of files that stand beside the folders of dates. */
static bool ends_as_a_file(const char *label)
{
	static const char *const endings[] = {".csv", ".json", ".svg",  ".gpkg", ".tif", ".tiff", ".qml", ".xml",
					      ".md",  ".html", ".yaml", ".yml",  ".qgs", ".qgz",  ".txt", ".tmp"};
	const char *dot = strrchr(label, '.');

	for (size_t i = 0; dot != NULL && i < sizeof(endings) / sizeof(endings[0]); i++)
		if (strcasecmp(dot, endings[i]) == 0)
			return true;
	return false;
}

enum lu_status lu_date_label_check(const char *label, struct lu_error *err)
{
	const size_t good = strspn(label, CHARACTERS);

	if (label[0] == '\0' || label[good] != '\0' || label[0] == '.' || strlen(label) > LU_DATE_LABEL_MOST)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"date '%.80s' should be letters, digits, '.', '_' or '-', at most %d of them and no '.' in "
			"front (for example 2001-08-18)",
			label, LU_DATE_LABEL_MOST);
	if (ends_as_a_file(label))
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "date '%s' ends as a file of the output folder does (for example 2001-08-18)", label);
	return LU_OK;
}

char *lu_date_label_of(const char *name, size_t length)
{
	char *label = lu_strndup(name, length < LU_DATE_LABEL_MOST ? length : LU_DATE_LABEL_MOST);

	for (char *at = label; at != NULL && *at != '\0'; at++)
		if (strchr(CHARACTERS, *at) == NULL)
			*at = '_';
	return label;
}

/* 'count' digits of 'text' as a number, or -1. */
static int digits(const char *text, size_t count)
{
	int number = 0;

	for (size_t i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = 10 * number + (text[i] - '0');
	}
	return number;
}

double lu_date_label_year(const char *label)
{
	static const int before_month[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
	const size_t length = strlen(label);
	const int year = length >= 4 ? digits(label, 4) : -1;
	const bool dashed = length >= 7 && label[4] == '-';
	const int month = length > 4 ? digits(label + (dashed ? 5 : 4), 2) : -1;

	if (year < 0)
		return -1.0;
	if (length == 4)
		return year + 0.5;
	if (month < 1 || month > 12)
		return -1.0;
	if (length == 7 && dashed)
		return year + (before_month[month - 1] + before_month[month]) / 2.0 / 365.0;
	const int day = (length == 10 && dashed && label[7] == '-') || (length == 8 && !dashed)
				? digits(label + length - 2, 2)
				: -1;

	return day >= 1 && day <= 31 ? year + (before_month[month - 1] + day - 0.5) / 365.0 : -1.0;
}

int lu_date_label_calendar_year(const char *label)
{
	const size_t digits = strspn(label, "0123456789");
	char year[5] = "";

	if (digits != 4 && digits != 6 && digits != 8)
		return 0;
	memcpy(year, label, 4);
	return atoi(year);
}

/* Is 'later' surely of a time before 'earlier'? "2016" and "2016-07" may be either way. */
static bool stands_wrong(const char *earlier, const char *later)
{
	const double from = lu_date_label_year(earlier), to = lu_date_label_year(later);
	const size_t shorter = strlen(earlier) < strlen(later) ? strlen(earlier) : strlen(later);

	if (strncmp(earlier, later, shorter) == 0)
		return false;
	if (from >= 0 && to >= 0)
		return to < from;
	return lu_date_label_calendar_year(later) > 0 &&
	       lu_date_label_calendar_year(later) < lu_date_label_calendar_year(earlier);
}

/* A name in the output folder, and the dates that it is of. */
struct name {
	char *text;
	const char *earlier, *later; /* 'later' NULL: a date alone */
};

static int by_text(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	return strcmp(x->text, y->text);
}

static enum lu_status add_name(struct name *names, size_t *count, struct name name, struct lu_error *err)
{
	names[(*count)++] = name;
	return name.text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: dates");
}

static enum lu_status clash(const struct name *a, const struct name *b, struct lu_error *err)
{
	const struct name *pair = a->later != NULL ? a : b, *other = pair == a ? b : a;

	if (pair->later == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT, "date '%s' stands twice", pair->text);
	return lu_fail(err, LU_ERROR_ARGUMENT,
		       "dates '%s' and '%s' are called '%s' together, and so %s '%s'%s%s%s (give a date another label)",
		       pair->earlier, pair->later, pair->text, other->later != NULL ? "are" : "is", other->earlier,
		       other->later != NULL ? " and '" : "", other->later != NULL ? other->later : "",
		       other->later != NULL ? "'" : "");
}

/* Folders DATE and EARLIER_LATER, tables transition_EARLIER_LATER.csv and transition_EARLIER_LATER_ha.csv. */
static enum lu_status check_names(const char *const *labels, size_t count, enum lu_date_pairs pairs,
				  struct lu_error *err)
{
	struct name *names = NULL;
	size_t known = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&names, count * count + count, sizeof(*names), "dates", err));
	for (size_t i = 0; i < count; i++)
		LU_TRY(add_name(names, &known, (struct name){lu_strdup(labels[i]), labels[i], NULL}, err));
	for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, count, pairs);) {
		const char *a = labels[pair.earlier], *b = labels[pair.later];
		LU_TRY(add_name(names, &known, (struct name){lu_sprintf("%s_%s", a, b), a, b}, err));
		LU_TRY(add_name(names, &known, (struct name){lu_sprintf("%s_%s_ha", a, b), a, b}, err));
	}
	if (known > 0)
		qsort(names, known, sizeof(*names), by_text);
	for (size_t i = 1; i < known; i++)
		if (strcmp(names[i - 1].text, names[i].text) == 0)
			LU_TRY(clash(&names[i - 1], &names[i], err));
out:
	for (size_t i = 0; i < known; i++)
		lu_free(names[i].text);
	lu_free(names);
	return status;
}

enum lu_status lu_date_labels_order(const char *const *labels, size_t count, const char *what, struct lu_error *err)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (stands_wrong(labels[k], labels[i]))
				return lu_fail(err, LU_ERROR_ARGUMENT,
					       "date '%s' stands after '%s' (list the %s in time order)", labels[i],
					       labels[k], what);
	return LU_OK;
}

enum lu_status lu_date_labels_check(const char *const *labels, size_t count, enum lu_date_pairs pairs, const char *what,
				    struct lu_error *err)
{
	const enum lu_status status = lu_date_labels_order(labels, count, what, err);

	return status == LU_OK ? check_names(labels, count, pairs, err) : status;
}

const char *lu_date_about(const char *const *labels, size_t count, size_t i, char buffer[LU_DATE_ABOUT])
{
	buffer[0] = '\0';
	if (count > 1)
		snprintf(buffer, LU_DATE_ABOUT, "date %s: ", labels[i]);
	return buffer;
}
