/*
 * one_thread.c: OpenBLAS starts no helper threads.
 *
 * landuse gives each of its own threads a chip and runs the libraries below single-threaded, but OpenBLAS starts a thread a
 * core as soon as it is loaded, before main. Where threads or address space are scarce (ulimit -u, ulimit -v, a small
 * container) these fail with pages of words, or spin for memory and are waited for at exit, for ever. They are governed
 * by one environment variable, which is read by then: so the program answers for it itself.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

extern char **environ;

/* What OpenBLAS takes for itself next, 128 MiB and some pages; 0.3.29 asks for it for ever where it cannot be had. */
static const size_t openblas_bytes = (128 + 4) << 20;

static void need_address_space(void)
{
	static const char text[] = "landuse: the address space is limited (ulimit -v) to less than the program and its "
				   "libraries take: allow 1000000 or more\n";
	struct rlimit limit;
	void *room;

	if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return;
	room = mmap(NULL, openblas_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED) {
		/* Before main, so there is nobody to return to. */
		if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
			_exit(1);
		_exit(1);
	}
	munmap(room, openblas_bytes);
}

char *getenv(const char *name)
{
	static char one[] = "1";
	const size_t length = strlen(name);

	if (strcmp(name, "OPENBLAS_NUM_THREADS") == 0) {
		need_address_space();
		return one;
	}
	for (char **entry = environ; entry != NULL && *entry != NULL; entry++)
		if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
			return *entry + length + 1;
	return NULL;
}
