/* drawn_changes.c: splices of a sample's cells, with what each weighs. */
#include "change/drawn_changes.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "maps/store.h"

enum { DRAWS = 65536 };

/* Of the two classes of a cell with a boundary in it neither has less than this part of the other's probability. */
static const double mixed_ratio = 0.05;
/* Splices that are hardly a change would cost time and say nothing. */
static const double least_weight = 0.02;
/* Answers below it say no more than "not this class". */
static const double least_answer = 1e-9;

/* A cell of the sample that is mapped at both dates. */
struct comparable {
	uint32_t cell;
	float steady;
	uint16_t first, second; /* of its classes, the most probable by the mean of their log-probabilities */
	bool mixed;
};

/* While changes are drawn. */
struct drawer {
	const struct lu_drawing *of;
	struct comparable *list;
	float *belief; /* 'classes' a comparable cell */
	size_t count;
	double *class; /* scratch: one a class */
	float *spliced; /* scratch: one cell's dates */
};

static bool mapped_at(const struct lu_drawing *drawing, const float *cell, size_t date)
{
	return lu_store_mapped(cell + date * drawing->classes, drawing->classes);
}

/*
 * What is believed of a cell's class if it never changed, from all its dates, and how far that it never did: a date
 * that would rather have another class than the most probable one speaks against it by as much as it would.
 */
static void steady_class(struct drawer *drawer, const float *cell, float *belief, float *steady)
{
	const struct lu_drawing *drawing = drawer->of;
	const size_t n = drawing->classes;
	double *product = drawer->class, sum = 0, doubt = 1;
	size_t best = 0;

	for (size_t k = 0; k < n; k++)
		product[k] = drawing->share[k];
	for (size_t d = 0; d < drawing->dates; d++) {
		sum = 0;
		for (size_t k = 0; k < n && mapped_at(drawing, cell, d); k++)
			sum += product[k] *= (double)cell[d * n + k] / drawing->trained[k];
		for (size_t k = 0; k < n && sum > 0; k++)
			product[k] /= sum;
	}
	for (size_t k = 0; k < n; k++) {
		belief[k] = (float)product[k];
		best = product[k] > product[best] ? k : best;
	}
	for (size_t d = 0; d < drawing->dates; d++) {
		const float *said = cell + d * n;
		float most = 0;
		for (size_t k = 0; k < n; k++)
			most = said[k] > most ? said[k] : most;
		if (most > 0)
			doubt *= (double)(said[best] / most);
	}
	*steady = (float)doubt;
}

/* A cell whose answers waver between two classes at every date, as they do where a boundary runs through it. */
static void find_mixed(struct drawer *drawer, const float *cell, struct comparable *out)
{
	const struct lu_drawing *drawing = drawer->of;
	const size_t n = drawing->classes;
	double *sum = drawer->class;

	out->first = 0;
	for (size_t k = 0; k < n; k++) {
		sum[k] = 0;
		for (size_t d = 0; d < drawing->dates; d++)
			if (mapped_at(drawing, cell, d))
				sum[k] += log(fmax((double)cell[d * n + k], least_answer));
		out->first = sum[k] > sum[out->first] ? (uint16_t)k : out->first;
	}
	out->second = out->first > 0 ? 0 : 1;
	for (size_t k = 0; k < n; k++)
		out->second = k != out->first && sum[k] > sum[out->second] ? (uint16_t)k : out->second;
	out->mixed = n > 1;
	for (size_t d = 0; d < drawing->dates && n > 1; d++) {
		const double first = (double)cell[d * n + out->first], second = (double)cell[d * n + out->second];
		if (second < mixed_ratio * first || first < mixed_ratio * second)
			out->mixed = false; /* a date that is not mapped has 0 of both */
	}
}

static void list_comparable(struct drawer *drawer, size_t earlier, size_t later)
{
	const struct lu_drawing *drawing = drawer->of;
	const size_t size = drawing->dates * drawing->classes;

	for (size_t i = 0; i < drawing->count; i++) {
		const float *cell = drawing->sample + i * size;
		struct comparable *one = &drawer->list[drawer->count];
		if (!mapped_at(drawing, cell, earlier) || !mapped_at(drawing, cell, later))
			continue;
		one->cell = (uint32_t)i;
		steady_class(drawer, cell, drawer->belief + drawer->count * drawing->classes, &one->steady);
		find_mixed(drawer, cell, one);
		drawer->count++;
	}
}

