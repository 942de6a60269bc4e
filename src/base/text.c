/* text.c: UTF-8, and what terminals, XML and spreadsheets make of it. See text.h. */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text_stream.h"

bool lu_ends_with(const char *text, const char *ending)
{
	const size_t length = strlen(text), tail = strlen(ending);

	return length >= tail && strcmp(text + length - tail, ending) == 0;
}

int32_t lu_utf8_next(const char *text, int *bytes)
{
	static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *from = (const unsigned char *)text;
	const int size = from[0] < 0x80       ? 1
			 : from[0] >> 5 == 6  ? 2
			 : from[0] >> 4 == 14 ? 3
			 : from[0] >> 3 == 30 ? 4
					      : 0;
	int32_t code = size == 1 ? from[0] : from[0] & (0x7f >> size);

	*bytes = 1;
	if (size == 0)
		return -1;
	for (int i = 1; i < size; i++) {
		if ((from[i] & 0xc0) != 0x80)
			return -1;
		code = code << 6 | (from[i] & 0x3f);
	}
	if (code < least[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return -1;
	*bytes = size;
	return code;
}

bool lu_utf8_valid(const char *text)
{
	for (int bytes; *text != '\0'; text += bytes)
		if (lu_utf8_next(text, &bytes) < 0)
			return false;
	return true;
}

enum lu_status lu_utf8_check(const char *name, const char *where, const char *remedy, struct lu_error *err)
{
	if (lu_utf8_valid(name))
		return LU_OK;
	char *shown = lu_text_printable(name);
	lu_fail(err, LU_ERROR_FORMAT, "%s: the name '%s' is not UTF-8 (%s)", where, shown != NULL ? shown : "?",
		remedy);
	lu_free(shown);
	return LU_ERROR_FORMAT;
}

/* Control characters, and those that turn the direction of what follows. */
static bool is_command(int32_t code)
{
	return code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

static void put_printable(FILE *to, const char *text, int32_t code, int bytes)
{
	if (code < 0)
		fprintf(to, "\\x%02x", (unsigned char)*text);
	else if (code != '\n' && code != '\t' && is_command(code))
		fprintf(to, "\\u%04x", (unsigned)code);
	else
		fwrite(text, 1, (size_t)bytes, to);
}

static void put_clean(FILE *to, const char *text, int32_t code, int bytes)
{
	if (lu_xml_holds(code))
		fwrite(text, 1, (size_t)bytes, to);
	else
		fputs("\xef\xbf\xbd", to);
}

static char *rewritten(const char *text, void (*put)(FILE *to, const char *text, int32_t code, int bytes))
{
	struct lu_text_stream stream;
	char *out = NULL;

	if (lu_text_begin(&stream, "a name", NULL) != LU_OK)
		return NULL;
	for (int bytes; *text != '\0'; text += bytes) {
		const int32_t code = lu_utf8_next(text, &bytes);
		put(stream.to, text, code, bytes);
	}
	lu_text_finish(&stream, &out, NULL);
	return out;
}

char *lu_text_printable(const char *text)
{
	return rewritten(text, put_printable);
}

char *lu_text_utf8(const char *text)
{
	char *copy = NULL, *to;

	if (lu_utf8_valid(text))
		return lu_strdup(text);
	if (lu_alloc(&copy, 2 * strlen(text) + 1, 1, "a name", NULL) != LU_OK)
		return NULL;
	to = copy;
	for (const unsigned char *from = (const unsigned char *)text; *from != '\0'; from++) {
		if (*from >= 0x80)
			*to++ = (char)(0xc0 | *from >> 6);
		*to++ = (char)(*from < 0x80 ? *from : (0x80 | (*from & 0x3f)));
	}
	*to = '\0';
	return copy;
}

bool lu_xml_holds(int32_t code)
{
	return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code != 0xfffe && code != 0xffff);
}

char *lu_xml_clean(const char *document)
{
	return document != NULL ? rewritten(document, put_clean) : NULL;
}

bool lu_cell_is_formula(const char *text)
{
	/* An apostrophe of the name's own is kept by one more. */
	const char first = text[strspn(text, "'")];

	return first != '\0' && strchr("=+-@\t\r", first) != NULL;
}

const char *lu_cell_text(const char *cell)
{
	return cell[0] == '\'' && lu_cell_is_formula(cell) ? cell + 1 : cell;
}
