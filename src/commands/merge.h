/*
 * merge.h: the shards of a county that other machines have scored: checked together, then joined date by date.
 */
#ifndef LU_COMMANDS_MERGE_H
#define LU_COMMANDS_MERGE_H

#include "job/county.h"
#include "maps/score.h"

struct lu_shards;

/*
 * Find every shard of the plan in the job's output folder. LU_ERROR_MISMATCH: some are missing, not whole, or of another kind
 * of processor; the text has the numbers of those to run again. 'county' must outlive the shards.
 */
enum lu_status lu_shards_open(const struct lu_county *county, const struct lu_hooks *hooks, struct lu_shards **out,
			      struct lu_error *err);
/*
 * What shards have scored of date 'date' into the county's store of it, in blocks; nothing where the plan leaves that date
 * out. '*result' has the chips and seconds of all machines. LU_ERROR_MISMATCH: a shard is damaged.
 */
enum lu_status lu_shards_join(struct lu_shards *shards, size_t date, struct lu_store *to,
			      struct lu_score_result *result, struct lu_error *err);
void lu_shards_free(struct lu_shards *shards);

#endif
