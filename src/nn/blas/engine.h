/*
 * engine.h: the engine on a BLAS: convolutions by im2col and SGEMM. Always built; what other engines are compared with.
 */
#ifndef LU_NN_BLAS_ENGINE_H
#define LU_NN_BLAS_ENGINE_H

#include "nn/plan/engine.h"

extern const struct lu_engine lu_engine_blas;

#endif
