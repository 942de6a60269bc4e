/* assessment.c: from counts to figures. */
#include "accuracy/assessment.h"

#include <string.h>

#include "accuracy/estimate.h"
#include "base/memory.h"
#include "base/words.h"

void lu_assessment_release(struct lu_assessment *assessment)
{
	for (size_t i = 0; i < assessment->count; i++)
		lu_free(assessment->classes[i].name);
	for (size_t t = 0; t < LU_ASSESSED_TABLES; t++) {
		for (size_t i = 0; i < assessment->tables[t].count; i++)
			lu_free(assessment->tables[t].rows[i].name);
		lu_free(assessment->tables[t].rows);
	}
	for (size_t i = 0; i < assessment->zone_count; i++) {
		lu_free(assessment->zones[i].name);
		lu_free(assessment->zones[i].classes);
	}
	lu_free(assessment->zones);
	lu_free(assessment->classes);
	lu_free(assessment->counts);
	lu_free(assessment->proportions);
	memset(assessment, 0, sizeof(*assessment));
}

/* Where omissions decide the interval: a class of less than this share. */
static const double rare = 0.05;

bool lu_assessment_rests_on_few(const struct lu_assessment *assessment, size_t i)
{
	const struct lu_assessed_class *class = &assessment->classes[i];
	const uint64_t hits = assessment->counts[i * assessment->count + i];

	return assessment->intervals.wald && class->proportion.known && class->proportion.value > 0 &&
	       class->proportion.value < rare && class->reference_sample - hits < LU_FEW_OMISSIONS;
}

bool lu_assessment_uncertain(const struct lu_assessment *assessment, double *share)
{
	*share = 0;
	for (size_t i = 0; i < assessment->count; i++)
		for (size_t j = 0; assessment->classes[i].value == assessment->uncertain && j < assessment->count; j++)
			*share += assessment->proportions[i * assessment->count + j];
	return assessment->uncertain != 0 && *share > 0 && *share < 1;
}

enum lu_status lu_assessment_class(struct lu_assessment *assessment, uint16_t value, const char *name, size_t *number,
				   struct lu_error *err)
{
	for (*number = 0; *number < assessment->count; (*number)++) {
		const struct lu_assessed_class *class = &assessment->classes[*number];
		if (value > 0 ? class->value == value : lu_same_label(class->name, name))
			return LU_OK;
	}
	char *copy = lu_strdup(name);
	if (copy == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: class names");
	const enum lu_status status =
		lu_grow(&assessment->classes, assessment->count + 1, sizeof(*assessment->classes), "classes", err);
	if (status != LU_OK) {
		lu_free(copy);
		return status;
	}
	assessment->classes[assessment->count++] = (struct lu_assessed_class){.name = copy, .value = value};
	return LU_OK;
}

/* What either estimator says. */
struct estimates {
	enum lu_estimator estimator;
	struct lu_figure overall;
	const struct lu_class_figures *classes;
	double *proportions; /* taken over */
	size_t empty_strata, single_strata;
};

/* Take these, whose shares are of a->area_ha, and what follows from the matrices. */
static void finish(struct lu_assessment *a, struct estimates estimates)
{
	const size_t n = a->count;
	double agree = 0, chance = 0;

	lu_free(a->proportions);
	a->proportions = estimates.proportions;
	a->estimator = estimates.estimator;
	a->overall = estimates.overall;
	a->empty_strata = estimates.empty_strata;
	a->single_strata = estimates.single_strata;

	for (size_t i = 0; i < n; i++) {
		struct lu_assessed_class *class = &a->classes[i];
		double row = 0, column = 0;
		class->proportion = estimates.classes[i].proportion;
		class->area_ha = lu_figure_times(class->proportion, a->area_ha);
		class->users = estimates.classes[i].users;
		class->producers = estimates.classes[i].producers;
		class->map_sample = class->reference_sample = 0;
		for (size_t j = 0; j < n; j++) {
			class->map_sample += a->counts[i * n + j];
			class->reference_sample += a->counts[j * n + i];
			row += a->proportions[i * n + j];
			column += a->proportions[j * n + i];
		}
		agree += a->proportions[i * n + i];
		chance += row * column;
	}
	a->disagreement = lu_pontius_total(a->proportions, n);
	a->kappa_counts = lu_kappa(a->counts, n);
	lu_figure_wald(&a->kappa_counts, a->intervals.percent);
	a->kappa = (struct lu_figure){0};
	if (a->simple)
		a->kappa = a->kappa_counts;
	else if (chance < 1)
		a->kappa = (struct lu_figure){.value = (agree - chance) / (1 - chance), .known = true};
}

enum lu_status lu_assessment_stratified(struct lu_assessment *assessment, const double *units, struct lu_error *err)
{
	struct lu_accuracy accuracy = {0};
	double *mapped_ha = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&mapped_ha, assessment->count, sizeof(*mapped_ha), "areas", err));
	for (size_t i = 0; i < assessment->count; i++)
		mapped_ha[i] = assessment->classes[i].mapped_ha;
	LU_TRY(lu_accuracy_make(assessment->counts, mapped_ha, units, assessment->count, assessment->intervals,
				&accuracy, err));
out:
	lu_free(mapped_ha);
	if (status != LU_OK)
		return status;
	assessment->area_ha = accuracy.sampled_area;
	assessment->unsampled_ha = accuracy.unsampled_area;
	finish(assessment, (struct estimates){LU_ESTIMATOR_STRATIFIED, accuracy.overall, accuracy.classes,
					      accuracy.proportions, accuracy.empty_strata, accuracy.single_strata});
	accuracy.proportions = NULL;
	lu_accuracy_release(&accuracy);
	return LU_OK;
}

enum lu_status lu_assessment_count(struct lu_assessment *assessment, const struct lu_sample_unit *units,
				   size_t unit_count, struct lu_error *err)
{
	const size_t n = assessment->count;
	const enum lu_status status =
		lu_alloc(&assessment->counts, n * n, sizeof(*assessment->counts), "a matrix", err);

	for (size_t i = 0; i < unit_count && status == LU_OK; i++)
		assessment->counts[units[i].map * n + units[i].reference] += 1 + units[i].more;
	return status;
}

enum lu_status lu_assessment_ratio(struct lu_assessment *assessment, const struct lu_sample_unit *units,
				   size_t unit_count, const double *sizes, size_t stratum_count, struct lu_error *err)
{
	struct lu_ratio_accuracy accuracy = {0};
	enum lu_status status = LU_OK;

	if (assessment->counts == NULL)
		LU_TRY(lu_assessment_count(assessment, units, unit_count, err));
	LU_TRY(lu_ratio_accuracy_make(units, unit_count, sizes, stratum_count, assessment->count, assessment->intervals,
				      &accuracy, err));
	const double all_ha = assessment->area_ha;
	const double all = accuracy.sampled_size + accuracy.unsampled_size;
	assessment->area_ha = all_ha * accuracy.sampled_size / all;
	assessment->unsampled_ha = all_ha * accuracy.unsampled_size / all;
	finish(assessment, (struct estimates){LU_ESTIMATOR_RATIO, accuracy.overall, accuracy.classes,
					      accuracy.proportions, accuracy.empty_strata, accuracy.single_strata});
	accuracy.proportions = NULL;
	lu_ratio_accuracy_release(&accuracy);
out:
	return status;
}
