/*
 * real_data.h: finding the real data that tests/real uses, and leaving politely where there is none.
 */
#ifndef LU_TESTS_REAL_DATA_H
#define LU_TESTS_REAL_DATA_H

#include <stdio.h>
#include <stdlib.h>

#define SKIPPED 77

/* "FOLDER/name" in 'path'; exits with 77 when the file is not there. */
static inline const char *real_path(char path[1024], const char *name)
{
	const char *folder = getenv("LANDUSE_TEST_DATA");
	FILE *file;

	snprintf(path, 1024, "%s/%s", folder && *folder ? folder : "../shared/data", name);
	file = fopen(path, "rb");
	if (!file) {
		printf("skipped: no test data (%s)\n", path);
		exit(SKIPPED);
	}
	fclose(file);
	return path;
}

#endif
