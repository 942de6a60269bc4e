/*
 * front.h: the first layers of a network, which a plan runs chip by chip: where they end, see front.c.
 */
#ifndef LU_NN_PLAN_FRONT_H
#define LU_NN_PLAN_FRONT_H

#include "nn/graph/graph.h"

/*
 * The node behind which a graph that has been prepared for 'batch' chips had best be cut in two; -1 where it had best
 * stay whole.
 */
enum lu_status lu_front_find(const struct lu_graph *graph, int batch, int *node, struct lu_error *err);

/*
 * Let 'front', the same network prepared for one chip, end with what 'node' makes, channels last, and 'rest' begin with it.
 * '*cut' is false, and nothing has changed, where the two graphs are not alike there.
 */
enum lu_status lu_front_cut(struct lu_graph *front, struct lu_graph *rest, int node, bool *cut, struct lu_error *err);

#endif
