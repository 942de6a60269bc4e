/*
 * rewrite.h: what passes that look for patterns share: reading operands, and making a node another one.
 */
#ifndef LU_NN_PASSES_REWRITE_H
#define LU_NN_PASSES_REWRITE_H

#include "nn/graph/graph.h"

/* Make 'node' an operator of these inputs, without attributes. Its outputs stay. */
enum lu_status lu_become(struct lu_graph *graph, struct lu_node *node, const char *op, int opset, const int *in,
			 int n_in, struct lu_error *err);

/*
 * Put a node 'op' at place 'at' (later ones move up by one) that makes value 'to', which has no maker, of 'in'; it has
 * no attributes yet, and the value's name.
 */
enum lu_status lu_insert_node(struct lu_graph *graph, int at, const char *op, int opset, const int *in, int n_in,
			      int to, struct lu_error *err);

/* The one number of a float constant, or NaN. */
double lu_one_number(const struct lu_graph *graph, int value);
/* Is it 'wanted', or as near as float32 comes? */
bool lu_is_near(double x, double wanted);

/* Of a node with two inputs, the one that is not 'value'; -1 when it is no such node. */
int lu_other_input(const struct lu_node *node, const char *op, int value);

/*
 * Let node 'at' write a value of type float32 and this shape, and put a Transpose behind it that makes from it what the
 * node made: dimension i of that is dimension perm[i] of the new value.
 */
enum lu_status lu_transpose_behind(struct lu_graph *graph, int at, const struct lu_shape *shape, const int64_t *perm,
				   struct lu_error *err);
/* Put a Transpose of value 'from' before node 'at', which moves up by one; the new value in '*to'. */
enum lu_status lu_transpose_before(struct lu_graph *graph, int at, int from, const int64_t *perm, int *to,
				   struct lu_error *err);
/* The same with a Reshape to a shape of as many numbers. */
enum lu_status lu_reshape_before(struct lu_graph *graph, int at, int from, const struct lu_shape *shape, int *to,
				 struct lu_error *err);
/* Let node 'at' write a value of this shape, and a Reshape behind it make what the node made. */
enum lu_status lu_reshape_behind(struct lu_graph *graph, int at, const struct lu_shape *shape, struct lu_error *err);
/* Dimension i of '*to' is dimension perm[i] of 'from'. */
void lu_permute(const struct lu_shape *from, const int64_t *perm, struct lu_shape *to);

#endif
