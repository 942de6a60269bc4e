/* extent_svg.c: panels of lines, drawn with integers and one decimal, so that locales and libms agree. */
#include "report/extent_svg.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/svg.h"
#include "base/text.h"
#include "base/text_stream.h"
#include "change/trajectory.h"
#include "grid/date_labels.h"
#include "report/chart_parts.h"

/* Pixels: a panel with its axes, the plot in it, and what surrounds the panels. */
enum {
	PANEL_W = 400,
	PANEL_H = 240,
	LEFT = 70,
	TOP = 34,
	PLOT_W = 300,
	PLOT_H = 150,
	HEAD = 74,
	FOOT = 78,
	ACROSS = 2
};
/* Labels of dates nearer than this to the one before stand a line lower. */
enum { LABEL_W = 34, LINE = 16 };

/* One line of a panel: areas in the statistics' unit, one a date. */
enum series { MAPPED, SMOOTHED };

static double area_at(const struct lu_county_statistics *s, size_t date, uint16_t value, enum series which)
{
	const struct lu_transition *t = s->dates[date].in_time;
	const int at = lu_transition_find(t, value);

	return at >= 0 ? lu_in_unit(lu_statistics_in_time_m2(t, (size_t)at, which == SMOOTHED), s->unit) : 0;
}

static double most_area(const struct lu_county_statistics *s, uint16_t value)
{
	double most = 0;

	for (size_t d = 0; d < s->date_count; d++)
		for (int which = MAPPED; which <= SMOOTHED; which++)
			most = fmax(most, area_at(s, d, value, (enum series)which));
	return most;
}

/* Where a date lies along the axis, 0 to 1. */
static double place(const struct lu_county_statistics *s, size_t date)
{
	const double first = lu_date_label_year(s->dates[0].label);
	const double last = lu_date_label_year(s->dates[s->date_count - 1].label);
	bool timed = first >= 0 && last > first;

	for (size_t d = 0; d < s->date_count; d++)
		timed = timed && lu_date_label_year(s->dates[d].label) >= 0;
	return timed ? (lu_date_label_year(s->dates[date].label) - first) / (last - first)
		     : (double)date / (double)(s->date_count - 1);
}

static void put_point(FILE *to, double x, double y)
{
	lu_svg_tenths(to, x);
	fputc(',', to);
	lu_svg_tenths(to, y);
}

static void put_series(FILE *to, const struct lu_county_statistics *s, uint16_t value, enum series which, double top,
		       const char *colour)
{
	fprintf(to, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s points=\"", colour,
		which == MAPPED ? "1.5" : "2.5", which == MAPPED ? " stroke-dasharray=\"5 4\"" : "");
	for (size_t d = 0; d < s->date_count; d++) {
		fputs(d > 0 ? " " : "", to);
		put_point(to, LEFT + PLOT_W * place(s, d), TOP + PLOT_H * (1 - area_at(s, d, value, which) / top));
	}
	fputs("\"/>\n", to);
	for (size_t d = 0; d < s->date_count; d++) {
		fputs("<circle cx=\"", to);
		lu_svg_tenths(to, LEFT + PLOT_W * place(s, d));
		fputs("\" cy=\"", to);
		lu_svg_tenths(to, TOP + PLOT_H * (1 - area_at(s, d, value, which) / top));
		fprintf(to, "\" r=\"3.5\" stroke=\"%s\" stroke-width=\"1.5\" fill=\"%s\"/>\n", colour,
			which == MAPPED ? "white" : colour);
	}
}

static void put_axes(FILE *to, const struct lu_county_statistics *s, double top, double step)
{
	for (double mark = 0; mark <= top * 1.0001; mark += step) {
		const double y = TOP + PLOT_H * (1 - mark / top);
		fprintf(to, "<path stroke=\"#ddd\" d=\"M%d ", LEFT);
		lu_svg_tenths(to, y);
		fprintf(to, "h%d\"/><text x=\"%d\" y=\"", PLOT_W, LEFT - 8);
		lu_svg_tenths(to, y + 4);
		fputs("\" text-anchor=\"end\">", to);
		if (step >= 1)
			fprintf(to, "%lld", llround(mark));
		else
			fprintf(to, "%lld.%03lld", llround(mark * 1000) / 1000, llround(mark * 1000) % 1000);
		fputs("</text>\n", to);
	}
	for (size_t d = 0, low = 0; d < s->date_count; d++) {
		const double x = LEFT + PLOT_W * place(s, d);
		low = d > 0 && !low && PLOT_W * (place(s, d) - place(s, d - 1)) < LABEL_W;
		fputs("<path stroke=\"#888\" d=\"M", to);
		put_point(to, x, TOP + PLOT_H);
		fputs("v5\"/><text text-anchor=\"middle\" x=\"", to);
		lu_svg_tenths(to, x);
		fprintf(to, "\" y=\"%d\">", TOP + PLOT_H + 18 + (low ? LINE : 0));
		/* Of a day the year: five days in full would lie on each other. */
		const char *label = s->dates[d].label;
		char year[4 * 4 + 1];
		int used = 0;
		for (int i = 0, bytes; i < 4 && label[used] != '\0'; i++, used += bytes)
			lu_utf8_next(label + used, &bytes);
		snprintf(year, sizeof(year), "%.*s", used, label);
		lu_svg_text(to, year);
		fputs("</text>\n", to);
	}
	fprintf(to, "<path stroke=\"#888\" d=\"M%d %dh%d\"/>\n", LEFT, TOP + PLOT_H, PLOT_W);
}

