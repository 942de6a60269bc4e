/* team.c: a parallel region, or its twin in pthreads for ThreadSanitizer; and pthreads beside it. */
#include "base/team.h"

#include <omp.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"

/* Plain threads that wait until all are there, or it is known that they cannot be; then each does the work. */
struct threads {
	void (*work)(void *context); /* NULL: they were only tried */
	void *context;
	pthread_t *ids;
	int started;
	pthread_mutex_t lock; /* guards the next two */
	pthread_cond_t opened;
	bool open, all;
};

static void *wait_and_work(void *argument)
{
	struct threads *threads = argument;

	pthread_mutex_lock(&threads->lock);
	while (!threads->open)
		pthread_cond_wait(&threads->opened, &threads->lock);
	const bool go = threads->all && threads->work != NULL;
	pthread_mutex_unlock(&threads->lock);
	if (go)
		threads->work(threads->context);
	return NULL;
}

/* Start 'count' threads; whatever comes of it, join them. */
static enum lu_status start(struct threads *threads, int count, struct lu_error *err)
{
	const enum lu_status status = lu_alloc(&threads->ids, (size_t)count, sizeof(*threads->ids), "threads", err);

	pthread_mutex_init(&threads->lock, NULL);
	pthread_cond_init(&threads->opened, NULL);
	while (status == LU_OK && threads->started < count &&
	       pthread_create(&threads->ids[threads->started], NULL, wait_and_work, threads) == 0)
		threads->started++;
	pthread_mutex_lock(&threads->lock);
	threads->open = true;
	threads->all = threads->started == count;
	pthread_cond_broadcast(&threads->opened);
	pthread_mutex_unlock(&threads->lock);
	if (status == LU_OK && threads->started < count)
		return lu_fail(err, LU_ERROR_MEMORY,
			       "cannot start %d threads, the system allows %d (ask for fewer threads, or raise ulimit "
			       "-u or -v)",
			       count + 1, threads->started + 1);
	return status;
}

static void join(struct threads *threads)
{
	for (int i = 0; i < threads->started; i++)
		pthread_join(threads->ids[i], NULL);
	pthread_mutex_destroy(&threads->lock);
	pthread_cond_destroy(&threads->opened);
	lu_free(threads->ids);
}

int lu_team_size(int asked)
{
	return asked > 0 ? asked : omp_get_max_threads();
}

enum lu_status lu_team_check(int threads, struct lu_error *err)
{
	static int proven = 1; /* OpenMP keeps its threads, so that a second trial would count them twice */
	struct threads others = {.work = NULL};

	if (threads <= proven)
		return LU_OK;
	const enum lu_status status = start(&others, threads - 1, err);
	join(&others);
	if (status == LU_OK)
		proven = threads;
	return status;
}

#if defined(__SANITIZE_THREAD__)

void lu_team_run(int threads, void (*work)(void *context), void *context)
{
	struct threads others = {.work = work, .context = context};

	if (threads > 1 && start(&others, threads - 1, NULL) != LU_OK)
		abort(); /* as OpenMP does; lu_team_check comes before */
	work(context);
	if (threads > 1)
		join(&others);
}

#else

void lu_team_run(int threads, void (*work)(void *context), void *context)
{
#pragma omp parallel num_threads(threads)
	work(context);
}

#endif

enum lu_status lu_team_run_beside(int threads, void (*work)(void *context), int helpers, void (*help)(void *context),
				  void *context, struct lu_error *err)
{
	struct threads others = {.work = help, .context = context};
	const enum lu_status status = start(&others, helpers, err);

	if (status == LU_OK)
		lu_team_run(threads, work, context);
	join(&others);
	return status;
}
