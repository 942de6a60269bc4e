/*
 * date_pattern.h: dates out of the names of folders and files: "naip/{date}/m_*.tif" has a date for each folder in naip that is
 * called by a year or an ISO date and holds such files.
 */
#ifndef LU_GRID_DATE_PATTERN_H
#define LU_GRID_DATE_PATTERN_H

#include "base/error.h"

struct lu_found_date {
	char *label;
	char *imagery; /* the pattern with the label in it */
};

/*
 * '*out' has '*count' dates in the order of their labels, each once. A name that tells no time, and a folder without such
 * files, is passed over. LU_ERROR_ARGUMENT where there is none, or the pattern has no "{date}". Release with lu_found_dates_free.
 */
enum lu_status lu_date_pattern_find(const char *pattern, struct lu_found_date **out, size_t *count,
				    struct lu_error *err);
void lu_found_dates_free(struct lu_found_date *dates, size_t count);

#endif
