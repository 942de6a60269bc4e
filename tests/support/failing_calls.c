/*
 * failing_calls.c: a disk and a memory that fail, for LD_PRELOAD. FAIL_SYNC says what fdatasync does:
 *
 *	lost N		call N (from 0) fails as Linux does: what was written since is gone, and the next call succeeds
 *	slow SECONDS	every call takes so long
 *
 * FAIL_CALL="KIND N ERRNO" fails call N of a kind with this errno, and "KIND N+ ERRNO" all from then on, as a full disk does:
 *
 *	write		write, pwrite, fwrite, ftruncate and posix_fallocate on files below the folder FAIL_BELOW, by open, rename
 *			and descriptors; open for writing, rename, fsync (with fdatasync and syncfs) likewise
 *	malloc		malloc, calloc and realloc of FAIL_LEAST bytes (64 KiB) or more
 *
 * FAIL_ACT="KIND N HOW PATH" does something to a file at call N of a kind, which itself goes on: "remove" it, "cut" it in half,
 * "touch" it. FAIL_COUNT=FILE writes how many calls of the kind there were when the program ends.
 *
 * FAIL_CLOCK=SECONDS: the time of day jumps by so much, forward and back, from call to call; what measures durations does not.
 */
#define _GNU_SOURCE
#undef _FILE_OFFSET_BITS /* both names of a call are here */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { HEADER_BYTES = 4096 };

static atomic_llong calls;

static void act(const char *how, const char *path)
{
	struct stat info;

	if (strcmp(how, "remove") == 0 && unlink(path) != 0)
		perror(path);
	if (strcmp(how, "cut") == 0 && (stat(path, &info) != 0 || truncate(path, info.st_size / 2) != 0))
		perror(path);
	if (strcmp(how, "touch") == 0 && utimensat(AT_FDCWD, path, NULL, 0) != 0)
		perror(path);
}

static void act_at(const char *kind)
{
	const char *what = getenv("FAIL_ACT");
	char wanted[16], how[16];
	long long number = 0;
	int path = 0;

	if (what != NULL && sscanf(what, "%15s %lld %15s %n", wanted, &number, how, &path) == 3 &&
	    strcmp(wanted, kind) == 0 && atomic_fetch_add(&calls, 1) == number)
		act(how, what + path);
}

/* Is it time for a call of this kind to fail? errno is then set. */
static bool fails(const char *kind)
{
	const char *how = getenv("FAIL_CALL");
	char wanted[16], plus = ' ';
	long long number = 0;
	int error = 0;

	act_at(kind);
	if (how == NULL || sscanf(how, "%15s %lld%c%d", wanted, &number, &plus, &error) != 4 ||
	    strcmp(wanted, kind) != 0)
		return false;
	const long long call = atomic_fetch_add(&calls, 1);
	if (plus == '+' ? call < number : call != number)
		return false;
	errno = error;
	return true;
}

__attribute__((destructor)) static void tell_count(void)
{
	const char *path = getenv("FAIL_COUNT");
	const bool over = unsetenv("FAIL_CALL") == 0 && unsetenv("FAIL_ACT") == 0;
	FILE *to = path != NULL && over ? fopen(path, "w") : NULL;

	if (to != NULL) {
		fprintf(to, "%lld\n", (long long)calls);
		fclose(to);
	}
}

