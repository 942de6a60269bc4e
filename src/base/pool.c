/* pool.c: a counter under a lock. */
#include "base/pool.h"

#include <pthread.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "base/team.h"

struct pool {
	const struct lu_pool_task *task;
	pthread_mutex_t lock; /* guards what follows, and is held by 'finish' */
	int64_t next;
	uint64_t done; /* units */
	int64_t failed; /* the lowest number that failed; INT64_MAX: none */
	struct lu_error error; /* of that */
};

/* The next part, or -1: there is none, or somebody failed. */
static int64_t take(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	const int64_t number = pool->failed == INT64_MAX && pool->next < pool->task->parts ? pool->next++ : -1;
	pthread_mutex_unlock(&pool->lock);
	return number;
}

static void tell(struct pool *pool)
{
	const struct lu_pool_task *task = pool->task;

	if (task->stage == NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->done = pool->done + task->unit < task->total ? pool->done + task->unit : task->total;
	const uint64_t done = pool->done;
	pthread_mutex_unlock(&pool->lock);
	lu_progress(task->hooks, task->stage, done, task->total);
}

/* With the lock held. */
static void note(struct pool *pool, int64_t number, const struct lu_error *err)
{
	if (number < pool->failed) {
		pool->failed = number;
		pool->error = *err;
	}
}

static enum lu_status begin(const struct lu_pool_task *task, void **worker, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (task->worker_bytes > 0)
		LU_TRY(lu_alloc(worker, 1, task->worker_bytes, "what a thread needs", err));
	if (task->begin != NULL)
		LU_TRY(task->begin(task->context, *worker, err));
out:
	return status;
}

static void work(void *context)
{
	struct pool *pool = context;
	const struct lu_pool_task *task = pool->task;
	struct lu_error err = {0};
	void *worker = NULL;
	int64_t number = -1, taken;
	enum lu_status status = begin(task, &worker, &err);

	while (status == LU_OK && (taken = take(pool)) >= 0) {
		number = taken;
		status = lu_cancelled(task->hooks) ? lu_fail(&err, LU_ERROR_CANCELLED, "stopped")
						   : task->part(task->context, worker, number, &err);
		if (status == LU_OK)
			tell(pool);
	}
	pthread_mutex_lock(&pool->lock);
	if (status == LU_OK && pool->failed == INT64_MAX && task->finish != NULL) {
		number = task->parts;
		status = task->finish(task->context, worker, &err);
	}
	if (status != LU_OK)
		note(pool, number, &err);
	pthread_mutex_unlock(&pool->lock);
	if (worker != NULL && task->release != NULL)
		task->release(worker);
	lu_free(worker);
}

enum lu_status lu_pool_run(const struct lu_pool_task *task, struct lu_error *err)
{
	struct pool pool = {.task = task, .lock = PTHREAD_MUTEX_INITIALIZER, .failed = INT64_MAX};
	const int threads = task->parts < task->threads ? (int)task->parts : task->threads;
	enum lu_status status = LU_OK;

	if (task->parts == 0)
		return LU_OK;
	LU_TRY(lu_team_check(threads, err));
	if (task->stage != NULL)
		lu_progress(task->hooks, task->stage, 0, task->total);
	lu_team_run(threads, work, &pool);
	if (pool.failed != INT64_MAX) {
		if (err != NULL)
			*err = pool.error;
		status = pool.error.status;
	}
out:
	return status;
}
