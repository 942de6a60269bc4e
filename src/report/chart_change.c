/* chart_change.c: change between two dates, as mapped: gains and losses, flows between classes, the matrix. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/svg.h"
#include "report/chart_parts.h"

enum { WIDTH = 720, TOP = 56 };

/* Gains and losses: rows of bars about a middle, with room for names, figures and the net at the right. */
enum { ROW = 28, NAMES = 160, MIDDLE = 400, HALF = 165, NET = 712 };
/* Flows. */
enum { STARTS = 190, STOPS = 514, BLOCK = 16, GAP = 12, MOST_FLOWS = 60 };
/* The matrix. */
enum { CELL_W = 66, CELL_H = 26, MATRIX_LEFT = 170, LEAN = 96 };

/* A class of a pair's transition matrix. */
struct part {
	size_t at; /* in the matrix */
	const struct lu_chart_class *class;
	double from, to; /* hectares that changed: that it lost, that it won */
	double start, stop; /* where its next flow goes, in pixels */
};
struct flow {
	size_t from, to; /* parts */
	double ha;
};

static double cell_of(const json_t *pair, size_t i, size_t j)
{
	const json_t *rows = json_object_get(json_object_get(pair, "transition"), "area_ha");

	return json_number_value(json_array_get(json_array_get(rows, i), j));
}

/* The classes that occur in the matrix, for lu_free; uncertain cells and what is not mapped are none. */
static struct part *list_parts(const struct lu_chart_source *source, const json_t *pair, size_t *count)
{
	const json_t *values = json_object_get(json_object_get(pair, "transition"), "values");
	const size_t n = json_array_size(values);
	struct part *parts = NULL;

	*count = 0;
	if (lu_alloc(&parts, n + 1, sizeof(*parts), "a figure", NULL) != LU_OK)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		const int value = (int)json_integer_value(json_array_get(values, i));
		struct part part = {.at = i, .class = lu_chart_class_of(source, value)};
		double all = 0;
		if (value == 0 || value == source->uncertain || part.class == NULL)
			continue;
		for (size_t j = 0; j < n; j++) {
			const int other = (int)json_integer_value(json_array_get(values, j));
			all += cell_of(pair, i, j) + cell_of(pair, j, i);
			if (j == i || other == 0 || other == source->uncertain)
				continue;
			part.from += cell_of(pair, i, j);
			part.to += cell_of(pair, j, i);
		}
		if (all > 0)
			parts[(*count)++] = part;
	}
	return parts;
}

static void begin(FILE *to, const struct lu_chart_source *source, const json_t *pair, int width, int height,
		  const char *what, const char *below, const char *said)
{
	char *title = lu_sprintf("%s, %s to %s", what, lu_chart_word(pair, "earlier"), lu_chart_word(pair, "later"));
	char *line = lu_sprintf("%s, as mapped%s", lu_area_unit_words[source->unit], below);

	lu_chart_begin(to, source, width, height, title != NULL ? title : what, line != NULL ? line : "", said);
	lu_free(title);
	lu_free(line);
}

static void put_bar(FILE *to, const struct lu_chart_source *source, double x, double y, double width, const char *fill,
		    const char *name, const char *verb, double hectares)
{
	char text[LU_CHART_TEXT];
	char *tip = lu_sprintf("%s %s %s %s", name, verb, lu_chart_area(text, source, hectares, false),
			       lu_area_unit_signs[source->unit]);

	fprintf(to, "<rect height=\"16\" stroke=\"#333\" stroke-width=\"0.5\" fill=\"%s\"", fill);
	lu_chart_at(to, "x", x);
	lu_chart_at(to, "y", y);
	lu_chart_at(to, "width", width);
	fputc('>', to);
	if (tip != NULL)
		lu_chart_tip(to, tip);
	fputs("</rect>", to);
	lu_free(tip);
}

