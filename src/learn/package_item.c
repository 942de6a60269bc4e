/*
 * package_item.c: model.json, the STAC Item of a trained model. See training.h and models/README.md.
 */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "learn/augment.h"
#include "learn/training.h"
#include "models/class_color.h"
#include "models/score_scale.h"

/* jansson's _new functions take their value also when it is NULL and then fail: 'ok' collects that. */
static void set(json_t *object, const char *key, json_t *value, bool *ok)
{
	*ok = json_object_set_new(object, key, value) == 0 && *ok;
}

static void push(json_t *array, json_t *value, bool *ok)
{
	*ok = json_array_append_new(array, value) == 0 && *ok;
}

static json_t *rounded(double value)
{
	return isfinite(value) ? json_real(round(value * 1e4) / 1e4 + 0.0) : json_null();
}

static json_t *input_json(const struct lu_training *t, bool *ok)
{
	static const char *const names[] = {"red", "green", "blue", "nir"};
	const struct lu_model *model = t->backbone->model;
	json_t *inputs = json_array(), *input = json_object(), *bands = json_array(), *scaling = json_array();
	const bool last = model->order == LU_ORDER_CHANNELS_LAST;
	json_t *order = last ? json_pack("[s,s,s,s]", "batch", "height", "width", "channel")
			     : json_pack("[s,s,s,s]", "batch", "channel", "height", "width");
	const int chip = model->chip_px, planes = (int)model->bands;
	json_t *tensor = json_object();

	for (size_t b = 0; b < model->bands; b++) {
		json_t *one = json_object();
		char name[32];
		snprintf(name, sizeof(name), "band_%zu", b + 1);
		push(bands, json_string(b < 4 && model->bands >= 3 ? names[b] : name), ok);
		/* input = value * scale + offset = (value - mean) / stddev */
		set(one, "type", json_string("z-score"), ok);
		set(one, "mean", json_real(-(double)model->offset[b] / (double)model->scale[b]), ok);
		set(one, "stddev", json_real(1 / (double)model->scale[b]), ok);
		push(scaling, one, ok);
	}
	set(tensor, "shape", json_pack("[i,i,i,i]", -1, last ? chip : planes, chip, last ? planes : chip), ok);
	set(tensor, "dim_order", order, ok);
	set(tensor, "data_type", json_string(model->bytes ? "uint8" : "float32"), ok);
	set(input, "name", json_string("chip"), ok);
	set(input, "bands", bands, ok);
	set(input, "input", tensor, ok);
	set(input, "value_scaling", scaling, ok);
	set(input, "resize_type", json_null(), ok);
	push(inputs, input, ok);
	return inputs;
}

static json_t *output_json(const struct lu_training *t, bool *ok)
{
	json_t *outputs = json_array(), *output = json_object(), *classes = json_array();

	for (size_t k = 0; k < t->set->class_count; k++) {
		json_t *one = json_object();
		char hex[7];
		lu_class_color(t->set->classes[k], k, hex);
		set(one, "value", json_integer((json_int_t)k), ok);
		set(one, "name", json_string(t->set->classes[k]), ok);
		set(one, "title", json_string(t->set->classes[k]), ok);
		set(one, "color_hint", json_string(hex), ok);
		push(classes, one, ok);
	}
	set(output, "name", json_string("probabilities"), ok);
	set(output, "tasks", json_pack("[s]", "scene-classification"), ok);
	set(output, "result",
	    json_pack("{s:[i,i], s:[s,s], s:s}", "shape", -1, (int)t->set->class_count, "dim_order", "batch", "class",
		      "data_type", "float32"),
	    ok);
	set(output, "classification:classes", classes, ok);
	push(outputs, output, ok);
	return outputs;
}

