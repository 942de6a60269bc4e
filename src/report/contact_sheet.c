/*
 * contact_sheet.c: the surest mistakes at a glance: mistakes.png, and mistakes.csv that says what
 * they are.
 *
 * A mistake that the model is sure of is a wrong label, a mixed chip, or something that it has never
 * seen: each of them worth a look.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/memory.h"
#include "raster/photo.h"
#include "raster/picture.h"
#include "report/evaluation.h"

enum { ACROSS = 6, MOST = 36, THUMB = 128, GAP = 4, BACKGROUND = 32, DIGIT_PX = 3 };

/* Digits 0 to 9 on 3 x 5 dots, a row in three bits from the top. */
static const uint8_t digits[10][5] = {{7, 5, 5, 5, 7}, {2, 6, 2, 2, 7}, {7, 1, 7, 4, 7}, {7, 1, 7, 1, 7},
				      {5, 5, 7, 1, 1}, {7, 4, 7, 1, 7}, {7, 4, 7, 5, 7}, {7, 1, 2, 2, 2},
				      {7, 5, 7, 5, 7}, {7, 5, 7, 1, 7}};

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

static void dot(const struct sheet *sheet, int x, int y, uint8_t value)
{
	for (int b = 0; b < 3; b++)
		sheet->planes[((size_t)b * (size_t)sheet->height + (size_t)y) * (size_t)sheet->width + (size_t)x] =
			value;
}

/* A number from 1 to 99 in white on black, its corner at (x, y). */
static void put_number(const struct sheet *sheet, int x, int y, size_t number)
{
	const int places = number > 9 ? 2 : 1;

	for (int row = 0; row < 7 * DIGIT_PX; row++)
		for (int col = 0; col < (4 * places + 1) * DIGIT_PX; col++)
			dot(sheet, x + col, y + row, 0);
	for (int place = 0; place < places; place++) {
		const uint8_t *rows = digits[place == 0 && places == 2 ? number / 10 : number % 10];
		for (int row = 0; row < 5 * DIGIT_PX; row++)
			for (int col = 0; col < 3 * DIGIT_PX; col++)
				if (rows[row / DIGIT_PX] & (4 >> (col / DIGIT_PX)))
					dot(sheet, x + DIGIT_PX * (1 + 4 * place) + col, y + DIGIT_PX + row, 255);
	}
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

static enum lu_status draw(const struct lu_evaluation *evaluation, const struct mistake *mistakes, size_t count,
			   const char *path, struct lu_error *err)
{
	const struct lu_evaluation_view *v = &evaluation->views[0];
	const int across = count < ACROSS ? (int)count : ACROSS, down = ((int)count + ACROSS - 1) / ACROSS;
	struct sheet sheet = {.width = GAP + across * (THUMB + GAP), .height = GAP + down * (THUMB + GAP)};
	struct lu_photo picture = {0};
	enum lu_status status =
		lu_alloc(&sheet.planes, 3 * (size_t)sheet.width, (size_t)sheet.height, "a picture", err);

	if (status != LU_OK)
		return status;
	memset(sheet.planes, BACKGROUND, 3 * (size_t)sheet.width * (size_t)sheet.height);
	for (size_t i = 0; i < count; i++) {
		const int x = GAP + (int)i % ACROSS * (THUMB + GAP), y = GAP + (int)i / ACROSS * (THUMB + GAP);
		LU_TRY(lu_photo_read(evaluation->set->chips[v->chips[mistakes[i].at]].path, 3, evaluation->range,
				     &picture, err));
		put_thumb(&sheet, x, y, &picture);
		put_number(&sheet, x, y, i + 1);
	}
	LU_TRY(lu_picture_write(path, sheet.planes, sheet.width, sheet.height, err));
out:
	lu_photo_release(&picture);
	lu_free(sheet.planes);
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
	char *table = lu_path_join(folder, "mistakes.csv"), *picture = lu_path_join(folder, "mistakes.png");
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
