/* products.c: rows pushed into rasters that know their origin. */
#include "maps/products.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "maps/transition.h"

enum lu_status lu_products_go_on(const struct lu_hooks *hooks, bool scored, struct lu_error *err)
{
	return lu_cancelled(hooks) ? lu_fail(err, LU_ERROR_CANCELLED, "stopped before all was written%s",
					     scored ? "; what is scored is kept: run the same job again to go on" : "")
				   : LU_OK;
}

enum lu_status lu_products_folder(const char *folder, const char *sub, struct lu_error *err)
{
	if (sub == NULL)
		return LU_OK;
	char *path = lu_sprintf("%s/%s", folder, sub);
	enum lu_status status;

	LU_TRY(path != NULL ? lu_folder_make(path, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_folder_sweep(path, err));
out:
	lu_free(path);
	return status;
}

enum lu_status lu_product_begin(const char *folder, const char *sub, const char *file, const struct lu_map_spec *spec,
				const struct lu_outputs *outputs, struct lu_product *out, struct lu_error *err)
{
	struct lu_map_spec threaded = *spec;
	char *path = NULL;
	enum lu_status status = LU_OK;

	*out = (struct lu_product){.name = lu_sprintf("%s%s%s", sub != NULL ? sub : "", sub != NULL ? "/" : "", file)};
	threaded.threads = outputs->threads;
	threaded.creation_options = outputs->creation_options;
	threaded.creation_option_count = outputs->creation_option_count;
	if (out->name != NULL && lu_outputs_keep(outputs, out->name, NULL))
		return LU_OK;
	if (out->name != NULL)
		path = lu_sprintf("%s/%s", folder, out->name);
	status = path != NULL ? lu_map_begin(path, &threaded, &out->writer, err)
			      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	lu_free(path);
	if (status != LU_OK)
		lu_product_drop(out);
	return status;
}

enum lu_status lu_product_add(struct lu_product *product, int band, const void *values, int64_t rows,
			      struct lu_error *err)
{
	return product->writer != NULL ? lu_map_add(product->writer, band, values, rows, err) : LU_OK;
}

enum lu_status lu_product_finish(struct lu_product *product, struct lu_outputs *outputs, struct lu_error *err)
{
	enum lu_status status = product->writer != NULL ? lu_map_finish(product->writer, err) : LU_OK;

	product->writer = NULL;
	if (status == LU_OK)
		status = lu_outputs_add(outputs, err, "%s", product->name);
	lu_product_drop(product);
	return status;
}

void lu_product_drop(struct lu_product *product)
{
	lu_map_drop(product->writer);
	lu_free(product->name);
	*product = (struct lu_product){0};
}

/* A row of classes, or of percents, as bytes. */
static enum lu_status add_bytes(struct lu_product *product, const uint16_t *values, uint8_t *bytes, size_t cols,
				struct lu_error *err)
{
	for (size_t col = 0; col < cols; col++)
		bytes[col] = (uint8_t)values[col];
	return lu_product_add(product, 1, bytes, 1, err);
}

static struct lu_map_spec class_spec(const struct lu_frame *frame, const struct lu_legend *legend, const char *title,
				     const char *const *metadata)
{
	return (struct lu_map_spec){.frame = frame,
				    .bands = 1,
				    .type = LU_MAP_BYTE,
				    .nodata = 0,
				    .has_nodata = true,
				    .entries = legend->classes,
				    .entry_count = legend->count,
				    .palette = true,
				    .metadata = metadata,
				    .qml_title = title};
}

struct lu_date_rasters {
	struct lu_date_task task;
	struct lu_product raw, map, confidence, probabilities; /* {0}: is not written */
	uint8_t *bytes; /* one row */
};

/* Probabilities in percent, a band a class; not mapped is 255. */
static enum lu_status begin_probabilities(struct lu_date_rasters *rasters, const char *folder, const char *sub,
					  const char *const *metadata, const struct lu_outputs *outputs,
					  struct lu_error *err)
{
	const struct lu_legend *legend = rasters->task.legend;
	const char *names[LU_SCHEME_HIGHEST_VALUE];
	const struct lu_map_spec spec = {.frame = rasters->task.frame,
					 .bands = (int)rasters->task.classes,
					 .type = LU_MAP_BYTE,
					 .nodata = 255,
					 .has_nodata = true,
					 .metadata = metadata,
					 .band_names = names};

