/* change_layers.c: patches with their outlines, surroundings, pictures and a form, into a GeoPackage. */
#include "change/change_layers.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "change/review.h"
#include "change/reviews.h"
#include "raster/outline.h"
#include "raster/vector.h"

#define BEFORE "before"
#define AFTER "after"

/* The layer that a job gets without asking. */
static char usual_name[] = "new_development", usual_class[] = "Developed";

static const struct lu_vector_field fields[] = {{"patch", LU_VECTOR_INTEGER},
						{"earlier", LU_VECTOR_TEXT},
						{"later", LU_VECTOR_TEXT},
						{"from_code", LU_VECTOR_INTEGER},
						{"from_name", LU_VECTOR_TEXT},
						{"to_code", LU_VECTOR_INTEGER},
						{"to_name", LU_VECTOR_TEXT},
						{"cells", LU_VECTOR_INTEGER},
						{"area_ha", LU_VECTOR_REAL},
						{"probability", LU_VECTOR_REAL},
						{"max_probability", LU_VECTOR_REAL},
						{"around_earlier", LU_VECTOR_TEXT},
						{"around_later", LU_VECTOR_TEXT},
						{BEFORE, LU_VECTOR_TEXT},
						{AFTER, LU_VECTOR_TEXT},
						{LU_REVIEW_STATUS, LU_VECTOR_INTEGER},
						{LU_REVIEW_REMARK, LU_VECTOR_TEXT}};
enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* What one layer is written with. */
struct layer {
	const struct lu_change_layer_task *task;
	struct lu_vector_writer *writer;
	struct lu_patches patches;
	struct lu_patch_pictures pictures;
	struct lu_reviews reviews; /* of former layers */
	uint16_t *rows; /* three rows of a map */
	bool kept; /* the file is there */
};

struct lu_change_layers {
	struct lu_change_layer_task task;
	struct layer *layers;
	size_t count;
};

/* "Forest 5, Developed 4": the mapped classes of the 3 x 3 cells, the most common first. */
static enum lu_status look_around(const struct layer *layer, struct lu_class_rows map,
				  const struct lu_flagged_cell *cell, char *text, size_t size, struct lu_error *err)
{
	const struct lu_change_layer_task *task = layer->task;
	const struct lu_legend *legend = task->legend;
	const int64_t cols = task->frame->width;
	const int64_t first = cell->row > 0 ? cell->row - 1 : 0;
	const int64_t end = cell->row + 2 < task->frame->height ? cell->row + 2 : task->frame->height;
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
	status = lu_outline_trace(layer->task->frame, window, mask, polygon, err);
	lu_free(mask);
	return status;
}

static enum lu_status add_patch(struct layer *layer, size_t number, struct lu_error *err)
{
	const struct lu_change_layer_task *task = layer->task;
	const struct lu_patch *patch = &layer->patches.patches[number];
	const struct lu_class *from = &task->legend->classes[patch->from];
	const struct lu_class *to = &task->legend->classes[patch->to];
	const struct lu_flagged_cell *surest = lu_patch_surest(&layer->patches, patch);
	const struct lu_review *review = lu_reviews_find(&layer->reviews, task->frame, from->value, to->value,
							 &layer->patches.cells[patch->first], patch->count);
	char before[512], after[512];
	char *const none[2] = {NULL, NULL};
	char *const *links = number < layer->pictures.count ? layer->pictures.links[number] : none;
	struct lu_polygon polygon = {0};
	enum lu_status status;

	LU_TRY(look_around(layer, task->before, surest, before, sizeof(before), err));
	LU_TRY(look_around(layer, task->after, surest, after, sizeof(after), err));
	LU_TRY(outline_of(layer, patch, &polygon, err));
	const struct lu_vector_value values[FIELDS] = {
		lu_vector_integer((int64_t)number + 1),
		lu_vector_text(task->earlier),
		lu_vector_text(task->later),
		lu_vector_integer(from->value),
		lu_vector_text(from->name),
		lu_vector_integer(to->value),
		lu_vector_text(to->name),
		lu_vector_integer((int64_t)patch->count),
		lu_vector_rounded(patch->area_m2 / 1e4, 4),
		lu_vector_rounded(patch->probability, 4),
		lu_vector_rounded((double)surest->probability, 4),
		lu_vector_text(before),
		lu_vector_text(after),
		lu_vector_text(links[0]),
		lu_vector_text(links[1]),
		{.set = review != NULL && review->status != 0, .integer = review != NULL ? review->status : 0},
		lu_vector_text(review != NULL ? review->remark : NULL)};
	LU_TRY(lu_vector_add_polygon(layer->writer, &polygon, values, err));
out:
	lu_polygon_release(&polygon);
	return status;
}

