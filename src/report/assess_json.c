/* assess_json.c: an assessment as JSON. What is not known is null. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accuracy/assessment.h"
#include "report/evidence_json.h"
#include "base/memory.h"

/* jansson answers a NULL child with -1, so that memory need be looked at only once, at the end. */
static void set(json_t *object, const char *key, json_t *value, bool *ok)
{
	*ok = json_object_set_new(object, key, value) == 0 && *ok;
}

static void push(json_t *array, json_t *value, bool *ok)
{
	*ok = json_array_append_new(array, value) == 0 && *ok;
}

static json_t *figure(const struct lu_assessment *a, struct lu_figure f, bool *ok)
{
	const double percent = a->intervals.percent;
	json_t *object = json_object();
	char key[32];

	set(object, "value", f.known ? json_real(f.value) : json_null(), ok);
	set(object, "se", f.known && f.se_known ? json_real(f.se) : json_null(), ok);
	snprintf(key, sizeof(key), "low_%g", percent);
	set(object, key, f.bounded ? json_real(f.within.low) : json_null(), ok);
	snprintf(key, sizeof(key), "high_%g", percent);
	set(object, key, f.bounded ? json_real(f.within.high) : json_null(), ok);
	/* Half of the interval: what readers of version 0.1 look for. */
	snprintf(key, sizeof(key), "margin_%g", percent);
	set(object, key, f.bounded ? json_real((f.within.high - f.within.low) / 2) : json_null(), ok);
	return object;
}

static json_t *text(const char *value)
{
	return value != NULL ? json_string(value) : json_null();
}

static json_t *class_json(const struct lu_assessment *a, const struct lu_assessed_class *class, bool *ok)
{
	json_t *object = json_object();

	set(object, "value", class->value > 0 ? json_integer(class->value) : json_null(), ok);
	set(object, "name", text(class->name), ok);
	set(object, "map_sample", json_integer((json_int_t) class->map_sample), ok);
	set(object, "reference_sample", json_integer((json_int_t) class->reference_sample), ok);
	set(object, "interval_rests_on_few", json_boolean(lu_assessment_rests_on_few(a, (size_t)(class - a->classes))),
	    ok);
	set(object, "users_accuracy", figure(a, class->users, ok), ok);
	set(object, "producers_accuracy", figure(a, class->producers, ok), ok);
	set(object, "proportion", figure(a, class->proportion, ok), ok);
	if (a->has_areas) {
		set(object, "mapped_ha", class->mapped_ha >= 0 ? json_real(class->mapped_ha) : json_null(), ok);
		set(object, "adjusted_ha", figure(a, class->area_ha, ok), ok);
	}
	return object;
}

static json_t *matrix_json(const struct lu_assessment *a, bool *ok)
{
	json_t *matrix = json_object(), *labels = json_array(), *counts = json_array(), *proportions = json_array();

	set(matrix, "rows", json_string("map"), ok);
	set(matrix, "columns", json_string("reference"), ok);
	for (size_t i = 0; i < a->count; i++) {
		json_t *count_row = json_array(), *proportion_row = json_array();
		push(labels, text(a->classes[i].name), ok);
		for (size_t j = 0; j < a->count; j++) {
			push(count_row, json_integer((json_int_t)a->counts[i * a->count + j]), ok);
			push(proportion_row, json_real(a->proportions[i * a->count + j]), ok);
		}
		push(counts, count_row, ok);
		push(proportions, proportion_row, ok);
	}
	set(matrix, "classes", labels, ok);
	set(matrix, "counts", counts, ok);
	set(matrix, "proportions", proportions, ok);
	return matrix;
}

static json_t *sample_json(const struct lu_assessment *a, bool *ok)
{
	json_t *sample = json_object();

	set(sample, "path", text(a->sample), ok);
	set(sample, "probability_sample", json_boolean(a->probability_sample), ok);
	set(sample, "places", json_integer((json_int_t)a->rows), ok);
	set(sample, "labelled", json_integer((json_int_t)a->labelled), ok);
	set(sample, "not_labelled", json_integer((json_int_t)a->unlabelled), ok);
	set(sample, "not_mapped", json_integer((json_int_t)a->outside), ok);
	set(sample, "contradicted", json_integer((json_int_t)a->contradicted), ok);
	set(sample, "missing", json_integer((json_int_t)a->missing), ok);
	set(sample, "repeated_rows", json_integer((json_int_t)a->repeated), ok);
	set(sample, "strata_without_labels", json_integer((json_int_t)a->empty_strata), ok);
	set(sample, "strata_with_one_label", json_integer((json_int_t)a->single_strata), ok);
	return sample;
}

static json_t *table_json(const struct lu_assessment *a, const struct lu_assessed_table *table, bool *ok)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < table->count; i++) {
		json_t *row = json_object();
		set(row, "name", text(table->rows[i].name), ok);
		set(row, "proportion", figure(a, table->rows[i].proportion, ok), ok);
		set(row, "adjusted_ha", figure(a, table->rows[i].area_ha, ok), ok);
		push(rows, row, ok);
	}
	return rows;
}

