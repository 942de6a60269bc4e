/*
 * repeat.h: see repeat.c.
 */
#ifndef LU_NN_PLAN_REPEAT_H
#define LU_NN_PLAN_REPEAT_H

#include "nn/graph/graph.h"

/*
 * Let Concats of constants and what depends on the image have the constants once a chip. 'one' has been inferred for one
 * chip; 'many', a clone of the same graph for 'batch' chips, has not.
 */
enum lu_status lu_repeat_constants(const struct lu_graph *one, struct lu_graph *many, int batch, struct lu_error *err);

#endif
