/* test_detect.c: a drawn county of two and of three dates: what changed is found, what did not is left alone. */
#include "change/detect.h"

#include <math.h>

#include <unistd.h>

#include "base/memory.h"
#include "support/near.h"

enum { ROWS = 24, COLS = 128, CELLS = ROWS * COLS, CLASSES = 3, MOST_DATES = 3 };

static const double trained[CLASSES] = {1. / 3, 1. / 3, 1. / 3};
static uint16_t truth[MOST_DATES][CELLS];

struct county {
	char folder[64];
	size_t dates;
	struct lu_store *stores[MOST_DATES];
	struct lu_timelines *timelines;
	struct lu_detector *detector;
};

static double gauss(uint64_t *random)
{
	const double u = 1 - next_uniform(random), v = next_uniform(random);

	return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v);
}

/* What the network errs by on a cell's ground, which it does at every date; the rest of its error is the flight's. */
static double ground[CELLS][CLASSES];
static double of_the_ground = .7; /* the part of the variance */

static void draw_ground(void)
{
	uint64_t random = 12;

	for (int cell = 0; cell < CELLS; cell++)
		for (int k = 0; k < CLASSES; k++)
			ground[cell][k] = gauss(&random);
}

/* Answers of a network that sees 'sharp' of each class, about the truth of one date; the county's first cell is never mapped. */
static void put_date(struct lu_store *store, const uint16_t *classes, double sharp, uint64_t *random)
{
	struct lu_error err = {0};

	for (int64_t block = 0; block < CELLS / LU_BLOCK_CELLS; block++) {
		float scores[LU_BLOCK_CELLS * CLASSES] = {0};
		for (int64_t i = 0; i < LU_BLOCK_CELLS; i++) {
			const int64_t cell = block * LU_BLOCK_CELLS + i;
			double odds[CLASSES], sum = 0;
			for (int k = 0; k < CLASSES; k++) {
				const double share = classes[cell] == truth[0][cell] ? of_the_ground : 0;
				const double error = sqrt(share) * ground[cell][k] + sqrt(1 - share) * gauss(random);
				odds[k] = exp(sharp * (sharp * (k == classes[cell]) + error));
				sum += odds[k];
			}
			for (int k = 0; k < CLASSES && cell > 0; k++)
				scores[i * CLASSES + k] = (float)(odds[k] / sum);
		}
		check_ok(lu_store_put(store, block, scores, &err), err);
	}
}

/* Classes in three bands of columns; of every 50th cell the class is another from date 'when' on. */
static void draw_truth(size_t dates, size_t when)
{
	for (size_t d = 0; d < dates; d++)
		for (int cell = 0; cell < CELLS; cell++) {
			const int class = cell % COLS * CLASSES / COLS;
			truth[d][cell] = (uint16_t)((class + (cell % 50 == 7 && d >= when)) % CLASSES);
		}
}

static void open_county(struct county *county, size_t dates, double sharp, const struct lu_detect_options *options)
{
	char name[16], fingerprint[LU_SHA256_HEX];
	struct lu_error err = {0};
	uint64_t random = 11;

	make_scratch(county->folder);
	draw_ground();
	county->dates = dates;
	memset(fingerprint, 'b', LU_SHA256_HEX - 1);
	fingerprint[LU_SHA256_HEX - 1] = '\0';
	for (size_t d = 0; d < dates; d++) {
		snprintf(name, sizeof(name), "%zu", d);
		check_ok(lu_store_open(county->folder, name, fingerprint, ROWS, COLS, CLASSES, &county->stores[d], NULL,
				       &err),
			 err);
		put_date(county->stores[d], truth[d], sharp, &random);
	}
	check_ok(lu_timelines_new(county->stores, dates, ROWS, COLS, 0, NULL, 1, &county->timelines, &err), err);
	for (int64_t row = 0; row < ROWS; row++)
		check_ok(lu_timelines_sample_row(county->timelines, row, &err), err);
	check_ok(lu_detector_new(county->timelines, trained, options, &county->detector, &err), err);
}

static void close_county(struct county *county)
{
	lu_detector_free(county->detector);
	lu_timelines_free(county->timelines);
	for (size_t d = 0; d < county->dates; d++)
		lu_store_remove(county->stores[d]);
	rmdir(county->folder);
}

