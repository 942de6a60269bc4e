/* template.c: places filled. See template.h. */
#include "report/template.h"

#include <string.h>

#include "base/svg.h"

static void put_value(FILE *to, const char *name, size_t length, const struct lu_template_value *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strlen(values[i].name) != length || strncmp(values[i].name, name, length) != 0)
			continue;
		if (values[i].text != NULL && values[i].markup)
			fputs(values[i].text, to);
		else if (values[i].text != NULL)
			lu_svg_text(to, values[i].text);
	}
}

void lu_template_put(FILE *to, const char *text, const struct lu_template_value *values, size_t count)
{
	const char *open, *close;

	while ((open = strstr(text, "{{")) != NULL && (close = strstr(open, "}}")) != NULL) {
		fwrite(text, 1, (size_t)(open - text), to);
		put_value(to, open + 2, (size_t)(close - open) - 2, values, count);
		text = close + 2;
	}
	fputs(text, to);
}