static json_t *metrics_json(const struct lu_training *t, bool *ok)
{
	const struct lu_metrics *m = &t->metrics;
	json_t *metrics = json_object(), *recall = json_object();

	set(metrics, "chips", json_integer((json_int_t)m->n), ok);
	set(metrics, "held_out", json_string(t->blocks > 0 ? "folds over blocks" : "the set's validate split"), ok);
	set(metrics, "folds", json_integer(t->fold_count), ok);
	set(metrics, "blocks", json_integer((json_int_t)t->blocks), ok);
	set(metrics, "overall_accuracy", rounded(m->accuracy), ok);
	set(metrics, "overall_accuracy_interval_95",
	    json_pack("[o,o]", rounded(t->by_blocks.low), rounded(t->by_blocks.high)), ok);
	set(metrics, "design_effect", rounded(t->by_blocks.design_effect), ok);
	set(metrics, "kappa", rounded(m->kappa), ok);
	set(metrics, "macro_f1", rounded(m->macro_f1), ok);
	set(metrics, "calibration_error_before", rounded(t->ece_before), ok);
	set(metrics, "calibration_error_after", rounded(m->ece), ok);
	set(metrics, "calibration_error_by_chance", rounded(t->ece_by_chance), ok);
	set(metrics, "temperature", rounded(t->temperature), ok);
	if (t->temperature != t->trials[t->chosen].tried) {
		set(metrics, "temperature_not_used", rounded(t->trials[t->chosen].tried), ok);
		set(metrics, "calibration_error_with_it", rounded(t->trials[t->chosen].ece_tried), ok);
	}
	set(metrics, "in_backbone_training", json_integer((json_int_t)t->held_out_known), ok);
	for (size_t k = 0; k < t->set->class_count; k++)
		set(recall, t->set->classes[k], rounded(m->classes[k].recall), ok);
	set(metrics, "producers_accuracy", recall, ok);
	return metrics;
}

static json_t *confusion_json(const struct lu_metrics *m, bool *ok)
{
	json_t *confusion = json_object(), *counts = json_array();

	for (size_t row = 0; row < m->class_count; row++) {
		json_t *cells = json_array();
		for (size_t col = 0; col < m->class_count; col++)
			push(cells, json_integer((json_int_t)m->confusion[row * m->class_count + col]), ok);
		push(counts, cells, ok);
	}
	set(confusion, "description",
	    json_string("held-out chips; rows = predicted, columns = reference; order of classification:classes"), ok);
	set(confusion, "counts", counts, ok);
	return confusion;
}

/* The pictures that the head was fitted to, and those of the backbone: evaluation says when it meets one again. */
static json_t *chips_json(const struct lu_training *t, bool *ok)
{
	json_t *list = json_array();

	for (size_t i = 0; i < t->count; i++) {
		const char *sha256 = t->features->sha256[t->chips[i]];
		if ((t->fold_count > 1 || t->folds[i] < 0) && !lu_training_chips_have(&t->known, sha256))
			push(list, json_stringn(sha256, LU_TRAINING_CHIP_DIGITS), ok);
	}
	for (size_t i = 0; i < t->known.count; i++)
		if (i == 0 || t->known.keys[i] != t->known.keys[i - 1])
			push(list, json_sprintf("%016" PRIx64, t->known.keys[i]), ok);
	return list;
}

/* "balanced", "none", "Forest=2,Water=0.5". */
static json_t *weights_word(const struct lu_training_task *task)
{
	json_t *word = json_string(task->weighing == LU_WEIGHING_NONE       ? "none"
				   : task->weighing == LU_WEIGHING_BALANCED ? "balanced"
									    : "");

	for (size_t i = 0; task->weighing == LU_WEIGHING_NAMED && i < task->class_weight_count; i++) {
		json_t *longer = json_sprintf("%s%s%s=%g", json_string_value(word), i > 0 ? "," : "",
					      task->class_weights[i].name, task->class_weights[i].number);
		json_decref(word);
		word = longer;
	}
	return word;
}

json_t *lu_training_parameters(const struct lu_training *t, bool *ok)
{
	const struct lu_head_setting *setting = &t->trials[t->chosen].setting;
	json_t *object = json_object();
	char augment[32];

	set(object, "head", json_string(t->kind->name), ok);
	if (setting->trees > 0) {
		set(object, "trees", json_integer(setting->trees), ok);
		set(object, "depth", json_integer(setting->depth), ok);
	} else {
		set(object, "l2", json_real(setting->l2), ok);
	}
	set(object, "class_weights", weights_word(t->task), ok);
	lu_augment_words(t->task->augment, augment);
	set(object, "augment", json_string(augment), ok);
	set(object, "poses", json_integer((json_int_t)t->pose_count), ok);
	set(object, "fit", json_string(t->task->crop ? "crop" : "resize"), ok);
	if (t->task->dedupe)
		set(object, "dedupe_bits", json_integer(t->task->dedupe_bits), ok);
	set(object, "seed", json_integer((json_int_t)t->task->seed), ok);
	set(object, "sample_frac", json_real(t->task->sample_frac > 0 ? t->task->sample_frac : 1), ok);
	return object;
}

