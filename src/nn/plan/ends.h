/*
 * ends.h: the image that a job feeds and the tensor that it takes, see ends.c; lu_graph_choose is in nn.h.
 */
#ifndef LU_NN_PLAN_ENDS_H
#define LU_NN_PLAN_ENDS_H

#include "nn/graph/graph.h"

/* One image in, whose number is '*input', and one tensor out: else the network is no classifier that a job could feed. */
enum lu_status lu_ends_check(const struct lu_graph *graph, int *input, struct lu_error *err);

/* Let a clone's only input, which has its batch, be channels x rows x columns, whatever the file's is. */
enum lu_status lu_ends_turn(struct lu_graph *graph, struct lu_error *err);

/* The names of all outputs but the first: "'a', 'b'"; "" where there is one. */
enum lu_status lu_ends_others(const struct lu_graph *graph, struct lu_pool *pool, const char **names,
			      struct lu_error *err);

#endif
