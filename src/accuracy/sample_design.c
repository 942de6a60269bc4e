/* sample_design.c: strata, their expected accuracies and their sample sizes. */
#include "accuracy/sample_design.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "accuracy/certificate.h"
#include "accuracy/estimate.h"
#include "accuracy/probability_strata.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/words.h"
#include "grid/area_sum.h"
#include "landuse/commands.h"
#include "maps/transition.h"

/* What is guessed of a map before it is assessed: classes are mostly right, changes are not. */
static const double expected_class = 0.9, expected_change = 0.7, expected_flag = 0.95;

/* Cells, where strata are bins of change probability: two days of labelling. */
enum { PROBABILITY_SIZE = 500 };

static bool is_changed(const struct lu_classed *classed, uint16_t value)
{
	uint16_t before, after;

	if (!classed->change)
		return false;
	lu_change_decode(value, &before, &after);
	return before != after;
}

static enum lu_status add_stratum(struct lu_sample_design *design, char *name, double expected, size_t *number,
				  struct lu_error *err)
{
	enum lu_status status;

	if (name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: strata");
	status = lu_grow(&design->strata, design->stratum_count + 1, sizeof(*design->strata), "strata", err);
	if (status != LU_OK) {
		lu_free(name);
		return status;
	}
	*number = design->stratum_count++;
	design->strata[*number] = (struct lu_sample_stratum){.name = name, .expected = expected};
	return LU_OK;
}

static enum lu_status make_strata(const struct lu_sample_request *request, const struct lu_classed *classed,
				  const struct lu_census *census, struct lu_sample_design *design, struct lu_error *err)
{
	enum lu_status status;
	size_t pool = SIZE_MAX;

	if (design->by_probability)
		return lu_probability_strata(census, design, err);
	LU_TRY(lu_alloc(&design->classes, census->count, sizeof(*design->classes), "classes", err));
	for (size_t i = 0; i < census->count; i++) {
		const struct lu_census_class *counted = &census->classes[i];
		const bool changed = is_changed(classed, counted->value);
		size_t number = 0;
		if (request->flags && !changed)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "class %u has cells that did not change, so these are not flags (name the "
				       "flagged.tif of a pair of dates)",
				       counted->value);
		if (request->flags || (changed && counted->cells < request->pool_below)) {
			if (pool == SIZE_MAX)
				LU_TRY(add_stratum(design, lu_strdup(request->flags ? "Flagged" : "Other change"),
						   request->flags ? expected_flag : expected_change, &pool, err));
			number = pool;
		} else {
			LU_TRY(add_stratum(design, lu_classed_name(classed, counted->value),
					   changed ? expected_change : expected_class, &number, err));
		}
		design->strata[number].cells += counted->cells;
		design->strata[number].area_units += counted->area_units;
		design->classes[design->class_count++] = (struct lu_sample_class){.value = counted->value,
										  .stratum = number,
										  .cells = counted->cells,
										  .percent = counted->percent,
										  .area_units = counted->area_units};
	}
out:
	return status;
}

/* Set the expected accuracy of the strata called 'key' (a name, or the number of a class); false: there is none. */
static bool set_expected(struct lu_sample_design *design, const char *key, double expected)
{
	char *end;
	const unsigned long number = strtoul(key, &end, 10);
	bool found = false;

	for (size_t h = 0; h < design->stratum_count; h++) {
		if (lu_same_name(design->strata[h].name, key)) {
			design->strata[h].expected = expected;
			found = true;
		}
	}
	for (size_t i = 0; !found && end != key && *end == '\0' && i < design->class_count; i++) {
		if (design->classes[i].value == number) {
			design->strata[design->classes[i].stratum].expected = expected;
			found = true;
		}
	}
	return found;
}

/* With the strata there are. */
static enum lu_status no_stratum(const struct lu_sample_design *design, const char *name, struct lu_error *err)
{
	enum { MOST_LISTED = 64, LIST = 400 };
	const char *names[MOST_LISTED];
	size_t count = 0;
	char list[LIST];

	while (count < design->stratum_count && count < MOST_LISTED) {
		names[count] = design->strata[count].name;
		count++;
	}
	return lu_fail(err, LU_ERROR_ARGUMENT,
		       "expected accuracy of '%.200s': no stratum has this name or number (there are: %s)", name,
		       lu_name_list(names, count, list, sizeof(list)));
}

