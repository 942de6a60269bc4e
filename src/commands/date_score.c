/* date_score.c: what a county says of a date, handed to the network. */
#include "commands/date_score.h"

#include "base/hooks.h"
#include "base/memory.h"
#include "grid/date_labels.h"
#include "maps/mapped.h"
#include "maps/normalise.h"
#include "maps/windows.h"

enum lu_status lu_dates_normalise(struct lu_county *county, const struct lu_hooks *hooks, struct lu_error *err)
{
	const struct lu_normalise_task task = {.labels = county->labels,
					       .imagery = county->imagery,
					       .count = county->job->date_count,
					       .to = county->job->normalise.to,
					       .method = county->job->normalise.method,
					       .bands = county->model->bands,
					       .skip_unreadable = county->job->on_read_error == LU_READ_ERROR_SKIPS,
					       .grid = &county->grid,
					       .coverage = county->ground.coverage,
					       .threads = county->readers,
					       .hooks = hooks};

	return lu_normaliser_new(&task, &county->normaliser, err);
}

enum lu_status lu_date_store_open(const struct lu_date_score *score, int64_t rows, struct lu_store **store,
				  struct lu_error *err)
{
	const struct lu_county *county = score->county;
	const char *label = county->labels[score->date];
	int64_t resumed;
	enum lu_status status;

	LU_TRY(lu_store_open(score->work, label, score->fingerprint, rows, county->grid.cells.width,
			     county->scheme->class_count, store, NULL, err));
	LU_TRY(lu_store_retry_unreadable(*store, err));
	resumed = lu_store_blocks(*store) - lu_store_left(*store);
	if (resumed > 0 && resumed < lu_store_blocks(*store))
		lu_log(score->hooks, LU_LEVEL_INFO, "%s: going on after %lld finished blocks of an earlier run", label,
		       (long long)resumed);
	if (lu_store_damaged(*store) > 0)
		lu_log(score->hooks, LU_LEVEL_WARNING,
		       "%s: %lld finished blocks of an earlier run were damaged since (is the disk sound?); they are "
		       "scored again",
		       label, (long long)lu_store_damaged(*store));
out:
	return status;
}

static struct lu_score_task task_of(const struct lu_date_score *score, struct lu_store *store)
{
	const struct lu_county *county = score->county;

	return (struct lu_score_task){.imagery = county->imagery[score->date],
				      .grid = &county->grids.dates[score->date],
				      .coverage = county->ground.coverage,
				      .model = county->model,
				      .plan = county->plan,
				      .regroup = county->regroup,
				      .radiometry = lu_normaliser_date(county->normaliser, score->date),
				      .min_valid = county->job->min_valid,
				      .skip_unreadable = county->job->on_read_error == LU_READ_ERROR_SKIPS,
				      .threads = county->threads,
				      .readers = county->readers,
				      .swath_blocks = county->swath_blocks,
				      .store = store,
				      .first_row = score->first_row,
				      .hooks = score->hooks,
				      .stage = county->labels[score->date]};
}

static void tell(const struct lu_date_score *score, const struct lu_score_result *result)
{
	const char *label = score->county->labels[score->date];

	if (result->not_finite > 0)
		lu_log(score->hooks, LU_LEVEL_WARNING,
		       "%s: the network gave no numbers for %llu chips; they are left unmapped", label,
		       (unsigned long long)result->not_finite);
	lu_log(score->hooks, LU_LEVEL_INFO, "%s: %llu chips in %.1f s (%.0f chips/s; reading %.1f s of one thread)",
	       label, (unsigned long long)result->chips, result->seconds,
	       result->seconds > 0 ? (double)result->chips / result->seconds : 0, result->read_seconds);
}

enum lu_status lu_date_score(const struct lu_date_score *score, struct lu_store **store, struct lu_score_result *result,
			     struct lu_error *err)
{
	const struct lu_county *county = score->county;
	const struct lu_score_task task = task_of(score, *store);
	const char *label = county->labels[score->date];
	char buffer[LU_DATE_ABOUT];
	const char *about = lu_date_about(county->labels, county->job->date_count, score->date, buffer);
	char *name = lu_sprintf("%s" LU_WINDOWS_SUFFIX, label);
	const struct lu_windows windows = {.times = county->grids.windows,
					   .coverage = county->grids.coverage,
					   .folder = score->work,
					   .name = name,
					   .fingerprint = score->fingerprint};
	struct lu_error exchanged = {0};
	enum lu_status status = name != NULL ? lu_windows_score(&task, &windows, result, err)
					     : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a name");

	lu_free(name);
	/* Scores of two deliveries: no later run may go on with them, however this one ended. */
	if (lu_imagery_unchanged(county->imagery[score->date], &exchanged) != LU_OK) {
		lu_store_remove(*store);
		*store = NULL;
		return lu_fail(err, exchanged.status, "%s%s", about, exchanged.text);
	}
	if (status == LU_ERROR_CANCELLED)
		return lu_fail(err, status,
			       "stopped at date %s; what is finished is kept: run the same job again to go on", label);
	if (status != LU_OK)
		return lu_fail(err, status, "%s%s", about, err->text);
	tell(score, result);
	return LU_OK;
}

enum lu_status lu_date_check(const struct lu_date_score *score, const struct lu_store *store,
			     const struct lu_score_result *result, struct lu_error *err)
{
	const struct lu_county *county = score->county;
	const struct lu_score_task task = task_of(score, NULL);
	char buffer[LU_DATE_ABOUT];

	return lu_mapped_check(&task, result, (uint64_t)lu_store_mapped_cells(store),
			       lu_date_about(county->labels, county->job->date_count, score->date, buffer), err);
}
