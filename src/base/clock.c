/* clock.c: POSIX's clocks. */
#include "base/clock.h"

#include <time.h>

static double seconds_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double lu_seconds_now(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

double lu_thread_seconds(void)
{
	return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

double lu_process_seconds(void)
{
	return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}