struct found {
	size_t flags, hits, changed, pairs_right;
	double promised,
		rate; /* the part of change that is flagged, and of cells that changed, as the detector tells them */
};

static struct found detect(struct county *county, size_t earlier, size_t later)
{
	static struct lu_detected row[COLS];
	struct lu_detection detection;
	struct found found = {0};
	struct lu_error err = {0};

	check_ok(lu_detector_begin(county->detector, earlier, later, &detection, &err), err);
	for (int64_t r = 0; r < ROWS; r++)
		check_ok(lu_detector_add(county->detector, &detection, r, NULL, &err), err);
	lu_detector_choose(county->detector, &detection);
	assert_int_equal(detection.cells, CELLS - 1);
	for (int64_t r = 0; r < ROWS; r++) {
		check_ok(lu_detector_row(county->detector, &detection, r, row, &err), err);
		for (int64_t c = 0; c < COLS; c++) {
			const int64_t cell = r * COLS + c;
			const bool changed = truth[earlier][cell] != truth[later][cell];
			if (cell == 0) {
				assert_true(row[c].changed < 0 && !row[c].flagged);
				continue;
			}
			assert_true(row[c].changed >= 0 && row[c].changed <= 1 && row[c].from != row[c].to);
			found.flags += row[c].flagged;
			found.changed += changed;
			found.hits += row[c].flagged && changed;
			found.pairs_right += row[c].flagged && row[c].from == truth[earlier][cell] &&
					     row[c].to == truth[later][cell];
		}
	}
	found.promised = detection.choice.expected_found;
	found.rate = detection.rate;
	lu_detection_release(&detection);
	return found;
}

static const struct lu_detect_options usual = {.false_discovery_rate = .05};

static void change_is_found(void **state)
{
	struct county county;

	(void)state;
	draw_truth(2, 1);
	open_county(&county, 2, 6, &usual);
	const struct found found = detect(&county, 0, 1);
	close_county(&county);
	assert_int_equal(found.changed, (CELLS - 7 + 49) / 50);
	assert_true(found.hits * 10 >= found.changed * 9);
	assert_true(found.hits * 10 >= found.flags * 9);
	assert_int_equal(found.pairs_right, found.hits);
	check_near(found.promised, (double)found.hits / (double)found.changed, .1);
	check_near(found.rate, (double)found.changed / CELLS, .004);
}

/*
 * What this network doubts, and it doubts much, it doubts at both dates nearly alike: what changed is found, since its answers
 * moved. By the odds of the two dates alone, as if they erred independently, 8 of the 62 changes were.
 */
static void doubts_that_stay_hide_no_change(void **state)
{
	struct county county;

	(void)state;
	of_the_ground = .95;
	draw_truth(2, 1);
	open_county(&county, 2, 2, &usual);
	const struct found found = detect(&county, 0, 1);
	close_county(&county);
	of_the_ground = .7;
	assert_true(found.hits * 10 >= found.changed * 8);
	assert_true(found.hits * 10 >= found.flags * 9);
}

static void nothing_changed(void **state)
{
	struct county county;

	(void)state;
	draw_truth(2, 2);
	open_county(&county, 2, 6, &usual);
	const struct found found = detect(&county, 0, 1);
	close_county(&county);
	assert_int_equal(found.changed, 0);
	assert_true(found.flags <= 1);
}

/* A pair that is forbidden is flagged nowhere, and a floor under P(changed) only takes flags away. */
static void rules_and_floors(void **state)
{
	/* Every change of the truth is of a class into the next. */
	static const double allow[CLASSES * CLASSES] = {1, 0, 1, 1, 1, 0, 0, 1, 1};
	const struct lu_detect_options forbidden = {.false_discovery_rate = .05, .allow = allow};
	const struct lu_detect_options sure = {.false_discovery_rate = .05, .min_probability = .999};
	struct county county;

	(void)state;
	draw_truth(2, 1);
	open_county(&county, 2, 6, &forbidden);
	assert_int_equal(detect(&county, 0, 1).pairs_right, 0);
	close_county(&county);
	open_county(&county, 2, 4, &usual);
	const struct found all = detect(&county, 0, 1);
	close_county(&county);
	open_county(&county, 2, 4, &sure);
	const struct found few = detect(&county, 0, 1);
	close_county(&county);
	assert_true(few.flags < all.flags && few.hits <= all.hits);
}

