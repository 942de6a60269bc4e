/* merge.c: records and stores of shards, looked at before anything is joined. */
#include "commands/merge.h"

#include <stdio.h>
#include <string.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "runs/shard_plan.h"

struct lu_shards {
	const struct lu_county *county;
	const struct lu_hooks *hooks;
	struct lu_shard_plan *plan;
	struct lu_shard_record *records; /* one a shard */
};

enum { LONGEST_LIST = 600 };

/* "3,17-20": the shards that are 'marked', as arrays of jobs take them. */
static void list_marked(const bool *marked, size_t count, char list[LONGEST_LIST])
{
	size_t used = 0;

	list[0] = '\0';
	for (size_t i = 0; i < count && used < LONGEST_LIST; i++) {
		if (!marked[i])
			continue;
		const size_t first = i;
		while (i + 1 < count && marked[i + 1])
			i++;
		used += (size_t)snprintf(list + used, LONGEST_LIST - used, i > first ? "%s%zu-%zu" : "%s%zu",
					 used > 0 ? "," : "", first, i);
	}
	/* A list too long for the line ends at a comma: those are run, and the next merge names the rest. */
	if (used >= LONGEST_LIST)
		*strrchr(list, ',') = '\0';
}

static enum lu_status again(const struct lu_shards *shards, const bool *marked, const char *fact, struct lu_error *err)
{
	size_t count = 0;
	char list[LONGEST_LIST];

	for (size_t i = 0; i < shards->plan->count; i++)
		count += marked[i];
	list_marked(marked, shards->plan->count, list);
	return lu_fail(err, LU_ERROR_MISMATCH, "%s: %zu of %zu shards %s (run them again: --array=%s)",
		       shards->county->job->output, count, shards->plan->count, fact, list);
}

static enum lu_status store_of(const struct lu_shards *shards, size_t shard, size_t date, bool *whole,
			       struct lu_store **out, struct lu_error *err)
{
	const struct lu_county *county = shards->county;
	const int64_t rows = shards->plan->rows[shard + 1] - shards->plan->rows[shard];
	const char *label = county->labels[date];
	char fingerprint[LU_SHA256_HEX], *folder = lu_shard_folder(county, shard);
	enum lu_status status;

	LU_TRY(folder != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_shard_fingerprint(county, date, shards->plan, shard, shards->records[shard].processor, fingerprint,
				    err));
	*whole = lu_store_complete(folder, label, fingerprint, rows, county->grid.cells.width,
				   county->scheme->class_count);
	if (*whole && out != NULL)
		LU_TRY(lu_store_open(folder, label, fingerprint, rows, county->grid.cells.width,
				     county->scheme->class_count, out, NULL, err));
out:
	lu_free(folder);
	return status;
}

/* A shard that says so, and has every block. */
static enum lu_status find_missing(struct lu_shards *shards, bool *missing, struct lu_error *err)
{
	const struct lu_county *county = shards->county;
	enum lu_status status = LU_OK;

	for (size_t s = 0; s < shards->plan->count; s++) {
		bool whole = lu_shard_record_read(county, shards->plan, s, &shards->records[s]);
		for (size_t i = 0; i < county->job->date_count && whole; i++)
			if (shards->plan->dates[i])
				LU_TRY(store_of(shards, s, i, &whole, NULL, err));
		missing[s] = !whole;
	}
out:
	return status;
}

/* Answers of two tiers of instructions differ in their last bits: the kind that scored fewer is told. */
static enum lu_status check_processors(const struct lu_shards *shards, bool *other, struct lu_error *err)
{
	const struct lu_shard_record *records = shards->records;
	const char *usual = records[0].processor;
	size_t most = 0, others = 0;
	char fact[160];

	for (size_t s = 0; s < shards->plan->count; s++) {
		size_t alike = 0;
		for (size_t k = 0; k < shards->plan->count; k++)
			alike += strcmp(records[s].processor, records[k].processor) == 0;
		if (alike > most)
			usual = records[s].processor;
		most = alike > most ? alike : most;
	}
	for (size_t s = 0; s < shards->plan->count; s++) {
		other[s] = strcmp(records[s].processor, usual) != 0;
		if (other[s])
			snprintf(fact, sizeof(fact),
				 "were scored by a processor for %s, the others for %s: their bytes are not those of "
				 "one machine",
				 records[s].processor, usual);
		others += other[s];
	}
	return others == 0 ? LU_OK : again(shards, other, fact, err);
}

