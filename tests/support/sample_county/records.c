/*
 * records.c: writes what the generator knows and a mapper has to find out
 */
#include "records.h"

#include "files.h"

#include <gdal.h>
#include <ogr_api.h>
#include <stdio.h>
#include <stdlib.h>

#define PATH_BYTES 4096

static GDALColorTableH class_palette(void)
{
	GDALColorTableH palette = GDALCreateColorTable(GPI_RGB);

	for (int i = 0; palette && i < SC_CLASS_COUNT; i++) {
		const unsigned rgb = sc_class_colour((enum sc_class)i);
		const GDALColorEntry entry = {(short)(rgb >> 16), (short)(rgb >> 8 & 255u), (short)(rgb & 255u),
					      i ? 255 : 0};

		GDALSetColorEntry(palette, i, &entry);
	}
	return palette;
}

static bool fill_truth(GDALDatasetH file, const struct sc_land *land, int date, const struct sc_place *place)
{
	const double cell_m = place->gsd_m * place->chip_px;
	double corner[6] = {place->east, cell_m, 0.0, place->north, 0.0, -cell_m};
	GDALRasterBandH band = GDALGetRasterBand(file, 1);
	GDALColorTableH palette = class_palette();
	uint8_t *line = malloc((size_t)land->cols);
	bool ok = palette && line;

	if (ok)
		ok = GDALSetGeoTransform(file, corner) == CE_None && GDALSetSpatialRef(file, place->crs) == CE_None &&
		     GDALSetRasterColorTable(band, palette) == CE_None &&
		     GDALSetRasterNoDataValue(band, SC_OUTSIDE) == CE_None;
	for (int row = 0; ok && row < land->rows; row++) {
		for (int col = 0; col < land->cols; col++)
			line[col] = (uint8_t)sc_land_class(land, date, row, col);
		ok = GDALRasterIO(band, GF_Write, 0, row, land->cols, 1, line, land->cols, 1, GDT_Byte, 0, 0) ==
		     CE_None;
	}
	free(line);
	if (palette)
		GDALDestroyColorTable(palette);
	return ok;
}

bool sc_truth_write(const struct sc_land *land, int date, const struct sc_place *place, const char *path)
{
	char compress[] = "COMPRESS=DEFLATE";
	char *options[] = {compress, NULL};
	char part[PATH_BYTES];
	GDALDatasetH file;
	bool ok;

	if (!sc_path(part, sizeof(part), "%s.part", path))
		return false;
	file = GDALCreate(GDALGetDriverByName("GTiff"), part, land->cols, land->rows, 1, GDT_Byte, options);
	if (!file)
		return false; /* GDAL has said why */
	ok = fill_truth(file, land, date, place);
	CPLErrorReset();
	GDALClose(file);
	if (!ok || CPLGetLastErrorType() >= CE_Failure) {
		fprintf(stderr, "sample-county: %s: could not be written whole; is the disk full?\n", path);
		remove(part);
		return false;
	}
	return sc_publish(part, path);
}

static bool close_text(FILE *file, const char *part, const char *path)
{
	const bool bad = ferror(file) != 0;

	if (fclose(file) != 0 || bad) {
		fprintf(stderr, "sample-county: %s: could not be written whole; is the disk full?\n", path);
		remove(part);
		return false;
	}
	return sc_publish(part, path);
}

static FILE *open_text(const char *part)
{
	FILE *file = fopen(part, "w");

	if (!file)
		fprintf(stderr, "sample-county: %s: cannot be created; is the folder writable?\n", part);
	return file;
}

bool sc_changes_write(const struct sc_land *land, const char (*names)[SC_DATE_BYTES], const char *path)
{
	char part[PATH_BYTES];
	FILE *file;

	if (!sc_path(part, sizeof(part), "%s.part", path))
		return false;
	file = open_text(part);
	if (!file)
		return false;
	fputs("row,col,from,to,from_date,to_date,from_style,to_style\n", file);
	for (int date = 1; date < land->dates; date++) {
		for (int row = 0; row < land->rows; row++) {
			for (int col = 0; col < land->cols; col++) {
				const enum sc_class from = sc_land_class(land, date - 1, row, col);
				const enum sc_class to = sc_land_class(land, date, row, col);

				if (from == to)
					continue;
				fprintf(file, "%d,%d,%d,%d,%s,%s,%s,%s\n", row, col, (int)from, (int)to,
					names[date - 1], names[date],
					sc_style_name(sc_land_style(land, date - 1, row, col)),
					sc_style_name(sc_land_style(land, date, row, col)));
			}
		}
	}
	return close_text(file, part, path);
}

/* From cell units to longitude and latitude; the caller frees both arrays with CPLFree. */
static bool to_degrees(const struct sc_boundary *boundary, const struct sc_place *place, double *lon, double *lat)
{
	const double cell_m = place->gsd_m * place->chip_px;
	OGRSpatialReferenceH wgs84 = OSRNewSpatialReference(NULL);
	OGRCoordinateTransformationH transform = NULL;
	bool ok = false;

	if (!wgs84 || OSRImportFromEPSG(wgs84, 4326) != OGRERR_NONE)
		goto out;
	OSRSetAxisMappingStrategy(wgs84, OAMS_TRADITIONAL_GIS_ORDER);
	transform = OCTNewCoordinateTransformation(place->crs, wgs84);
	if (!transform)
		goto out;
	for (int i = 0; i < boundary->count; i++) {
		lon[i] = place->east + (double)boundary->point[i].x * cell_m;
		lat[i] = place->north - (double)boundary->point[i].y * cell_m;
	}
	ok = OCTTransform(transform, boundary->count, lon, lat, NULL) != FALSE;
out:
	if (transform)
		OCTDestroyCoordinateTransformation(transform);
	if (wgs84)
		OSRDestroySpatialReference(wgs84);
	return ok;
}

bool sc_boundary_write(const struct sc_boundary *boundary, const struct sc_place *place, const char *path)
{
	double *lon = calloc((size_t)boundary->count, sizeof(*lon));
	double *lat = calloc((size_t)boundary->count, sizeof(*lat));
	char part[PATH_BYTES];
	FILE *file = NULL;
	bool ok = false;

	if (!lon || !lat || !sc_path(part, sizeof(part), "%s.part", path))
		goto out;
	if (!to_degrees(boundary, place, lon, lat)) {
		fprintf(stderr,
			"sample-county: %s: the corner %.1f,%.1f cannot be put into longitude and latitude; "
			"give an --origin inside the CRS's area\n",
			path, place->east, place->north);
		goto out;
	}
	file = open_text(part);
	if (!file)
		goto out;
	fputs("{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\",\n"
	      "\"properties\": {\"GEOID\": \"00000\", \"NAME\": \"Sample county\"},\n"
	      "\"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[\n",
	      file);
	/* RFC 7946 wants outer rings counter-clockwise; ours runs clockwise, so it is written backwards. */
	for (int i = boundary->count; i >= 0; i--) {
		const int k = i % boundary->count;

		fprintf(file, "[%.9f, %.9f]%s\n", lon[k], lat[k], i ? "," : "");
	}
	fputs("]]}}]}\n", file);
	ok = close_text(file, part, path);
out:
	free(lat);
	free(lon);
	return ok;
}
