/* version.c: the version that landuse.h states. */
#include "landuse.h"

#define WORD(x) #x
#define DOTTED(major, minor, patch) WORD(major) "." WORD(minor) "." WORD(patch)

const char *lu_version(void)
{
	return DOTTED(LU_VERSION_MAJOR, LU_VERSION_MINOR, LU_VERSION_PATCH);
}
