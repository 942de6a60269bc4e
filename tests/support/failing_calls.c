/*
 * failing_calls.c: a disk that fails, for LD_PRELOAD. FAIL_SYNC says what fdatasync does:
 *
 *	lost N		call N (from 0) fails as Linux does: what was written since is gone, and the next call succeeds
 *	slow SECONDS	every call takes so long
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HEADER_BYTES = 4096 };

static void lose(int fd)
{
	static const char zeros[4096];
	const off_t end = lseek(fd, 0, SEEK_END);

	for (off_t at = HEADER_BYTES; at < end; at += (off_t)sizeof(zeros)) {
		const size_t rest = (size_t)(end - at);
		if (pwrite(fd, zeros, rest < sizeof(zeros) ? rest : sizeof(zeros), at) < 0)
			perror("failing_calls");
	}
}

int fdatasync(int fd)
{
	static atomic_int calls;
	const char *how = getenv("FAIL_SYNC");
	int number = 0;

	if (how != NULL && sscanf(how, "slow %d", &number) == 1) {
		const struct timespec pause = {.tv_sec = number};
		nanosleep(&pause, NULL);
	} else if (how != NULL && sscanf(how, "lost %d", &number) == 1 && atomic_fetch_add(&calls, 1) == number) {
		lose(fd);
		errno = EIO;
		return -1;
	}
	return fsync(fd);
}