void lu_chart_gains(FILE *to, const struct lu_chart_source *source, const json_t *pair)
{
	char *id = lu_chart_pair_id(pair);
	const json_t *classes = json_object_get(pair, "classes"), *class;
	size_t i, rows = 0;
	double most = 0;
	char text[LU_CHART_TEXT];

	json_array_foreach(classes, i, class)
	{
		const json_t *area = json_object_get(class, "area_ha");
		const double larger = fmax(lu_chart_figure(area, "gain"), lu_chart_figure(area, "loss"));
		rows += larger > 0;
		most = fmax(most, larger);
	}
	begin(to, source, pair, WIDTH, TOP + 22 + ROW * (int)(rows > 0 ? rows : 1), "gains and losses",
	      rows > 0 ? "; hatched: lost, full: gained" : ": the two maps do not differ",
	      "Area that every class lost and gained; the table of gains and losses has the figures");
	if (rows > 0) {
		lu_chart_text(to, MIDDLE - 8, TOP + 8, "end", "lost", 8);
		lu_chart_text(to, MIDDLE + 8, TOP + 8, "start", "gained", 8);
		lu_chart_text(to, NET, TOP + 8, "end", "net", 8);
	}
	rows = 0;
	json_array_foreach(classes, i, class)
	{
		const json_t *area = json_object_get(class, "area_ha");
		const double gain = lu_chart_figure(area, "gain"), loss = lu_chart_figure(area, "loss");
		const struct lu_chart_class *own = lu_chart_class_of(source, (int)lu_chart_figure(class, "value"));
		const double y = TOP + 16 + ROW * (double)rows, left = HALF * loss / fmax(most, 1e-9),
			     right = HALF * gain / fmax(most, 1e-9);
		if ((gain <= 0 && loss <= 0) || own == NULL)
			continue;
		fprintf(to,
			"<defs><pattern id=\"lost-%s-%d\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\" "
			"patternTransform=\"rotate(45)\"><rect width=\"4\" height=\"4\" fill=\"#fff\"/><rect "
			"width=\"2\" "
			"height=\"4\" fill=\"%s\"/></pattern></defs>",
			id != NULL ? id : "", own->value, own->colour);
		char *hatch = lu_sprintf("url(#lost-%s-%d)", id != NULL ? id : "", own->value);
		lu_chart_text(to, NAMES - 8, y + 13, "end", own->name, 22);
		put_bar(to, source, MIDDLE - left, y, left, hatch != NULL ? hatch : "none", own->name, "lost", loss);
		put_bar(to, source, MIDDLE, y, right, own->colour, own->name, "gained", gain);
		lu_free(hatch);
		lu_chart_text(to, MIDDLE - left - 6, y + 13, "end", lu_chart_area(text, source, -loss, true), 16);
		lu_chart_text(to, MIDDLE + right + 6, y + 13, "start", lu_chart_area(text, source, gain, true), 16);
		lu_chart_text(to, NET, y + 13, "end", lu_chart_area(text, source, lu_chart_figure(area, "net"), true),
			      16);
		rows++;
	}
	if (rows > 0)
		fprintf(to, "<path stroke=\"#333\" d=\"M%d %dv%d\"/>\n", MIDDLE, TOP + 12, ROW * (int)rows);
	lu_chart_end(to);
	lu_free(id);
}

static int larger_first(const void *a, const void *b)
{
	const struct flow *left = a, *right = b;

	if (left->ha != right->ha)
		return left->ha < right->ha ? 1 : -1;
	return left->from != right->from ? (left->from > right->from) - (left->from < right->from)
					 : (left->to > right->to) - (left->to < right->to);
}

/* By their places, so that flows of one class lie beside each other as their ends do. */
static int in_order(const void *a, const void *b)
{
	const struct flow *left = a, *right = b;

	return left->from != right->from ? (left->from > right->from) - (left->from < right->from)
					 : (left->to > right->to) - (left->to < right->to);
}

/* Thin blocks take more than their share: their names have two lines. */
static double block_height(double size)
{
	return fmax(size, 22) + GAP;
}

static double side_height(const struct part *parts, size_t count, bool starts, double scale)
{
	double height = 0;

	for (size_t i = 0; i < count; i++) {
		const double ha = starts ? parts[i].from : parts[i].to;
		height += ha > 0 ? block_height(ha * scale) : 0;
	}
	return height;
}

