/*
 * interpret.h: a graph computed once, by the reference kernels alone, whatever its inputs and outputs.
 *
 * Slow and general: any number of inputs and outputs, any type of tensor.h, shapes that depend on input
 * data. It is the oracle for the engines and the way to run the operator conformance suite.
 */
#ifndef LU_NN_OPS_INTERPRET_H
#define LU_NN_OPS_INTERPRET_H

#include "nn/graph/graph.h"

/*
 * Compute 'graph' for 'inputs' (with data, in the order of graph->inputs). '*out' is a graph whose
 * outputs are constants: values[outputs[i]].tensor, which live until lu_graph_free(*out); 'graph' and the
 * data of 'inputs' must stay as long.
 */
enum lu_status lu_graph_evaluate(const struct lu_graph *graph, const struct lu_tensor *inputs, struct lu_graph **out,
				 struct lu_error *err);

#endif
