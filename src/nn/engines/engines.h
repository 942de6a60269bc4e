/*
 * engines.h: the engines of this build.
 */
#ifndef LU_NN_ENGINES_ENGINES_H
#define LU_NN_ENGINES_ENGINES_H

#include "nn/plan/engine.h"

/* The engine of that name (NULL: the best), or NULL. */
const struct lu_engine *lu_engine_find(const char *name);

#endif