/* One side: a block a class, as high as what changed of it. */
static void put_side(FILE *to, const struct lu_chart_source *source, struct part *parts, size_t count, bool starts,
		     double scale)
{
	char text[LU_CHART_TEXT];
	double y = TOP;

	for (size_t i = 0; i < count; i++) {
		const double ha = starts ? parts[i].from : parts[i].to, size = ha * scale;
		if (ha <= 0)
			continue;
		*(starts ? &parts[i].start : &parts[i].stop) = y;
		fprintf(to, "<rect x=\"%d\" width=\"%d\" fill=\"%s\" stroke=\"#333\"", starts ? STARTS : STOPS, BLOCK,
			parts[i].class->colour);
		lu_chart_at(to, "y", y);
		lu_chart_at(to, "height", fmax(size, 1));
		fputs("/>", to);
		const double at = starts ? STARTS - 6 : STOPS + BLOCK + 6;
		lu_chart_text(to, at, y + size / 2 - 2, starts ? "end" : "start", parts[i].class->name, 24);
		fputs("<g fill=\"#4a5565\">", to);
		lu_chart_text(to, at, y + size / 2 + 13, starts ? "end" : "start",
			      lu_chart_area(text, source, ha, false), 16);
		fputs("</g>\n", to);
		y += block_height(size);
	}
}

static void put_flow(FILE *to, const struct lu_chart_source *source, struct part *a, struct part *b, double ha,
		     double scale)
{
	const int x0 = STARTS + BLOCK, middle = (STARTS + BLOCK + STOPS) / 2;
	const double size = ha * scale;
	char text[LU_CHART_TEXT];

	fprintf(to, "<path fill=\"%s\" fill-opacity=\"0.6\" stroke=\"#555\" stroke-width=\"0.4\" d=\"M%d ",
		b->class->colour, x0);
	const double ends[][2] = {{a->start, b->stop}, {b->stop + size, a->start + size}};
	lu_svg_tenths(to, a->start);
	for (int way = 0; way < 2; way++) {
		fprintf(to, "C%d ", middle);
		lu_svg_tenths(to, ends[way][0]);
		fprintf(to, " %d ", middle);
		lu_svg_tenths(to, ends[way][1]);
		fprintf(to, " %d ", way == 0 ? STOPS : x0);
		lu_svg_tenths(to, ends[way][1]);
		if (way == 0) {
			fputs("V", to);
			lu_svg_tenths(to, ends[1][0]);
		}
	}
	fputs("z\">", to);
	char *tip = lu_sprintf("%s to %s: %s %s", a->class->name, b->class->name,
			       lu_chart_area(text, source, ha, false), lu_area_unit_signs[source->unit]);
	if (tip != NULL)
		lu_chart_tip(to, tip);
	lu_free(tip);
	fputs("</path>\n", to);
	a->start += size;
	b->stop += size;
}

/* All flows of a pair, for lu_free; of very many the largest. */
static struct flow *list_flows(const json_t *pair, struct part *parts, size_t count, size_t *flow_count,
			       double *left_out)
{
	struct flow *flows = NULL;
	size_t n = 0;

	*flow_count = 0;
	*left_out = 0;
	if (lu_alloc(&flows, count * count + 1, sizeof(*flows), "a figure", NULL) != LU_OK)
		return NULL;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++)
			if (i != j && cell_of(pair, parts[i].at, parts[j].at) > 0)
				flows[n++] = (struct flow){i, j, cell_of(pair, parts[i].at, parts[j].at)};
	qsort(flows, n, sizeof(*flows), larger_first);
	for (size_t i = MOST_FLOWS; i < n; i++)
		*left_out += flows[i].ha;
	*flow_count = n < MOST_FLOWS ? n : MOST_FLOWS;
	qsort(flows, *flow_count, sizeof(*flows), in_order);
	return flows;
}

