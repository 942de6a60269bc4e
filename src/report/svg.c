/* svg.c: text in XML. */
#include "report/svg.h"

void lu_svg_text(FILE *to, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '<')
			fputs("&lt;", to);
		else if (*text == '&')
			fputs("&amp;", to);
		else
			fputc(*text, to);
	}
}
