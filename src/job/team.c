/* team.c: a parallel region, or its twin in pthreads for ThreadSanitizer. */
#include "job/team.h"

#if defined(__SANITIZE_THREAD__)

#include <pthread.h>

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

	while (started < threads - 1 && started < MOST &&
	       pthread_create(&others[started], 0, run_member, &member) == 0)
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
