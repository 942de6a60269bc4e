/* token_command.c: posix_spawnp with a pipe for its stdout; what it complains of goes where our own complaints go. */
#define _GNU_SOURCE /* pipe2 */
#include "commands/token_command.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "commands/child.h"

enum { LONGEST = 64 << 10 };

extern char **environ;

/* All that comes, up to the longest; the rest is read and dropped, or the program would wait for ever. */
static size_t read_all(int from, char text[LONGEST])
{
	char rest[4096];
	size_t size = 0;
	ssize_t got;

	do {
		const bool full = size == LONGEST;
		got = full ? read(from, rest, sizeof(rest)) : read(from, text + size, LONGEST - size);
		if (got > 0 && !full)
			size += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	return size;
}

static enum lu_status start(char **argv, int out, pid_t *child, struct lu_error *err)
{
	posix_spawn_file_actions_t actions;
	int failure = posix_spawn_file_actions_init(&actions);

	if (failure == 0) {
		failure = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
		if (failure == 0)
			failure = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
		if (failure == 0)
			failure = posix_spawnp(child, argv[0], &actions, NULL, argv, environ);
		posix_spawn_file_actions_destroy(&actions);
	}
	return failure == 0 ? LU_OK
			    : lu_fail(err, LU_ERROR_IO, "token_command: %s cannot be started: %s", argv[0],
				      strerror(failure));
}

enum lu_status lu_token_command(char *const *words, size_t count, char **text, struct lu_error *err)
{
	char **argv = NULL, *printed = NULL;
	char ended[LU_CHILD_TEXT];
	int ends[2] = {-1, -1};
	pid_t child;
	enum lu_status status;

	*text = NULL;
	LU_TRY(lu_alloc(&argv, count + 1, sizeof(*argv), "a command", err));
	LU_TRY(lu_alloc(&printed, LONGEST, 1, "a token", err));
	memcpy(argv, words, count * sizeof(*argv));
	if (pipe2(ends, O_CLOEXEC) != 0)
		LU_TRY(lu_fail_errno(err, argv[0], "make a pipe for"));
	LU_TRY(start(argv, ends[1], &child, err));
	close(ends[1]);
	ends[1] = -1;
	const size_t size = read_all(ends[0], printed);
	if (!lu_child_wait(child, ended))
		status = lu_fail(err, LU_ERROR_IO, "token_command: %s %s", argv[0], ended);
	else if ((*text = lu_strndup(printed, size)) == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a token");
out:
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	lu_free(printed);
	lu_free(argv);
	return status;
}
