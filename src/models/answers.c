/* answers.c: see answers.h. */
#include "models/answers.h"

#include <math.h>

#include "base/hooks.h"

/* How far rounding (float16, uint8 with 1/256 a class) carries probabilities from 0, 1 and their sum of 1. */
static const float slack = 0.01f, sum_slack = 0.02f, class_slack = 0.004f, most_slack = 0.5f;

static const char *network_of(const struct lu_model *model)
{
	return model->onnx_path;
}

void lu_answers_expect(struct lu_model *model, const struct lu_graph *graph, const struct lu_hooks *hooks)
{
	const bool bare = model->folder == NULL;

	model->ending = lu_graph_ending(graph);
	if (bare)
		model->logits = model->ending == LU_ENDING_OPEN;
	if (lu_answers_alone(model))
		lu_log(hooks, LU_LEVEL_WARNING,
		       "%s: ends in a sigmoid: its values are taken as they are, each its class's own probability; "
		       "they need "
		       "not sum to 1",
		       network_of(model));
	else if (model->logits && model->ending != LU_ENDING_OPEN)
		lu_log(hooks, LU_LEVEL_WARNING,
		       "%s: ends in a %s, and model.json calls its output logits: softmax is taken once more, labels "
		       "stay and "
		       "confidences sink (name the output probabilities%s)",
		       network_of(model), model->ending == LU_ENDING_SOFTMAX ? "softmax" : "sigmoid",
		       model->ending == LU_ENDING_SOFTMAX ? "" : ", of a network without the sigmoid: logits");
}

bool lu_answers_alone(const struct lu_model *model)
{
	return model->ending == LU_ENDING_SIGMOID && !model->logits;
}

struct range {
	float low, high;
	double sum;
	bool finite;
};

static struct range look(const float *answers, size_t count)
{
	struct range r = {INFINITY, -INFINITY, 0, true};

	for (size_t k = 0; k < count; k++) {
		r.finite &= isfinite(answers[k]) != 0;
		r.low = fminf(r.low, answers[k]);
		r.high = fmaxf(r.high, answers[k]);
		r.sum += (double)answers[k];
	}
	return r;
}

static void softmax(float *values, size_t count)
{
	float highest = values[0], sum = 0;

	for (size_t i = 1; i < count; i++)
		highest = fmaxf(highest, values[i]);
	for (size_t i = 0; i < count; i++)
		sum += values[i] = expf(values[i] - highest);
	for (size_t i = 0; i < count; i++)
		values[i] /= sum;
}

static enum lu_status refuse(const struct lu_model *model, const struct range *r, struct lu_error *err)
{
	const bool in_range = r->low >= -slack && r->high <= 1 + slack;

	return lu_fail(err, LU_ERROR_MISMATCH,
		       "%s: gives a chip values from %.3g to %.3g that sum to %.3g, and %s: those are from 0 to 1 and "
		       "sum to 1 "
		       "(%s)",
		       network_of(model), (double)r->low, (double)r->high, r->sum,
		       model->folder != NULL ? "model.json says probabilities" : "its last layers say probabilities",
		       in_range ? "export the network with a softmax at its end"
				: "name the output 'logits' in mlm:output, or export the network with its softmax");
}

enum lu_status lu_answers_take(const struct lu_model *model, float *answers, struct lu_answers *tally, bool *finite,
			       struct lu_error *err)
{
	const size_t count = model->class_count;
	const float of_sum = fminf(sum_slack + class_slack * (float)count, most_slack);
	struct range r = look(answers, count);

	if (model->logits) {
		tally->probable += r.finite && r.low >= 0 && r.high <= 1 && fabs(r.sum - 1) < 1e-3;
		softmax(answers, count);
		*finite = look(answers, count).finite;
		tally->numbers += *finite;
		return LU_OK;
	}
	*finite = r.finite;
	if (!r.finite)
		return LU_OK;
	tally->numbers++;
	if (r.low < -slack || r.high > 1 + slack || (!lu_answers_alone(model) && fabs(r.sum - 1) > (double)of_sum))
		return refuse(model, &r, err);
	for (size_t k = 0; k < count && (r.low < 0 || r.high > 1); k++)
		answers[k] = fminf(fmaxf(answers[k], 0), 1);
	return LU_OK;
}

void lu_answers_tell(const struct lu_model *model, const struct lu_answers *tally, const struct lu_hooks *hooks)
{
	if (!model->logits || model->ending != LU_ENDING_OPEN || tally->numbers == 0 ||
	    tally->probable < tally->numbers)
		return;
	lu_log(hooks, LU_LEVEL_WARNING,
	       "%s: for every chip its values are from 0 to 1 and sum to 1, and %s: softmax was taken of "
	       "probabilities, labels "
	       "stay and confidences sink (name the output probabilities in model.json)",
	       network_of(model), model->folder != NULL ? "model.json calls them logits" : "they were taken as logits");
}
