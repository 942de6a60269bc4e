/* products.c: streams of rows written as rasters that know their origin. */
#include "maps/products.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "maps/transition.h"
#include "raster/map.h"

/* Rows read at a time where a source is faster so. */
enum { MAP_ROWS = 64 };

/* FOLDER/SUB, or nothing to make for 'sub' NULL. A killed job's temporary files in it are removed. */
static enum lu_status make_sub_folder(const char *folder, const char *sub, struct lu_error *err)
{
	if (sub == NULL)
		return LU_OK;
	char *path = lu_sprintf("%s/%s", folder, sub);
	enum lu_status status =
		path != NULL ? lu_folder_make(path, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	if (status == LU_OK)
		status = lu_folder_sweep(path, err);
	lu_free(path);
	return status;
}

enum lu_status lu_products_write(const char *folder, const char *sub, const char *file, const struct lu_map_spec *spec,
				 lu_map_rows rows, void *user, struct lu_outputs *outputs, struct lu_error *err)
{
	const char *slash = sub != NULL ? "/" : "";
	struct lu_map_spec threaded = *spec;
	char *path = lu_sprintf("%s/%s%s%s", folder, sub != NULL ? sub : "", slash, file);

	threaded.threads = outputs->threads;
	enum lu_status status = path != NULL ? lu_map_write(path, &threaded, rows, user, err)
					     : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");

	lu_free(path);
	if (status == LU_OK)
		status = lu_outputs_add(outputs, err, "%s%s%s", sub != NULL ? sub : "", slash, file);
	return status;
}

/* One pass over a map as raster rows of a byte; 'want_confidence' chooses which of the two. */
struct date_rows {
	struct lu_class_rows source;
	int64_t cols;
	uint16_t *values; /* one row */
	uint8_t *percents; /* one row */
	bool want_confidence;
};

static enum lu_status date_rows_make(struct lu_class_rows source, int64_t cols, bool want_confidence,
				     struct date_rows *out, struct lu_error *err)
{
	*out = (struct date_rows){.source = source, .cols = cols, .want_confidence = want_confidence};
	enum lu_status status = lu_alloc(&out->values, (size_t)cols, sizeof(*out->values), "a row", err);
	if (status == LU_OK)
		status = lu_alloc(&out->percents, (size_t)cols, sizeof(*out->percents), "a row", err);
	return status;
}

static void date_rows_release(struct date_rows *rows)
{
	lu_free(rows->values);
	lu_free(rows->percents);
}

static enum lu_status give_date_rows(void *user, int64_t row0, int64_t rows, int band, void *dst, struct lu_error *err)
{
	const struct date_rows *date = user;
	uint8_t *bytes = dst;
	(void)band;

	for (int64_t row = 0; row < rows; row++) {
		const enum lu_status status =
			date->source.read(date->source.user, row0 + row, 1, date->values, date->percents, err);
		if (status != LU_OK)
			return status;
		for (int64_t col = 0; col < date->cols; col++)
			bytes[row * date->cols + col] =
				date->want_confidence ? date->percents[col] : (uint8_t)date->values[col];
	}
	return LU_OK;
}

enum lu_status lu_products_classes(const char *folder, const char *sub, const struct lu_class_map *map,
				   struct lu_outputs *outputs, struct lu_error *err)
{
	struct lu_style_entry *styles = NULL;
	struct date_rows rows = {0};
	enum lu_status status = make_sub_folder(folder, sub, err);

	if (status == LU_OK)
		status = lu_legend_styles(map->legend, &styles, err);
	if (status == LU_OK)
		status = date_rows_make(map->rows, map->frame->width, false, &rows, err);
	if (status == LU_OK) {
		const struct lu_map_spec spec = {.frame = map->frame,
						 .bands = 1,
						 .type = LU_MAP_BYTE,
						 .nodata = 0,
						 .has_nodata = true,
						 .entries = styles,
						 .entry_count = map->legend->count,
						 .palette = true,
						 .metadata = map->metadata,
						 .qml_title = map->title};
		status = lu_products_write(folder, sub, map->file, &spec, give_date_rows, &rows, outputs, err);
	}
	date_rows_release(&rows);
	lu_free(styles);
	return status;
}

/* Probabilities of one class in percent: band k of probabilities.tif. Not mapped is 255. */
struct probability_rows {
	const struct lu_store *store;
	int64_t cols;
	float *scores; /* one row */
};

static enum lu_status give_probability_rows(void *user, int64_t row0, int64_t rows, int band, void *dst,
					    struct lu_error *err)
{
	const struct probability_rows *probability = user;
	const size_t classes = lu_store_classes(probability->store);
	uint8_t *bytes = dst;

