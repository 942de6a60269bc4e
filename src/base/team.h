/*
 * team.h: one function on several threads at once.
 */
#ifndef LU_BASE_TEAM_H
#define LU_BASE_TEAM_H

#include "base/error.h"

/*
 * Could so many threads be started? LU_ERROR_MEMORY where the system does not let them: OpenMP would end the program with
 * words of its own. They are started once and no more after that. From a thread that runs alone.
 */
enum lu_status lu_team_check(int threads, struct lu_error *err);

/*
 * Run 'work(context)' on 'threads' threads, the caller's among them, and return when all have.
 * OpenMP's threads, which stay warm from call to call; under ThreadSanitizer plain ones, because
 * it does not see how libgomp forks and joins and would report every hand-over.
 */
void lu_team_run(int threads, void (*work)(void *context), void *context);

#endif