enum lu_status lu_shards_open(const struct lu_county *county, const struct lu_hooks *hooks, struct lu_shards **out,
			      struct lu_error *err)
{
	struct lu_shards *shards = NULL;
	bool *marked = NULL, any = false;
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_alloc(&shards, 1, sizeof(*shards), "shards", err));
	shards->county = county;
	shards->hooks = hooks;
	LU_TRY(lu_shard_plan_read(county, &shards->plan, err));
	LU_TRY(lu_alloc(&shards->records, shards->plan->count, sizeof(*shards->records), "shards", err));
	LU_TRY(lu_alloc(&marked, shards->plan->count, sizeof(*marked), "shards", err));
	LU_TRY(find_missing(shards, marked, err));
	for (size_t s = 0; s < shards->plan->count; s++)
		any |= marked[s];
	LU_TRY(any ? again(shards, marked, "are missing or not whole", err) : LU_OK);
	LU_TRY(check_processors(shards, marked, err));
	*out = shards;
	shards = NULL; /* now the caller's */
out:
	lu_free(marked);
	lu_shards_free(shards);
	return status;
}

/* The rows of a shard into theirs of the county. */
static enum lu_status join_shard(const struct lu_shards *shards, size_t shard, struct lu_store *from,
				 struct lu_store *to, struct lu_error *err)
{
	const int64_t first = shards->plan->rows[shard], rows = shards->plan->rows[shard + 1] - first;
	const int64_t across = lu_store_blocks_across(to);
	const size_t block = LU_BLOCK_CELLS * lu_store_classes(to);
	enum lu_status status = LU_OK;

	for (int64_t row = 0; row < rows; row++) {
		const float *scores;
		if (lu_cancelled(shards->hooks))
			return lu_fail(err, LU_ERROR_CANCELLED,
				       "stopped while shards were joined; they are kept: merge again to go on");
		LU_TRY(lu_store_row(from, row, &scores, err));
		for (int64_t i = 0; i < across; i++)
			if (!lu_store_finished(to, (first + row) * across + i))
				LU_TRY(lu_store_put(to, (first + row) * across + i, scores + (size_t)i * block, err));
	}
out:
	return status;
}

enum lu_status lu_shards_join(struct lu_shards *shards, size_t date, struct lu_store *to,
			      struct lu_score_result *result, struct lu_error *err)
{
	const struct lu_shard_plan *plan = shards->plan;
	struct lu_store *from = NULL;
	bool *damaged = NULL, any = false;
	enum lu_status status;

	if (!plan->dates[date] || lu_store_left(to) == 0)
		return LU_OK;
	LU_TRY(lu_alloc(&damaged, plan->count, sizeof(*damaged), "shards", err));
	for (size_t s = 0; s < plan->count; s++) {
		bool whole;
		LU_TRY(store_of(shards, s, date, &whole, &from, err));
		damaged[s] = !whole || lu_store_left(from) > 0;
		any |= damaged[s];
		if (!damaged[s])
			LU_TRY(join_shard(shards, s, from, to, err));
		lu_store_close(from);
		from = NULL;
		result->chips += shards->records[s].chips[date];
		result->seconds += shards->records[s].seconds[date];
	}
	LU_TRY(lu_store_sync(to, err));
	LU_TRY(any ? again(shards, damaged, "are damaged", err) : LU_OK);
	lu_log(shards->hooks, LU_LEVEL_INFO, "%s: %llu chips of %zu shards", shards->county->labels[date],
	       (unsigned long long)result->chips, plan->count);
out:
	lu_store_close(from);
	lu_free(damaged);
	return status;
}

void lu_shards_free(struct lu_shards *shards)
{
	if (shards == NULL)
		return;
	for (size_t s = 0; shards->records != NULL && s < shards->plan->count; s++)
		lu_shard_record_release(&shards->records[s]);
	lu_free(shards->records);
	lu_shard_plan_free(shards->plan);
	lu_free(shards);
}
