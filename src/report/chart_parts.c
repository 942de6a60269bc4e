/* chart_parts.c: numbers and text of figures. See chart_parts.h. */
#include "report/chart_parts.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/svg.h"
#include "base/text.h"
#include "grid/date_labels.h"

const struct lu_chart_class *lu_chart_class_of(const struct lu_chart_source *source, int value)
{
	for (size_t i = 0; i < source->count; i++)
		if (source->classes[i].value == value)
			return &source->classes[i];
	return NULL;
}

char *lu_chart_pair_id(const json_t *pair)
{
	const char *earlier = lu_chart_word(pair, "earlier"), *later = lu_chart_word(pair, "later");
	char *first = lu_date_label_of(earlier, strlen(earlier)), *second = lu_date_label_of(later, strlen(later));
	char *id = first != NULL && second != NULL ? lu_sprintf("%s_%s", first, second) : NULL;

	lu_free(first);
	lu_free(second);
	return id;
}

double lu_chart_figure(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

const char *lu_chart_word(const json_t *object, const char *key)
{
	const char *word = json_string_value(json_object_get(object, key));

	return word != NULL ? word : "";
}

const char *lu_chart_number(char text[LU_CHART_TEXT], double value, int digits)
{
	static const long long tens[] = {1, 10, 100, 1000};
	const long long one = tens[digits], all = llround(fabs(value) * (double)one);
	char whole[24];
	size_t at = 0;

	snprintf(whole, sizeof(whole), "%lld", all / one);
	/* U+2212 is as wide as a plus. */
	if (value < 0 && all > 0)
		at += (size_t)snprintf(text, LU_CHART_TEXT, "\xe2\x88\x92");
	for (size_t i = 0, length = strlen(whole); i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = whole[i];
	}
	if (digits > 0)
		text[at++] = '.';
	for (long long place = one / 10; place > 0; place /= 10)
		text[at++] = (char)('0' + all / place % 10);
	text[at] = '\0';
	return text;
}

const char *lu_chart_area(char text[LU_CHART_TEXT], const struct lu_chart_source *source, double hectares, bool sign)
{
	const double told = lu_in_unit(hectares * 1e4, source->unit), value = fabs(told) < 0.0005 ? 0 : told;
	const double size = fabs(value);
	const int digits = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
	char number[LU_CHART_TEXT];

	snprintf(text, LU_CHART_TEXT, "%s%s", sign && value > 0 ? "+" : "", lu_chart_number(number, value, digits));
	return text;
}

double lu_chart_step(double most)
{
	static const double steps[] = {1, 2, 5, 10};
	double one = 1;

	while (one * 10 <= most / 2)
		one *= 10;
	while (one > most / 2)
		one /= 10;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (most / (steps[i] * one) <= 5)
			return steps[i] * one;
	return 10 * one;
}

void lu_chart_at(FILE *to, const char *key, double value)
{
	fprintf(to, " %s=\"", key);
	lu_svg_tenths(to, value);
	fputc('"', to);
}

void lu_chart_tip(FILE *to, const char *text)
{
	fputs("<title>", to);
	lu_svg_text(to, text);
	fputs("</title>", to);
}

void lu_chart_text(FILE *to, double x, double y, const char *anchor, const char *text, int most)
{
	size_t cut = 0;
	int letters = 0;

	fputs("<text", to);
	lu_chart_at(to, "x", x);
	lu_chart_at(to, "y", y);
	fprintf(to, " text-anchor=\"%s\">", anchor);
	for (int bytes; text[cut] != '\0' && letters < most - 1; cut += (size_t)bytes, letters++)
		lu_utf8_next(text + cut, &bytes);
	int last = 0;
	if (text[cut] != '\0')
		lu_utf8_next(text + cut, &last);
	if (text[cut] == '\0' || text[cut + (size_t)last] == '\0') {
		lu_svg_text(to, text);
	} else {
		/* In parts: a cut copy of any length needs no memory. */
		char part[8];
		for (size_t at = 0; at < cut;) {
			int bytes;
			lu_utf8_next(text + at, &bytes);
			snprintf(part, sizeof(part), "%.*s", bytes, text + at);
			lu_svg_text(to, part);
			at += (size_t)bytes;
		}
		fputs("\xe2\x80\xa6", to);
	}
	fputs("</text>\n", to);
}

void lu_chart_begin(FILE *to, const struct lu_chart_source *source, int width, int height, const char *what,
		    const char *below, const char *said)
{
	const char *county = lu_chart_word(json_object_get(source->statistics, "county"), "name");

	fprintf(to,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
		"role=\"img\" "
		"font-family=\"system-ui, 'Segoe UI', 'Liberation Sans', 'DejaVu Sans', Arial, sans-serif\" "
		"font-size=\"13\" fill=\"#1c2430\" aria-label=\"",
		width, height, width, height);
	lu_svg_text(to, said);
	fprintf(to, "\">\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n<g font-weight=\"bold\">", width, height);
	char *title = county[0] != '\0' ? lu_sprintf("%s: %s", county, what) : NULL;
	lu_chart_text(to, 8, 20, "start", title != NULL ? title : what, width / 8);
	lu_free(title);
	fputs("</g><g fill=\"#4a5565\">", to);
	lu_chart_text(to, 8, 39, "start", below, width / 6);
	fputs("</g>\n", to);
}

void lu_chart_end(FILE *to)
{
	fputs("</svg>\n", to);
}
