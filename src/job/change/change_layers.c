/* change_layers.c: patches with their outlines and surroundings, into a GeoPackage. */
#include "job/change/change_layers.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "raster/outline.h"
#include "raster/vector.h"

/* The layer that a job gets without asking. */
static char usual_name[] = "new_development", usual_class[] = "Developed";

enum { FIELDS = 13 };
static const struct lu_vector_field fields[FIELDS] = {
	{"patch", LU_VECTOR_INTEGER},     {"earlier", LU_VECTOR_TEXT},   {"later", LU_VECTOR_TEXT},
	{"from_code", LU_VECTOR_INTEGER}, {"from_name", LU_VECTOR_TEXT}, {"to_code", LU_VECTOR_INTEGER},
	{"to_name", LU_VECTOR_TEXT},      {"cells", LU_VECTOR_INTEGER},  {"area_ha", LU_VECTOR_REAL},
	{"probability", LU_VECTOR_REAL},  {"surest", LU_VECTOR_REAL},    {"around_earlier", LU_VECTOR_TEXT},
	{"around_later", LU_VECTOR_TEXT}};

/* What one layer is written with. */
struct layer {
	const struct lu_change_layer_task *task;
	struct lu_vector_writer *writer;
	struct lu_patches patches;
	uint16_t *rows; /* three rows of a map */
};

static const struct lu_flagged_cell *surest_of(const struct lu_patches *patches, const struct lu_patch *patch)
{
	const struct lu_flagged_cell *cells = patches->cells + patch->first, *best = cells;

	for (size_t i = 1; i < patch->count; i++)
		best = cells[i].probability > best->probability ? &cells[i] : best;
	return best;
}

/* "Forest 5, Developed 4": the mapped classes of the 3 x 3 cells, the most common first. */
static enum lu_status look_around(const struct layer *layer, struct lu_class_rows map,
				  const struct lu_flagged_cell *cell, char *text, size_t size, struct lu_error *err)
{
	const struct lu_change_product *product = layer->task->product;
	const struct lu_legend *legend = product->legend;
	const int64_t cols = product->frame->width;
	const int64_t first = cell->row > 0 ? cell->row - 1 : 0;
	const int64_t end = cell->row + 2 < product->frame->height ? cell->row + 2 : product->frame->height;
	const enum lu_status status = map.read(map.user, first, end - first, layer->rows, NULL, err);
	size_t length = 0;

	text[0] = '\0';
	for (int most = 9; most > 0 && status == LU_OK; most--) {
		for (size_t k = 0; k < legend->count; k++) {
			int count = 0;
			for (int64_t row = 0; row < end - first; row++)
				for (int64_t col = cell->col > 0 ? cell->col - 1 : 0;
				     col < cols && col <= cell->col + 1; col++)
					count += layer->rows[row * cols + col] == legend->classes[k].value;
			if (count == most && length < size)
				length += (size_t)snprintf(text + length, size - length, "%s%s %d",
							   length > 0 ? ", " : "", legend->classes[k].name, count);
		}
	}
	return status;
}

static enum lu_status outline_of(const struct layer *layer, const struct lu_patch *patch, struct lu_polygon *polygon,
				 struct lu_error *err)
{
	const struct lu_rect window = patch->window;
	uint8_t *mask;
	enum lu_status status = lu_alloc(&mask, (size_t)(window.width * window.height), 1, "a patch", err);

	*polygon = (struct lu_polygon){0};
	if (status != LU_OK)
		return status;
	for (size_t i = patch->first; i < patch->first + patch->count; i++) {
		const struct lu_flagged_cell *cell = &layer->patches.cells[i];
		mask[(cell->row - window.y) * window.width + cell->col - window.x] = 1;
	}
	status = lu_outline_trace(layer->task->product->frame, window, mask, polygon, err);
	lu_free(mask);
	return status;
}

static enum lu_status add_patch(const struct layer *layer, size_t number, struct lu_error *err)
{
	const struct lu_change_layer_task *task = layer->task;
	const struct lu_patch *patch = &layer->patches.patches[number];
	const struct lu_legend_class *from = &task->product->legend->classes[patch->from];
	const struct lu_legend_class *to = &task->product->legend->classes[patch->to];
	const struct lu_flagged_cell *surest = surest_of(&layer->patches, patch);
	char before[512], after[512];
	struct lu_polygon polygon = {0};
	enum lu_status status = look_around(layer, task->before, surest, before, sizeof(before), err);