	for (int64_t row = 0; row < rows; row++) {
		const enum lu_status status =
			lu_store_rows(probability->store, row0 + row, 1, probability->scores, err);
		if (status != LU_OK)
			return status;
		for (int64_t col = 0; col < probability->cols; col++) {
			const float *record = probability->scores + (size_t)col * classes;
			const float share = record[band - 1];
			bytes[row * probability->cols + col] =
				lu_store_mapped(record, classes) ? (uint8_t)(share * 100 + 0.5f) : 255;
		}
	}
	return LU_OK;
}

static enum lu_status write_probabilities(const char *folder, const char *sub, const struct lu_date_maps *maps,
					  const char *const *metadata, struct lu_outputs *outputs, struct lu_error *err)
{
	const struct lu_legend *legend = maps->legend;
	const char *names[LU_SCHEME_HIGHEST_VALUE];
	struct probability_rows rows = {.store = maps->store, .cols = maps->frame->width};
	const struct lu_map_spec spec = {.frame = maps->frame,
					 .bands = (int)legend->count,
					 .type = LU_MAP_BYTE,
					 .nodata = 255,
					 .has_nodata = true,
					 .metadata = metadata,
					 .band_names = names};
	enum lu_status status = lu_alloc(&rows.scores, (size_t)rows.cols, sizeof(float) * lu_store_classes(maps->store),
					 "a row of scores", err);

	for (size_t i = 0; i < legend->count; i++)
		names[i] = legend->classes[i].name;
	if (status == LU_OK)
		status = lu_products_write(folder, sub, "probabilities.tif", &spec, give_probability_rows, &rows,
					   outputs, err);
	lu_free(rows.scores);
	return status;
}

static enum lu_status write_confidence(const char *folder, const char *sub, const struct lu_date_maps *maps,
				       const char *const *metadata, struct lu_outputs *outputs, struct lu_error *err)
{
	const struct lu_map_spec spec = {.frame = maps->frame,
					 .bands = 1,
					 .type = LU_MAP_BYTE,
					 .nodata = 0,
					 .has_nodata = true,
					 .metadata = metadata,
					 .qml_title = "Confidence, percent",
					 .ramp = LU_RAMP_CONFIDENCE,
					 .ramp_low = 0,
					 .ramp_high = 100};
	struct date_rows rows;
	enum lu_status status = date_rows_make(maps->map, maps->frame->width, true, &rows, err);

	if (status == LU_OK)
		status = lu_products_write(folder, sub, "confidence.tif", &spec, give_date_rows, &rows, outputs, err);
	date_rows_release(&rows);
	return status;
}

enum lu_status lu_products_date(const char *folder, const char *sub, const struct lu_date_maps *maps,
				struct lu_metadata *metadata, struct lu_outputs *outputs, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	struct lu_class_map map = {.file = "landuse_raw.tif",
				   .title = "Land use before smoothing",
				   .frame = maps->frame,
				   .rows = maps->raw,
				   .legend = maps->legend,
				   .metadata = metadata->list};

	if (maps->smoothed != NULL) {
		status = lu_products_classes(folder, sub, &map, outputs, err);
		lu_metadata_add(metadata, "LANDUSE_SMOOTHED", maps->smoothed);
	}
	map.file = "landuse.tif";
	map.title = "Land use";
	map.rows = maps->map;
	if (status == LU_OK)
		status = lu_products_classes(folder, sub, &map, outputs, err);
	if (status == LU_OK)
		status = write_confidence(folder, sub, maps, metadata->list, outputs, err);
	if (status == LU_OK && maps->probabilities)
		status = write_probabilities(folder, sub, maps, metadata->list, outputs, err);
	return status;
}

/* Two streams of classes as change codes. */
struct change_rows {
	struct lu_class_rows earlier, later;
	int64_t cols;
	uint16_t *after; /* MAP_ROWS rows */
};

static enum lu_status give_change_rows(void *user, int64_t row0, int64_t rows, int band, void *dst,
				       struct lu_error *err)
{
	const struct change_rows *change = user;
	uint16_t *codes = dst;
	(void)band;

