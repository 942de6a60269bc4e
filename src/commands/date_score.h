/*
 * date_score.h: a date of a county, or some of its rows, from imagery to scores.
 */
#ifndef LU_COMMANDS_DATE_SCORE_H
#define LU_COMMANDS_DATE_SCORE_H

#include "job/county.h"
#include "maps/score.h"

struct lu_date_score {
	const struct lu_county *county; /* whose normaliser is there, where its job wants one */
	size_t date;
	int64_t first_row; /* of the county's cells: the store's first */
	const char *work; /* a folder for what lies between */
	const char *fingerprint; /* of the store */
	const struct lu_hooks *hooks;
};

/* How every date is made to look like the job's reference: before any is scored. */
enum lu_status lu_dates_normalise(struct lu_county *county, const struct lu_hooks *hooks, struct lu_error *err);

/*
 * Open the store of 'rows' rows of the date in the folder 'work', told of where it goes on after a run that was stopped or
 * finds damage.
 */
enum lu_status lu_date_store_open(const struct lu_date_score *score, int64_t rows, struct lu_store **store,
				  struct lu_error *err);
/*
 * Score what of '*store' is not finished, and tell how it went. Where imagery was exchanged meanwhile the store is removed
 * and NULL.
 */
enum lu_status lu_date_score(const struct lu_date_score *score, struct lu_store **store, struct lu_score_result *result,
			     struct lu_error *err);
/* lu_mapped_check of the whole date. */
enum lu_status lu_date_check(const struct lu_date_score *score, const struct lu_store *store,
			     const struct lu_score_result *result, struct lu_error *err);

#endif