void lu_chart_flows(FILE *to, const struct lu_chart_source *source, const json_t *pair)
{
	size_t count, flow_count = 0, starts = 0, stops = 0;
	double all = 0, left_out = 0;
	struct part *parts = list_parts(source, pair, &count);
	struct flow *flows = parts != NULL ? list_flows(pair, parts, count, &flow_count, &left_out) : NULL;

	for (size_t i = 0; i < count; i++) {
		all += parts[i].from;
		starts += parts[i].from > 0;
		stops += parts[i].to > 0;
	}
	const size_t blocks = starts > stops ? starts : stops;
	const double scale = all > 0 ? 24.0 * (double)(blocks > 8 ? blocks : 8) / all : 0;
	const double left = side_height(parts, count, true, scale), right = side_height(parts, count, false, scale);
	const int height = TOP + (int)fmax(left, right) + 10;
	char below[120], text[LU_CHART_TEXT];
	snprintf(below, sizeof(below), ": the two maps do not differ");
	if (left_out > 0)
		snprintf(below, sizeof(below), "; the %d largest flows, without %s %s of smaller ones", MOST_FLOWS,
			 lu_chart_area(text, source, left_out, false), lu_area_unit_signs[source->unit]);
	else if (flow_count > 0)
		snprintf(below, sizeof(below), "; what changed class, in the colour of what it became");
	begin(to, source, pair, WIDTH, flow_count > 0 ? height : TOP, "flows between classes", below,
	      "Areas that changed class, earlier on the left, later on the right; the matrix has the figures");
	if (flow_count > 0) {
		put_side(to, source, parts, count, true, scale);
		put_side(to, source, parts, count, false, scale);
	}
	for (size_t i = 0; i < flow_count; i++)
		put_flow(to, source, &parts[flows[i].from], &parts[flows[i].to], flows[i].ha, scale);
	lu_chart_end(to);
	lu_free(flows);
	lu_free(parts);
}

void lu_chart_matrix(FILE *to, const struct lu_chart_source *source, const json_t *pair)
{
	size_t count;
	struct part *parts = list_parts(source, pair, &count);
	const int n = (int)count, top = TOP + 104;
	const int wanted = MATRIX_LEFT + (n + 1) * CELL_W + LEAN, width = wanted > WIDTH ? wanted : WIDTH;
	double most = 0;
	char text[LU_CHART_TEXT];

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++)
			most = fmax(most, i != j ? cell_of(pair, parts[i].at, parts[j].at) : 0);
	begin(to, source, pair, width, top + n * CELL_H + 12, "from what to what",
	      "; rows: earlier, columns: later; the darker, the more; framed: unchanged",
	      "The transition matrix; the table has the figures");
	for (size_t i = 0; i < count; i++) {
		const int y = top + (int)i * CELL_H, x = MATRIX_LEFT + (int)i * CELL_W;
		double row = 0;
		lu_chart_text(to, MATRIX_LEFT - 8, y + 17, "end", parts[i].class->name, 22);
		fprintf(to, "<g transform=\"translate(%d,%d) rotate(-45)\">", x + CELL_W / 2, top - 8);
		lu_chart_text(to, 0, 0, "start", parts[i].class->name, 18);
		fputs("</g>", to);
		for (size_t j = 0; j < count; j++) {
			const double ha = cell_of(pair, parts[i].at, parts[j].at);
			const double shade = i != j && ha > 0 ? 0.08 + 0.52 * ha / most : 0;
			row += ha;
			fprintf(to,
				"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#d95f02\" "
				"fill-opacity=\"0.%03d\" "
				"stroke=\"%s\"/>",
				MATRIX_LEFT + (int)j * CELL_W + 1, y + 1, CELL_W - 2, CELL_H - 2,
				(int)lround(1000 * shade), i == j ? "#1c2430" : "#c9d0d9");
			lu_chart_text(to, MATRIX_LEFT + (int)j * CELL_W + CELL_W - 7, y + 17, "end",
				      ha > 0 ? lu_chart_area(text, source, ha, false) : "\xe2\x80\x93", 10);
		}
		lu_chart_text(to, MATRIX_LEFT + n * CELL_W + CELL_W - 7, y + 17, "end",
			      lu_chart_area(text, source, row, false), 12);
		fputc('\n', to);
	}
	if (n > 0) {
		char *all = lu_sprintf("all of %s", lu_chart_word(pair, "earlier"));
		fprintf(to, "<g transform=\"translate(%d,%d) rotate(-45)\">", MATRIX_LEFT + n * CELL_W + CELL_W / 2,
			top - 8);
		lu_chart_text(to, 0, 0, "start", all != NULL ? all : "all", 18);
		fputs("</g>", to);
		lu_free(all);
	}
	lu_chart_end(to);
	lu_free(parts);
}
