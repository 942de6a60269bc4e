/*
 * edit.h: changing an ONNX message piece by piece, for the files that write ONNX.
 *
 * Invariant: whatever hangs in the message was allocated by lu_onnx_allocator, that is by lu_alloc,
 * because onnx__model_proto__free_unpacked releases it all, half-made pieces too. Functions that
 * return false or NULL have run out of memory.
 */
#ifndef LU_NN_ONNX_EDIT_H
#define LU_NN_ONNX_EDIT_H

#include "nn/onnx/parts.h"
#include "nn/onnx_write.h"

struct lu_onnx {
	char *path;
	Onnx__ModelProto *model;
};

/* 'text', or "" for NULL. */
const char *lu_onnx_text(const char *text);
enum lu_status lu_onnx_no_memory(const struct lu_onnx *onnx, struct lu_error *err);

/* The node that makes tensor 'name', or NULL. */
const Onnx__NodeProto *lu_onnx_maker(const Onnx__GraphProto *graph, const char *name);
/* Does any node use tensor 'name'? */
bool lu_onnx_is_used(const Onnx__GraphProto *graph, const char *name);
/* Is anything in the graph called so? */
bool lu_onnx_is_taken(const Onnx__GraphProto *graph, const char *name);

/* The version of the standard operators that the file imports. */
int64_t lu_onnx_opset(const Onnx__ModelProto *model);
/* Import operators of 'domain', unless the file does already. */
bool lu_onnx_import(Onnx__ModelProto *model, const char *domain, int64_t version);

/* A float tensor of 'rank' dimensions (0: not said), -1 for one left open ("N"), as a value info. */
Onnx__ValueInfoProto *lu_onnx_value_info(const char *name, size_t rank, const int64_t *dims);
/* Make 'info' (taken over) the only output. */
void lu_onnx_replace_outputs(Onnx__GraphProto *graph, Onnx__ValueInfoProto *info);

/* Append a node named after its operator; inputs and outputs end with NULL. */
Onnx__NodeProto *lu_onnx_add_node(Onnx__GraphProto *graph, const char *op, const char *const *inputs,
				  const char *const *outputs);
/* Append a constant of 'rank' dimensions. */
bool lu_onnx_add_weight(Onnx__GraphProto *graph, const char *name, size_t rank, const int64_t *dims, const float *data);

/* Append an attribute; lists of numbers are zeroed, for the caller to fill. */
bool lu_onnx_set_int(Onnx__NodeProto *node, const char *name, int64_t value);
bool lu_onnx_set_string(Onnx__NodeProto *node, const char *name, const char *value);
int64_t *lu_onnx_set_ints(Onnx__NodeProto *node, const char *name, size_t count);
float *lu_onnx_set_floats(Onnx__NodeProto *node, const char *name, size_t count);
bool lu_onnx_set_strings(Onnx__NodeProto *node, const char *name, const char *const *values, size_t count);

#endif