/* A boundary that has moved to the other side of the middle: the cell's two classes change places from date 'step' on. */
static void move_boundary(struct drawer *drawer, const struct comparable *cell, size_t step)
{
	const struct lu_drawing *drawing = drawer->of;
	const size_t n = drawing->classes, size = drawing->dates * n;

	memcpy(drawer->spliced, drawing->sample + cell->cell * size, size * sizeof(float));
	for (size_t d = step; d < drawing->dates; d++) {
		float *answer = drawer->spliced + d * n;
		const float first = answer[cell->first];
		answer[cell->first] = answer[cell->second];
		answer[cell->second] = first;
	}
}

/* How far the splice of two cells is a change: their classes differ, and neither changed itself. */
static double weigh(const struct drawer *drawer, size_t one, size_t other)
{
	const size_t n = drawer->of->classes;
	double same = 0;

	for (size_t k = 0; k < n; k++)
		same += (double)drawer->belief[one * n + k] * (double)drawer->belief[other * n + k];
	return (1 - same) * (double)drawer->list[one].steady * (double)drawer->list[other].steady;
}

static void draw(struct drawer *drawer, size_t earlier, size_t later, struct lu_drawn_changes *out)
{
	const struct lu_drawing *of = drawer->of;
	const size_t n = of->classes, size = of->dates * n;
	uint64_t random = UINT64_C(20170101);

	for (int i = 0; i < DRAWS && drawer->count > 1; i++) {
		const size_t one = lu_random_next(&random) % drawer->count,
			     other = lu_random_next(&random) % drawer->count;
		const struct comparable *a = &drawer->list[one], *b = &drawer->list[other];
		const size_t step = earlier + 1 + lu_random_next(&random) % (later - earlier), kept = step * n;
		struct lu_scored *drawn = &out->drawn[out->drawn_count], *told = &out->told[out->drawn_count];
		const double weight = weigh(drawer, one, other);
		if (weight < least_weight)
			continue;
		memcpy(drawer->spliced, of->sample + a->cell * size, kept * sizeof(float));
		memcpy(drawer->spliced + kept, of->sample + b->cell * size + kept, (size - kept) * sizeof(float));
		if (!of->score(of->user, drawer->spliced, earlier, later, drawn))
			continue;
		drawn->weight = weight;
		*told = *drawn;
		if (a->mixed) {
			move_boundary(drawer, a, step);
			of->score(of->user, drawer->spliced, earlier, later, told);
			told->weight = weight;
		}
		out->drawn_count++;
	}
}

enum lu_status lu_drawn_changes_make(const struct lu_drawing *drawing, size_t earlier, size_t later,
				     struct lu_drawn_changes *out, struct lu_error *err)
{
	const size_t size = drawing->dates * drawing->classes;
	struct drawer drawer = {.of = drawing};
	enum lu_status status;

	*out = (struct lu_drawn_changes){0};
	LU_TRY(lu_alloc(&drawer.list, drawing->count, sizeof(*drawer.list), "a sample of cells", err));
	LU_TRY(lu_alloc(&drawer.belief, drawing->count, drawing->classes * sizeof(float), "a sample of cells", err));
	LU_TRY(lu_alloc(&drawer.class, drawing->classes, sizeof(double), "classes", err));
	LU_TRY(lu_alloc(&drawer.spliced, size, sizeof(float), "a timeline", err));
	LU_TRY(lu_alloc(&out->observed, drawing->count, sizeof(*out->observed), "scores of change", err));
	LU_TRY(lu_alloc(&out->drawn, DRAWS, sizeof(*out->drawn), "scores of change", err));
	LU_TRY(lu_alloc(&out->told, DRAWS, sizeof(*out->told), "scores of change", err));
	list_comparable(&drawer, earlier, later);
	for (size_t i = 0; i < drawer.count; i++)
		out->observed_count += drawing->score(drawing->user, drawing->sample + drawer.list[i].cell * size,
						      earlier, later, &out->observed[out->observed_count]);
	draw(&drawer, earlier, later, out);
out:
	lu_free(drawer.list);
	lu_free(drawer.belief);
	lu_free(drawer.class);
	lu_free(drawer.spliced);
	return status;
}

void lu_drawn_changes_release(struct lu_drawn_changes *changes)
{
	lu_free(changes->observed);
	lu_free(changes->drawn);
	lu_free(changes->told);
	*changes = (struct lu_drawn_changes){0};
}
