/*
 * clock.h: how long things take.
 */
#ifndef LU_BASE_CLOCK_H
#define LU_BASE_CLOCK_H

/* Seconds on a clock that only runs forward, from an arbitrary start. Any thread. */
double lu_seconds_now(void);

/* Processor seconds of the calling thread, and of all threads of the process, so far. Any thread. */
double lu_thread_seconds(void);
double lu_process_seconds(void);

#endif