/* Pictures of the best patches; what goes without is told. */
static enum lu_status want_pictures(struct layer *layer, const char *name, struct lu_picture_book *book,
				    struct lu_error *err)
{
	const struct lu_change_layer_task *task = layer->task;
	const size_t most = (size_t)task->keys->pictures, count = layer->patches.count;

	if (count > most)
		lu_log(task->hooks, LU_LEVEL_INFO,
		       "%s/%s.gpkg: %zu patches, pictures of the best %zu (change: {pictures: N})", task->name, name,
		       count, most);
	return lu_picture_book_want(book, task->name, name, task->dates, &layer->patches, most, &layer->pictures, err);
}

static enum lu_status write_form(struct lu_vector_writer *writer, const char *name, struct lu_error *err)
{
	static const char *const hidden[] = {"from_code", "to_code"}, *const pictures[] = {BEFORE, AFTER};
	static const struct lu_form_name names[] = {{"patch", "No."},
						    {"earlier", "Earlier date"},
						    {"later", "Later date"},
						    {"from_name", "From"},
						    {"to_name", "To"},
						    {"cells", "Cells"},
						    {"area_ha", "Hectares"},
						    {"probability", "Probability of change"},
						    {"max_probability", "Of its surest cell"},
						    {"around_earlier", "Around, earlier"},
						    {"around_later", "Around, later"},
						    {BEFORE, "Before"},
						    {AFTER, "After"},
						    {LU_REVIEW_STATUS, "Review"},
						    {LU_REVIEW_REMARK, "Remark"}};
	const char *fixed[FIELDS];
	struct lu_form form = {
		.field = LU_REVIEW_STATUS,
		.remark = LU_REVIEW_REMARK,
		.title = "\"patch\" || ': ' || \"from_name\" || ' to ' || \"to_name\"",
		.names = names,
		.name_count = sizeof(names) / sizeof(names[0]),
		.open = "to be reviewed",
		.done = "reviewed",
		.none = "(not reviewed)",
		.choices = lu_review_statuses,
		.choice_count = LU_REVIEW_STATUSES,
		.hidden = hidden,
		.hidden_count = sizeof(hidden) / sizeof(hidden[0]),
		.fixed = fixed,
		.pictures = pictures,
		.picture_count = sizeof(pictures) / sizeof(pictures[0]),
		.tip = "<b>[% \"from_name\" %] to [% \"to_name\" %]</b>, [% round(100 * \"probability\") %] %, "
		       "[% round(\"area_ha\", 1) %] ha, [% \"earlier\" %] and [% \"later\" %]"};
	char *qml = NULL;

	/* Everything but what the reviewer writes. */
	for (size_t i = 0; i < FIELDS; i++)
		if (strcmp(fields[i].name, LU_REVIEW_STATUS) != 0 && strcmp(fields[i].name, LU_REVIEW_REMARK) != 0)
			fixed[form.fixed_count++] = fields[i].name;
	enum lu_status status;

	LU_TRY(lu_form_qml(&form, &qml, err));
	LU_TRY(lu_vector_style(writer, name, qml, err));
out:
	lu_free(qml);
	return status;
}

/* 'layer' with its patches and pictures into FOLDER/NAME.gpkg, where reviews of former ones are kept. */
static enum lu_status write_file(struct layer *layer, const char *name, struct lu_error *err)
{
	const struct lu_change_layer_task *task = layer->task;
	char *folder = lu_sprintf("%s/%s", task->folder, task->name), *path = NULL;
	enum lu_status status = LU_OK;

	if (folder != NULL)
		path = lu_sprintf("%s/%s.gpkg", folder, name);
	if (path == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		goto out;
	}
	LU_TRY(lu_reviews_read(folder, name, task->frame, &layer->reviews, err));
	LU_TRY(lu_vector_create(path, &layer->writer, err));
	LU_TRY(lu_vector_layer(layer->writer, name, task->frame->crs_wkt, fields, FIELDS, err));
	for (size_t i = 0; i < layer->patches.count; i++)
		LU_TRY(add_patch(layer, i, err));
	LU_TRY(write_form(layer->writer, name, err));
	const struct lu_review_task kept = {.folder = folder,
					    .name = name,
					    .fields = fields,
					    .count = FIELDS,
					    .carried = lu_reviews_carried(&layer->reviews),
					    .hooks = task->hooks};
	LU_TRY(lu_review_keep(&kept, err));
	LU_TRY(lu_vector_finish(layer->writer, err));
out:
	lu_vector_drop(layer->writer);
	lu_free(path);
	lu_free(folder);
	return status;
}