	for (size_t i = 0; i < rasters->task.classes; i++)
		names[i] = legend->classes[i].name;
	return lu_product_begin(folder, sub, "probabilities.tif", &spec, outputs, &rasters->probabilities, err);
}

static enum lu_status begin_date(struct lu_date_rasters *rasters, const char *folder, const char *sub,
				 struct lu_metadata *metadata, const struct lu_outputs *outputs, struct lu_error *err)
{
	const struct lu_date_task *task = &rasters->task;
	const struct lu_map_spec raw =
		class_spec(task->frame, task->legend, "Land use before smoothing", metadata->list);
	const struct lu_map_spec map = class_spec(task->frame, task->legend, "Land use", metadata->list);
	const struct lu_map_spec confidence = {.frame = task->frame,
					       .bands = 1,
					       .type = LU_MAP_BYTE,
					       .nodata = 0,
					       .has_nodata = true,
					       .metadata = metadata->list,
					       .qml_title = "Confidence, percent",
					       .ramp = LU_RAMP_CONFIDENCE,
					       .ramp_low = 0,
					       .ramp_high = 100};
	enum lu_status status = LU_OK;

	if (task->smoothed != NULL && task->classes > 0)
		LU_TRY(lu_product_begin(folder, sub, "landuse_raw.tif", &raw, outputs, &rasters->raw, err));
	lu_metadata_add(metadata, "LANDUSE_SMOOTHED", task->smoothed);
	LU_TRY(lu_product_begin(folder, sub, "landuse.tif", &map, outputs, &rasters->map, err));
	if (task->classes > 0)
		LU_TRY(lu_product_begin(folder, sub, "confidence.tif", &confidence, outputs, &rasters->confidence,
					err));
	if (task->probabilities)
		LU_TRY(begin_probabilities(rasters, folder, sub, metadata->list, outputs, err));
out:
	return status;
}

enum lu_status lu_date_rasters_begin(const char *folder, const char *sub, const struct lu_date_task *task,
				     struct lu_metadata *metadata, const struct lu_outputs *outputs,
				     struct lu_date_rasters **out, struct lu_error *err)
{
	struct lu_date_rasters *rasters;
	enum lu_status status = lu_alloc(&rasters, 1, sizeof(*rasters), "rasters", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	rasters->task = *task;
	LU_TRY(lu_alloc(&rasters->bytes, (size_t)task->frame->width, 1, "a row", err));
	LU_TRY(lu_products_folder(folder, sub, err));
	LU_TRY(begin_date(rasters, folder, sub, metadata, outputs, err));
out:
	if (status != LU_OK) {
		lu_date_rasters_free(rasters);
		return status;
	}
	*out = rasters;
	return LU_OK;
}

static enum lu_status add_probabilities(struct lu_date_rasters *rasters, const float *scores, struct lu_error *err)
{
	const size_t classes = rasters->task.classes;
	const size_t cols = (size_t)rasters->task.frame->width;
	enum lu_status status = LU_OK;

	for (size_t k = 0; k < classes; k++) {
		for (size_t col = 0; col < cols; col++) {
			const float *record = scores + col * classes;
			rasters->bytes[col] =
				lu_store_mapped(record, classes) ? (uint8_t)(record[k] * 100 + 0.5f) : 255;
		}
		LU_TRY(lu_product_add(&rasters->probabilities, (int)k + 1, rasters->bytes, 1, err));
	}
out:
	return status;
}

enum lu_status lu_date_rasters_add(struct lu_date_rasters *rasters, const struct lu_date_row *row, struct lu_error *err)
{
	const size_t cols = (size_t)rasters->task.frame->width;
	enum lu_status status = LU_OK;

	if (rasters->raw.name != NULL)
		LU_TRY(add_bytes(&rasters->raw, row->raw, rasters->bytes, cols, err));
	LU_TRY(add_bytes(&rasters->map, row->values, rasters->bytes, cols, err));
	if (rasters->confidence.name != NULL)
		LU_TRY(lu_product_add(&rasters->confidence, 1, row->percents, 1, err));
	if (rasters->probabilities.name != NULL)
		LU_TRY(add_probabilities(rasters, row->scores, err));
out:
	return status;
}

enum lu_status lu_date_rasters_finish(struct lu_date_rasters *rasters, struct lu_outputs *outputs, struct lu_error *err)
{
	struct lu_product *const products[] = {&rasters->raw, &rasters->map, &rasters->confidence,
					       &rasters->probabilities};
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++)
		if (products[i]->name != NULL)
			LU_TRY(lu_product_finish(products[i], outputs, err));
out:
	return status;
}

void lu_date_rasters_free(struct lu_date_rasters *rasters)
{
	if (rasters == NULL)
		return;
	lu_product_drop(&rasters->raw);
	lu_product_drop(&rasters->map);
	lu_product_drop(&rasters->confidence);
	lu_product_drop(&rasters->probabilities);
	lu_free(rasters->bytes);
	lu_free(rasters);
}