/* The class's colour, darker where a line of it would be lost on paper. */
static void line_colour(const struct lu_class *class, char text[32])
{
	uint8_t red = class->red, green = class->green, blue = class->blue;

	while (3 * red + 6 * green + blue > 1600) {
		red = (uint8_t)(red * 4 / 5);
		green = (uint8_t)(green * 4 / 5);
		blue = (uint8_t)(blue * 4 / 5);
	}
	snprintf(text, 32, "rgb(%d,%d,%d)", red, green, blue);
}

static void put_panel(FILE *to, const struct lu_county_statistics *s, uint16_t value, const char *colour)
{
	const double most = most_area(s, value), step = lu_chart_step(most), top = step * ceil(most / step);
	char buffer[16];

	fprintf(to, "<text x=\"%d\" y=\"20\" font-size=\"14\" font-weight=\"bold\">", LEFT);
	lu_svg_text(to, lu_statistics_name(s, value, buffer));
	fprintf(to, "</text><text x=\"%d\" y=\"20\" fill=\"#555\" text-anchor=\"end\">%s</text>\n", LEFT + PLOT_W,
		lu_area_unit_words[s->unit]);
	put_axes(to, s, top, step);
	put_series(to, s, value, MAPPED, top, "#666");
	put_series(to, s, value, SMOOTHED, top, colour);
}

static void put_head(FILE *to, const struct lu_county_statistics *s)
{
	fprintf(to, "<text x=\"16\" y=\"26\" font-size=\"16\">");
	lu_svg_text(to, s->county_name != NULL ? s->county_name : "county");
	fprintf(to, ": area of every class, ");
	lu_svg_text(to, s->dates[0].label);
	fputs(" to ", to);
	lu_svg_text(to, s->dates[s->date_count - 1].label);
	fputs("</text>\n<path stroke=\"#666\" stroke-width=\"1.5\" stroke-dasharray=\"5 4\" d=\"M16 46h34\"/>"
	      "<circle cx=\"33\" cy=\"46\" r=\"3.5\" fill=\"white\" stroke=\"#666\" stroke-width=\"1.5\"/>"
	      "<text x=\"58\" y=\"50\">as mapped, date by date</text>\n"
	      "<path stroke=\"#333\" stroke-width=\"2.5\" d=\"M236 46h34\"/><circle cx=\"253\" cy=\"46\" r=\"3.5\" "
	      "fill=\"#333\"/><text x=\"278\" y=\"50\">temporally consistent: what all dates say together</text>\n",
	      to);
}

static void put_foot(FILE *to, const struct lu_county_statistics *s, int y)
{
	const struct lu_transition *t = s->trajectory;
	double all = 0;

	for (size_t i = 1; i < t->count; i++)
		all += lu_transition_area_m2(t, i, i);
	fprintf(to, "<text x=\"16\" y=\"%d\">", y);
	lu_svg_tenths(to, lu_in_unit(all, s->unit));
	fprintf(to, " %s mapped at two dates or more</text>\n<text x=\"16\" y=\"%d\">", lu_area_unit_signs[s->unit],
		y + LINE);
	for (size_t i = 1; i < t->count && all > 0; i++) {
		fprintf(to, "%s<tspan font-weight=\"bold\">%s</tspan> ", i > 1 ? ", " : "",
			lu_trajectory_name(t->values[i]));
		lu_svg_tenths(to, lu_in_unit(lu_transition_area_m2(t, i, i), s->unit));
		fprintf(to, " %s (", lu_area_unit_signs[s->unit]);
		lu_svg_tenths(to, 100 * lu_transition_area_m2(t, i, i) / all);
		fputs(" %)", to);
	}
	fprintf(to,
		"</text>\n<text x=\"16\" y=\"%d\" fill=\"#555\">Unstable: the maps changed, the land did not, as far "
		"as "
		"all dates together can tell.</text>\n",
		y + 2 * LINE + 4);
}

static void draw(FILE *to, const struct lu_county_statistics *s)
{
	size_t panels = 0;

	for (size_t k = 0; k < s->class_count; k++)
		panels += most_area(s, s->classes[k].value) > 0;
	const int rows = (int)(panels + ACROSS - 1) / ACROSS, width = ACROSS * PANEL_W,
		  height = HEAD + rows * PANEL_H + FOOT;
	fprintf(to,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
		"font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
		width, height, width, height);
	put_head(to, s);
	panels = 0;
	for (size_t k = 0; k < s->class_count; k++) {
		const uint16_t value = s->classes[k].value;
		char colour[32];
		/* What never was on any map has no line. */
		if (most_area(s, value) <= 0)
			continue;
		line_colour(&s->classes[k], colour);
		fprintf(to, "<g transform=\"translate(%d,%d)\">\n", (int)(panels % ACROSS) * PANEL_W,
			HEAD + (int)(panels / ACROSS) * PANEL_H);
		put_panel(to, s, value, colour);
		fputs("</g>\n", to);
		panels++;
	}
	put_foot(to, s, HEAD + rows * PANEL_H + 22);
	fputs("</svg>\n", to);
}

enum lu_status lu_extent_svg_write(const char *path, const struct lu_county_statistics *statistics,
				   struct lu_error *err)
{
	struct lu_text_stream stream;
	char *svg = NULL;
	enum lu_status status = lu_text_begin(&stream, "a picture", err);

	if (status != LU_OK)
		return status;
	draw(stream.to, statistics);
	LU_TRY(lu_text_finish(&stream, &svg, err));
	LU_TRY(lu_file_write(path, svg, stream.length, err));
out:
	lu_free(svg);
	return status;
}
