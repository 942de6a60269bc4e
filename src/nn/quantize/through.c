/*
 * through.c: a network of one Flatten, which hands the input of another through.
 */
#include "nn/ops/ops.h"
#include "nn/quantize.h"

enum lu_status lu_graph_through(const struct lu_graph *graph, struct lu_graph **out, struct lu_error *err)
{
	struct lu_graph *clone = NULL;
	struct lu_node *node;
	int *ends = NULL, flat;
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_graph_clone(graph, &clone, err));
	LU_TRY(lu_graph_add_value(clone, "pixels", &flat, err));
	LU_TRY(lu_pool_take(&clone->pool, &ends, 2, sizeof(*ends), "a node", err));
	LU_TRY(lu_graph_insert(clone, 0, &node, err));
	ends[0] = clone->inputs[0];
	ends[1] = flat;
	*node = (struct lu_node){.name = "pixels",
				 .op = lu_op_find("", "Flatten", 13),
				 .opset = 13,
				 .n_in = 1,
				 .n_out = 1,
				 .in = ends,
				 .out = ends + 1,
				 .fused.addend = -1};
	clone->values[flat].node = 0;
	clone->outputs[0] = flat;
	clone->n_outputs = 1;
	*out = clone;
	clone = NULL;
out:
	lu_graph_free(clone);
	return status;
}
