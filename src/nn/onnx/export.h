/*
 * export.h: a graph as an ONNX file.
 */
#ifndef LU_NN_ONNX_EXPORT_H
#define LU_NN_ONNX_EXPORT_H

#include "nn/graph/graph.h"

/*
 * The bytes of an ONNX file that computes 'graph', which has been inferred but has no fused activations or
 * addends; lu_free '*bytes'. Constants become initializers, and so the nodes behind them are not written. The
 * first axis of inputs and outputs is left open. LU_ERROR_UNSUPPORTED: an attribute that holds a tensor.
 */
enum lu_status lu_onnx_export(const struct lu_graph *graph, char **bytes, size_t *size, struct lu_error *err);

#endif
