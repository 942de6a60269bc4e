/*
 * team.h: one function on several threads at once. What comes in numbered parts is shared out by pool.h.
 */
#ifndef LU_BASE_TEAM_H
#define LU_BASE_TEAM_H

#include "base/error.h"

/* So many threads as were asked for, or one a core where 'asked' is 0. */
int lu_team_size(int asked);

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

/* Two teams that feed each other, one of them on threads of its own. LU_ERROR_MEMORY: nobody ran. */
enum lu_status lu_team_run_beside(int threads, void (*work)(void *context), int helpers, void (*help)(void *context),
				  void *context, struct lu_error *err);

#endif
