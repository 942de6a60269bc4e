/* tally.c: dates crossed with themselves and with each other, row by row. */
#include "maps/tally.h"

#include <math.h>
#include <string.h>

#include "base/hooks.h"
#include "base/memory.h"
#include "grid/cell_area.h"
#include "grid/date_pairs.h"

/* Differences below this share of the county are rounding, not ground beyond the map. */
static const double reach_tolerance = 1e-6;

struct lu_tally_pass {
	struct lu_tally *tally;
	struct lu_ground *ground; /* NULL: no areas */
	size_t count;
	uint16_t uncertain; /* of the legend */
	int64_t cols;
	double *area_m2; /* one row; NULL: no areas */
	uint64_t *percent_sum, *mapped; /* per date */
	double covered_m2;
};

enum lu_status lu_tally_add(struct lu_tally_pass *pass, int64_t row, const uint16_t *values, const uint8_t *percents,
			    struct lu_error *err)
{
	struct lu_tally *tally = pass->tally;
	const struct lu_ground *ground = pass->ground;
	const size_t cols = (size_t)pass->cols;
	enum lu_status status = LU_OK;

	if (ground != NULL)
		LU_TRY(lu_cell_area_row(ground->coverage, ground->meter, row, pass->cols, pass->area_m2, err));
	for (size_t col = 0; ground != NULL && col < cols; col++)
		pass->covered_m2 += pass->area_m2[col];
	for (size_t i = 0; i < pass->count; i++)
		for (size_t col = 0; col < cols; col++) {
			const uint16_t value = values[i * cols + col];
			const bool counts =
				value != 0 && value != pass->uncertain && (ground == NULL || pass->area_m2[col] > 0);
			if (!counts)
				continue;
			const unsigned percent = percents[i * cols + col];
			const unsigned bin = percent < 100 ? percent / LU_CONFIDENCE_STEP : LU_CONFIDENCE_BINS - 1;
			pass->percent_sum[i] += percent;
			pass->mapped[i]++;
			tally->confidence[i].cells[bin]++;
			tally->confidence[i].area_m2[bin] += ground != NULL ? pass->area_m2[col] : 0;
		}
	/* The statistics hold their tables as const: they are made here, and only read elsewhere. */
	for (size_t i = 0; i < tally->date_count; i++)
		LU_TRY(lu_transition_add((struct lu_transition *)(uintptr_t)tally->dates[i].map, values + i * cols,
					 values + i * cols, pass->area_m2, cols, err));
	for (size_t i = 0; i < tally->pair_count; i++)
		LU_TRY(lu_transition_add((struct lu_transition *)(uintptr_t)tally->pairs[i].transition,
					 values + tally->pairs[i].earlier * cols, values + tally->pairs[i].later * cols,
					 pass->area_m2, cols, err));
out:
	return status;
}

static enum lu_status make_table(const uint16_t *values, const struct lu_legend *legend,
				 const struct lu_transition **out, struct lu_error *err)
{
	struct lu_transition *table;
	const enum lu_status status = lu_transition_new(values, legend->count, &table, err);

	if (status == LU_OK)
		table->uncertain = legend->uncertain;
	*out = table;
	return status;
}

static enum lu_status make_tables(struct lu_tally *tally, const char *const *labels, enum lu_date_pairs pairs,
				  const uint16_t *values, const struct lu_legend *legend, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	const struct lu_transition *table;

	for (size_t i = 0; i < tally->date_count; i++) {
		tally->dates[i].label = labels[i];
		tally->dates[i].mean_confidence = -1;
		LU_TRY(make_table(values, legend, &table, err));
		tally->dates[i].map = table;
	}
	for (struct lu_date_pair pair = {0}; lu_date_pair_next(&pair, tally->date_count, pairs);) {
		LU_TRY(make_table(values, legend, &table, err));
		tally->pairs[tally->pair_count++] =
			(struct lu_pair_statistics){.earlier = pair.earlier, .later = pair.later, .transition = table};
	}
out:
	return status;
}

static enum lu_status list_values(const struct lu_legend *legend, uint16_t **values, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_alloc(values, legend->count, sizeof(**values), "class values", err));
	for (size_t i = 0; i < legend->count; i++)
		(*values)[i] = legend->classes[i].value;
out:
	return status;
}

enum lu_status lu_tally_new(const char *const *labels, size_t count, enum lu_date_pairs pairs,
			    const struct lu_legend *legend, struct lu_tally *out, struct lu_error *err)
{
	uint16_t *values = NULL;
	enum lu_status status;

	*out = (struct lu_tally){.date_count = count};
	LU_TRY(lu_alloc(&out->dates, count, sizeof(*out->dates), "dates", err));
	LU_TRY(lu_alloc(&out->pairs, count * count / 2 + 1, sizeof(*out->pairs), "pairs of dates", err));
	LU_TRY(list_values(legend, &values, err));
	LU_TRY(make_tables(out, labels, pairs, values, legend, err));
out:
	lu_free(values);
	if (status != LU_OK)
		lu_tally_release(out);
	return status;
}