static json_t *zones_json(const struct lu_assessment *a, bool *ok)
{
	json_t *zones = json_array();

	for (size_t z = 0; z < a->zone_count; z++) {
		const struct lu_assessed_zone *zone = &a->zones[z];
		json_t *object = json_object(), *classes = json_array();
		set(object, "name", text(zone->name), ok);
		set(object, "estimation", json_string(zone->synthetic ? "synthetic" : "post-stratified"), ok);
		set(object, "assumes",
		    zone->synthetic ? json_string("the map errs in the zone as in the county, class by class")
				    : json_null(),
		    ok);
		set(object, "labelled", json_integer((json_int_t)zone->labelled), ok);
		set(object, "area_ha", json_real(zone->area_ha), ok);
		set(object, "not_sampled_ha", json_real(zone->unsampled_ha), ok);
		for (size_t i = 0; i < a->count; i++) {
			json_t *one = json_object();
			set(one, "value", a->classes[i].value > 0 ? json_integer(a->classes[i].value) : json_null(),
			    ok);
			set(one, "name", text(a->classes[i].name), ok);
			set(one, "mapped_ha", json_real(zone->classes[i].mapped_ha), ok);
			set(one, "adjusted_ha", figure(a, zone->classes[i].area_ha, ok), ok);
			push(classes, one, ok);
		}
		set(object, "classes", classes, ok);
		push(zones, object, ok);
	}
	return zones;
}

static json_t *disagreement_json(const struct lu_assessment *a, bool *ok)
{
	json_t *object = json_object();

	set(object, "total", json_real(a->disagreement.difference), ok);
	set(object, "quantity", json_real(a->disagreement.quantity), ok);
	set(object, "exchange", json_real(a->disagreement.exchange), ok);
	set(object, "shift", json_real(a->disagreement.shift), ok);
	return object;
}

/* Keys of the change tables, in the order that assess_change.h adds them. */
static const char *const table_keys[LU_ASSESSED_TABLES] = {"change", "earlier_date", "later_date", "growth"};

json_t *lu_assessment_object(const struct lu_assessment *a, bool *all_ok)
{
	static const char *const estimators[] = {
		[LU_ESTIMATOR_AUTO] = "auto", [LU_ESTIMATOR_STRATIFIED] = "stratified", [LU_ESTIMATOR_RATIO] = "ratio"};
	json_t *root = json_object(), *classes = json_array();
	bool ok = root != NULL && classes != NULL;
	double uncertain;

	set(root, "map", text(a->map), &ok);
	set(root, "sample", sample_json(a, &ok), &ok);
	set(root, "estimators", json_string(a->simple ? "simple" : estimators[a->estimator]), &ok);
	set(root, "intervals", json_string(a->intervals.wald ? "wald" : "wilson"), &ok);
	if (a->table_count > 0)
		set(root, "helped_by_change_probability", json_boolean(a->helped), &ok);
	set(root, "matrix", matrix_json(a, &ok), &ok);
	set(root, "overall_accuracy", figure(a, a->overall, &ok), &ok);
	if (lu_assessment_uncertain(a, &uncertain)) {
		set(root, "uncertain_share", json_real(uncertain), &ok);
		set(root, "accuracy_of_what_is_in_a_class", json_real(a->overall.value / (1 - uncertain)), &ok);
	}
	for (size_t i = 0; i < a->count; i++)
		push(classes, class_json(a, &a->classes[i], &ok), &ok);
	set(root, "classes", classes, &ok);
	if (a->has_areas) {
		set(root, "area_ha", json_real(a->area_ha), &ok);
		set(root, "not_sampled_ha", json_real(a->unsampled_ha), &ok);
	}
	for (size_t i = 0; i < a->table_count; i++)
		set(root, table_keys[i], table_json(a, &a->tables[i], &ok), &ok);
	if (a->flags.drawn > 0)
		set(root, "flags",
		    json_pack("{s:I, s:I, s:I, s:f, s:f}", "all", (json_int_t)a->flags.all, "drawn",
			      (json_int_t)a->flags.drawn, "real", (json_int_t)a->flags.real, "confidence_percent",
			      a->intervals.percent, "real_share_at_least", a->flags.at_least),
		    &ok);
	if (a->zone_count > 0)
		set(root, "zones", zones_json(a, &ok), &ok);
	set(root, "disagreement", disagreement_json(a, &ok), &ok);
	if (a->wants_kappa) {
		set(root, "kappa", figure(a, a->kappa, &ok), &ok);
		set(root, "kappa_of_counts", figure(a, a->kappa_counts, &ok), &ok);
	}
	*all_ok = *all_ok && ok;
	return root;
}

enum lu_status lu_assessment_json(const struct lu_assessment *a, char **out, struct lu_error *err)
{
	bool ok = true;
	json_t *root = lu_assessment_object(a, &ok);
	char *dumped = ok ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) : NULL;

	*out = NULL;
	json_decref(root);
	if (dumped != NULL)
		*out = lu_sprintf("%s\n", dumped);
	free(dumped);
	return *out != NULL ? LU_OK
			    : lu_fail(err, LU_ERROR_MEMORY, "%s: out of memory, or a name in it is not UTF-8",
				      a->sample != NULL ? a->sample : a->map);
}
