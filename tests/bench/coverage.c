/*
 * coverage.c: how often the 95 % intervals of adjusted areas hold the truth.
 *
 * A made-up county of 200,000 cells, of which it is known what the map says and what is true. A
 * thousand times a sample is designed and drawn by accuracy/sample.h, labelled without error, and
 * assessed by accuracy/estimate.h; then the true area lies in the interval, or it does not. A good
 * interval holds it 950 times, give or take 14 (two standard errors of this simulation).
 *
 *	coverage [SAMPLES]	a table on stdout; exit code 1 when a line that should be good is not
 *
 * By Wald's rule what decides is how many places the sample is likely to find where the class was omitted: mapped as
 * something else. A rare class has few, each stands for a large area, and a sample that happens to find none of them is
 * sure of a figure that is too low. Wilson's, gamma and MOVER limits hold there, too.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "accuracy/estimate.h"
#include "accuracy/sample.h"
#include "base/memory.h"

enum { MOST = 8, CELLS = 200000, SAMPLES = 1000 };

/* Shares of the county: rows = map, columns = truth. */
struct county {
	const char *name;
	size_t count;
	const char *classes[MOST];
	double share[MOST][MOST];
};

struct design {
	uint64_t size, minimum;
	enum lu_allocation allocation;
	const char *name;
};

/* A line of the table: of a county, a design and the class that is looked at. */
struct line {
	const struct county *county;
	struct design design;
	size_t class;
	bool good; /* Wald's coverage should be 93 to 97 % */
};

/* A map of classes, 88 % right. Barren is rare: 1 % of the ground, a tenth of it omitted. */
static const struct county classes = {"classes",
				      6,
				      {"Water", "Developed", "Barren", "Forest", "Herbaceous", "Cultivated"},
				      {{.058, .001, .000, .001, .000, .000},
				       {.001, .220, .0003, .010, .008, .015},
				       {.000, .001, .009, .000, .000, .001},
				       {.001, .008, .0003, .370, .006, .010},
				       {.000, .004, .0002, .008, .060, .010},
				       {.000, .012, .0002, .010, .010, .165}}};

/* The same with little omission: a map that rather calls too much barren than too little. */
static const struct county careful = {"classes, rare one mapped generously",
				      6,
				      {"Water", "Developed", "Barren", "Forest", "Herbaceous", "Cultivated"},
				      {{.058, .001, .000, .001, .000, .000},
				       {.001, .220, .000, .010, .008, .015},
				       {.000, .004, .010, .002, .000, .004},
				       {.001, .008, .000, .370, .006, .010},
				       {.000, .004, .000, .008, .060, .010},
				       {.000, .012, .000, .010, .010, .165}}};

/* Strata of change: two kinds, one common and one rare, among three unchanged classes. */
static const struct county change = {"change",
				     5,
				     {"Forest, unchanged", "Cultivated, unchanged", "Developed, unchanged",
				      "Cultivated to Developed", "Forest to Developed"},
				     {{.430, .012, .006, .001, .0006},
				      {.010, .250, .008, .004, .0001},
				      {.006, .008, .180, .003, .0003},
				      {.001, .010, .004, .055, .0002},
				      {.002, .000, .0005, .000, .008}}};

/* Changes flagged generously: nearly none is missed, a third of what is flagged is none. */
static const struct county flagged = {"change, flagged generously",
				      5,
				      {"Forest, unchanged", "Cultivated, unchanged", "Developed, unchanged",
				       "Cultivated to Developed", "Forest to Developed"},
				      {{.430, .012, .006, .001, .000},
				       {.010, .248, .008, .004, .000},
				       {.006, .008, .179, .003, .000},
				       {.001, .010, .004, .055, .000},
				       {.0035, .000, .0015, .000, .010}}};

#define PROPORTIONAL(n)                                                                                                \
	{                                                                                                              \
		n, 50, LU_ALLOCATION_PROPORTIONAL, "proportional, 50 at least"                                         \
	}
#define NEYMAN(n)                                                                                                      \
	{                                                                                                              \
		n, 50, LU_ALLOCATION_NEYMAN, "Neyman, 50 at least"                                                     \
	}
#define EQUAL(n)                                                                                                       \
	{                                                                                                              \
		n, 2, LU_ALLOCATION_EQUAL, "equal"                                                                     \
	}

static const struct line lines[] = {
	{&classes, PROPORTIONAL(1000), 3, true},  {&classes, PROPORTIONAL(1000), 1, true},
	{&classes, NEYMAN(1000), 3, true},        {&classes, EQUAL(1000), 3, true},
	{&classes, PROPORTIONAL(400), 3, true},   {&careful, PROPORTIONAL(1000), 2, true},
	{&careful, EQUAL(1000), 2, true},         {&classes, PROPORTIONAL(400), 2, false},
	{&classes, PROPORTIONAL(1000), 2, false}, {&classes, PROPORTIONAL(3000), 2, true},
	{&classes, PROPORTIONAL(10000), 2, true}, {&change, PROPORTIONAL(1000), 3, true},
	{&change, NEYMAN(1000), 3, true},         {&change, EQUAL(1000), 3, true},
	{&flagged, PROPORTIONAL(1000), 4, true},  {&flagged, NEYMAN(1000), 4, true},
	{&change, PROPORTIONAL(1000), 4, false},  {&change, PROPORTIONAL(3000), 4, true},
	{&change, PROPORTIONAL(10000), 4, true},
};

/* The county laid out: cells of stratum i are numbers start[i] .. start[i + 1] - 1, truths one after the other. */
struct layout {
	uint64_t start[MOST + 1];
	uint64_t cells[MOST][MOST];
};