/* The guesses of the request, one after another: one without a name is of all strata. */
static enum lu_status take_guesses(const struct lu_sample_request *request, struct lu_sample_design *design,
				   struct lu_error *err)
{
	for (size_t i = 0; i < request->expected_accuracy_count; i++) {
		const struct lu_class_number *guess = &request->expected_accuracy[i];

		if (!(guess->number >= 0 && guess->number <= 1))
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "expected accuracy is %g, it should be a share from 0 to 1", guess->number);
		if (guess->name != NULL && !set_expected(design, guess->name, guess->number))
			return no_stratum(design, guess->name, err);
		for (size_t h = 0; guess->name == NULL && h < design->stratum_count; h++)
			design->strata[h].expected = guess->number;
	}
	return LU_OK;
}

/* The strata's shares of area, guesses and sizes side by side, as accuracy/estimate.h takes them. */
struct columns {
	double *share, *expected;
	uint64_t *sample;
};

static enum lu_status columns_make(const struct lu_sample_design *design, struct columns *out, struct lu_error *err)
{
	const size_t count = design->stratum_count;
	enum lu_status status;

	LU_TRY(lu_alloc(&out->share, count, sizeof(*out->share), "strata", err));
	LU_TRY(lu_alloc(&out->expected, count, sizeof(*out->expected), "strata", err));
	LU_TRY(lu_alloc(&out->sample, count, sizeof(*out->sample), "strata", err));
	for (size_t h = 0; h < count; h++) {
		out->share[h] = (double)design->strata[h].area_units;
		out->expected[h] = design->strata[h].expected;
		out->sample[h] = design->strata[h].sample;
	}
out:
	return status;
}

static void columns_release(struct columns *columns)
{
	lu_free(columns->share);
	lu_free(columns->expected);
	lu_free(columns->sample);
}

static enum lu_status find_size(const struct lu_sample_request *request, struct lu_sample_design *design,
				struct lu_error *err)
{
	struct columns columns = {0};
	enum lu_status status;

	if (request->size > 0 && request->target_se > 0)
		return lu_fail(err, LU_ERROR_ARGUMENT, "both a size and a standard error are asked for (keep one)");
	if (request->flags && (request->target_se > 0 || request->allocation != LU_ALLOCATION_AUTO))
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "a check of flags is one random draw: it has neither an allocation nor a standard error "
			       "to aim at (say .size)");
	if (design->by_probability && request->target_se > 0)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"a standard error of overall accuracy is no aim for strata of change probability (say .size)");
	design->asked = request->size;
	if (request->flags && request->size == 0)
		design->asked = LU_CERTIFICATE_SIZE;
	if (design->by_probability && request->size == 0)
		design->asked = PROBABILITY_SIZE;
	if (design->asked > 0)
		return LU_OK;
	design->target_se = request->target_se > 0 ? request->target_se : LU_SAMPLE_TARGET_SE;
	LU_TRY(columns_make(design, &columns, err));
	design->asked = lu_sample_size(columns.share, columns.expected, design->stratum_count, design->target_se);
	if (design->asked == 0)
		status = lu_fail(err, LU_ERROR_ARGUMENT,
				 "with every expected accuracy 0 or 1 no standard error can be aimed at (give a size)");
out:
	columns_release(&columns);
	return status;
}

/* What the design promises, which is more than what was asked where rare strata take their minima. */
static enum lu_status find_expected_se(struct lu_sample_design *design, struct lu_error *err)
{
	struct columns columns = {0};
	enum lu_status status;

	LU_TRY(columns_make(design, &columns, err));
	lu_expected_se(columns.share, columns.expected, columns.sample, design->stratum_count, &design->expected_se);
out:
	columns_release(&columns);
	return status;
}

static enum lu_status allocate(const struct lu_sample_request *request, struct lu_sample_design *design,
			       struct lu_error *err)
{
	const size_t count = design->stratum_count;
	const uint64_t fair = design->asked / (2 * (count > 0 ? count : 1));
	struct lu_stratum *strata = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&strata, count, sizeof(*strata), "strata", err));
	/*
	 * Olofsson et al. 2014: 50 to 100 in rare classes. Unless it was asked for, the minimum leaves at least half of the
	 * sample to the allocation.
	 */
	design->minimum = request->has_minimum ? request->minimum : fair < LU_SAMPLE_MINIMUM ? fair : LU_SAMPLE_MINIMUM;
	if (design->minimum < 2 && !request->has_minimum)
		design->minimum = 2;
	for (size_t h = 0; h < count; h++) {
		strata[h] = (struct lu_stratum){.size = design->strata[h].cells, .spread = design->strata[h].spread};
	}
	LU_TRY(lu_allocate(strata, count, design->asked, design->minimum, design->allocation, err));
	for (size_t h = 0; h < count; h++)
		design->strata[h].sample = strata[h].sample;
out:
	lu_free(strata);
	return status;
}

