/*
 * infer.h: shapes of every value, and values of everything that does not depend on the inputs.
 */
#ifndef LU_NN_OPS_INFER_H
#define LU_NN_OPS_INFER_H

#include "nn/graph/graph.h"
#include "nn/ops/ops.h"

/*
 * Walk a cloned graph whose inputs all have a type and a shape (or data, for an input bound as a constant),
 * infer every value's type and shape, and compute the constant ones by reference kernels into the
 * graph's pool. Fails where a shape depends on data that is not constant, or folding exceeds graph->fold_bytes or fold_work.
 */
enum lu_status lu_graph_infer(struct lu_graph *graph, struct lu_error *err);

/* Roughly how many elements the reference kernel touches for a node whose shapes are known. */
double lu_node_work(const struct lu_graph *graph, const struct lu_node *node);

/* Gather a node's tensors from the graph into 'call'. */
void lu_call_prepare(struct lu_graph *graph, const struct lu_node *node, struct lu_call *call);

#endif
