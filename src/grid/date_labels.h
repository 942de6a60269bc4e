/*
 * date_labels.h: what a date may be called. A label names a folder, and stands in tables and layers; two of them joined
 * name the folder of a pair. One rule for jobs, for options and for what a map says of itself.
 */
#ifndef LU_GRID_DATE_LABELS_H
#define LU_GRID_DATE_LABELS_H

#include "base/error.h"
#include "grid/date_pairs.h"

enum { LU_DATE_LABEL_MOST = 64 };

/*
 * LU_ERROR_ARGUMENT unless 'label' is letters, digits, '.', '_' and '-' without a '.' in front, at most 64 of them, and
 * does not end as files in an output folder do.
 */
enum lu_status lu_date_label_check(const char *label, struct lu_error *err);

/* A label out of any name: what it may not have becomes '_', what is too long is cut; lu_free it. NULL: memory is out. */
char *lu_date_label_of(const char *name, size_t length);

/*
 * The time that a label states, in years: "2016" is 2016.5 (the middle of the year), "2016-07-01" or
 * "20160701" the day's place in it, "2016-07" the middle of the month. Negative when it states none.
 */
double lu_date_label_year(const char *label);

/* The year that a label begins with ("2016", "2016-07-01", "20160701"), or 0. */
int lu_date_label_calendar_year(const char *label);

/*
 * LU_ERROR_ARGUMENT when a date that begins with a year stands after a later one. Labels that tell no year may stand in
 * any order. 'what' ("dates", "maps") is what the caller's user lists.
 */
enum lu_status lu_date_labels_order(const char *const *labels, size_t count, const char *what, struct lu_error *err);

/* The same, and when two of the folders of dates and pairs, or of their tables, would have one name. */
enum lu_status lu_date_labels_check(const char *const *labels, size_t count, enum lu_date_pairs pairs, const char *what,
				    struct lu_error *err);

/* "date 2001: " before what is said of date 'i', or "" where there is only one. 'buffer' is returned. */
enum { LU_DATE_ABOUT = 80 };
const char *lu_date_about(const char *const *labels, size_t count, size_t i, char buffer[LU_DATE_ABOUT]);

#endif
