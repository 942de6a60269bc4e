/*
 * results.h: the figures that lu_statistics_open reads, beside those that stand in statistics.json.
 */
#ifndef LU_TESTS_RESULTS_H
#define LU_TESTS_RESULTS_H

#include "landuse/statistics.h"
#include "support/county.h"

/* The same number, or NAN for one that is not there. */
static inline void check_figure(double got, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_number(value))
		assert_true(got == json_number_value(value));
	else
		assert_true(isnan(got));
}

static inline void check_result_date(const struct lu_statistics_date *date, const json_t *file)
{
	const json_t *classes = json_object_get(file, "classes");

	assert_string_equal(date->label, json_string_value(json_object_get(file, "label")));
	assert_int_equal(date->class_count, json_array_size(classes));
	assert_int_equal(date->mapped_cells, (uint64_t)number_at(file, "mapped_cells"));
	assert_int_equal(date->not_mapped_cells, (uint64_t)number_at(file, "not_mapped_cells"));
	check_figure(date->not_mapped_ha, file, "not_mapped_ha");
	for (size_t i = 0; i < date->class_count; i++) {
		const json_t *class = json_array_get(classes, i);
		assert_string_equal(date->classes[i].name, json_string_value(json_object_get(class, "name")));
		assert_int_equal(date->classes[i].value, (int)number_at(class, "value"));
		assert_int_equal(date->classes[i].cells, (uint64_t)number_at(class, "cells"));
		check_figure(date->classes[i].area_ha, class, "area_ha");
		check_figure(date->classes[i].share, class, "share_of_county");
	}
}

static inline void check_result_flags(const struct lu_statistics_flags *flags, const json_t *file)
{
	const json_t *changes = json_object_get(file, "changes");
	uint64_t cells = 0;

	assert_int_equal(flags->compared_cells, (uint64_t)number_at(file, "compared_cells"));
	assert_int_equal(flags->flagged_cells, (uint64_t)number_at(file, "flagged_cells"));
	check_figure(flags->flagged_ha, file, "flagged_ha");
	check_figure(flags->expected_true_ha, file, "expected_true_ha");
	check_figure(flags->expected_true_low_ha, file, "expected_true_low_ha");
	check_figure(flags->expected_true_high_ha, file, "expected_true_high_ha");
	check_figure(flags->threshold, file, "threshold");
	check_figure(flags->expected_false_share, file, "expected_false_share");
	assert_int_equal(flags->change_count, json_array_size(changes));
	for (size_t i = 0; i < flags->change_count; i++) {
		const json_t *change = json_array_get(changes, i);
		assert_int_equal(flags->changes[i].from, (int)number_at(change, "from"));
		assert_int_equal(flags->changes[i].to, (int)number_at(change, "to"));
		check_figure(flags->changes[i].area_ha, change, "area_ha");
		cells += flags->changes[i].cells;
	}
	assert_int_equal(cells, flags->flagged_cells);
}

static inline void check_result_pair(const struct lu_statistics *found, size_t number, const json_t *file)
{
	const struct lu_statistics_pair *pair = &found->pairs[number];
	const size_t n = pair->value_count;

	assert_string_equal(found->dates[pair->earlier].label, json_string_value(json_object_get(file, "earlier")));
	assert_string_equal(found->dates[pair->later].label, json_string_value(json_object_get(file, "later")));
	assert_int_equal(n, json_array_size(json_at(file, "transition.values")));
	for (size_t i = 0; i < n * n; i++) {
		char path[64];
		snprintf(path, sizeof(path), "transition.cells.%zu.%zu", i / n, i % n);
		assert_int_equal(pair->cells[i], (uint64_t)number_at(file, path));
		snprintf(path, sizeof(path), "transition.area_ha.%zu.%zu", i / n, i % n);
		assert_true(pair->area_ha[i] == number_at(file, path));
	}
	assert_int_equal(pair->class_count, json_array_size(json_object_get(file, "classes")));
	for (size_t i = 0; i < pair->class_count; i++) {
		const struct lu_statistics_gain *gain = &pair->classes[i];
		const json_t *class = json_array_get(json_object_get(file, "classes"), i);
		check_figure(gain->net_ha, json_object_get(class, "area_ha"), "net");
		check_figure(gain->swap_ha, json_object_get(class, "area_ha"), "swap");
		check_figure(gain->earlier_ha, json_object_get(class, "area_ha"), "earlier");
		assert_int_equal(gain->later_cells, (uint64_t)number_at(class, "cells.later"));
		check_near(gain->gain_ha - gain->loss_ha, gain->net_ha, 2e-6);
	}
	check_figure(pair->years, json_object_get(file, "annual_rates"), "years");
	assert_true((pair->flags != NULL) == (json_object_get(file, "significance") != NULL));
	if (pair->flags != NULL)
		check_result_flags(pair->flags, json_object_get(file, "significance"));
}

/* Both ways to name the statistics of 'folder', a folder of the county, beside the file. */
static inline void check_results(const char *folder)
{
	const struct lu_statistics *found;
	struct lu_error err = {0};
	char name[96];

	snprintf(name, sizeof(name), "%s/statistics.json", folder);
	json_t *file = county_json(name);
	for (int i = 0; i < 2; i++) {
		check_ok(lu_statistics_open(in_county(i == 0 ? folder : name), &found, &err), err);
		assert_string_equal(found->software_version, lu_version());
		check_figure(found->county_area_ha, json_object_get(file, "county"), "area_ha");
		assert_int_equal(found->class_count, json_array_size(json_at(file, "scheme.classes")));
		assert_int_equal(found->date_count, json_array_size(json_at(file, "dates")));
		assert_int_equal(found->pair_count, json_array_size(json_at(file, "pairs")));
		for (size_t k = 0; k < found->date_count; k++)
			check_result_date(&found->dates[k], json_array_get(json_at(file, "dates"), k));
		for (size_t k = 0; k < found->pair_count; k++)
			check_result_pair(found, k, json_array_get(json_at(file, "pairs"), k));
		lu_statistics_free(found);
	}
	json_decref(file);
}

#endif