/* Is the path one of those that may fail? */
static bool is_below(const char *path)
{
	const char *folder = getenv("FAIL_BELOW");

	return folder != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static bool is_below_fd(int fd)
{
	char link[64], path[4096];

	if (getenv("FAIL_BELOW") == NULL)
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	const ssize_t length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return false;
	path[length] = '\0';
	return is_below(path);
}

/* The call that this one stands before. */
#define NEXT(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t size)
{
	return is_below_fd(fd) && fails("write") ? -1 : NEXT(write)(fd, bytes, size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
	return is_below_fd(fd) && fails("write") ? -1 : NEXT(pwrite)(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
	return is_below_fd(fd) && fails("write") ? -1 : NEXT(pwrite64)(fd, bytes, size, at);
}

size_t fwrite(const void *bytes, size_t size, size_t count, FILE *to)
{
	return is_below_fd(fileno(to)) && fails("write") ? 0 : NEXT(fwrite)(bytes, size, count, to);
}

int ftruncate(int fd, off_t length)
{
	return is_below_fd(fd) && fails("write") ? -1 : NEXT(ftruncate)(fd, length);
}

int ftruncate64(int fd, off64_t length)
{
	return is_below_fd(fd) && fails("write") ? -1 : NEXT(ftruncate64)(fd, length);
}

int posix_fallocate(int fd, off_t at, off_t length)
{
	return is_below_fd(fd) && fails("write") ? errno : NEXT(posix_fallocate)(fd, at, length);
}

int rename(const char *from, const char *to)
{
	return is_below(to) && fails("rename") ? -1 : NEXT(rename)(from, to);
}

/* Only those for writing count. */
static bool open_fails(const char *path, int flags)
{
	return (flags & O_ACCMODE) != O_RDONLY && is_below(path) && fails("open");
}

static mode_t mode_of(int flags, va_list rest)
{
	return (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list rest;

	va_start(rest, flags);
	const mode_t mode = mode_of(flags, rest);
	va_end(rest);
	return open_fails(path, flags) ? -1 : NEXT(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list rest;

	va_start(rest, flags);
	const mode_t mode = mode_of(flags, rest);
	va_end(rest);
	return open_fails(path, flags) ? -1 : NEXT(open64)(path, flags, mode);
}

FILE *fopen64(const char *path, const char *how)
{
	return strpbrk(how, "wa+") != NULL && is_below(path) && fails("open") ? NULL : NEXT(fopen64)(path, how);
}

int fsync(int fd)
{
	return is_below_fd(fd) && fails("fsync") ? -1 : NEXT(fsync)(fd);
}

int syncfs(int fd)
{
	return is_below_fd(fd) && fails("fsync") ? -1 : NEXT(syncfs)(fd);
}

/* glibc's own: to look them up allocates. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static bool memory_fails(size_t size)
{
	static size_t least;

	if (size < 4096)
		return false;
	if (least == 0) {
		const char *text = getenv("FAIL_LEAST");
		least = text != NULL ? (size_t)atoll(text) : 65536;
	}
	return size >= least && fails("malloc");
}

void *malloc(size_t size)
{
	return memory_fails(size) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return memory_fails(count * size) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return memory_fails(size) ? NULL : __libc_realloc(old, size);
}

/* Where the time of day stands beside what it is. */
static long jump(void)
{
	static atomic_int times;
	const char *seconds = getenv("FAIL_CLOCK");

	return seconds == NULL ? 0 : (atomic_fetch_add(&times, 1) % 2 == 0 ? 1 : -1) * atol(seconds);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	const int failed = NEXT(clock_gettime)(clock, now);

	if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		now->tv_sec += jump();
	return failed;
}

time_t time(time_t *out)
{
	const time_t now = NEXT(time)(NULL) + jump();

	if (out != NULL)
		*out = now;
	return now;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	const int failed = NEXT(gettimeofday)(now, zone);

	if (failed == 0)
		now->tv_sec += jump();
	return failed;
}

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
	static atomic_int syncs;
	const char *how = getenv("FAIL_SYNC");
	int number = 0;

	if (is_below_fd(fd) && fails("fsync"))
		return -1;
	if (how != NULL && sscanf(how, "slow %d", &number) == 1) {
		const struct timespec pause = {.tv_sec = number};
		nanosleep(&pause, NULL);
	} else if (how != NULL && sscanf(how, "lost %d", &number) == 1 && atomic_fetch_add(&syncs, 1) == number) {
		lose(fd);
		errno = EIO;
		return -1;
	}
	return fsync(fd);
}