	for (int64_t done = 0; done < rows; done += MAP_ROWS) {
		const int64_t count = rows - done < MAP_ROWS ? rows - done : MAP_ROWS;
		enum lu_status status =
			change->earlier.read(change->earlier.user, row0 + done, count, codes, NULL, err);
		if (status == LU_OK)
			status = change->later.read(change->later.user, row0 + done, count, change->after, NULL, err);
		if (status != LU_OK)
			return status;
		for (int64_t i = 0; i < count * change->cols; i++)
			codes[i] = lu_change_code(codes[i], change->after[i]);
		codes += count * change->cols;
	}
	return LU_OK;
}

/* One entry of the legend; its name is made here. */
static enum lu_status add_style(struct lu_change_styles *styles, const struct lu_legend_class *from,
				const struct lu_legend_class *to, struct lu_error *err)
{
	char *name = from == to ? lu_sprintf("%s, unchanged", to->name) : lu_sprintf("%s to %s", from->name, to->name);

	if (name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: class names");
	styles->names[styles->count] = name;
	struct lu_style_entry *entry = &styles->entries[styles->count++];
	*entry = (struct lu_style_entry){.value = lu_change_code(from->value, to->value),
					 .name = name,
					 .red = to->red,
					 .green = to->green,
					 .blue = to->blue};
	if (from == to) {
		entry->red = (uint8_t)(192 + to->red / 4);
		entry->green = (uint8_t)(192 + to->green / 4);
		entry->blue = (uint8_t)(192 + to->blue / 4);
	}
	return LU_OK;
}

enum lu_status lu_change_styles_make(const struct lu_legend *legend, bool unchanged, struct lu_change_styles *out,
				     struct lu_error *err)
{
	const size_t n = legend->count;
	enum lu_status status;

	*out = (struct lu_change_styles){0};
	status = lu_alloc(&out->entries, n * n, sizeof(*out->entries), "colours", err);
	if (status == LU_OK)
		status = lu_alloc(&out->names, n * n, sizeof(*out->names), "class names", err);
	for (size_t i = 0; status == LU_OK && i < n * n; i++)
		if (unchanged || i / n != i % n)
			status = add_style(out, &legend->classes[i / n], &legend->classes[i % n], err);
	if (status != LU_OK)
		lu_change_styles_release(out);
	return status;
}

void lu_change_styles_release(struct lu_change_styles *styles)
{
	for (size_t i = 0; i < styles->count; i++)
		lu_free(styles->names[i]);
	lu_free(styles->names);
	lu_free(styles->entries);
	*styles = (struct lu_change_styles){0};
}

enum lu_status lu_products_change(const char *folder, const char *name, const struct lu_frame *frame,
				  struct lu_class_rows earlier, struct lu_class_rows later,
				  const struct lu_legend *legend, const char *const *metadata,
				  struct lu_outputs *outputs, struct lu_error *err)
{
	struct change_rows rows = {.earlier = earlier, .later = later, .cols = frame->width};
	struct lu_change_styles styles = {0};
	enum lu_status status = make_sub_folder(folder, name, err);

	if (status == LU_OK)
		status = lu_change_styles_make(legend, true, &styles, err);
	if (status == LU_OK)
		status = lu_alloc(&rows.after, (size_t)rows.cols, MAP_ROWS * sizeof(*rows.after), "rows of a map", err);
	if (status == LU_OK) {
		const struct lu_map_spec spec = {.frame = frame,
						 .bands = 1,
						 .type = LU_MAP_UINT16,
						 .nodata = 0,
						 .has_nodata = true,
						 .entries = styles.entries,
						 .entry_count = styles.count,
						 .metadata = metadata,
						 .qml_title = "Change"};
		status = lu_products_write(folder, name, "change.tif", &spec, give_change_rows, &rows, outputs, err);
	}
	lu_change_styles_release(&styles);
	lu_free(rows.after);
	return status;
}
