/*
 * stac_parts.h: inside report/ only: members that STAC's items and collections share.
 */
#ifndef LU_REPORT_STAC_PARTS_H
#define LU_REPORT_STAC_PARTS_H

#include <jansson.h>

#include "base/error.h"
#include "base/geometry.h"

#define LU_STAC_VERSION "1.0.0"
#define LU_STAC_COLLECTION "collection.json"

/* A frame's outline in longitude and latitude as a GeoJSON polygon, and its box, to 1e-7 degrees. */
enum lu_status lu_stac_place(const struct lu_frame *frame, json_t **polygon, struct lu_box *box, struct lu_error *err);
json_t *lu_stac_box(struct lu_box box);

/*
 * "start_datetime" and "end_datetime" of two labels of dates, and "datetime" null. A label that tells no time stands for all of
 * them, as models' items say it. False: no memory.
 */
bool lu_stac_time(json_t *properties, const char *first, const char *last);

/* {"rel", "href", "type", "title"}; type and title may be NULL. */
json_t *lu_stac_link(const char *rel, const char *href, const char *type, const char *title);

/* The file's media type by its name, or NULL. */
const char *lu_stac_type(const char *name);

/* Put "file:checksum" (multihash of SHA-256) and "file:size" of 'path' into an asset. */
enum lu_status lu_stac_checksum(json_t *asset, const char *path, struct lu_error *err);

/* May it be written again (reviews in GeoPackages, projects, the report by a later landuse)? Then no checksum is told of it. */
bool lu_stac_is_edited(const char *name);

/* 'text' as a name of letters, digits, '-' and '_'; lu_free it. NULL: no memory. */
char *lu_stac_plain(const char *text);

#endif
