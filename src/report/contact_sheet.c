/*
 * contact_sheet.c: the surest mistakes at a glance: mistakes.svg, pictures with words below them, and mistakes.csv with all
 * of them.
 *
 * A mistake that the model is sure of is a wrong label, a mixed chip, or something that it has never
 * seen: each of them worth a look.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/svg.h"
#include "base/text_stream.h"
#include "raster/photo.h"
#include "raster/picture.h"
#include "report/evaluation.h"

enum {
	ACROSS = 6,
	MOST = 36,
	THUMB = 128,
	GAP = 12,
	LEAST_ACROSS = 2,
	WORDS = 44,
	TOP = 34,
	BACKGROUND = 255,
	MOST_LETTERS = 20
};

struct mistake {
	size_t at; /* in the view's lists */
	float confidence;
};

/* Surest first; of equals, the earlier in the set. */
static int by_confidence(const void *a, const void *b)
{
	const struct mistake *left = a, *right = b;

	if (left->confidence != right->confidence)
		return left->confidence < right->confidence ? 1 : -1;
	return (left->at > right->at) - (left->at < right->at);
}

struct sheet {
	uint8_t *planes; /* 3 x height x width */
	int width, height;
};

/* The corner of picture 'i'. */
static int left_of(size_t i)
{
	return GAP + (int)i % ACROSS * (THUMB + GAP);
}

static int top_of(size_t i)
{
	return TOP + (int)i / ACROSS * (THUMB + WORDS + GAP);
}

/* The picture's centred square in the thumb whose corner is at (x, y): the nearest pixel, for a glance. */
static void put_thumb(const struct sheet *sheet, int x, int y, const struct lu_photo *picture)
{
	const int side = picture->width < picture->height ? picture->width : picture->height;
	const int left = (picture->width - side) / 2, top = (picture->height - side) / 2;
	const size_t plane = (size_t)picture->width * (size_t)picture->height;

	for (int row = 0; row < THUMB; row++) {
		for (int col = 0; col < THUMB; col++) {
			const size_t from = (size_t)(top + row * side / THUMB) * (size_t)picture->width +
					    (size_t)(left + col * side / THUMB);
			for (int b = 0; b < 3; b++)
				sheet->planes[((size_t)b * (size_t)sheet->height + (size_t)(y + row)) *
						      (size_t)sheet->width +
					      (size_t)(x + col)] = picture->pixels[(size_t)b * plane + from];
		}
	}
}

/* The pictures alone, on a sheet whose layout is the drawing's. */
static enum lu_status draw_sheet(const struct lu_evaluation *evaluation, const struct mistake *mistakes, size_t count,
				 struct sheet *sheet, struct lu_error *err)
{
	const struct lu_evaluation_view *v = &evaluation->views[0];
	struct lu_photo picture = {0};
	enum lu_status status;

	LU_TRY(lu_alloc(&sheet->planes, 3 * (size_t)sheet->width, (size_t)sheet->height, "a picture", err));
	memset(sheet->planes, BACKGROUND, 3 * (size_t)sheet->width * (size_t)sheet->height);
	for (size_t i = 0; i < count; i++) {
		LU_TRY(lu_photo_read(evaluation->set->chips[v->chips[mistakes[i].at]].path, 3, evaluation->range,
				     &picture, err));
		put_thumb(sheet, left_of(i), top_of(i), &picture);
	}
out:
	lu_photo_release(&picture);
	return status;
}

/* At most MOST_LETTERS characters of a name, so that it stays below its picture. */
static void put_name(FILE *to, const char *name)
{
	char shown[4 * MOST_LETTERS + 8];
	size_t bytes = 0;

	for (int letters = 0; name[bytes] != '\0' && bytes + 8 < sizeof(shown); bytes++) {
		letters += ((unsigned char)name[bytes] & 0xc0) != 0x80;
		if (letters > MOST_LETTERS)
			break;
	}
	snprintf(shown, sizeof(shown), "%.*s%s", (int)bytes, name, name[bytes] != '\0' ? "..." : "");
	lu_svg_text(to, shown);
}

