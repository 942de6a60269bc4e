/*
 * chart_areas.c: the area of every class: lines through time, or bars of one date. Beside what is mapped stands what an assessed
 * sample says, with its interval.
 */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/svg.h"
#include "grid/date_labels.h"
#include "report/chart_parts.h"

enum { WIDTH = 720, LEFT = 64, RIGHT = 190, TOP = 58, BOTTOM = 34, LINE = 17, BAR = 26, NAMES = 170 };

/* Figures of one date, in the unit that is told. */
struct areas {
	const struct lu_chart_source *source;
	const json_t *dates;
	size_t count; /* of dates */
	double ceiling; /* of the axis */
	int height;
};

static double told(const struct areas *a, double hectares)
{
	return lu_in_unit(hectares * 1e4, a->source->unit);
}

static double area_at(const struct areas *a, size_t date, int value)
{
	const json_t *classes = json_object_get(json_array_get(a->dates, date), "classes"), *class;
	size_t i;

	json_array_foreach(classes, i, class)
	{
		if ((int)lu_chart_figure(class, "value") == value)
			return told(a, lu_chart_figure(class, "area_ha"));
	}
	return 0;
}

/* What the sample says of a class at a date: estimate, low and high; false: nothing. */
static bool sampled_at(const struct areas *a, size_t date, int value, double range[3])
{
	static const char *const keys[] = {"value", "low_95", "high_95"};
	const char *label = lu_chart_word(json_array_get(a->dates, date), "label");
	const json_t *maps = json_object_get(a->source->statistics, "accuracy"), *map, *class;
	size_t i, k;

	json_array_foreach(maps, i, map)
	{
		if (strcmp(lu_chart_word(map, "date"), label) != 0)
			continue;
		json_array_foreach(json_object_get(map, "classes"), k, class)
		{
			const json_t *area = json_object_get(class, "adjusted_ha");
			if ((int)lu_chart_figure(class, "value") != value)
				continue;
			for (int n = 0; n < 3; n++)
				range[n] = told(a, lu_chart_figure(area, keys[n]));
			return json_is_number(json_object_get(area, "low_95"));
		}
	}
	return false;
}

/* The classes that occur at some date; how far the axis goes. */
static size_t list_classes(struct areas *a, size_t *used)
{
	double most = 0, range[3];
	size_t count = 0;

	for (size_t k = 0; k < a->source->count; k++) {
		const int value = a->source->classes[k].value;
		bool occurs = false;
		if (value == a->source->uncertain)
			continue;
		for (size_t d = 0; d < a->count; d++) {
			occurs |= area_at(a, d, value) > 0;
			most = fmax(most, area_at(a, d, value));
			if (sampled_at(a, d, value, range))
				most = fmax(most, range[2]);
		}
		if (occurs)
			used[count++] = k;
	}
	a->ceiling = most;
	return count;
}

/* Where a date lies along the axis: in true distances where every label tells its time. */
static double place(const struct areas *a, size_t date)
{
	double first = 0, last = 0, here = 0;
	bool timed = true;

	for (size_t d = 0; d < a->count; d++) {
		const double year = lu_date_label_year(lu_chart_word(json_array_get(a->dates, d), "label"));
		timed = timed && year >= 0 && (d == 0 || year > last);
		first = d == 0 ? year : first;
		here = d == date ? year : here;
		last = year;
	}
	const double share = timed ? (here - first) / (last - first) : (double)date / (double)(a->count - 1);
	return LEFT + (WIDTH - LEFT - RIGHT) * share;
}

static double level(const struct areas *a, double value)
{
	return a->height - BOTTOM - (a->height - TOP - BOTTOM) * value / a->ceiling;
}

/* Marks tell lines apart without their colour. */
static void put_mark(FILE *to, size_t kind, double x, double y)
{
	static const char *const shapes[] = {"m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", "m-4 -4h8v8h-8z",
					     "m0 -5.5l5.5 9.5h-11z", "m0 -6l6 6l-6 6l-6 -6z", "m0 5.5l5.5 -9.5h-11z"};

	fputs("<path stroke=\"#333\" d=\"M", to);
	lu_svg_tenths(to, x);
	fputc(' ', to);
	lu_svg_tenths(to, y);
	fprintf(to, "%s\">", shapes[kind % (sizeof(shapes) / sizeof(shapes[0]))]);
}

