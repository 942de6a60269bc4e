/*
 * json.h: inside raster/ only: writing a JSON object (RFC 8259), piece by piece.
 *
 * raster/ has no JSON library of its own to lean on: GDAL keeps its writer in C++. Only what
 * describe.c needs is here.
 */
#ifndef LU_RASTER_JSON_H
#define LU_RASTER_JSON_H

#include <stdbool.h>
#include <stdio.h>

struct lu_json {
	FILE *to;
	int depth;
	bool first; /* nothing stands yet in the innermost object or array */
};

/* 'key' is NULL inside an array and for the outermost value. */
void lu_json_open(struct lu_json *json, const char *key, char bracket);
void lu_json_close(struct lu_json *json, char bracket);
void lu_json_text(struct lu_json *json, const char *key, const char *value);
/* 'value' with up to 17 significant digits; null when it is not finite. */
void lu_json_number(struct lu_json *json, const char *key, double value);
void lu_json_bool(struct lu_json *json, const char *key, bool value);

#endif
