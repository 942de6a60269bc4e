/* query.c: the few parameters of STAC's item search that every server has. */
#include "catalog/query.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text_stream.h"

enum { PAGE = 100 };

/* Outwards, by less than a metre. */
static void box_of(const struct lu_query *query, double box[4])
{
	const struct lu_box county = lu_footprint_box(query->county);

	box[0] = floor(county.min_x * 1e6) / 1e6;
	box[1] = floor(county.min_y * 1e6) / 1e6;
	box[2] = ceil(county.max_x * 1e6) / 1e6;
	box[3] = ceil(county.max_y * 1e6) / 1e6;
}

static void put_escaped(FILE *to, const char *text)
{
	for (; *text != '\0'; text++) {
		if (isalnum((unsigned char)*text) || strchr("-._~", *text) != NULL)
			fputc(*text, to);
		else
			fprintf(to, "%%%02X", (unsigned char)*text);
	}
}

enum lu_status lu_query_url(const struct lu_query *query, const char *url, char **out, struct lu_error *err)
{
	struct lu_text_stream stream;
	char when[LU_SPAN_TEXT];
	double box[4];
	const enum lu_status status = lu_text_begin(&stream, "a search", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	box_of(query, box);
	fprintf(stream.to, "%s%c", url, strchr(url, '?') != NULL ? '&' : '?');
	if (query->collection != NULL) {
		fputs("collections=", stream.to);
		put_escaped(stream.to, query->collection);
		fputc('&', stream.to);
	}
	fprintf(stream.to, "bbox=%.6f,%.6f,%.6f,%.6f&datetime=", box[0], box[1], box[2], box[3]);
	put_escaped(stream.to, lu_span_print(query->when, when));
	fprintf(stream.to, "&limit=%d", PAGE);
	return lu_text_finish(&stream, out, err);
}

/* '*out' is the text of 'json', which is released. */
static enum lu_status text_of(json_t *json, char **out, struct lu_error *err)
{
	char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;

	*out = text != NULL ? lu_strdup(text) : NULL;
	free(text);
	json_decref(json);
	return *out != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a search");
}

enum lu_status lu_query_body(const struct lu_query *query, char **out, struct lu_error *err)
{
	char when[LU_SPAN_TEXT];
	double box[4];

	box_of(query, box);
	json_t *json = json_pack("{s:[f,f,f,f], s:s, s:i}", "bbox", box[0], box[1], box[2], box[3], "datetime",
				 lu_span_print(query->when, when), "limit", PAGE);
	if (json != NULL && query->collection != NULL)
		json_object_set_new(json, "collections", json_pack("[s]", query->collection));
	return text_of(json, out, err);
}

enum lu_status lu_query_next(const json_t *link, const char *body, char **out, struct lu_error *err)
{
	const char *method = json_string_value(json_object_get(link, "method"));
	const json_t *own = json_object_get(link, "body");
	json_t *json = NULL;

	*out = NULL;
	if (method == NULL || strcmp(method, "POST") != 0)
		return LU_OK;
	if (json_is_true(json_object_get(link, "merge")) && body != NULL)
		json = json_loads(body, 0, NULL);
	if (json == NULL)
		json = json_object();
	json_object_update(json, (json_t *)(uintptr_t)own);
	return text_of(json, out, err);
}
