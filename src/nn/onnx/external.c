/*
 * external.c: the files beside a network that hold its weights, and the digest that covers them all.
 *
 * ONNX lets a tensor lie in another file ("external data": location, offset, length); exporters must do so above 2 GB.
 * A digest of model.onnx alone would then say nothing about the numbers that classify.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "nn/onnx/parts.h"

static const char *entry(const Onnx__TensorProto *from, const char *key)
{
	for (size_t i = 0; i < from->n_external_data; i++)
		if (from->external_data[i]->key != NULL && strcmp(from->external_data[i]->key, key) == 0)
			return from->external_data[i]->value;
	return NULL;
}

bool lu_onnx_is_external(const Onnx__TensorProto *from)
{
	return from->has_data_location && from->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
}

/* A name beside the model: no absolute path, and no way up and out of its folder. */
static bool is_beside(const char *location)
{
	if (location[0] == '/' || location[0] == '\0')
		return false;
	for (const char *at = location; at != NULL; at = strchr(at, '/')) {
		at += *at == '/';
		if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || at[2] == '\0'))
			return false;
	}
	return true;
}

static bool read_number(const char *text, uint64_t *number)
{
	char *end;

	*number = 0;
	if (text == NULL)
		return true;
	errno = 0;
	const long long read = strtoll(text, &end, 10);
	*number = (uint64_t)read;
	return !errno && end != text && !*end && read >= 0;
}

enum lu_status lu_onnx_open_external(const Onnx__TensorProto *from, const char *folder, size_t bytes, const char *where,
				     FILE **file, struct lu_error *err)
{
	const char *location = entry(from, "location");
	uint64_t offset, length, end = 0;
	enum lu_status status;
	char *path;

	*file = NULL;
	if (location == NULL || !is_beside(location))
		return lu_fail(err, LU_ERROR_FORMAT, "%s: external data must name a file beside the model", where);
	if (!read_number(entry(from, "offset"), &offset) || !read_number(entry(from, "length"), &length) ||
	    (length && length != bytes))
		return lu_fail(err, LU_ERROR_FORMAT, "%s: offset or length of its external data is wrong", where);
	path = lu_path_join(folder, location);
	if (path == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "%s: no memory", where);
	LU_TRY(lu_file_open(path, file, &end, err));
	/* The file's length before any memory: a shape is quickly written. */
	if (offset > end || bytes > end - offset)
		status = lu_fail(err, LU_ERROR_FORMAT,
				 "%s: %s ends before its %zu bytes at offset %llu (copy the weights again, whole)",
				 where, path, bytes, (unsigned long long)offset);
	else if (fseeko(*file, (off_t)offset, SEEK_SET) != 0)
		status = lu_fail_errno(err, path, "read");
out:
	if (status != LU_OK && *file != NULL) {
		fclose(*file);
		*file = NULL;
	}
	lu_free(path);
	return status;
}

/* The files that a network names, each once, in order of their names. */
struct beside {
	const char *folder, *path; /* of the network */
	const char **names; /* they belong to the message */
	size_t count, room;
	uint64_t asked, there; /* bytes of the tensors, and of the files */
};

/* Tensors may share bytes, but a small file must not name the same ones a thousand times, and so ask for any memory. */
static const uint64_t most_shared = 2, spare_bytes = 64 << 20;

static enum lu_status add_tensor(struct beside *b, const Onnx__TensorProto *tensor, struct lu_error *err)
{
	enum lu_status status;
	char where[512];
	size_t bytes, at;
	FILE *file;

