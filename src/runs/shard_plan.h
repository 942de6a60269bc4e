/*
 * shard_plan.h: a county cut for many machines into shards of neighbouring rows of cells with even work, and what each machine
 * leaves of its shard.
 *
 *	OUTPUT/.shards/plan.json	which rows are whose, of which dates
 *	OUTPUT/.shards/3/		the folder of shard 3: a store (maps/store.h) of its rows for each date,
 *	OUTPUT/.shards/3/shard.json	written last: all of them are whole
 *
 * Shards are numbered from 0, as clusters number the tasks of an array. Rows of cells are rows of blocks (maps/store.h), so a
 * shard's blocks are those of a run on one machine. A plan follows from the county and the count alone: whoever reads one
 * makes it again, and one of another job or other inputs is found.
 */
#ifndef LU_RUNS_SHARD_PLAN_H
#define LU_RUNS_SHARD_PLAN_H

#include "job/county.h"

#define LU_SHARDS_FOLDER ".shards"
enum { LU_SHARDS_MOST = 100000 };

struct lu_shard_plan {
	size_t count; /* of shards */
	int64_t *rows; /* count + 1: shard i has the rows rows[i] .. rows[i + 1] - 1 */
	int64_t *cells; /* of each shard, inside the county */
	bool *dates; /* of the job: which are to be scored; the scores of others are kept */
	char fingerprint[LU_SHA256_HEX]; /* of rows, dates and all that their scores depend on */
};

/*
 * Cut 'count' shards so that the largest is as small as rows allow. LU_ERROR_ARGUMENT: there are fewer rows of cells inside
 * the county than that.
 */
enum lu_status lu_shard_plan_make(const struct lu_county *county, size_t count, struct lu_shard_plan **out,
				  struct lu_error *err);
/* Write it into the job's output folder, which is there. */
enum lu_status lu_shard_plan_write(const struct lu_county *county, const struct lu_shard_plan *plan,
				   struct lu_error *err);
/* Read it there. LU_ERROR_ARGUMENT: there is none; LU_ERROR_MISMATCH: it is of another job, or of other inputs. */
enum lu_status lu_shard_plan_read(const struct lu_county *county, struct lu_shard_plan **out, struct lu_error *err);
/* Remove the plan and all that its shards left. LU_ERROR_BUSY, with nothing removed: one of them is at work. */
enum lu_status lu_shard_plan_remove(const struct lu_county *county, struct lu_error *err);
void lu_shard_plan_free(struct lu_shard_plan *plan);

/* "OUTPUT/.shards", or the folder of a shard within; lu_free it. NULL when memory is out. */
char *lu_shards_folder(const struct lu_county *county);
char *lu_shard_folder(const struct lu_county *county, size_t shard);

/* Who scored a shard, and how long it took. */
struct lu_shard_record {
	char processor[32]; /* the instructions that the engine used: a map of two tiers is none */
	uint64_t *chips; /* one a date of the job */
	double *seconds; /* likewise */
};
/* What this machine would note, with nothing scored yet. */
enum lu_status lu_shard_record_new(const struct lu_county *county, struct lu_shard_record *out, struct lu_error *err);
/* Note that the shard is whole, durably. */
enum lu_status lu_shard_record_write(const struct lu_county *county, const struct lu_shard_plan *plan, size_t shard,
				     const struct lu_shard_record *record, struct lu_error *err);
/* False: the shard has none of this plan. 'out' is to be released, also then. */
bool lu_shard_record_read(const struct lu_county *county, const struct lu_shard_plan *plan, size_t shard,
			  struct lu_shard_record *out);
void lu_shard_record_release(struct lu_shard_record *record);

/* The fingerprint of a shard's store: of the date's scores, the shard's rows and the processor's instructions. */
enum lu_status lu_shard_fingerprint(const struct lu_county *county, size_t date, const struct lu_shard_plan *plan,
				    size_t shard, const char *processor, char hex[LU_SHA256_HEX], struct lu_error *err);

#endif
