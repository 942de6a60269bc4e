/* change_stage.c: one detector for a job, one detection for each pair of its dates. */
#include "change/change_stage.h"

#include <string.h>

#include "base/memory.h"
#include "change/change_layers.h"
#include "change/package_errors.h"
#include "change/time_products.h"
#include "change/timeline.h"

/* A pair that was judged. */
struct judged {
	struct lu_detection detection;
	struct lu_flag_statistics flags;
	struct lu_transition *table;
};

struct lu_change_stage {
	struct lu_change_task task;
	struct lu_timelines *timelines;
	struct lu_detector *detector;
	double *allow;
	struct lu_time_tally time;
	struct judged *pairs; /* dates x dates, by earlier * dates + later */
};

/*
 * The class shares that the network was trained under: every class of the model as common as any other
 * (models/README.md), so a map class has as much as it has members. One that the model cannot see has a
 * probability of 0 everywhere, and its share does not matter as long as it is not 0.
 */
static enum lu_status trained_shares(const struct lu_regroup *regroup, double **out, struct lu_error *err)
{
	const enum lu_status status = lu_alloc(out, regroup->map_count, sizeof(**out), "class shares", err);
	double sum = 0;

	for (size_t m = 0; status == LU_OK && m < regroup->model_count; m++)
		if (regroup->member_of[m] >= 0)
			(*out)[regroup->member_of[m]] += 1;
	for (size_t k = 0; status == LU_OK && k < regroup->map_count; k++) {
		(*out)[k] = (*out)[k] > 0 ? (*out)[k] : 1;
		sum += (*out)[k];
	}
	for (size_t k = 0; status == LU_OK && k < regroup->map_count; k++)
		(*out)[k] /= sum;
	return status;
}

enum lu_status lu_change_stage_new(const struct lu_change_task *task, struct lu_change_stage **out,
				   struct lu_error *err)
{
	const struct lu_change_keys *keys = task->keys;
	struct lu_change_stage *stage;
	double *trained = NULL, *blend = NULL;
	enum lu_status status = lu_alloc(&stage, 1, sizeof(*stage), "change", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	stage->task = *task;
	status = lu_alloc(&stage->pairs, task->dates * task->dates, sizeof(*stage->pairs), "pairs of dates", err);
	if (status == LU_OK)
		status = lu_change_allow(keys, task->scheme, &stage->allow, err);
	if (status == LU_OK)
		status = trained_shares(task->regroup, &trained, err);
	if (status == LU_OK && lu_package_errors_used(keys, task->dates, task->model))
		status = lu_package_errors_blend(task->model, task->regroup, trained, &blend, err);
	if (status == LU_OK)
		status = lu_timelines_new(task->stores, task->dates, task->cells->height, task->cells->width, blend,
					  &stage->timelines, err);
	if (status == LU_OK) {
		const struct lu_detect_options options = {.false_discovery_rate = keys->false_discovery_rate,
							  .min_probability = keys->min_probability,
							  .rate = keys->rate,
							  .allow = stage->allow};
		status = lu_detector_new(stage->timelines, trained, &options, &stage->detector, err);
	}
	lu_free(trained);
	lu_free(blend);
	if (status != LU_OK) {
		lu_change_stage_free(stage);
		return status;
	}
	*out = stage;
	return LU_OK;
}

void lu_change_stage_free(struct lu_change_stage *stage)
{
	if (stage == NULL)
		return;
	const size_t dates = stage->task.dates;
	for (size_t i = 0; stage->pairs != NULL && i < dates * dates; i++) {
		lu_detection_release(&stage->pairs[i].detection);
		lu_transition_free(stage->pairs[i].table);
	}
	lu_free(stage->pairs);
	lu_time_tally_release(&stage->time);
	lu_detector_free(stage->detector);
	lu_timelines_free(stage->timelines);
	lu_free(stage->allow);
	lu_free(stage);
}

enum lu_status lu_change_stage_pair(struct lu_change_stage *stage, const struct lu_change_pair *pair,
				    struct lu_outputs *outputs, struct lu_error *err)
{
	const struct lu_change_task *task = &stage->task;
	const struct lu_change_keys *keys = task->keys;
	struct judged *judged = &stage->pairs[pair->earlier * task->dates + pair->later];
	const struct lu_change_product product = {.folder = pair->folder,
						  .name = pair->name,
						  .frame = task->cells,
						  .detector = stage->detector,
						  .detection = &judged->detection,
						  .legend = task->legend,
						  .metadata = pair->metadata};
	struct lu_change_layer_task layers = {.product = &product,
					      .keys = keys,
					      .scheme = task->scheme,
					      .ground = task->ground,
					      .imagery = {task->imagery[pair->earlier], task->imagery[pair->later]},
					      .hooks = task->hooks,
					      .earlier = task->labels[pair->earlier],
					      .later = task->labels[pair->later],
					      .before = pair->before,
					      .after = pair->after};
	lu_model_colours(task->model, layers.colours);
	enum lu_status status = lu_detector_pair(stage->detector, pair->earlier, pair->later, &judged->detection, err);

	if (status == LU_OK)
		status = lu_products_detection(&product, outputs, err);
	if (status == LU_OK)
		status = lu_change_layers_write(&layers, outputs, err);
	if (status == LU_OK)
		status = lu_tally_flags(&product, task->ground, &judged->table, err);
	if (status != LU_OK)
		return status;
	const struct lu_detection *detection = &judged->detection;
	judged->flags = (struct lu_flag_statistics){.asked_false_discovery_rate = keys->false_discovery_rate,
						    .min_probability = keys->min_probability,
						    .change_rate = detection->groups.rate,
						    .rate_is_stated = keys->rate > 0,
						    .threshold = detection->choice.threshold,
						    .expected_false = detection->choice.expected_false,
						    .expected_found = detection->choice.expected_found,
						    .compared_cells = detection->cells,
						    .table = judged->table};
	return LU_OK;
}

enum lu_status lu_change_stage_time(struct lu_change_stage *stage, const struct lu_class_rows *maps, const char *folder,
				    const char *const *metadata, struct lu_outputs *outputs, struct lu_error *err)
{
	if (stage->task.dates < 3)
		return LU_OK;
	const struct lu_time_task task = {.folder = folder,
					  .frame = stage->task.cells,
					  .detector = stage->detector,
					  .dates = stage->task.dates,
					  .labels = stage->task.labels,
					  .maps = maps,
					  .legend = stage->task.legend,
					  .metadata = metadata};
	enum lu_status status = lu_products_time(&task, outputs, err);
	if (status == LU_OK)
		status = lu_time_tally_make(&task, stage->task.ground, &stage->time, err);
	return status;
}

const struct lu_time_tally *lu_change_stage_time_tally(const struct lu_change_stage *stage)
{
	return stage != NULL && stage->time.trajectory != NULL ? &stage->time : NULL;
}

const struct lu_flag_statistics *lu_change_stage_flags(const struct lu_change_stage *stage, size_t earlier,
						       size_t later)
{
	const struct judged *judged = &stage->pairs[earlier * stage->task.dates + later];

	return judged->table != NULL ? &judged->flags : NULL;
}