	if (tensor == NULL || !lu_onnx_is_external(tensor))
		return LU_OK;
	snprintf(where, sizeof(where), "%s: tensor '%s'", b->path, tensor->name != NULL ? tensor->name : "");
	LU_TRY(lu_onnx_data_bytes(tensor, where, &bytes, err));
	LU_TRY(lu_onnx_open_external(tensor, b->folder, bytes, where, &file, err));
	const off_t length = fseeko(file, 0, SEEK_END) == 0 ? ftello(file) : 0;
	fclose(file);
	b->asked += bytes;
	const char *name = entry(tensor, "location");
	for (at = 0; at < b->count && strcmp(b->names[at], name) < 0; at++)
		;
	if (at < b->count && strcmp(b->names[at], name) == 0)
		return LU_OK;
	if (b->count == b->room) {
		b->room = 2 * b->room + 8;
		LU_TRY(lu_grow(&b->names, b->room, sizeof(*b->names), "a network", err));
	}
	memmove(b->names + at + 1, b->names + at, (b->count++ - at) * sizeof(*b->names));
	b->names[at] = name;
	b->there += (uint64_t)length;
out:
	return status;
}

static enum lu_status find_beside(const Onnx__GraphProto *graph, struct beside *b, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < graph->n_initializer; i++)
		LU_TRY(add_tensor(b, graph->initializer[i], err));
	for (size_t i = 0; i < graph->n_node; i++)
		for (size_t a = 0; a < graph->node[i]->n_attribute && status == LU_OK; a++)
			status = add_tensor(b, graph->node[i]->attribute[a]->t, err);
	if (status != LU_OK)
		goto out;
	if (b->asked > most_shared * b->there + spare_bytes)
		status = lu_fail(
			err, LU_ERROR_FORMAT,
			"%s: its tensors ask for %llu MB of the %llu MB that lie beside it: they name the same bytes "
			"many times (export the model again)",
			b->path, (unsigned long long)(b->asked >> 20), (unsigned long long)(b->there >> 20));
out:
	return status;
}

enum lu_status lu_onnx_check_beside(const Onnx__GraphProto *graph, const char *path, const char *folder,
				    struct lu_error *err)
{
	struct beside b = {.path = path, .folder = folder};
	const enum lu_status status = find_beside(graph, &b, err);

	lu_free(b.names);
	return status;
}

/* Its elements as raw data, and no word any more of the file that they lay in. */
static enum lu_status take_in(Onnx__TensorProto *tensor, const char *path, const char *folder, struct lu_error *err)
{
	uint8_t *data = NULL;
	FILE *file = NULL;
	enum lu_status status;
	char where[512];
	size_t bytes;

	if (tensor == NULL || !lu_onnx_is_external(tensor))
		return LU_OK;
	snprintf(where, sizeof(where), "%s: tensor '%s'", path, tensor->name != NULL ? tensor->name : "");
	LU_TRY(lu_onnx_data_bytes(tensor, where, &bytes, err));
	LU_TRY(lu_onnx_open_external(tensor, folder, bytes, where, &file, err));
	LU_TRY(lu_alloc(&data, bytes, 1, "a model's weights", err));
	if (fread(data, 1, bytes, file) != bytes) {
		status = lu_fail(err, LU_ERROR_IO, "%s: its external data cannot be read", where);
		goto out;
	}
	for (size_t i = 0; i < tensor->n_external_data; i++)
		onnx__string_string_entry_proto__free_unpacked(tensor->external_data[i], &lu_onnx_allocator);
	lu_free(tensor->external_data);
	tensor->external_data = NULL;
	tensor->n_external_data = 0;
	tensor->has_data_location = 0;
	tensor->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__DEFAULT;
	tensor->has_raw_data = 1;
	tensor->raw_data = (ProtobufCBinaryData){bytes, data};
	data = NULL; /* now the message's */
out:
	lu_free(data);
	if (file != NULL)
		fclose(file);
	return status;
}

enum lu_status lu_onnx_take_in(Onnx__GraphProto *graph, const char *path, struct lu_error *err)
{
	char *folder = lu_path_folder(path);
	struct beside b = {.path = path, .folder = folder};
	enum lu_status status;