static void lay_out(const struct county *county, struct layout *layout)
{
	uint64_t at = 0;

	for (size_t i = 0; i < county->count; i++) {
		layout->start[i] = at;
		for (size_t j = 0; j < county->count; j++) {
			layout->cells[i][j] = (uint64_t)llround(county->share[i][j] * CELLS);
			at += layout->cells[i][j];
		}
	}
	layout->start[county->count] = at;
}

static size_t truth_of(const struct layout *layout, size_t stratum, uint64_t number)
{
	uint64_t rest = number - layout->start[stratum];
	size_t j = 0;

	while (rest >= layout->cells[stratum][j])
		rest -= layout->cells[stratum][j++];
	return j;
}

static void stop(const struct lu_error *err)
{
	fprintf(stderr, "coverage: %s\n", err->text);
	exit(1);
}

/* One sample's counts. */
static void draw_sample(const struct county *county, const struct layout *layout, const struct lu_stratum *strata,
			uint64_t seed, uint64_t *numbers, uint64_t *counts)
{
	struct lu_error err = {0};
	struct lu_draw *draw;

	if (lu_draw_new(strata, county->count, seed, &draw, &err) != LU_OK)
		stop(&err);
	for (size_t i = 0; i < county->count; i++) {
		for (uint64_t number = layout->start[i]; number < layout->start[i + 1]; number++)
			lu_draw_offer(draw, i, number);
		const size_t n = lu_draw_take(draw, i, numbers);
		for (size_t k = 0; k < county->count; k++)
			counts[i * county->count + k] = 0;
		for (size_t k = 0; k < n; k++)
			counts[i * county->count + truth_of(layout, i, numbers[k])]++;
	}
	lu_draw_free(draw);
}

struct outcome {
	double truth, mean, half_width,
		omitted; /* omitted: expected places where the class is mapped as something else */
	uint64_t drawn;
	int held;
};

static struct outcome simulate(const struct line *line, struct lu_interval_rule rule, int samples)
{
	const struct county *county = line->county;
	const size_t n = county->count, class = line->class;
	struct outcome outcome = {0};
	struct lu_stratum strata[MOST];
	struct layout layout;
	struct lu_error err = {0};
	double mapped[MOST];
	uint64_t counts[MOST * MOST], *numbers;
	double spread[MOST];

	lay_out(county, &layout);
	for (size_t i = 0; i < n; i++) {
		const double all = (double)(layout.start[i + 1] - layout.start[i]);
		const double u = (double)layout.cells[i][i] / all;
		spread[i] = sqrt(u * (1 - u));
		strata[i] = (struct lu_stratum){.size = (uint64_t)all, .spread = spread[i]};
		mapped[i] = all;
		outcome.truth += (double)layout.cells[i][class];
	}
	if (lu_allocate(strata, n, line->design.size, line->design.minimum, line->design.allocation, &err) != LU_OK ||
	    lu_alloc(&numbers, CELLS, sizeof(*numbers), "a sample", &err) != LU_OK)
		stop(&err);
	for (size_t i = 0; i < n; i++) {
		outcome.drawn += strata[i].sample;
		if (i != class)
			outcome.omitted += (double)strata[i].sample * (double)layout.cells[i][class] / mapped[i];
	}
	for (int s = 0; s < samples; s++) {
		struct lu_accuracy accuracy;
		draw_sample(county, &layout, strata, (uint64_t)s + 1, numbers, counts);
		if (lu_accuracy_make(counts, mapped, NULL, n, rule, &accuracy, &err) != LU_OK)
			stop(&err);
		const struct lu_figure area = accuracy.areas[class].area;
		outcome.mean += area.value / samples;
		outcome.half_width += (area.within.high - area.within.low) / 2 / samples;
		outcome.held += area.within.low <= outcome.truth && outcome.truth <= area.within.high;
		lu_accuracy_release(&accuracy);
	}
	lu_free(numbers);
	return outcome;
}

int main(int argc, char **argv)
{
	const int samples = argc > 1 ? atoi(argv[1]) : SAMPLES;
	int bad = 0;

	printf("%d samples a line, %d cells\n\n", samples, CELLS);
	printf("| county | class | truth | places | allocation | omitted places, expected | mean / truth | half width "
	       "/ truth "
	       "| held | Wald: half width / truth | held |\n");
	printf("|---|---|---|---|---|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct line *line = &lines[i];
		const struct outcome o = simulate(line, (struct lu_interval_rule){.percent = 95}, samples);
		const struct outcome wald =
			simulate(line, (struct lu_interval_rule){.percent = 95, .wald = true}, samples);
		const double held = 100.0 * o.held / samples, wald_held = 100.0 * wald.held / samples;
		const bool off = held < 93 || held > 99.5, wald_off = wald_held < 93 || wald_held > 97;
		printf("| %s | %s | %.2f %% | %llu | %s | %.1f | %.3f | %.2f | %.1f %%%s | %.2f | %.1f %%%s |\n",
		       line->county->name, line->county->classes[line->class], 100 * o.truth / CELLS,
		       (unsigned long long)o.drawn, line->design.name, o.omitted, o.mean / o.truth,
		       o.half_width / o.truth, held, off ? " (!)" : "", wald.half_width / wald.truth, wald_held,
		       wald_off ? " (!)" : "");
		fflush(stdout);
		bad += off || (line->good && wald_off);
	}
	if (bad > 0)
		fprintf(stderr, "coverage: %d lines do not hold what they should\n", bad);
	return bad > 0;
}
