/* map_creation.c: which creation options a map may have. See map.h. */
#include <cpl_string.h>
#include <gdal.h>
#include <string.h>

#include "raster/map.h"
#include "raster/start.h"
#include "raster/trap.h"

/* Options that make another raster of it, and ways of packing that lose values. */
static bool alters(const char *name, const char *value)
{
	static const char *const warping[] = {"TILING_SCHEME",  "TARGET_SRS",      "RES",
					      "EXTENT",         "WARP_RESAMPLING", "ADD_ALPHA",
					      "ALIGNED_LEVELS", "ZOOM_LEVEL",      "ZOOM_LEVEL_STRATEGY"};
	static const char *const losing[] = {"JPEG", "WEBP", "JXL"};

	for (size_t i = 0; i < sizeof(warping) / sizeof(warping[0]); i++)
		if (EQUAL(name, warping[i]))
			return true;
	for (size_t i = 0; i < sizeof(losing) / sizeof(losing[0]); i++)
		if (EQUAL(name, "COMPRESS") && EQUAL(value, losing[i]))
			return true;
	return STARTS_WITH_CI(name, "MAX_Z_ERROR");
}

static enum lu_status check(const char *option, struct lu_error *err)
{
	char *name = NULL, **list = NULL;
	const char *value = CPLParseNameValue(option, &name);
	struct lu_trap trap;
	enum lu_status status = LU_OK;

	lu_trap_set(&trap);
	lu_trap_keep_warnings(&trap);
	if (name == NULL || value == NULL || name[0] == '\0') {
		status = lu_fail(err, LU_ERROR_ARGUMENT,
				 "creation option '%s' should be NAME=VALUE (for example COMPRESS=ZSTD)", option);
	} else if (alters(name, value)) {
		status = lu_fail(
			err, LU_ERROR_ARGUMENT,
			"creation option %s would alter the cells of the maps (others of GDAL's COG driver are fine)",
			option);
	} else {
		list = CSLSetNameValue(NULL, name, value);
		if (!GDALValidateCreationOptions(GDALGetDriverByName("COG"), list))
			status = lu_fail(err, LU_ERROR_ARGUMENT,
					 "creation option %s: %s (GDAL's page of the COG driver lists them)", option,
					 trap.warnings != NULL ? trap.warnings[0]
							       : lu_trap_text(&trap, "GDAL refuses it"));
	}
	lu_trap_drop(&trap);
	CSLDestroy(list);
	CPLFree(name);
	return status;
}

enum lu_status lu_map_check_creation(const char *const *options, size_t count, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	lu_raster_start(0);
	for (size_t i = 0; i < count; i++)
		LU_TRY(check(options[i], err));
out:
	return status;
}