static void put_tip(FILE *to, const struct areas *a, const char *name, size_t date, double area, const double *range)
{
	char at[LU_CHART_TEXT], low[LU_CHART_TEXT], high[LU_CHART_TEXT];
	const char *label = lu_chart_word(json_array_get(a->dates, date), "label");
	const double per = told(a, 1);
	char *text = range == NULL ? lu_sprintf("%s, %s: %s %s, as mapped", name, label,
						lu_chart_area(at, a->source, area / per, false),
						lu_area_unit_signs[a->source->unit])
				   : lu_sprintf("%s, %s, by the checked sample: %s %s, 95 %% interval %s to %s", name,
						label, lu_chart_area(at, a->source, area / per, false),
						lu_area_unit_signs[a->source->unit],
						lu_chart_area(low, a->source, range[1] / per, false),
						lu_chart_area(high, a->source, range[2] / per, false));

	if (text != NULL)
		lu_chart_tip(to, text);
	lu_free(text);
}

/* A whisker with its ends and the estimate, upright or lying. */
static void put_range(FILE *to, double across, const double along[3], bool upright)
{
	for (int width = 3; width > 0; width -= 2) {
		fprintf(to, "<path fill=\"none\" stroke-width=\"%d\"%s d=\"", width,
			width == 3 ? " stroke=\"#333\"" : "");
		for (int end = 1; end <= 2; end++) {
			fputc('M', to);
			lu_svg_tenths(to, upright ? across - 3 : along[end]);
			fputc(' ', to);
			lu_svg_tenths(to, upright ? along[end] : across - 3);
			fputs(upright ? "h6m-3 0V" : "v6m0 -3H", to);
			lu_svg_tenths(to, along[0]);
		}
		fputs("\"/>", to);
	}
	fputs("<circle r=\"2.5\" stroke=\"#333\"", to);
	lu_chart_at(to, "cx", upright ? across : along[0]);
	lu_chart_at(to, "cy", upright ? along[0] : across);
	fputs("/>", to);
}

static void put_axes(FILE *to, const struct areas *a, double step)
{
	char text[LU_CHART_TEXT];
	int digits = 0;

	for (double one = step; one < 0.999 && digits < 3; one *= 10)
		digits++;
	for (double mark = 0; mark <= a->ceiling * 1.0001; mark += step) {
		fprintf(to, "<path stroke=\"#d5dae1\" d=\"M%d ", LEFT);
		lu_svg_tenths(to, level(a, mark));
		fprintf(to, "H%d\"/>", WIDTH - RIGHT);
		lu_chart_text(to, LEFT - 8, level(a, mark) + 4, "end", lu_chart_number(text, mark, digits), 20);
	}
	double before = -1e9;
	for (size_t d = 0; d < a->count; d++) {
		const char *label = lu_chart_word(json_array_get(a->dates, d), "label");
		/* Where dates lie close, years alone have room. */
		if (place(a, d) - before < 44)
			continue;
		before = place(a, d);
		lu_chart_text(to, before, a->height - 12, "middle", label, 11);
	}
}

