/* stac_parts.c: place, time, links, checksums, as STAC writes them. */
#include "report/stac_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "catalog/stac_time.h"
#include "raster/crs.h"
#include "raster/transform.h"

/* Points along a side: a straight side of the grid is bent in degrees. */
enum { STEPS = 4 };

static double rounded(double degrees)
{
	return round(degrees * 1e7) / 1e7 + 0.0;
}

enum lu_status lu_stac_place(const struct lu_frame *frame, json_t **polygon, struct lu_box *box, struct lu_error *err)
{
	static const int corners[][2] = {
		{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}}; /* counter-clockwise from the upper left */
	struct lu_point points[4 * STEPS + 1];
	struct lu_transform *transform = NULL;
	char *wgs84 = NULL;
	const double *t = frame->transform;
	json_t *ring = json_array();
	enum lu_status status;
	size_t count = 0;

	*polygon = NULL;
	LU_TRY(lu_crs_normalise("EPSG:4326", &wgs84, err));
	LU_TRY(lu_transform_new(frame->crs_wkt, wgs84, &transform, err));
	for (size_t side = 0; side < 4; side++)
		for (int k = 0; k < STEPS + (side == 3); k++) {
			const double at = (double)k / STEPS;
			const double col = (double)frame->width *
					   (corners[side][0] + at * (corners[side + 1][0] - corners[side][0]));
			const double row = (double)frame->height *
					   (corners[side][1] + at * (corners[side + 1][1] - corners[side][1]));
			points[count++] =
				(struct lu_point){t[0] + col * t[1] + row * t[2], t[3] + col * t[4] + row * t[5]};
		}
	LU_TRY(lu_transform_points(transform, points, count, err));
	*box = (struct lu_box){INFINITY, INFINITY, -INFINITY, -INFINITY};
	for (size_t i = 0; i < count; i++) {
		const double x = rounded(points[i].x), y = rounded(points[i].y);
		*box = (struct lu_box){fmin(box->min_x, x), fmin(box->min_y, y), fmax(box->max_x, x),
				       fmax(box->max_y, y)};
		json_array_append_new(ring, json_pack("[f, f]", x, y));
	}
	*polygon = json_pack("{s:s, s:[O]}", "type", "Polygon", "coordinates", ring);
	if (*polygon == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a place");
out:
	json_decref(ring);
	lu_transform_free(transform);
	lu_free(wgs84);
	return status;
}

json_t *lu_stac_box(struct lu_box box)
{
	return json_pack("[f, f, f, f]", box.min_x, box.min_y, box.max_x, box.max_y);
}

bool lu_stac_time(json_t *properties, const char *first, const char *last)
{
	struct lu_span from, to;
	char text[LU_SPAN_TEXT] = "1900-01-01T00:00:00Z/9999-12-31T23:59:59Z";

	if (lu_span_read(first, &from) && lu_span_read(last, &to) && from.from <= to.to)
		lu_span_print((struct lu_span){from.from, to.to}, text);
	char *slash = strchr(text, '/');
	*slash = '\0';
	return json_object_set_new(properties, "datetime", json_null()) == 0 &&
	       json_object_set_new(properties, "start_datetime", json_string(text)) == 0 &&
	       json_object_set_new(properties, "end_datetime", json_string(slash + 1)) == 0;
}

json_t *lu_stac_link(const char *rel, const char *href, const char *type, const char *title)
{
	return json_pack("{s:s, s:s, s:s*, s:s*}", "rel", rel, "href", href, "type", type, "title", title);
}

const char *lu_stac_type(const char *name)
{
	static const char *const types[][2] = {
		{".tif", "image/tiff; application=geotiff; profile=cloud-optimized"},
		{".json", "application/json"},
		{".csv", "text/csv"},
		{".html", "text/html"},
		{".svg", "image/svg+xml"},
		{".png", "image/png"},
		{".pdf", "application/pdf"},
		{".fgb", "application/vnd.flatgeobuf"},
		{".geojson", "application/geo+json"},
		{".parquet", "application/vnd.apache.parquet"},
		{".gpkg", "application/geopackage+sqlite3"},
		{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{".qml", "application/xml"},
		{".aux.xml", "application/xml"},
		{".nc", "application/netcdf"}};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (lu_ends_with(name, types[i][0]))
			return types[i][1];
	return NULL;
}

enum lu_status lu_stac_checksum(json_t *asset, const char *path, struct lu_error *err)
{
	char hex[LU_SHA256_HEX], multihash[LU_SHA256_HEX + 4];
	struct stat facts;
	const enum lu_status status = lu_sha256_file(path, hex, err);

	if (status != LU_OK)
		return status;
	if (stat(path, &facts) != 0)
		return lu_fail_errno(err, path, "look at");
	/* 0x12: SHA2-256, 0x20: of 32 bytes. */
	snprintf(multihash, sizeof(multihash), "1220%s", hex);
	if (json_object_set_new(asset, "file:checksum", json_string(multihash)) != 0 ||
	    json_object_set_new(asset, "file:size", json_integer((json_int_t)facts.st_size)) != 0)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a checksum");
	return LU_OK;
}

bool lu_stac_is_edited(const char *name)
{
	static const char *const endings[] = {".gpkg", ".qgz", ".qml", ".aux.xml", ".html", ".pdf", ".png"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (lu_ends_with(name, endings[i]))
			return true;
	return false;
}

char *lu_stac_plain(const char *text)
{
	static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
	char *name = lu_strdup(text[0] != '\0' ? text : "_"), *to = name;
	int bytes;

	for (const char *at = text; name != NULL && lu_utf8_next(at, &bytes) != 0; at += bytes)
		*to++ = bytes == 1 && strchr(plain, *at) != NULL ? *at : '-';
	if (name != NULL && text[0] != '\0')
		*to = '\0';
	return name;
}
