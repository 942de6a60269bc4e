/* beside.c: a table of endings. See beside.h. */
#include "base/beside.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"

static const struct {
	const char *ending;
	bool instead; /* of the raster's own ending */
} table[LU_BESIDES] = {[LU_BESIDE_AUX] = {".aux.xml", false},
		       [LU_BESIDE_QML] = {".qml", true},
		       [LU_BESIDE_VAT] = {".vat.dbf", false},
		       [LU_BESIDE_VAT_CODES] = {".vat.cpg", false}};

/* How much of the raster's path such a file's begins with. */
static size_t stem(const char *raster, enum lu_beside which)
{
	const char *name = lu_path_name(raster), *dot = strrchr(name, '.');

	return table[which].instead && dot != NULL && dot != name ? (size_t)(dot - raster) : strlen(raster);
}

char *lu_beside(const char *raster, enum lu_beside which)
{
	return lu_sprintf("%.*s%s", (int)stem(raster, which), raster, table[which].ending);
}

bool lu_is_beside_of(const char *raster, const char *path)
{
	for (enum lu_beside which = 0; which < LU_BESIDES; which++) {
		const size_t length = stem(raster, which);
		if (strncmp(path, raster, length) == 0 && strcmp(path + length, table[which].ending) == 0)
			return true;
	}
	return false;
}

bool lu_is_beside(const char *path, enum lu_beside *which)
{
	const size_t length = strlen(path);

	for (enum lu_beside i = 0; i < LU_BESIDES; i++) {
		const size_t tail = strlen(table[i].ending);
		if (length <= tail || strcmp(path + length - tail, table[i].ending) != 0)
			continue;
		if (which != NULL)
			*which = i;
		return true;
	}
	return false;
}
