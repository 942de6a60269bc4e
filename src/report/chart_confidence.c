/* chart_confidence.c: how sure the model is of the cells of each date: a panel a date, the share of the mapped area by probability. */
#include <math.h>

#include "base/memory.h"
#include "base/svg.h"
#include "report/chart_parts.h"

enum {
	PANEL_W = 360,
	PANEL_H = 200,
	LEFT = 52,
	TOP = 34,
	HEAD = 46,
	PLOT_W = 280,
	PLOT_H = 130,
	ACROSS = 2,
	EVERY = 20
};

/* Areas where there are such, else cells. */
static double amount(const json_t *bin)
{
	const json_t *area = json_object_get(bin, "area_ha");

	return area != NULL ? json_number_value(area) : lu_chart_figure(bin, "cells");
}

static double total(const json_t *bins)
{
	const json_t *bin;
	double sum = 0;
	size_t i;

	json_array_foreach(bins, i, bin)
	{
		sum += amount(bin);
	}
	return sum;
}

static void put_bins(FILE *to, const struct lu_chart_source *source, const json_t *bins, double ceiling)
{
	const double all = total(bins);
	const json_t *bin;
	size_t i;

	json_array_foreach(bins, i, bin)
	{
		const double share = all > 0 ? amount(bin) / all : 0, height = PLOT_H * share / ceiling;
		const int from = (int)lu_chart_figure(bin, "from_percent"),
			  until = (int)lu_chart_figure(bin, "to_percent");
		char part[LU_CHART_TEXT], area[LU_CHART_TEXT];
		if (share <= 0)
			continue;
		fputs("<rect fill=\"#0b5cad\" stroke=\"#fff\"", to);
		lu_chart_at(to, "x", LEFT + PLOT_W * from / 100.0);
		lu_chart_at(to, "y", TOP + PLOT_H - height);
		lu_chart_at(to, "width", PLOT_W * (until - from) / 100.0);
		lu_chart_at(to, "height", fmax(height, 0.5));
		fputc('>', to);
		char *tip = lu_sprintf("%d to %d %%: %s %% of what is mapped, %s %s", from, until,
				       lu_chart_number(part, 100 * share, 1),
				       lu_chart_area(area, source, lu_chart_figure(bin, "area_ha"), false),
				       lu_area_unit_signs[source->unit]);
		if (tip != NULL)
			lu_chart_tip(to, tip);
		lu_free(tip);
		fputs("</rect>", to);
	}
}

static void put_panel(FILE *to, const struct lu_chart_source *source, const json_t *date, double ceiling)
{
	const json_t *bins = json_object_get(date, "confidence");
	const double mean = lu_chart_figure(date, "mean_confidence_percent"), x = LEFT + PLOT_W * mean / 100;
	const double step = lu_chart_step(100 * ceiling);
	char text[LU_CHART_TEXT];

	for (double mark = 0; mark <= 100 * ceiling * 1.0001; mark += step) {
		const double y = TOP + PLOT_H - PLOT_H * mark / (100 * ceiling);
		fprintf(to, "<path stroke=\"#d5dae1\" d=\"M%d ", LEFT);
		lu_svg_tenths(to, y);
		fprintf(to, "h%d\"/>", PLOT_W);
		lu_chart_text(to, LEFT - 6, y + 4, "end", lu_chart_number(text, mark, step < 1 ? 1 : 0), 12);
	}
	for (int mark = 0; mark <= 100; mark += EVERY)
		lu_chart_text(to, LEFT + PLOT_W * mark / 100.0, TOP + PLOT_H + 17, "middle",
			      lu_chart_number(text, mark, 0), 12);
	put_bins(to, source, bins, ceiling);
	fputs("<path stroke=\"#1c2430\" stroke-width=\"1.5\" stroke-dasharray=\"4 3\" d=\"M", to);
	lu_svg_tenths(to, x);
	fprintf(to, " %dv%d\"/><g font-weight=\"bold\">", TOP - 6, PLOT_H + 6);
	lu_chart_text(to, LEFT, TOP - 12, "start", lu_chart_word(date, "label"), 18);
	fputs("</g>", to);
	char *words = lu_sprintf("mean %s %%", lu_chart_number(text, mean, 1));
	if (words != NULL)
		lu_chart_text(to, x, TOP - 12, x > LEFT + PLOT_W - 40 ? "end" : "middle", words, 24);
	lu_free(words);
}

void lu_chart_confidence(FILE *to, const struct lu_chart_source *source, const json_t *pair)
{
	const json_t *dates = json_object_get(source->statistics, "dates"), *date, *bin;
	size_t panels = 0, i, k;
	double most = 0;

	(void)pair;
	json_array_foreach(dates, i, date)
	{
		const json_t *bins = json_object_get(date, "confidence");
		panels += bins != NULL;
		json_array_foreach(bins, k, bin)
		{
			most = fmax(most, amount(bin) / fmax(total(bins), 1e-9));
		}
	}
	const double step = lu_chart_step(fmax(most, 0.01)), ceiling = step * ceil(fmax(most, 0.01) / step - 1e-9);
	const int rows = (int)(panels + ACROSS - 1) / ACROSS;
	lu_chart_begin(to, source, ACROSS * PANEL_W, HEAD + PANEL_H * (rows > 0 ? rows : 1), "how sure the model is",
		       panels > 0 ? "percent of the mapped area, by the model's probability of the class that is "
				    "mapped, in percent"
				  : "nothing is mapped, or it is not known",
		       "How sure the model is of the mapped cells, a histogram a date; confidence.csv has the figures");
	panels = 0;
	json_array_foreach(dates, i, date)
	{
		if (json_object_get(date, "confidence") == NULL)
			continue;
		fprintf(to, "<g transform=\"translate(%d,%d)\">\n", (int)(panels % ACROSS) * PANEL_W,
			HEAD + PANEL_H * (int)(panels / ACROSS));
		put_panel(to, source, date, ceiling);
		fputs("</g>\n", to);
		panels++;
	}
	lu_chart_end(to);
}
