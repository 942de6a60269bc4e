/*
 * child.h: how a program of the user's ended.
 */
#ifndef LU_COMMANDS_CHILD_H
#define LU_COMMANDS_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

enum { LU_CHILD_TEXT = 48 };

/* Wait until the process has ended. Was it well, with exit code 0? Else 'text' is "ended with 3", "was ended by signal 9". */
bool lu_child_wait(pid_t child, char text[LU_CHILD_TEXT]);

#endif