static void warn(const struct lu_sample_request *request, const struct lu_sample_design *design)
{
	const uint64_t total = lu_sample_design_total(design);

	if (total > design->asked)
		lu_log(request->hooks, LU_LEVEL_WARNING,
		       "%llu cells instead of %llu: at least %llu in each of %zu strata (.minimum, "
		       ".pool_below)",
		       (unsigned long long)total, (unsigned long long)design->asked,
		       (unsigned long long)design->minimum, design->stratum_count);
	if (total < design->asked)
		lu_log(request->hooks, LU_LEVEL_WARNING, "%llu cells instead of %llu: the strata have no more",
		       (unsigned long long)total, (unsigned long long)design->asked);
	for (size_t h = 0; h < design->stratum_count; h++) {
		const struct lu_sample_stratum *stratum = &design->strata[h];
		if (stratum->sample == 1 && stratum->cells > 1)
			lu_log(request->hooks, LU_LEVEL_WARNING,
			       "%s: one cell drawn, which gives no standard error (.minimum = 2 or more)",
			       stratum->name);
		else if (stratum->sample == 0)
			lu_log(request->hooks, LU_LEVEL_WARNING,
			       "%s: no cell drawn, so the sample will not speak for it", stratum->name);
	}
}

/* The class whose growth is asked for. */
static enum lu_status find_growth(const struct lu_sample_request *request, const struct lu_classed *classed,
				  struct lu_sample_design *design, struct lu_error *err)
{
	uint16_t before, after, value;
	enum lu_status status;

	if (request->knows_probability && request->expected_accuracy_count > 0)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "with .probability the guesses come from it (leave .expected_accuracy out)");
	if (request->growth == NULL)
		return LU_OK;
	if (!request->knows_probability)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"what to expect of the growth of a class is told by the probability of change (.probability "
			"= change_probability.tif)");
	LU_TRY(lu_classed_find(classed, request->growth, &value, err));
	lu_change_decode(value, &before, &after);
	if (before != after)
		return lu_fail(err, LU_ERROR_ARGUMENT, "growth is of one class, '%.200s' is a change", request->growth);
	design->growth_class = after;
	design->growth = lu_classed_class_name(classed, after);
	if (design->growth == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: strata");
out:
	return status;
}

enum lu_status lu_sample_design_make(const struct lu_sample_request *request, const struct lu_classed *classed,
				     const struct lu_census *census, struct lu_sample_design *out, struct lu_error *err)
{
	enum lu_status status;

	memset(out, 0, sizeof(*out));
	out->seed = request->seed;
	out->flags = request->flags;
	out->knows_probability = request->knows_probability;
	out->by_probability = request->by_probability;
	out->allocation = request->allocation != LU_ALLOCATION_AUTO ? request->allocation
			  : out->knows_probability                  ? LU_ALLOCATION_NEYMAN
								    : LU_ALLOCATION_PROPORTIONAL;
	LU_TRY(find_growth(request, classed, out, err));
	LU_TRY(make_strata(request, classed, census, out, err));
	LU_TRY(take_guesses(request, out, err));
	for (size_t h = 0; h < out->stratum_count; h++)
		out->strata[h].spread = sqrt(out->strata[h].expected * (1 - out->strata[h].expected));
	if (out->knows_probability)
		lu_probability_spreads(out);
	LU_TRY(find_size(request, out, err));
	LU_TRY(allocate(request, out, err));
	if (out->knows_probability)
		out->expected_ha = lu_probability_expected_ha(out);
	else
		LU_TRY(find_expected_se(out, err));
out:
	if (status == LU_OK)
		warn(request, out);
	else
		lu_sample_design_release(out);
	return status;
}

void lu_sample_design_release(struct lu_sample_design *design)
{
	for (size_t h = 0; h < design->stratum_count; h++)
		lu_free(design->strata[h].name);
	lu_free(design->strata);
	lu_free(design->classes);
	lu_free(design->growth);
	memset(design, 0, sizeof(*design));
}

size_t lu_sample_stratum_of(const struct lu_sample_design *design, uint16_t value, uint16_t percent)
{
	const size_t bin = design->by_probability ? lu_probability_bin(percent) : 0;
	size_t low = 0, high = design->class_count;

	while (high - low > 1) {
		const size_t middle = (low + high) / 2;
		const struct lu_sample_class *class = &design->classes[middle];
		if (class->value < value || (class->value == value && class->bin <= bin))
			low = middle;
		else
			high = middle;
	}
	assert(design->classes[low].value == value && design->classes[low].bin == bin);
	return design->classes[low].stratum;
}

uint64_t lu_sample_design_total(const struct lu_sample_design *design)
{
	uint64_t total = 0;

	for (size_t h = 0; h < design->stratum_count; h++)
		total += design->strata[h].sample;
	return total;
}
