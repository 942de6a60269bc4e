/*
 * one_thread.c: OpenBLAS starts no helper threads.
 *
 * landuse gives each of its own threads a chip and runs the libraries below single-threaded, but OpenBLAS starts a thread a
 * core as soon as it is loaded, before main. Where threads or address space are scarce (ulimit -u, ulimit -v, a small
 * container) these fail with pages of words, or spin for memory and are waited for at exit, for ever. They are governed
 * by one environment variable, which is read by then: so the program answers for it itself.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

char *getenv(const char *name)
{
	static char one[] = "1";
	const size_t length = strlen(name);

	if (strcmp(name, "OPENBLAS_NUM_THREADS") == 0)
		return one;
	for (char **entry = environ; entry != NULL && *entry != NULL; entry++)
		if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
			return *entry + length + 1;
	return NULL;
}
