/*
 * token_command.h: a program of the user's that prints a token (catalog/token.h).
 */
#ifndef LU_COMMANDS_TOKEN_COMMAND_H
#define LU_COMMANDS_TOKEN_COMMAND_H

#include "base/error.h"

/* Start it without a shell, wait for its end; '*text' is its stdout, for lu_free. LU_ERROR_IO: it cannot be started, or failed. */
enum lu_status lu_token_command(char *const *words, size_t count, char **text, struct lu_error *err);

#endif
