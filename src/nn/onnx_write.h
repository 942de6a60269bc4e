/*
 * onnx_write.h: cut a network at a tensor, and write it as ONNX again. New heads: onnx_head.h.
 *
 * The file's nodes and weights are kept as they are, byte for byte; only what nothing needs any
 * more is left out. A struct lu_onnx serves one thread at a time.
 */
#ifndef LU_NN_ONNX_WRITE_H
#define LU_NN_ONNX_WRITE_H

#include "landuse/core.h"

struct lu_onnx;

/*
 * Open the ONNX file at 'path' for changes. Weights in files beside it are read in, and will be in the file that is
 * written. LU_ERROR_FORMAT when it is none, LU_ERROR_UNSUPPORTED when it has more weights than one file can hold.
 */
enum lu_status lu_onnx_open(const char *path, struct lu_onnx **out, struct lu_error *err);
void lu_onnx_close(struct lu_onnx *onnx);

/*
 * Make the tensor 'layer' the only output, and drop what it does not depend on. NULL takes the
 * features that the network classifies by: what enters its last Gemm or MatMul if only
 * element-wise steps and Softmax follow, else its output as it is. LU_ERROR_ARGUMENT, with the
 * nearest names, when nothing is called so.
 */
enum lu_status lu_onnx_cut(struct lu_onnx *onnx, const char *layer, struct lu_error *err);

/* Let 'output' be the first. LU_ERROR_ARGUMENT when there is none of that name. */
enum lu_status lu_onnx_choose(struct lu_onnx *onnx, const char *output, struct lu_error *err);

/* The name of the first output. Until the next change. */
const char *lu_onnx_output(const struct lu_onnx *onnx);

/* Set the metadata text 'key'. */
enum lu_status lu_onnx_annotate(struct lu_onnx *onnx, const char *key, const char *value, struct lu_error *err);

/* The file's bytes; lu_free '*bytes'. */
enum lu_status lu_onnx_pack(const struct lu_onnx *onnx, char **bytes, size_t *size, struct lu_error *err);

#endif