	if (status == LU_OK)
		status = look_around(layer, task->after, surest, after, sizeof(after), err);
	if (status == LU_OK)
		status = outline_of(layer, patch, &polygon, err);
	if (status == LU_OK) {
		const struct lu_vector_value values[FIELDS] = {lu_vector_integer((int64_t)number + 1),
							       lu_vector_text(task->earlier),
							       lu_vector_text(task->later),
							       lu_vector_integer(from->value),
							       lu_vector_text(from->name),
							       lu_vector_integer(to->value),
							       lu_vector_text(to->name),
							       lu_vector_integer((int64_t)patch->count),
							       lu_vector_real(patch->area_m2 / 1e4),
							       lu_vector_real(patch->probability),
							       lu_vector_real((double)surest->probability),
							       lu_vector_text(before),
							       lu_vector_text(after)};
		status = lu_vector_add_polygon(layer->writer, &polygon, values, err);
	}
	lu_polygon_release(&polygon);
	return status;
}

static enum lu_status write_layer(const struct lu_change_layer_task *task, const struct lu_change_rule *rule,
				  const struct lu_flagged_cell *cells, size_t count, struct lu_outputs *outputs,
				  struct lu_error *err)
{
	const struct lu_change_product *product = task->product;
	const size_t classes = task->scheme->class_count;
	struct layer layer = {.task = task};
	bool *pairs = NULL;
	char *path = lu_sprintf("%s/%s/%s.gpkg", product->folder, product->name, rule->name);
	enum lu_status status = path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");

	if (status == LU_OK)
		status = lu_alloc(&pairs, classes * classes, sizeof(*pairs), "change rules", err);
	if (status == LU_OK)
		status = lu_alloc(&layer.rows, 3 * (size_t)product->frame->width, sizeof(*layer.rows), "rows", err);
	if (status == LU_OK)
		status = lu_change_rule_bind(rule, "change.layers", task->scheme, pairs, err);
	if (status == LU_OK)
		status = lu_patches_make(cells, count, pairs, classes, &layer.patches, err);
	if (status == LU_OK)
		status = lu_vector_create(path, &layer.writer, err);
	if (status == LU_OK)
		status = lu_vector_layer(layer.writer, rule->name, product->frame->crs_wkt, fields, FIELDS, err);
	for (size_t i = 0; i < layer.patches.count && status == LU_OK; i++)
		status = add_patch(&layer, i, err);
	if (status == LU_OK)
		status = lu_vector_finish(layer.writer, err);
	if (status == LU_OK)
		status = lu_outputs_add(outputs, err, "%s/%s.gpkg", product->name, rule->name);
	lu_vector_drop(layer.writer);
	lu_patches_release(&layer.patches);
	lu_free(layer.rows);
	lu_free(pairs);
	lu_free(path);
	return status;
}

static bool has_usual_class(const struct lu_scheme *scheme)
{
	for (size_t k = 0; k < scheme->class_count; k++)
		if (strcmp(scheme->classes[k].name, usual_class) == 0)
			return true;
	return false;
}

enum lu_status lu_change_layers_write(const struct lu_change_layer_task *task, struct lu_outputs *outputs,
				      struct lu_error *err)
{
	char *to[] = {usual_class};
	const struct lu_change_rule usual = {.name = usual_name, .to = to, .to_count = 1};
	const struct lu_change_rule *layers = task->keys->layers;
	size_t count = task->keys->layer_count, cell_count = 0;
	struct lu_flagged_cell *cells = NULL;

	if (!task->keys->layers_stated) {
		layers = &usual;
		count = has_usual_class(task->scheme) ? 1 : 0;
	}
	if (count == 0)
		return LU_OK;
	enum lu_status status = lu_flagged_list(task->product, task->ground, &cells, &cell_count, err);
	for (size_t i = 0; i < count && status == LU_OK; i++)
		status = write_layer(task, &layers[i], cells, cell_count, outputs, err);
	lu_free(cells);
	return status;
}

enum lu_status lu_change_layers_check(const struct lu_change_keys *keys, const struct lu_scheme *scheme,
				      struct lu_error *err)
{
	bool *pairs;
	enum lu_status status =
		lu_alloc(&pairs, scheme->class_count * scheme->class_count, sizeof(*pairs), "change rules", err);

	for (size_t i = 0; i < keys->layer_count && status == LU_OK; i++)
		status = lu_change_rule_bind(&keys->layers[i], "change.layers", scheme, pairs, err);
	lu_free(pairs);
	return status;
}
