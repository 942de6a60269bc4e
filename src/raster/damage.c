/*
 * damage.c: what GDAL warns of while pixels are read. See damage.h.
 */
#include "raster/damage.h"

#include <cpl_string.h>

#include "raster/sources.h"

static bool is_harmless(struct lu_damage *damage, void *dataset, const char *text)
{
	/* The warper's word for a block of the grid that the image's projection cannot reach: there is no data. */
	if (STARTS_WITH(text, "Unable to compute source region"))
		return true;
	if (!damage->looked && CSLFindString(damage->harmless, text) < 0) {
		damage->looked = true;
		lu_sources_warnings(dataset, &damage->harmless);
	}
	return CSLFindString(damage->harmless, text) >= 0;
}

enum lu_status lu_damage_judge(struct lu_damage *damage, void *dataset, const char *path, const struct lu_trap *trap,
			       struct lu_error *err)
{
	for (char **text = trap->warnings; text != NULL && *text != NULL; text++) {
		if (!is_harmless(damage, dataset, *text))
			return lu_fail(err, LU_ERROR_IO,
				       "%s: damaged: its pixels cannot be trusted: %s (copy or download it again)",
				       path, *text);
	}
	return LU_OK;
}

void lu_damage_release(struct lu_damage *damage)
{
	CSLDestroy(damage->harmless);
	*damage = (struct lu_damage){0};
}
