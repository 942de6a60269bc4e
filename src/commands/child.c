/* child.c: waiting for a program of the user's. */
#include "commands/child.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>

bool lu_child_wait(pid_t child, char text[LU_CHILD_TEXT])
{
	int ended = 0;

	while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(ended))
		snprintf(text, LU_CHILD_TEXT, "was ended by signal %d", WTERMSIG(ended));
	else
		snprintf(text, LU_CHILD_TEXT, "ended with %d", WEXITSTATUS(ended));
	return WIFEXITED(ended) && WEXITSTATUS(ended) == 0;
}