/* What of the county lies beyond the map, when its cells cover 'covered_m2' of it. */
static void tell_reach(struct lu_tally *tally, const struct lu_ground *ground, double covered_m2)
{
	for (size_t i = 0; i < tally->date_count; i++)
		if (ground != NULL && ground->county_m2 - covered_m2 > reach_tolerance * ground->county_m2)
			tally->dates[i].outside_map_m2 = ground->county_m2 - covered_m2;
}

void lu_tally_end(struct lu_tally_pass *pass)
{
	struct lu_tally *tally = pass->tally;

	for (size_t i = 0; i < tally->date_count; i++)
		if (pass->percent_sum[i] > 0) {
			tally->dates[i].mean_confidence = (double)pass->percent_sum[i] / (double)pass->mapped[i] / 100;
			tally->dates[i].confidence = &tally->confidence[i];
		}
	tell_reach(tally, pass->ground, pass->covered_m2);
}

enum lu_status lu_tally_from_pairs(struct lu_tally *tally, const struct lu_ground *ground, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < tally->pair_count; i++) {
		const struct lu_pair_statistics *pair = &tally->pairs[i];
		for (int later = 0; later < 2; later++) {
			const size_t date = later ? pair->later : pair->earlier;
			struct lu_transition *map = (struct lu_transition *)(uintptr_t)tally->dates[date].map;
			if (lu_transition_total_cells(map) == 0)
				LU_TRY(lu_transition_add_date(map, pair->transition, later, err));
		}
	}
	tell_reach(tally, ground, lu_transition_total_m2(tally->pairs[0].transition));
out:
	return status;
}

enum lu_status lu_tally_begin(const char *const *labels, size_t count, enum lu_date_pairs pairs,
			      const struct lu_frame *frame, struct lu_ground *ground, const struct lu_legend *legend,
			      struct lu_tally *tally, struct lu_tally_pass **out, struct lu_error *err)
{
	struct lu_tally_pass *pass = NULL;
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_tally_new(labels, count, pairs, legend, tally, err));
	LU_TRY(lu_alloc(&tally->confidence, count, sizeof(*tally->confidence), "dates", err));
	LU_TRY(lu_alloc(&pass, 1, sizeof(*pass), "a tally", err));
	*pass = (struct lu_tally_pass){
		.tally = tally, .ground = ground, .count = count, .uncertain = legend->uncertain, .cols = frame->width};
	LU_TRY(lu_alloc(&pass->percent_sum, count, sizeof(*pass->percent_sum), "sums", err));
	LU_TRY(lu_alloc(&pass->mapped, count, sizeof(*pass->mapped), "sums", err));
	if (ground != NULL)
		LU_TRY(lu_alloc(&pass->area_m2, (size_t)frame->width, sizeof(*pass->area_m2), "a row", err));
	*out = pass;
	pass = NULL; /* now the caller's */
out:
	lu_tally_pass_free(pass);
	return status;
}

void lu_tally_pass_free(struct lu_tally_pass *pass)
{
	if (pass == NULL)
		return;
	lu_free(pass->percent_sum);
	lu_free(pass->mapped);
	lu_free(pass->area_m2);
	lu_free(pass);
}

bool lu_tally_common(const struct lu_tally *tally, const struct lu_hooks *hooks)
{
	bool some = tally->pair_count == 0;

	for (size_t i = 0; i < tally->pair_count; i++) {
		const struct lu_pair_statistics *pair = &tally->pairs[i];
		uint64_t changed;
		const bool common = lu_transition_common(pair->transition, &changed) > 0;

		some = some || common;
		if (!common)
			lu_log(hooks, LU_LEVEL_WARNING,
			       "%s and %s have no mapped cell in common: nothing can be compared",
			       tally->dates[pair->earlier].label, tally->dates[pair->later].label);
	}
	return some;
}

void lu_tally_release(struct lu_tally *tally)
{
	for (size_t i = 0; tally->dates != NULL && i < tally->date_count; i++)
		lu_transition_free((struct lu_transition *)(uintptr_t)tally->dates[i].map);
	for (size_t i = 0; tally->pairs != NULL && i < tally->pair_count; i++)
		lu_transition_free((struct lu_transition *)(uintptr_t)tally->pairs[i].transition);
	lu_free(tally->dates);
	lu_free(tally->pairs);
	lu_free(tally->confidence);
	*tally = (struct lu_tally){0};
}
