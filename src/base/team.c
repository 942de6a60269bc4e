/* team.c: a parallel region, or its twin in pthreads for ThreadSanitizer. */
#include "base/team.h"

#include <pthread.h>

#include "base/memory.h"

/* Threads that wait until all are there, or it is known that they cannot be. */
struct gate {
	pthread_mutex_t lock;
	pthread_cond_t opened;
	bool open;
};

static void *wait_at(void *argument)
{
	struct gate *gate = argument;

	pthread_mutex_lock(&gate->lock);
	while (!gate->open)
		pthread_cond_wait(&gate->opened, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
	return NULL;
}

enum lu_status lu_team_check(int threads, struct lu_error *err)
{
	static int proven = 1; /* OpenMP keeps its threads, so that a second trial would count them twice */
	struct gate gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
	pthread_t *others = NULL;
	int started = 0;

	if (threads <= proven)
		return LU_OK;
	const enum lu_status status = lu_alloc(&others, (size_t)threads, sizeof(*others), "threads", err);
	if (status != LU_OK)
		return status;
	while (started < threads - 1 && pthread_create(&others[started], NULL, wait_at, &gate) == 0)
		started++;
	pthread_mutex_lock(&gate.lock);
	gate.open = true;
	pthread_cond_broadcast(&gate.opened);
	pthread_mutex_unlock(&gate.lock);
	for (int i = 0; i < started; i++)
		pthread_join(others[i], NULL);
	lu_free(others);
	if (started < threads - 1)
		return lu_fail(err, LU_ERROR_MEMORY,
			       "cannot start %d threads, the system allows %d (ask for fewer threads, or raise ulimit "
			       "-u or -v)",
			       threads, started + 1);
	proven = threads;
	return LU_OK;
}

#if defined(__SANITIZE_THREAD__)

struct member {
	void (*work)(void *context);
	void *context;
};

static void *run_member(void *argument)
{
	const struct member *member = argument;

	member->work(member->context);
	return 0;
}

void lu_team_run(int threads, void (*work)(void *context), void *context)
{
	enum { MOST = 64 };
	struct member member = {work, context};
	pthread_t others[MOST];
	int started = 0;

	while (started < threads - 1 && started < MOST && pthread_create(&others[started], 0, run_member, &member) == 0)
		started++;
	work(context);
	for (int i = 0; i < started; i++)
		pthread_join(others[i], 0);
}

#else

void lu_team_run(int threads, void (*work)(void *context), void *context)
{
#pragma omp parallel num_threads(threads)
	work(context);
}

#endif
