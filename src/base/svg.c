/* svg.c: text in XML. */
#include "base/svg.h"

#include <math.h>

#include "base/text.h"

void lu_svg_tenths(FILE *to, double value)
{
	const long long tenths = llround(fabs(value) * 10);

	fprintf(to, "%s%lld", value < 0 && tenths > 0 ? "-" : "", tenths / 10);
	if (tenths % 10 != 0)
		fprintf(to, ".%lld", tenths % 10);
}

void lu_svg_text(FILE *to, const char *text)
{
	for (int bytes; *text != '\0'; text += bytes) {
		const int32_t code = lu_utf8_next(text, &bytes);
		if (!lu_xml_holds(code))
			fputs("\xef\xbf\xbd", to);
		else if (code == '<')
			fputs("&lt;", to);
		else if (code == '&')
			fputs("&amp;", to);
		else if (code == '"')
			fputs("&quot;", to);
		else
			fwrite(text, 1, (size_t)bytes, to);
	}
}
