/*
 * confusion_svg.c: a confusion matrix as a picture.
 *
 * Rows = map, columns = reference. A cell is shaded by its share of the reference class (column), so
 * a rare class is as visible as a common one; green on the diagonal, red off it; the count stands in
 * the cell.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/svg.h"
#include "base/text_stream.h"
#include "report/evaluation.h"

enum { CELL = 34, LEAST_LABELS = 170, TOP = 220, MARGIN = 16, LETTER = 7, TITLE_LETTER = 9 };

/* Where things stand: letters of a proportional font are at most about so wide, and nothing may be cut off. */
struct frame {
	int labels, width;
};

static int larger(int a, int b)
{
	return a > b ? a : b;
}

static struct frame frame_of(const struct lu_evaluation_view *v)
{
	static const char longest_line[] = "rows = map (predicted), columns = reference;";
	const int count = (int)v->metrics.class_count;
	struct frame frame = {.labels = LEAST_LABELS};

	for (int k = 0; k < count; k++)
		frame.labels = larger(frame.labels, MARGIN + LETTER * (int)strlen(v->view.classes[k]));
	frame.width = larger(frame.labels + count * CELL, MARGIN + TITLE_LETTER * (int)strlen(v->view.name));
	frame.width = larger(frame.width, MARGIN + LETTER * (int)strlen(longest_line));
	/* The columns' names lean to the right by 60 degrees, of which the cosine is one half. */
	for (int k = 0; k < count; k++)
		frame.width = larger(frame.width,
				     frame.labels + k * CELL + CELL / 2 + LETTER * (int)strlen(v->view.classes[k]) / 2);
	frame.width += MARGIN;
	return frame;
}

static void put_cell(FILE *to, const struct lu_metrics *m, int labels, size_t row, size_t col)
{
	const uint64_t n = m->confusion[row * m->class_count + col];
	const double share = m->classes[col].support > 0 ? (double)n / (double)m->classes[col].support : 0;
	const int x = labels + (int)col * CELL, y = TOP + (int)row * CELL;
	/* White to full colour; the root lifts small shares off the paper. */
	const double depth = sqrt(share);
	const int fade = (int)lround(255 - 185 * depth), kept = (int)lround(255 - 60 * depth);

	fprintf(to, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"rgb(%d,%d,%d)\"/>", x, y, CELL - 1,
		CELL - 1, row == col ? fade : kept, row == col ? kept : fade, fade);
	if (n > 0)
		fprintf(to, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%" PRIu64 "</text>", x + CELL / 2,
			y + CELL / 2 + 4, n);
	fputc('\n', to);
}

enum lu_status lu_confusion_svg(const struct lu_evaluation_view *v, char **svg, struct lu_error *err)
{
	const struct lu_metrics *m = &v->metrics;
	const int side = (int)m->class_count * CELL;
	const struct frame frame = frame_of(v);
	struct lu_text_stream stream;
	const enum lu_status status = lu_text_begin(&stream, "a picture", err);

	*svg = NULL;
	if (status != LU_OK)
		return status;
	FILE *to = stream.to;
	fprintf(to,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" "
		"font-size=\"11\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
		frame.width, TOP + side + MARGIN);
	fprintf(to, "<text x=\"%d\" y=\"24\" font-size=\"15\">", MARGIN);
	lu_svg_text(to, v->view.name);
	fprintf(to,
		"</text>\n<text x=\"%d\" y=\"44\">%" PRIu64 " of %" PRIu64 " chips right, %.2f %%</text>\n"
		"<text x=\"%d\" y=\"60\" fill=\"#555\">95 %% interval %.2f to %.2f %%</text>\n",
		MARGIN, m->right, m->n, 100 * m->accuracy, MARGIN, 100 * m->low, 100 * m->high);
	fprintf(to,
		"<text x=\"%d\" y=\"76\" fill=\"#555\">rows = map (predicted), columns = reference;</text>\n"
		"<text x=\"%d\" y=\"92\" fill=\"#555\">shade = share of the reference class</text>\n",
		MARGIN, MARGIN);
	for (size_t k = 0; k < m->class_count; k++) {
		const int middle = (int)k * CELL + CELL / 2 + 4;
		fprintf(to, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", frame.labels - 6, TOP + middle);
		lu_svg_text(to, v->view.classes[k]);
		fprintf(to, "</text><text transform=\"translate(%d,%d) rotate(-60)\">", frame.labels + middle, TOP - 6);
		lu_svg_text(to, v->view.classes[k]);
		fputs("</text>\n", to);
	}
	for (size_t row = 0; row < m->class_count; row++)
		for (size_t col = 0; col < m->class_count; col++)
			put_cell(to, m, frame.labels, row, col);
	fputs("</svg>\n", to);
	return lu_text_finish(&stream, svg, err);
}