/* Over three dates the most probable sequence is right more often than the maps are. */
static void sequences(void **state)
{
	static uint16_t paths[COLS * MOST_DATES];
	size_t wrong_paths = 0, wrong_maps = 0;
	struct county county;
	struct lu_error err = {0};

	(void)state;
	of_the_ground = 0; /* what the network errs on at every date no sequence mends */
	draw_truth(3, 2);
	open_county(&county, 3, 3, &usual);
	for (int64_t r = 0; r < ROWS; r++) {
		const float *cells;
		check_ok(lu_detector_paths(county.detector, r, paths, &err), err);
		check_ok(lu_timelines_row(county.timelines, r, &cells, &err), err);
		for (int64_t c = 0; c < COLS; c++)
			for (int64_t d = 0; d < 3; d++) {
				const float *p = cells + (c * 3 + d) * CLASSES;
				const uint16_t right = truth[d][r * COLS + c], path = paths[c * 3 + d];
				if (r == 0 && c == 0) {
					assert_int_equal(path, LU_NOT_MAPPED);
					continue;
				}
				wrong_paths += path != right;
				wrong_maps +=
					p[(right + 1) % CLASSES] > p[right] || p[(right + 2) % CLASSES] > p[right];
			}
	}
	close_county(&county);
	of_the_ground = .7;
	assert_true(wrong_maps > 100);
	assert_true(wrong_paths * 2 < wrong_maps);
}

/* The sequences turn between two dates where the pair of these finds P(changed) above one half, and pairs further apart agree. */
static void sequences_and_flags_agree(void **state)
{
	static uint16_t paths[COLS * MOST_DATES];
	static struct lu_detected row[COLS];
	static const size_t pairs[][2] = {{0, 1}, {1, 2}, {0, 2}};
	struct lu_detection detection[3];
	size_t differ = 0, turns = 0, changes = 0;
	struct county county;
	struct lu_error err = {0};

	(void)state;
	draw_truth(3, 2);
	open_county(&county, 3, 3, &usual);
	for (size_t i = 0; i < 3; i++)
		check_ok(lu_detector_begin(county.detector, pairs[i][0], pairs[i][1], &detection[i], &err), err);
	for (int64_t r = 0; r < ROWS; r++) {
		check_ok(lu_detector_paths(county.detector, r, paths, &err), err);
		for (size_t i = 0; i < 3; i++) {
			check_ok(lu_detector_row(county.detector, &detection[i], r, row, &err), err);
			for (int64_t c = r == 0 ? 1 : 0; c < COLS; c++) {
				const uint16_t *path = paths + c * 3;
				const bool turned = path[pairs[i][0]] != path[pairs[i][1]];
				turns += turned;
				differ += turned != (row[c].changed > .5f);
				changes += truth[pairs[i][0]][r * COLS + c] != truth[pairs[i][1]][r * COLS + c];
			}
		}
	}
	for (size_t i = 0; i < 3; i++)
		lu_detection_release(&detection[i]);
	close_county(&county);
	assert_true(turns * 10 >= changes * 9 && turns * 10 <= changes * 11);
	assert_true(differ * 100 <= changes);
}

/* Another place at the later date, class for class: what the network errs on is no longer the same. */
static void dates_of_two_places_are_refused(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct lu_detection detection;
	struct county county;

	for (int places = 1; places <= 2; places++) {
		of_the_ground = places == 1 ? .7 : 0;
		draw_truth(2, 1);
		open_county(&county, 2, 3, &usual);
		check_ok(lu_detector_begin(county.detector, 0, 1, &detection, &err), err);
		assert_true(places == 1 ? detection.likeness > .6 : detection.likeness < .2);
		assert_int_equal(detection.refused, places == 2);
		lu_detection_release(&detection);
		const struct found found = detect(&county, 0, 1);
		assert_true(places == 1 ? found.hits > 0 : found.flags == 0);
		assert_int_equal(isnan(found.rate) && isnan(found.promised), places == 2);
		close_county(&county);
	}
	of_the_ground = .7;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_of_two_places_are_refused),
		cmocka_unit_test(change_is_found),
		cmocka_unit_test(doubts_that_stay_hide_no_change),
		cmocka_unit_test(nothing_changed),
		cmocka_unit_test(rules_and_floors),
		cmocka_unit_test(sequences),
		cmocka_unit_test(sequences_and_flags_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
