/*
 * query.h: inside catalog/: what a STAC API is asked: the items of a collection in a box and a time.
 */
#ifndef LU_CATALOG_QUERY_H
#define LU_CATALOG_QUERY_H

#include <jansson.h>

#include "catalog/stac_time.h"
#include "raster/footprint.h"

struct lu_query {
	const char *collection; /* NULL: the URL says it */
	const struct lu_footprint *county;
	struct lu_span when;
};

/* '*out': 'url' with the query behind it, for a GET; lu_free it. */
enum lu_status lu_query_url(const struct lu_query *query, const char *url, char **out, struct lu_error *err);

/* The same as JSON, for a POST; lu_free it. */
enum lu_status lu_query_body(const struct lu_query *query, char **out, struct lu_error *err);

/*
 * What a link to the next page wants POSTed: its own body, added to 'body', which was POSTed for this page, where it says "merge".
 * '*out' NULL: the link is a GET.
 */
enum lu_status lu_query_next(const json_t *link, const char *body, char **out, struct lu_error *err);

#endif
