/*
 * fuzz_model.c: any byte sequence given as the model.json of a package gives a model or a one-line error.
 *
 * The network beside it is four bytes that no plan is made of. Where 64 zeros stand, which seeds have for its digest, the
 * digest is put, so that what comes behind it is read, too.
 */
#include "in_memory.h"

#include "models/model.h"
#include "nn/nn.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const uint8_t network[] = {0x08, 0x08, 0x12, 0x00};

/* What is known of a model is sound. */
static void check_model(const struct lu_model *model)
{
	if (model->name == NULL || (model->class_count == 0) == (model->features == 0))
		abort();
	if (model->bands == 0 || model->scale == NULL || model->offset == NULL || model->chip_px <= 0)
		abort();
	for (size_t i = 0; i < model->class_count; i++)
		if (model->classes[i] == NULL || model->classes[i][0] == '\0')
			abort();
	if (!(model->gsd_m > 0) || !(model->gsd_range[0] <= model->gsd_range[1]))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static char digest[LU_SHA256_HEX];
	static char zeros[LU_SHA256_HEX];
	struct lu_model *model = NULL;
	struct lu_error err = {0};

	if (digest[0] == '\0') {
		struct lu_onnx_digest found;
		if (lu_onnx_digest(in_folder("model.onnx", network, sizeof(network)), &found, &err) != LU_OK)
			abort();
		memcpy(digest, found.all, sizeof(digest));
		memset(zeros, '0', sizeof(zeros) - 1);
	}
	uint8_t *json = malloc(size + 1);
	if (json == NULL)
		return 0;
	memcpy(json, bytes, size);
	uint8_t *at = memmem(json, size, zeros, sizeof(zeros) - 1);
	if (at != NULL)
		memcpy(at, digest, sizeof(digest) - 1);
	in_folder("model.json", json, size);
	free(json);
	if (lu_model_read(memory_folder(), &model, &err) == LU_OK)
		check_model(model);
	else
		check_refusal(&err);
	lu_model_free(model);
	return 0;
}
