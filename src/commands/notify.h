/*
 * notify.h: a command of the user's that hears what a run did.
 */
#ifndef LU_COMMANDS_NOTIFY_H
#define LU_COMMANDS_NOTIFY_H

#include "base/error.h"

/*
 * Start 'words' (the program, looked for in PATH, and its arguments) without a shell, 'text' on its stdin, and wait for it. A
 * program that cannot be started, or ends with anything but 0, is a warning to the hooks: the run is what it was.
 */
void lu_notify(char *const *words, size_t count, const char *text, const struct lu_hooks *hooks);

#endif