	if (folder == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "%s: no memory", path);
	LU_TRY(find_beside(graph, &b, err));
	if (b.asked >= LU_ONNX_FILE_BYTES) {
		status =
			lu_fail(err, LU_ERROR_UNSUPPORTED,
				"%s: %llu MB of weights lie beside it, and a file that is cut or gets a head holds all "
				"of them, 2048 MB at most",
				path, (unsigned long long)(b.asked >> 20));
		goto out;
	}
	for (size_t i = 0; i < graph->n_initializer; i++)
		LU_TRY(take_in(graph->initializer[i], path, folder, err));
	for (size_t i = 0; i < graph->n_node; i++)
		for (size_t a = 0; a < graph->node[i]->n_attribute; a++)
			LU_TRY(take_in(graph->node[i]->attribute[a]->t, path, folder, err));
out:
	lu_free(b.names);
	lu_free(folder);
	return status;
}

/* "HEX  NAME\n" of each file, as sha256sum prints them, into one digest. */
static enum lu_status join(const struct beside *b, const char *own, char digest[LU_SHA256_HEX], struct lu_error *err)
{
	struct lu_sha256 *hash = NULL;
	char hex[LU_SHA256_HEX];
	enum lu_status status;

	LU_TRY(lu_sha256_new(&hash, err));
	for (size_t i = 0; i <= b->count && status == LU_OK; i++) {
		const char *name = i == 0 ? lu_path_name(b->path) : b->names[i - 1];
		char *path = i == 0 ? NULL : lu_path_join(b->folder, name);

		if (i > 0)
			status = path != NULL ? lu_sha256_file(path, hex, err)
					      : lu_fail(err, LU_ERROR_MEMORY, "%s: no memory", b->path);
		else
			memcpy(hex, own, sizeof(hex));
		if (status == LU_OK) {
			lu_sha256_add(hash, hex, LU_SHA256_HEX - 1);
			lu_sha256_add(hash, "  ", 2);
			lu_sha256_add(hash, name, strlen(name));
			lu_sha256_add(hash, "\n", 1);
		}
		lu_free(path);
	}
	if (status != LU_OK)
		goto out;
	lu_sha256_hex(hash, digest);
out:
	lu_sha256_free(hash);
	return status;
}

/* The digest of bytes that are in memory. */
static enum lu_status hash_bytes(const void *bytes, size_t size, char hex[LU_SHA256_HEX], struct lu_error *err)
{
	struct lu_sha256 *hash = NULL;
	const enum lu_status status = lu_sha256_new(&hash, err);

	if (status != LU_OK)
		return status;
	lu_sha256_add(hash, bytes, size);
	lu_sha256_hex(hash, hex);
	lu_sha256_free(hash);
	return LU_OK;
}

enum lu_status lu_onnx_digest(const char *path, struct lu_onnx_digest *out, struct lu_error *err)
{
	struct beside b = {.path = path};
	Onnx__ModelProto *model = NULL;
	char *bytes = NULL, *folder = lu_path_folder(path);
	enum lu_status status;
	size_t size;

	*out = (struct lu_onnx_digest){0};
	if (folder == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "%s: no memory", path);
	b.folder = folder;
	LU_TRY(lu_file_read(path, LU_ONNX_FILE_BYTES, &bytes, &size, err));
	LU_TRY(hash_bytes(bytes, size, out->file, err));
	memcpy(out->all, out->file, sizeof(out->all));
	/* What is no network names nothing: whoever reads it next says what is wrong. */
	if (lu_onnx_guard(&onnx__model_proto__descriptor, bytes, size) == NULL)
		LU_TRY(lu_onnx_unpack(path, bytes, size, &model, err));
	if (model == NULL || model->graph == NULL)
		goto out;
	status = find_beside(model->graph, &b, err);
	if (status == LU_OK && b.count > 0)
		status = join(&b, out->file, out->all, err);
	out->beside = b.count;
out:
	if (model != NULL)
		onnx__model_proto__free_unpacked(model, &lu_onnx_allocator);
	lu_free(b.names);
	lu_free(bytes);
	lu_free(folder);
	return status;
}
