/*
 * crs.c: coordinate reference systems as text. See crs.h.
 */
#include "raster/crs.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "base/memory.h"
#include "raster/osr.h"
#include "raster/start.h"
#include "raster/trap.h"

/* Longer text is not a CRS: the longest WKT2 of the EPSG registry is some 12 kB. */
#define TEXT_LIMIT 65536

static OGRSpatialReferenceH import(const char *text)
{
	OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);

	if (crs == NULL)
		return NULL;
	/* SetFromUserInput would also follow an address; a CRS in a job file is text, not a download. */
	if (strlen(text) > TEXT_LIMIT || STARTS_WITH_CI(text, "http") ||
	    OSRSetFromUserInput(crs, text) != OGRERR_NONE) {
		OSRDestroySpatialReference(crs);
		return NULL;
	}
	OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
	return crs;
}

enum lu_status lu_osr_import(const char *text, void **crs, struct lu_error *err)
{
	struct lu_trap trap;

	*crs = NULL;
	lu_raster_start(0);
	lu_trap_set(&trap);
	*crs = import(text);
	lu_trap_drop(&trap);
	if (*crs == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "'%.80s' is not a coordinate reference system: %s (try EPSG:5070)", text,
			       lu_trap_text(&trap, "neither a code, WKT nor a PROJ string"));
	return LU_OK;
}

void lu_osr_free(void *crs)
{
	OSRDestroySpatialReference(crs);
}

enum lu_status lu_osr_export(void *crs, char **wkt, struct lu_error *err)
{
	const char *const options[] = {"FORMAT=WKT2_2018", "MULTILINE=NO", NULL};
	OGRSpatialReferenceH flat = OSRClone(crs);
	enum lu_status status = LU_OK;
	struct lu_trap trap;
	char *text = NULL;

	*wkt = NULL;
	lu_trap_set(&trap);
	if (OSRIsCompound(flat))
		OSRStripVertical(flat);
	OSRDemoteTo2D(flat, NULL);
	if (!OSRIsProjected(flat) && !OSRIsGeographic(flat)) {
		const char *name = OSRGetName(flat);

		status = lu_fail(
			err, LU_ERROR_UNSUPPORTED,
			"the coordinate reference system '%s' is not tied to the earth: expected a projected or "
			"geographic one (assign the right one with gdal_edit.py -a_srs)",
			name != NULL ? name : "unnamed");
	} else if (OSRExportToWktEx(flat, &text, options) != OGRERR_NONE || text == NULL) {
		status = lu_fail(err, LU_ERROR_FORMAT, "a coordinate reference system cannot be written as WKT2: %s",
				 lu_trap_text(&trap, "no reason given"));
	} else {
		*wkt = lu_strdup(text);
		if (*wkt == NULL)
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory for a coordinate reference system");
	}
	lu_trap_drop(&trap);
	CPLFree(text);
	OSRDestroySpatialReference(flat);
	return status;
}

enum lu_status lu_crs_normalise(const char *text, char **wkt, struct lu_error *err)
{
	enum lu_status status;
	void *crs;

	*wkt = NULL;
	status = lu_osr_import(text, &crs, err);
	if (status != LU_OK)
		return status;
	status = lu_osr_export(crs, wkt, err);
	lu_osr_free(crs);
	return status;
}

bool lu_crs_same(const char *wkt_a, const char *wkt_b)
{
	const char *const options[] = {"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES",
				       "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS", NULL};
	void *a = NULL;
	void *b = NULL;
	struct lu_trap trap;
	bool same;

	if (strcmp(wkt_a, wkt_b) == 0)
		return true;
	same = lu_osr_import(wkt_a, &a, NULL) == LU_OK && lu_osr_import(wkt_b, &b, NULL) == LU_OK;
	lu_trap_set(&trap);
	same = same && OSRIsSameEx(a, b, options);
	lu_trap_drop(&trap);
	lu_osr_free(a);
	lu_osr_free(b);
	return same;
}

/* The authority and code of 'crs' itself; false when it carries none. */
static bool authority(OGRSpatialReferenceH crs, const char **name, const char **code)
{
	*name = OSRGetAuthorityName(crs, NULL);
	*code = OSRGetAuthorityCode(crs, NULL);
	return *name != NULL && *code != NULL;
}

char *lu_crs_code(const char *wkt)
{
	const char *name, *code;
	char *text = NULL;
	struct lu_trap trap;
	void *crs;

	if (lu_osr_import(wkt, &crs, NULL) != LU_OK)
		return NULL;
	lu_trap_set(&trap);
	if (authority(crs, &name, &code) || (OSRAutoIdentifyEPSG(crs) == OGRERR_NONE && authority(crs, &name, &code)))
		text = lu_sprintf("%s:%s", name, code);
	lu_trap_drop(&trap);
	lu_osr_free(crs);
	return text;
}

char *lu_crs_name(const char *wkt)
{
	char *code = lu_crs_code(wkt);
	const char *name;
	char *text;
	void *crs;

	if (lu_osr_import(wkt, &crs, NULL) != LU_OK) {
		lu_free(code);
		return lu_strdup("unknown");
	}
	name = OSRGetName(crs);
	name = name != NULL ? name : "unnamed";
	text = code != NULL ? lu_sprintf("%s (%s)", name, code) : lu_strdup(name);
	lu_osr_free(crs);
	lu_free(code);
	return text;
}

enum lu_status lu_crs_ellipsoid(const char *wkt, double *a_m, double *inverse_flattening, struct lu_error *err)
{
	OGRErr failed_a = OGRERR_NONE;
	OGRErr failed_f = OGRERR_NONE;
	enum lu_status status;
	struct lu_trap trap;
	void *crs;

	status = lu_osr_import(wkt, &crs, err);
	if (status != LU_OK)
		return status;
	lu_trap_set(&trap);
	*a_m = OSRGetSemiMajor(crs, &failed_a);
	*inverse_flattening = OSRGetInvFlattening(crs, &failed_f);
	lu_trap_drop(&trap);
	lu_osr_free(crs);
	if (failed_a != OGRERR_NONE || failed_f != OGRERR_NONE || !(*a_m > 0))
		return lu_fail(err, LU_ERROR_FORMAT, "a coordinate reference system names no ellipsoid: %.80s", wkt);
	return LU_OK;
}

enum lu_status lu_crs_unit(const char *wkt, double *metres, bool *geographic, struct lu_error *err)
{
	enum lu_status status;
	struct lu_trap trap;
	void *crs;

	status = lu_osr_import(wkt, &crs, err);
	if (status != LU_OK)
		return status;
	lu_trap_set(&trap);
	*geographic = OSRIsGeographic(crs);
	if (*geographic)
		*metres = OSRGetAngularUnits(crs, NULL) * OSRGetSemiMajor(crs, NULL);
	else
		*metres = OSRGetLinearUnits(crs, NULL);
	lu_trap_drop(&trap);
	lu_osr_free(crs);
	if (!(*metres > 0))
		return lu_fail(err, LU_ERROR_FORMAT, "a coordinate reference system names no unit: %.80s", wkt);
	return LU_OK;
}
