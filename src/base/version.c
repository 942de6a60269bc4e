/* version.c: the version that CMakeLists.txt states. */
#include "landuse.h"

const char *lu_version(void)
{
	return LU_VERSION;
}
