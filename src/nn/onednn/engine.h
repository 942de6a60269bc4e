/*
 * engine.h: the engine on oneDNN, and on our own kernels where they are faster. Only where oneDNN was found (LU_WITH_ONEDNN).
 */
#ifndef LU_NN_ONEDNN_ENGINE_H
#define LU_NN_ONEDNN_ENGINE_H

#include "nn/plan/engine.h"

extern const struct lu_engine lu_engine_onednn;

#endif
