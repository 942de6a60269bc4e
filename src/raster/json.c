/*
 * json.c: writing a JSON object, piece by piece. See json.h.
 */
#include "raster/json.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
#include <stdlib.h>

/* The comma, the line and the key before a value. */
static void before(struct lu_json *json, const char *key)
{
	if (json->depth > 0)
		fprintf(json->to, "%s\n%*s", json->first ? "" : ",", 2 * json->depth, "");
	json->first = false;
	if (key != NULL)
		fprintf(json->to, "\"%s\": ", key);
}

void lu_json_open(struct lu_json *json, const char *key, char bracket)
{
	before(json, key);
	fputc(bracket, json->to);
	json->depth++;
	json->first = true;
}

void lu_json_close(struct lu_json *json, char bracket)
{
	json->depth--;
	if (!json->first)
		fprintf(json->to, "\n%*s", 2 * json->depth, "");
	fputc(bracket, json->to);
	json->first = false;
}

void lu_json_text(struct lu_json *json, const char *key, const char *value)
{
	/* Metadata of old files may be Latin-1; JSON is UTF-8. */
	char *utf8 = CPLIsUTF8(value, -1) ? CPLStrdup(value) : CPLRecode(value, CPL_ENC_ISO8859_1, CPL_ENC_UTF8);

	before(json, key);
	fputc('"', json->to);
	for (const unsigned char *c = (const unsigned char *)utf8; *c != '\0'; c++) {
		if (*c == '"' || *c == '\\')
			fprintf(json->to, "\\%c", *c);
		else if (*c < 0x20)
			fprintf(json->to, "\\u%04x", *c);
		else
			fputc(*c, json->to);
	}
	fputc('"', json->to);
	CPLFree(utf8);
}

void lu_json_number(struct lu_json *json, const char *key, double value)
{
	char text[40] = "null";

	before(json, key);
	/* The shortest of the two that reads back as the same number; a point whatever the locale says. */
	if (isfinite(value)) {
		CPLsnprintf(text, sizeof(text), "%.15g", value);
		if (CPLAtof(text) != value)
			CPLsnprintf(text, sizeof(text), "%.17g", value);
	}
	fputs(text, json->to);
}

void lu_json_bool(struct lu_json *json, const char *key, bool value)
{
	before(json, key);
	fputs(value ? "true" : "false", json->to);
}
