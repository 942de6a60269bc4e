/*
 * interpret.c: with every input a constant, constant folding computes the whole graph.
 */
#include "nn/ops/interpret.h"

#include "nn/ops/infer.h"

enum lu_status lu_graph_evaluate(const struct lu_graph *graph, const struct lu_tensor *inputs, struct lu_graph **out,
				 struct lu_error *err)
{
	struct lu_graph *clone = NULL;
	enum lu_status status;

	*out = NULL;
	status = lu_graph_clone(graph, &clone, err);
	if (status != LU_OK)
		return status;
	for (int i = 0; i < clone->n_inputs; i++) {
		struct lu_tensor *declared = &clone->values[clone->inputs[i]].tensor;

		if (declared->type != inputs[i].type) {
			status = lu_fail(err, LU_ERROR_ARGUMENT, "%s: input '%s' is %s, given %s", graph->name,
					 clone->values[clone->inputs[i]].name, lu_type_name(declared->type),
					 lu_type_name(inputs[i].type));
			goto out;
		}
		*declared = inputs[i];
	}
	LU_TRY(lu_graph_infer(clone, err));
	*out = clone;
	clone = NULL;
out:
	lu_graph_free(clone);
	return status;
}