static enum lu_status make_layer(struct layer *layer, const struct lu_change_rule *rule, struct lu_picture_book *book,
				 struct lu_error *err)
{
	const struct lu_change_layer_task *task = layer->task;
	const size_t classes = task->scheme->class_count;
	bool *pairs = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&pairs, classes * classes, sizeof(*pairs), "change rules", err));
	LU_TRY(lu_change_rule_bind(rule, "change.layers", task->scheme, pairs, err));
	LU_TRY(lu_patches_make(task->cells, task->cell_count, pairs, classes, &layer->patches, err));
	LU_TRY(want_pictures(layer, rule->name, book, err));
out:
	lu_free(pairs);
	return status;
}

static bool has_usual_class(const struct lu_scheme *scheme)
{
	for (size_t k = 0; k < scheme->class_count; k++)
		if (strcmp(scheme->classes[k].name, usual_class) == 0)
			return true;
	return false;
}

static enum lu_status look_whether_kept(struct layer *layer, const char *name, const struct lu_outputs *outputs,
					struct lu_error *err)
{
	char *path = lu_sprintf("%s/%s.gpkg", layer->task->name, name);

	if (path == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	layer->kept = lu_outputs_keep(outputs, path, NULL);
	lu_free(path);
	return LU_OK;
}

enum lu_status lu_change_layers_make(const struct lu_change_layer_task *task, struct lu_picture_book *book,
				     const struct lu_outputs *outputs, struct lu_change_layers **out,
				     struct lu_error *err)
{
	char *to[] = {usual_class};
	const struct lu_change_rule usual = {.name = usual_name, .to = to, .to_count = 1};
	const struct lu_change_keys *keys = task->keys;
	struct lu_change_layers *layers;
	enum lu_status status = lu_alloc(&layers, 1, sizeof(*layers), "layers of change", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	layers->task = *task;
	while (lu_change_layer_name(keys, task->scheme, layers->count) != NULL)
		layers->count++;
	LU_TRY(lu_alloc(&layers->layers, layers->count, sizeof(*layers->layers), "layers of change", err));
	for (size_t i = 0; i < layers->count; i++) {
		const struct lu_change_rule *rule = keys->layers_stated ? &keys->layers[i] : &usual;
		layers->layers[i].task = &layers->task;
		LU_TRY(make_layer(&layers->layers[i], rule, book, err));
		LU_TRY(look_whether_kept(&layers->layers[i], rule->name, outputs, err));
	}
	*out = layers;
	layers = NULL; /* now the caller's */
out:
	lu_change_layers_free(layers);
	return status;
}

enum lu_status lu_change_layers_write(struct lu_change_layers *layers, struct lu_outputs *outputs, struct lu_error *err)
{
	const struct lu_change_layer_task *task = &layers->task;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < layers->count; i++) {
		const char *name = lu_change_layer_name(task->keys, task->scheme, i);
		struct layer *layer = &layers->layers[i];
		LU_TRY(lu_alloc(&layer->rows, 3 * (size_t)task->frame->width, sizeof(*layer->rows), "rows", err));
		LU_TRY(lu_patch_pictures_list(&layer->pictures, task->name, outputs, err));
		if (!layer->kept)
			LU_TRY(write_file(layer, name, err));
		LU_TRY(lu_outputs_add(outputs, err, "%s/%s.gpkg", task->name, name));
	}
out:
	return status;
}

void lu_change_layers_free(struct lu_change_layers *layers)
{
	if (layers == NULL)
		return;
	for (size_t i = 0; i < layers->count && layers->layers != NULL; i++) {
		lu_patch_pictures_release(&layers->layers[i].pictures);
		lu_patches_release(&layers->layers[i].patches);
		lu_reviews_release(&layers->layers[i].reviews);
		lu_free(layers->layers[i].rows);
	}
	lu_free(layers->layers);
	lu_free(layers);
}

const char *lu_change_layer_name(const struct lu_change_keys *keys, const struct lu_scheme *scheme, size_t i)
{
	if (keys->layers_stated)
		return i < keys->layer_count ? keys->layers[i].name : NULL;
	return i == 0 && has_usual_class(scheme) ? usual_name : NULL;
}

enum lu_status lu_change_layers_check(const struct lu_change_keys *keys, const struct lu_scheme *scheme,
				      struct lu_error *err)
{
	bool *pairs;
	enum lu_status status;

	LU_TRY(lu_alloc(&pairs, scheme->class_count * scheme->class_count, sizeof(*pairs), "change rules", err));
	for (size_t i = 0; i < keys->layer_count; i++)
		LU_TRY(lu_change_rule_bind(&keys->layers[i], "change.layers", scheme, pairs, err));
out:
	lu_free(pairs);
	return status;
}
