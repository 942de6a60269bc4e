/*
 * detect_county.c: the detector of change on counties whose answers come from a pipe; change_real.py makes them.
 *
 *	detect_county FOLDER <COUNTIES >VERDICTS
 *
 * FOLDER holds the scores meanwhile. A county is a head, the classes' shares in training (doubles) and the answers of each
 * date (floats: row by row, 'classes' a cell). Out comes, for its first and last date, a foot, P(changed) of each cell
 * (floats; flagged are those from the threshold on), its classes if it changed (before x 100 + after, from 0), then the most
 * probable sequences (16 bits each, cell by cell).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "change/detect.h"
#include "change/timeline.h"

struct head {
	int64_t rows, cols, classes, dates;
	double false_discovery_rate, min_probability, rate, scale;
};

struct foot {
	double rate, threshold, expected_false, expected_found;
};

struct county {
	struct head head;
	double *trained;
	struct lu_store *stores[LU_MAX_DATES];
	struct lu_timelines *timelines;
	struct lu_detector *detector;
	struct lu_detection detection;
	float *scores; /* one row, made whole blocks */
	float *changed;
	uint16_t *kinds, *paths;
};

static enum lu_status take(void *to, size_t bytes, struct lu_error *err)
{
	return fread(to, 1, bytes, stdin) == bytes ? LU_OK : lu_fail(err, LU_ERROR_FORMAT, "the counties end early");
}

static enum lu_status read_date(struct county *county, struct lu_store *store, struct lu_error *err)
{
	const size_t classes = (size_t)county->head.classes;
	const int64_t across = lu_store_blocks_across(store);
	enum lu_status status = LU_OK;

	for (int64_t row = 0; row < county->head.rows; row++) {
		LU_TRY(take(county->scores, (size_t)county->head.cols * classes * sizeof(float), err));
		for (int64_t b = 0; b < across; b++)
			LU_TRY(lu_store_put(store, row * across + b,
					    county->scores + (size_t)b * LU_BLOCK_CELLS * classes, err));
	}
out:
	return status;
}

static enum lu_status read_county(struct county *county, const char *folder, struct lu_error *err)
{
	const struct head *head = &county->head;
	const size_t cells = (size_t)(head->rows * head->cols);
	char fingerprint[LU_SHA256_HEX] = "", name[24];
	enum lu_status status;

	memset(fingerprint, 'b', LU_SHA256_HEX - 1);
	LU_TRY(lu_alloc(&county->trained, (size_t)head->classes, sizeof(double), "a county", err));
	LU_TRY(lu_alloc(&county->scores, (size_t)((head->cols + LU_BLOCK_CELLS) * head->classes), sizeof(float),
			"a county", err));
	LU_TRY(lu_alloc(&county->changed, cells, sizeof(float), "a county", err));
	LU_TRY(lu_alloc(&county->kinds, cells, sizeof(uint16_t), "a county", err));
	LU_TRY(lu_alloc(&county->paths, cells * (size_t)head->dates, sizeof(uint16_t), "a county", err));
	LU_TRY(take(county->trained, (size_t)head->classes * sizeof(double), err));
	for (size_t d = 0; d < (size_t)head->dates; d++) {
		snprintf(name, sizeof(name), "date%zu", d);
		LU_TRY(lu_store_open(folder, name, fingerprint, head->rows, head->cols, (size_t)head->classes,
				     &county->stores[d], NULL, err));
		LU_TRY(read_date(county, county->stores[d], err));
	}
out:
	return status;
}

static enum lu_status detect(struct county *county, struct lu_error *err)
{
	const struct head *head = &county->head;
	const struct lu_detect_options options = {.false_discovery_rate = head->false_discovery_rate,
						  .min_probability = head->min_probability,
						  .rate = head->rate};
	struct lu_detected *row = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&row, (size_t)head->cols, sizeof(*row), "a row", err));
	LU_TRY(lu_timelines_new(county->stores, (size_t)head->dates, head->rows, head->cols, 0, NULL, head->scale,
				&county->timelines, err));
	for (int64_t r = 0; r < head->rows; r++)
		LU_TRY(lu_timelines_sample_row(county->timelines, r, err));
	LU_TRY(lu_detector_new(county->timelines, county->trained, &options, &county->detector, err));
	LU_TRY(lu_detector_begin(county->detector, 0, (size_t)head->dates - 1, &county->detection, err));
	for (int64_t r = 0; r < head->rows; r++)
		LU_TRY(lu_detector_add(county->detector, &county->detection, r, NULL, err));
	lu_detector_choose(county->detector, &county->detection);
	for (int64_t r = 0; r < head->rows; r++) {
		const size_t at = (size_t)(r * head->cols);
		LU_TRY(lu_detector_row(county->detector, &county->detection, r, row, err));
		for (size_t c = 0; c < (size_t)head->cols; c++) {
			county->changed[at + c] = row[c].changed;
			county->kinds[at + c] = (uint16_t)(row[c].from * 100 + row[c].to);
		}
		LU_TRY(lu_detector_paths(county->detector, r, county->paths + at * (size_t)head->dates, err));
	}
out:
	lu_free(row);
	return status;
}

static void tell(const struct county *county)
{
	const size_t cells = (size_t)(county->head.rows * county->head.cols);
	const struct foot foot = {county->detection.rate, county->detection.choice.threshold,
				  county->detection.choice.expected_false, county->detection.choice.expected_found};

	fwrite(&foot, sizeof(foot), 1, stdout);
	fwrite(county->changed, sizeof(float), cells, stdout);
	fwrite(county->kinds, sizeof(uint16_t), cells, stdout);
	fwrite(county->paths, sizeof(uint16_t), cells * (size_t)county->head.dates, stdout);
	fflush(stdout);
}

static void release(struct county *county)
{
	lu_detection_release(&county->detection);
	lu_detector_free(county->detector);
	lu_timelines_free(county->timelines);
	for (size_t d = 0; d < LU_MAX_DATES; d++)
		if (county->stores[d] != NULL)
			lu_store_remove(county->stores[d]);
	lu_free(county->trained);
	lu_free(county->scores);
	lu_free(county->changed);
	lu_free(county->kinds);
	lu_free(county->paths);
}

int main(int argc, char **argv)
{
	struct lu_error err = {0};
	struct head head;
	enum lu_status status = LU_OK;

	if (argc != 2) {
		fputs("usage: detect_county FOLDER <COUNTIES >VERDICTS\n", stderr);
		return 2;
	}
	while (status == LU_OK && fread(&head, sizeof(head), 1, stdin) == 1) {
		struct county county = {.head = head};
		status = read_county(&county, argv[1], &err);
		if (status == LU_OK)
			status = detect(&county, &err);
		if (status == LU_OK)
			tell(&county);
		release(&county);
	}
	if (status != LU_OK)
		fprintf(stderr, "%s\n", err.text);
	return status != LU_OK;
}
