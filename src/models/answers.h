/*
 * answers.h: what a network's numbers are: probabilities of its classes, or logits that softmax makes probabilities.
 *
 * model.json says which (mlm:output[0].name), or of a bare file its last layers. Whoever believes it wrongly gets
 * figures that look right: logits taken as probabilities map nothing, probabilities through another softmax keep their
 * labels and lose their confidence. So the answers themselves are compared with it, chip by chip.
 *
 * A network that ends in a sigmoid has several labels a chip: each value is its class's own probability, and they need not
 * sum to 1. They are kept so, and that is said; a map shows the most probable.
 */
#ifndef LU_MODELS_ANSWERS_H
#define LU_MODELS_ANSWERS_H

#include "models/model.h"

/* What was seen: one a thread, added up for lu_answers_tell. */
struct lu_answers {
	uint64_t numbers; /* chips whose answers were numbers */
	uint64_t probable; /* of a model of logits: those whose answers were probabilities already */
};

/*
 * Note in model->ending how the network ends, and warn where model.json calls logits what a softmax or a sigmoid has
 * made. For a bare file (no folder), this decides what its answers are.
 */
void lu_answers_expect(struct lu_model *model, const struct lu_graph *graph, const struct lu_hooks *hooks);

/* Does each class have a probability of its own, whatever the others have? Once the network has been looked at. */
bool lu_answers_alone(const struct lu_model *model);

/*
 * Make probabilities of one chip's answers, in place. '*finite' is false where they are no numbers. LU_ERROR_MISMATCH, with the
 * values, where they should be probabilities and are not. Any thread, each with its own tally.
 */
enum lu_status lu_answers_take(const struct lu_model *model, float *answers, struct lu_answers *tally, bool *finite,
			       struct lu_error *err);

/* Warn where every chip's logits were probabilities, and nobody has said so. */
void lu_answers_tell(const struct lu_model *model, const struct lu_answers *tally, const struct lu_hooks *hooks);

#endif