static void put_words(FILE *to, const struct lu_evaluation_view *v, const struct mistake *mistake, size_t i)
{
	const int x = left_of(i), y = top_of(i) + THUMB;

	fprintf(to, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%zu. ", x, y + 12, i + 1);
	put_name(to, v->view.classes[v->reference[mistake->at]]);
	fprintf(to, "</text>\n<text x=\"%d\" y=\"%d\">mapped as</text>\n<text x=\"%d\" y=\"%d\">", x, y + 25, x,
		y + 38);
	put_name(to, v->view.classes[v->predicted[mistake->at]]);
	fprintf(to, ", %.0f %%</text>\n", 100 * (double)mistake->confidence);
}

static enum lu_status draw(const struct lu_evaluation *evaluation, const struct mistake *mistakes, size_t count,
			   const char *path, struct lu_error *err)
{
	const int across = count < LEAST_ACROSS ? LEAST_ACROSS : count < ACROSS ? (int)count : ACROSS;
	const int down = ((int)count + ACROSS - 1) / ACROSS;
	struct sheet sheet = {.width = GAP + across * (THUMB + GAP),
			      .height = top_of(0) + down * (THUMB + WORDS + GAP)};
	struct lu_text_stream stream = {0};
	char *svg = NULL, *base64 = NULL;
	uint8_t *png = NULL;
	size_t size = 0;
	enum lu_status status;

	LU_TRY(draw_sheet(evaluation, mistakes, count, &sheet, err));
	LU_TRY(lu_picture_png(sheet.planes, sheet.width, sheet.height, &png, &size, err));
	base64 = lu_base64("data:image/png;base64,", png, size);
	LU_TRY(base64 != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a picture"));
	LU_TRY(lu_text_begin(&stream, "a picture", err));
	fprintf(stream.to,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" "
		"font-size=\"11\">\n<image width=\"%d\" height=\"%d\" href=\"%s\"/>\n",
		sheet.width, sheet.height, sheet.width, sheet.height, base64);
	fprintf(stream.to, "<text x=\"%d\" y=\"22\" font-size=\"15\">The surest mistakes</text>\n", GAP);
	for (size_t i = 0; i < count; i++)
		put_words(stream.to, &evaluation->views[0], &mistakes[i], i);
	fputs("</svg>\n", stream.to);
	LU_TRY(lu_text_finish(&stream, &svg, err));
	LU_TRY(lu_file_write(path, svg, strlen(svg), err));
out:
	lu_free(sheet.planes);
	lu_free(base64);
	lu_free(png);
	lu_free(svg);
	return status;
}

static enum lu_status write_table(const struct lu_evaluation *evaluation, const struct mistake *mistakes, size_t count,
				  const char *path, struct lu_error *err)
{
	static const char *const header[] = {"number", "path", "reference", "predicted", "confidence"};
	const struct lu_evaluation_view *v = &evaluation->views[0];
	struct lu_csv csv = {0};

	lu_csv_row(&csv, header, sizeof(header) / sizeof(header[0]));
	for (size_t i = 0; i < count; i++) {
		const size_t at = mistakes[i].at;
		lu_csv_count(&csv, i + 1);
		lu_csv_text(&csv, evaluation->set->chips[v->chips[at]].path);
		lu_csv_text(&csv, v->view.classes[v->reference[at]]);
		lu_csv_text(&csv, v->view.classes[v->predicted[at]]);
		lu_csv_fixed(&csv, v->confidence[at], 4);
		lu_csv_end_row(&csv);
	}
	const enum lu_status status = lu_csv_write(&csv, path, err);
	lu_csv_release(&csv);
	return status;
}

/* The surest 'MOST' are drawn, all are in the table. */
enum lu_status lu_contact_sheet(const struct lu_evaluation *evaluation, const char *folder, struct lu_error *err)
{
	const struct lu_evaluation_view *v = &evaluation->views[0];
	struct mistake *mistakes = NULL;
	size_t count = 0;
	char *table = lu_path_join(folder, "mistakes.csv"), *picture = lu_path_join(folder, "mistakes.svg");
	enum lu_status status;

	LU_TRY(table != NULL && picture != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_alloc(&mistakes, v->metrics.n, sizeof(*mistakes), "mistakes", err));
	for (size_t i = 0; i < v->metrics.n; i++)
		if (v->reference[i] != v->predicted[i])
			mistakes[count++] = (struct mistake){.at = i, .confidence = v->confidence[i]};
	if (count > 0)
		qsort(mistakes, count, sizeof(*mistakes), by_confidence);
	LU_TRY(write_table(evaluation, mistakes, count, table, err));
	if (count > 0)
		LU_TRY(draw(evaluation, mistakes, count < MOST ? count : MOST, picture, err));
out:
	lu_free(mistakes);
	lu_free(table);
	lu_free(picture);
	return status;
}