/* Names at the lines' ends, moved apart where they would lie on each other: downwards, then up again from the end. */
static void spread(double *y, size_t count, double low, double high)
{
	size_t order[256];
	const size_t n = count < 256 ? count : 256;

	for (size_t i = 0; i < n; i++) {
		size_t at = i;
		for (; at > 0 && y[order[at - 1]] > y[i]; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	for (size_t k = 0; k < n; k++)
		y[order[k]] = fmax(y[order[k]], k > 0 ? y[order[k - 1]] + LINE : low);
	for (size_t k = n; k-- > 0; high -= LINE)
		y[order[k]] = fmin(y[order[k]], high);
}

static void put_line(FILE *to, const struct areas *a, const struct lu_chart_class *class, size_t number)
{
	double range[3];

	fprintf(to, "<g stroke=\"%s\" fill=\"%s\">", class->colour, class->colour);
	for (int width = 4; width > 0; width -= 2) {
		fprintf(to, "<polyline fill=\"none\" stroke-width=\"%d\"%s points=\"", width,
			width == 4 ? " stroke=\"#333\"" : "");
		for (size_t d = 0; d < a->count; d++) {
			fputs(d > 0 ? " " : "", to);
			lu_svg_tenths(to, place(a, d));
			fputc(',', to);
			lu_svg_tenths(to, level(a, area_at(a, d, class->value)));
		}
		fputs("\"/>", to);
	}
	for (size_t d = 0; d < a->count; d++) {
		const double area = area_at(a, d, class->value);
		put_mark(to, number, place(a, d), level(a, area));
		put_tip(to, a, class->name, d, area, NULL);
		fputs("</path>", to);
	}
	/* Beside the point, each class a little further: whiskers of several would lie on each other. */
	for (size_t d = 0; d < a->count; d++) {
		const double side = d + 1 == a->count ? -1 : 1;
		if (!sampled_at(a, d, class->value, range))
			continue;
		fputs("<g class=\"range\">", to);
		put_tip(to, a, class->name, d, range[0], range);
		put_range(to, place(a, d) + side * (10 + 7 * (double)(number % 12)),
			  (const double[]){level(a, range[0]), level(a, range[1]), level(a, range[2])}, true);
		fputs("</g>", to);
	}
	fputs("</g>\n", to);
}

static void put_lines(FILE *to, struct areas *a, const size_t *used, size_t count)
{
	const struct lu_chart_class *classes = a->source->classes;
	const double step = lu_chart_step(a->ceiling);
	double *ends = NULL;

	a->ceiling = step * ceil(a->ceiling / step - 1e-9);
	put_axes(to, a, step);
	if (lu_alloc(&ends, count, sizeof(*ends), "a figure", NULL) != LU_OK)
		return;
	for (size_t k = 0; k < count; k++)
		ends[k] = level(a, area_at(a, a->count - 1, classes[used[k]].value));
	spread(ends, count, TOP, a->height - BOTTOM);
	for (size_t k = 0; k < count; k++) {
		put_line(to, a, &classes[used[k]], k);
		fprintf(to, "<g fill=\"%s\">", classes[used[k]].colour);
		put_mark(to, k, WIDTH - RIGHT + 18, ends[k]);
		fputs("</path></g>", to);
		lu_chart_text(to, WIDTH - RIGHT + 30, ends[k] + 4, "start", classes[used[k]].name, 22);
	}
	lu_free(ends);
}

static void put_bars(FILE *to, const struct areas *a, const size_t *used, size_t count)
{
	const double across = WIDTH - NAMES - 90;
	char text[LU_CHART_TEXT];
	double range[3];

	for (size_t k = 0; k < count; k++) {
		const struct lu_chart_class *class = &a->source->classes[used[k]];
		const double area = area_at(a, 0, class->value), y = TOP + BAR * (double)k;
		double end = NAMES + across * area / a->ceiling;
		lu_chart_text(to, NAMES - 8, y + 17, "end", class->name, 22);
		fprintf(to, "<rect x=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"#333\" stroke-width=\"0.5\"", NAMES,
			BAR - 6, class->colour);
		lu_chart_at(to, "y", y + 3);
		lu_chart_at(to, "width", end - NAMES);
		fputc('>', to);
		put_tip(to, a, class->name, 0, area, NULL);
		fputs("</rect>", to);
		if (sampled_at(a, 0, class->value, range)) {
			fprintf(to, "<g class=\"range\" stroke=\"#fff\" fill=\"#fff\">");
			put_tip(to, a, class->name, 0, range[0], range);
			for (int n = 0; n < 3; n++)
				range[n] = NAMES + across * range[n] / a->ceiling;
			put_range(to, y + BAR / 2.0, range, false);
			fputs("</g>", to);
			end = fmax(end, range[2]);
		}
		lu_chart_text(to, end + 6, y + 17, "start", lu_chart_area(text, a->source, area / told(a, 1), false),
			      20);
	}
}

void lu_chart_areas(FILE *to, const struct lu_chart_source *source, const json_t *pair)
{
	struct areas a = {.source = source, .dates = json_object_get(source->statistics, "dates")};
	bool sampled = false;
	double range[3];
	size_t *used = NULL, count = 0;

	(void)pair;
	a.count = json_array_size(a.dates);
	if (lu_alloc(&used, source->count, sizeof(*used), "a figure", NULL) == LU_OK)
		count = list_classes(&a, used);
	for (size_t k = 0; k < count; k++)
		for (size_t d = 0; d < a.count; d++)
			sampled |= sampled_at(&a, d, source->classes[used[k]].value, range);
	const int rows = (int)count;
	a.height = a.count > 1 ? (TOP + BOTTOM + LINE * rows > 360 ? TOP + BOTTOM + LINE * rows : 360)
			       : TOP + BAR * rows + 10;
	const char *first = lu_chart_word(json_array_get(a.dates, 0), "label");
	const char *last = lu_chart_word(json_array_get(a.dates, a.count > 0 ? a.count - 1 : 0), "label");
	char *what = lu_sprintf(a.count > 1 ? "area of every class, %s to %s" : "area of every class, %s", first, last);
	char *below = lu_sprintf("%s, as mapped%s", lu_area_unit_words[source->unit],
				 sampled ? "; whiskers: by the checked sample, with its 95 % interval" : "");
	if (what != NULL && below != NULL && a.count > 0) {
		lu_chart_begin(to, source, WIDTH, a.height, what, below,
			       "Area of every class at every date; the table of class areas has the figures");
		if (count > 0 && a.count > 1)
			put_lines(to, &a, used, count);
		else if (count > 0)
			put_bars(to, &a, used, count);
		lu_chart_end(to);
	}
	lu_free(what);
	lu_free(below);
	lu_free(used);
}
