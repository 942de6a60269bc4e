/* notify.c: posix_spawnp with a file of the text as stdin: no pipe that fills, no signal of one that closes. */
#define _GNU_SOURCE /* memfd_create */
#include "commands/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "commands/child.h"

extern char **environ;

/* A file without a name that holds 'text', to be read from its beginning; -1 and errno where there is none. */
static int file_of(const char *text)
{
	const size_t size = strlen(text);
	const int fd = memfd_create("landuse-notify", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, text, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

void lu_notify(char *const *words, size_t count, const char *text, const struct lu_hooks *hooks)
{
	posix_spawn_file_actions_t actions;
	char **argv = NULL;
	pid_t child;
	char ended[LU_CHILD_TEXT];
	int fd = -1, failure;

	if (count == 0 || lu_alloc(&argv, count + 1, sizeof(*argv), "a command", NULL) != LU_OK)
		return;
	memcpy(argv, words, count * sizeof(*argv));
	fd = file_of(text);
	failure = fd >= 0 ? posix_spawn_file_actions_init(&actions) : errno;
	if (failure == 0) {
		failure = posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
		/* What it prints is no result of ours; what it complains of is heard. */
		if (failure == 0)
			failure = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
		if (failure == 0)
			failure = posix_spawnp(&child, argv[0], &actions, NULL, argv, environ);
		posix_spawn_file_actions_destroy(&actions);
	}
	if (failure != 0) {
		lu_log(hooks, LU_LEVEL_WARNING, "notify: %s cannot be started: %s", argv[0], strerror(failure));
	} else if (!lu_child_wait(child, ended)) {
		lu_log(hooks, LU_LEVEL_WARNING, "notify: %s %s", argv[0], ended);
	}
	if (fd >= 0)
		close(fd);
	lu_free(argv);
}
