/*
 * http.h: inside catalog/: a document from a web server, asked for again where the server is busy.
 */
#ifndef LU_CATALOG_HTTP_H
#define LU_CATALOG_HTTP_H

#include "base/error.h"
#include "base/hooks.h"

struct lu_http_request {
	const char *url; /* as it is told in messages, */
	const char *suffix; /* and what goes behind it as a further query; NULL: nothing */
	const char *header; /* one more line; NULL: none */
	const char *body; /* JSON to POST; NULL: GET */
	const struct lu_hooks *hooks; /* a person may stop it; may be NULL */
};

/*
 * '*text' is what came, with a 0 byte behind it, and '*url' where it came from after redirections; both are lu_free'd. As patient
 * as GDAL's settings say (GDAL_HTTP_MAX_RETRY, _RETRY_DELAY, _CONNECTTIMEOUT, _LOW_SPEED_TIME and _LIMIT; CURL_CA_BUNDLE).
 * LU_ERROR_IO: it did not come, '*refused' where the server wants to know who asks; LU_ERROR_CANCELLED; LU_ERROR_UNSUPPORTED: built without libcurl.
 */
enum lu_status lu_http_get(const struct lu_http_request *request, size_t limit, char **text, size_t *size, char **url,
			   bool *refused, struct lu_error *err);

#endif
