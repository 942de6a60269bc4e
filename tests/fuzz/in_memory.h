/* in_memory.h: bytes as files that readers can open by name, without a disk; and what a refusal must be. */
#ifndef LU_FUZZ_IN_MEMORY_H
#define LU_FUZZ_IN_MEMORY_H

#define _GNU_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"

/* The file's name, good until the next call. One thread. */
static inline const char *in_memory(const uint8_t *bytes, size_t size)
{
	static int file = -1;
	static char name[64];

	if (file < 0) {
		file = memfd_create("fuzz", 0);
		snprintf(name, sizeof(name), "/proc/self/fd/%d", file);
	}
	if (file < 0 || ftruncate(file, 0) != 0 || pwrite(file, bytes, size, 0) != (ssize_t)size)
		abort();
	return name;
}

/* A folder of the fuzzer's own in the machine's memory; what lies in it stays until its next run starts another one. */
static inline const char *memory_folder(void)
{
	static char folder[] = "/dev/shm/landuse-fuzz-XXXXXX";
	static bool made;

	if (!made && mkdtemp(folder) == NULL)
		abort();
	made = true;
	return folder;
}

/* The bytes as FOLDER/NAME of that folder; the name is good until the next call. */
static inline const char *in_folder(const char *name, const uint8_t *bytes, size_t size)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", memory_folder(), name);
	FILE *file = fopen(path, "wb");
	if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
		abort();
	return path;
}

/* One line. Not assert: the fuzzer may be built for release. */
static inline void check_refusal(const struct lu_error *err)
{
	if (err->text[0] == '\0' || strchr(err->text, '\n'))
		abort();
}

#endif
