/*
 * dates_in_names.h: which dates a pile of files is of, by the names of folders and files, and how a job would name each date's
 * imagery.
 */
#ifndef LU_GRID_DATES_IN_NAMES_H
#define LU_GRID_DATES_IN_NAMES_H

#include <stddef.h>

#include "base/error.h"

/*
 * The date in a name, "2016", "2016-07" or "2016-07-01", into 'label'; false where there is none. "m_42071_ne_19_1_20160701.tif"
 * and "2016_07_01" hold 2016-07-01; digits beside a year make it a number (4207105), and years are from 1900 to 2099.
 */
enum { LU_DATE_IN_NAME = 11 };
bool lu_date_in_name(const char *name, char label[LU_DATE_IN_NAME]);

struct lu_named_date {
	char *label; /* "undated": its files tell none */
	char **imagery; /* folders ("naip_2016/"), patterns and files, as few as mean these files and no others */
	size_t imagery_count;
	size_t files;
};

/*
 * '*out' has '*count' dates in the order of their labels. 'files' are paths seen from one folder, in the order of their bytes.
 * The folder nearest to the top that tells a date dates all below it, as each file of a flight has a day of its own; files
 * without such a folder are of one date where they tell the same year. 'passed_over' (NULL: none) are of no date, and no folder or
 * pattern means them either. Release with lu_named_dates_free.
 */
enum lu_status lu_dates_in_names(const char *const *files, const bool *passed_over, size_t file_count,
				 struct lu_named_date **out, size_t *count, struct lu_error *err);
void lu_named_dates_free(struct lu_named_date *dates, size_t count);

#endif
