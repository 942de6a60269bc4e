/*
 * open.c: who may be opened by whom. See open.h.
 */
#include "raster/open.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <gdal.h>
#include <string.h>
#include <sys/stat.h>

#include "raster/tile_index.h"

/* Formats that hold their own pixels, in one file or with neighbours of the same name. */
static const char *const pixel_drivers[] = {"GTiff",   "COG",      "JP2OpenJPEG", "JP2KAK", "JP2ECW", "JP2MrSID",
					    "JP2Lura", "JPEG2000", "JPEG",        "JPEGXL", "PNG",    "HFA",
					    "NITF",    "ECW",      "MrSID",       "WEBP",   "BMP",    "GIF",
					    "BIGGIF",  "ENVI",     "EHdr",        "GenBIN", "KEA",    NULL};
/* What stands in sets and output folders. */
static const char *const row_drivers[] = {"CSV", "GPKG", NULL};

/* Formats that only say where data are. */
static const char *const pointing_drivers[] = {"VRT",           "OGR_VRT",    "DERIVED",
					       "WMS",           "WMTS",       "WCS",
					       "WFS",           "OAPIF",      "OGCAPI",
					       "CSW",           "STACIT",     "STACTA",
					       "GTI",           "MRF",        "HTTP",
					       "NGW",           "EEDA",       "EEDAI",
					       "DAAS",          "PLMOSAIC",   "PLSCENES",
					       "Carto",         "AmigoCloud", "Elasticsearch",
					       "GMLAS",         "DIMAP",      "KMLSUPEROVERLAY",
					       "PostGISRaster", NULL};
/* Names under which such a file says what it is. */
static const char *const pointing_endings[] = {"vrt",  "ovf", "xml", "wms", "wmts", "wcs", "wfs",
					       "json", "tms", "mrf", "dim", "kml",  "kmz", NULL};

enum { DEEPEST = 8 };

static bool is_one_of(const char *word, const char *const *words)
{
	return CSLFindString((CSLConstList)words, word) >= 0;
}

static void *refuse(const char *reason)
{
	CPLError(CE_Failure, CPLE_OpenFailed, "%s", reason);
	return NULL;
}

/* The local file or folder of this name, if there is one; false for what would block. */
static bool can_be_read(const char *path, bool *is_file)
{
	struct stat info;

	*is_file = false;
	if (strncmp(path, "/vsistdin", 9) == 0)
		return false;
	if (stat(path, &info) != 0)
		return true; /* GDAL's own kind of name, or nothing: GDAL says so */
	*is_file = S_ISREG(info.st_mode);
	return *is_file || S_ISDIR(info.st_mode);
}

/* The format that a file has by its contents, as an owned driver's short name; "" when GDAL knows none. */
static const char *format_of(const char *path, unsigned kind)
{
	const GDALDriverH driver = GDALIdentifyDriverEx(path, kind, NULL, NULL);

	return driver != NULL ? GDALGetDriverShortName(driver) : "";
}

static bool holds_its_own(const char *path, int depth);

/* A source's name as it stands in a VRT: below the VRT's own folder, and with data of its own. */
static bool is_below(const CPLXMLNode *node, const char *folder, int depth)
{
	const char *name = CPLGetXMLValue(node, NULL, "");

	if (name[0] == '\0')
		return true;
	if (!CPLTestBool(CPLGetXMLValue(node, "relativeToVRT", "0")) || name[0] == '/' || name[0] == '<' ||
	    strchr(name, ':') != NULL || strstr(name, "..") != NULL || strstr(name, "/vsi") != NULL)
		return false;
	return holds_its_own(CPLFormFilename(folder, name, NULL), depth);
}

static bool all_below(const CPLXMLNode *node, const char *folder, int depth)
{
	for (; node != NULL; node = node->psNext) {
		const char *name = node->pszValue;

		if (node->eType == CXT_Attribute && EQUAL(name, "subClass") &&
		    EQUAL(CPLGetXMLValue(node, NULL, ""), "VRTRawRasterBand"))
			return false; /* any file, as bytes */
		if (node->eType != CXT_Element && node->eType != CXT_Attribute)
			continue;
		if (EQUAL(name, "PixelFunctionCode") || EQUAL(name, "OVERVIEW_FILE"))
			return false;
		if (EQUAL(name, "MDI") && EQUAL(CPLGetXMLValue(node, "key", ""), "OVERVIEW_FILE"))
			return false;
		if (EQUAL(name, "SourceFilename") || EQUAL(name, "SourceDataset")) {
			if (!is_below(node, folder, depth))
				return false;
		} else if (!all_below(node->psChild, folder, depth)) {
			return false;
		}
	}
	return true;
}

/* A file of pixels, or a VRT of such in its folder; nothing is opened by GDAL to find out. */
static bool holds_its_own(const char *given, int depth)
{
	char *path = CPLStrdup(given); /* GDAL's names last until others are asked for */
	bool own = false, is_file;

	if (!can_be_read(path, &is_file))
		goto out;
	if (!EQUAL(format_of(path, GDAL_OF_RASTER), "VRT")) {
		own = is_one_of(format_of(path, GDAL_OF_RASTER), pixel_drivers) || !is_file;
		goto out;
	}
	if (!EQUAL(CPLGetExtension(path), "vrt") || depth == DEEPEST)
		goto out;
	CPLXMLNode *root = CPLParseXMLFile(path);
	char *folder = CPLStrdup(CPLGetPath(path));
	own = root != NULL && all_below(root, folder, depth + 1);
	CPLFree(folder);
	CPLDestroyXMLNode(root);
out:
	CPLFree(path);
	return own;
}

void *lu_open_raster(const char *path, enum lu_trust trust)
{
	static const char *const vrt[] = {"VRT", NULL};
	const char *const *drivers = trust == LU_FOUND ? pixel_drivers : NULL;
	bool is_file;

	if (!can_be_read(path, &is_file))
		return refuse("neither a file nor a folder");
	if (trust == LU_FOUND && EQUAL(CPLGetExtension(path), "vrt")) {
		if (!holds_its_own(path, 0))
			return refuse("a VRT that was found and not named may only hold images of its own folder "
				      "(name this file itself if you trust it)");
		drivers = vrt;
	} else {
		const bool index = trust == LU_NAMED && lu_is_tile_index(path);
		const char *format = format_of(path, GDAL_OF_RASTER);

		if (index && !lu_tile_index_possible())
			return NULL;
		if (is_one_of(format, pointing_drivers) && !index &&
		    (trust == LU_FOUND || (is_file && !is_one_of(CPLGetExtension(path), pointing_endings))))
			return refuse(CPLSPrintf("by its contents it is no image but a %s file, which points to others "
						 "(if you trust it, give it that ending and name it itself)",
						 format));
	}
	return GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, drivers, NULL, NULL);
}

void *lu_open_vector(const char *path, enum lu_trust trust, const char *const *options)
{
	const char *const *drivers = trust == LU_FOUND ? row_drivers : NULL;
	const char *format;
	bool is_file;

	if (!can_be_read(path, &is_file))
		return refuse("neither a file nor a folder");
	format = format_of(path, GDAL_OF_VECTOR);
	if (is_one_of(format, pointing_drivers) &&
	    (trust == LU_FOUND || (is_file && !is_one_of(CPLGetExtension(path), pointing_endings))))
		return refuse(
			CPLSPrintf("by its contents it holds no rows but is a %s file, which points to others (if "
				   "you trust it, give it that ending and name it itself)",
				   format));
	return GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, drivers, options, NULL);
}
