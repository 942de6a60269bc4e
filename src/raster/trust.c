/*
 * trust.c: names that lead away. See trust.h.
 */
#include "raster/trust.h"

#include <string.h>

bool lu_leads_away(const char *path)
{
	static const char *const archives[] = {"/vsizip/", "/vsitar/", "/vsigzip/", "/vsi7z/", "/vsirar/"};

	if (strstr(path, "://") != NULL)
		return true;
	for (size_t i = 0; i < sizeof(archives) / sizeof(archives[0]); i++) {
		if (strncmp(path, archives[i], strlen(archives[i])) == 0)
			return strstr(path + strlen(archives[i]) - 1, "/vsi") != NULL;
	}
	return strncmp(path, "/vsi", 4) == 0;
}