static json_t *properties_json(const struct lu_training *t, const char *scheme, bool *ok)
{
	const struct lu_model *backbone = t->backbone->model;
	json_t *p = json_object();

	set(p, "title", json_string(lu_package_name(t)), ok);
	set(p, "description", json_sprintf("A %s on frozen features, made by landuse train.", t->kind->title), ok);
	set(p, "datetime", json_null(), ok);
	set(p, "start_datetime", json_string("1900-01-01T00:00:00Z"), ok);
	set(p, "end_datetime", json_string("9999-12-31T23:59:59Z"), ok);
	if (backbone->license != NULL)
		set(p, "license", json_string(backbone->license), ok);
	set(p, "mlm:name", json_string(lu_package_name(t)), ok);
	set(p, "mlm:architecture",
	    json_string(backbone->architecture != NULL ? backbone->architecture : backbone->name), ok);
	set(p, "mlm:tasks", json_pack("[s]", "scene-classification"), ok);
	set(p, "mlm:framework", json_string("ONNX"), ok);
	set(p, "mlm:pretrained", json_true(), ok);
	set(p, "mlm:pretrained_source", json_string(backbone->name), ok);
	set(p, "mlm:input", input_json(t, ok), ok);
	set(p, "mlm:output", output_json(t, ok), ok);
	set(p, "mlm:hyperparameters", lu_training_parameters(t, ok), ok);
	set(p, "landuse:chip_size_px", json_integer(backbone->chip_px), ok);
	set(p, "landuse:gsd_m", json_real(lu_package_gsd_m(t)), ok);
	/* Features that have learnt from other detail than usual have not lost it with a new head. */
	if (lu_package_gsd_m(t) == backbone->gsd_m && (backbone->gsd_range[0] != backbone->gsd_m / LU_GSD_USUAL ||
						       backbone->gsd_range[1] != backbone->gsd_m * LU_GSD_USUAL))
		set(p, "landuse:gsd",
		    json_pack("{s:f, s:f}", "min", backbone->gsd_range[0], "max", backbone->gsd_range[1]), ok);
	if (t->range != NULL)
		set(p, "landuse:range", json_pack("[f,f]", t->range[0], t->range[1]), ok);
	if (scheme != NULL)
		set(p, "landuse:scheme", json_string(scheme), ok);
	set(p, LU_SCORE_SCALE_KEY, rounded(t->score_scale), ok);
	if (t->reach.count > 0)
		set(p, LU_REACH_KEY, lu_reach_json(&t->reach), ok);
	set(p, "landuse:backbone_sha256", json_string(backbone->sha256), ok);
	set(p, "landuse:backbone_layer", json_string(t->backbone->layer), ok);
	set(p, "landuse:metrics", metrics_json(t, ok), ok);
	set(p, "landuse:confusion", confusion_json(&t->metrics, ok), ok);
	set(p, "landuse:training_chips", chips_json(t, ok), ok);
	return p;
}

enum lu_status lu_package_item_write(const struct lu_training *t, const char *onnx, const char *scheme,
				     const char *path, struct lu_error *err)
{
	bool ok = true;
	char sha256[LU_SHA256_HEX];
	json_t *item = json_object(), *asset = json_object(), *assets = json_object();
	enum lu_status status = lu_sha256_file(onnx, sha256, err);

	set(item, "type", json_string("Feature"), &ok);
	set(item, "stac_version", json_string("1.0.0"), &ok);
	set(item, "stac_extensions",
	    json_pack("[s,s]", "https://stac-extensions.github.io/mlm/v1.5.0/schema.json",
		      "https://stac-extensions.github.io/classification/v2.0.0/schema.json"),
	    &ok);
	set(item, "id", json_string(lu_package_name(t)), &ok);
	set(item, "geometry", json_null(), &ok);
	set(item, "properties", properties_json(t, scheme, &ok), &ok);
	set(item, "links", json_array(), &ok);
	set(asset, "href", json_string("./model.onnx"), &ok);
	set(asset, "title", json_string("Network, softmax included, temperature folded in"), &ok);
	set(asset, "type", json_string("application/octet-stream; application=onnx"), &ok);
	set(asset, "roles", json_pack("[s,s]", "mlm:model", "mlm:weights"), &ok);
	set(asset, "mlm:artifact_type", json_string("onnx"), &ok);
	set(asset, "landuse:sha256", json_string(sha256), &ok);
	set(assets, "model", asset, &ok);
	set(item, "assets", assets, &ok);
	char *dump = ok ? json_dumps(item, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) : NULL;
	if (status == LU_OK)
		status = dump != NULL ? lu_file_write(path, dump, strlen(dump), err)
				      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
	free(dump);
	json_decref(item);
	return status;
}
