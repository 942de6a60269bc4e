/* page_maps.c: rasters as pictures of few cells. See page_data.h. */
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/memory.h"
#include "raster/map.h"
#include "raster/picture.h"
#include "report/page_data.h"

/*
 * A page of 5 MB has room for so many letters of maps. The first try shows as many cells as compress well; where classes are
 * so mixed that they do not, it is done again with fewer.
 */
enum { MOST_LETTERS = 2600000, MOST_CELLS = 6000000 };

struct sampling {
	const struct lu_page_files *files;
	struct lu_page_grid *grid; /* a picture's cell is the middle one of 'step' x 'step' */
	int64_t least_step;
	uint8_t *planes; /* three */
	size_t letters; /* of all pictures */
};

bool lu_page_has(const struct lu_page_files *files, const char *name)
{
	for (size_t i = 0; i < files->count; i++)
		if (strcmp(files->paths[i], name) == 0)
			return true;
	return false;
}

static enum lu_status no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: " LU_PAGE_NAME);
}

/* Of change codes the later class goes into 'plane' and the earlier into 'high'; 'high' NULL: whole values. */
static void take_row(const struct sampling *s, const uint16_t *row, int64_t y, uint8_t *plane, uint8_t *high)
{
	for (int64_t x = 0; x < s->grid->width; x++) {
		const int64_t at = x * s->grid->step + s->grid->step / 2;
		const unsigned value = row[at < s->grid->frame.width ? at : s->grid->frame.width - 1];
		plane[y * s->grid->width + x] = (uint8_t)(high != NULL ? value % 100 : value);
		if (high != NULL)
			high[y * s->grid->width + x] = (uint8_t)(value / 100);
	}
}

/*
 * The cells of raster 'name' into a plane (of change codes the later class, and the earlier into 'high'); what is not
 * there, or is of another size, leaves them as they are.
 */
static enum lu_status take_cells(struct sampling *s, const char *name, uint8_t *plane, uint8_t *high,
				 struct lu_error *err)
{
	char *path = lu_sprintf("%s/%s", s->files->folder, name);
	struct lu_map *map = NULL;
	uint16_t *row = NULL;
	enum lu_status status;

	LU_TRY(path != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_map_open(path, &map, err));
	const struct lu_frame *frame = lu_map_frame(map);
	if (frame->width != s->grid->frame.width || frame->height != s->grid->frame.height)
		goto out;
	LU_TRY(lu_alloc(&row, (size_t)frame->width, sizeof(*row), "a row of a map", err));
	for (int64_t y = 0; y < s->grid->height; y++) {
		const int64_t at = y * s->grid->step + s->grid->step / 2;
		LU_TRY(lu_map_read_rows(map, at < frame->height ? at : frame->height - 1, 1, row, err));
		take_row(s, row, y, plane, high);
	}
out:
	lu_map_close(map);
	lu_free(row);
	lu_free(path);
	return status;
}

static enum lu_status add_picture(struct sampling *s, json_t *to, struct lu_error *err)
{
	uint8_t *bytes = NULL;
	char *text = NULL;
	size_t size;
	enum lu_status status;

	LU_TRY(lu_picture_png(s->planes, (int)s->grid->width, (int)s->grid->height, &bytes, &size, err));
	text = lu_base64("data:image/png;base64,", bytes, size);
	if (text == NULL || json_object_set_new(to, "picture", json_string(text)) != 0)
		status = no_memory(err);
	else
		s->letters += strlen(text);
out:
	lu_free(text);
	lu_free(bytes);
	return status;
}

/* "DATE/NAME", or "NAME" of one date alone; false when there is neither. */
static bool find_of_date(const struct lu_page_files *files, const char *label, const char *name, char *path,
			 size_t size)
{
	snprintf(path, size, "%s/%s", label, name);
	if (lu_page_has(files, path))
		return true;
	snprintf(path, size, "%s", name);
	return lu_page_has(files, path);
}

/* What a map says of its origin, by the names that the page shows. */
static void add_origin(const struct lu_map *map, json_t *date)
{
	static const struct {
		const char *key, *name;
	} facts[] = {{"LANDUSE_INPUTS", "imagery"},        {"LANDUSE_INPUTS_SIZE", "size"},
		     {"LANDUSE_MODEL", "model"},           {"LANDUSE_PRECISION", "precision"},
		     {"LANDUSE_NORMALISED", "normalised"}, {"LANDUSE_SMOOTHED", "smoothed"}};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const char *value = lu_map_metadata(map, facts[i].key);
		if (value != NULL)
			json_object_set_new(date, facts[i].name, json_string(value));
	}
}

static json_t *list_classes(const struct lu_map *map)
{
	json_t *classes = json_array();
	size_t count;
	const struct lu_class *entries = lu_map_entries(map, &count);

	for (size_t i = 0; i < count; i++) {
		char colour[8];
		if (entries[i].value == 0 || entries[i].name == NULL || entries[i].name[0] == '\0')
			continue;
		snprintf(colour, sizeof(colour), "#%02x%02x%02x", entries[i].red, entries[i].green, entries[i].blue);
		json_array_append_new(classes, json_pack("{s:i, s:s, s:s}", "value", entries[i].value, "name",
							 entries[i].name, "colour", colour));
	}
	return classes;
}

/* By the first map: the grid, the classes, and how many cells pictures have. */
static enum lu_status begin(struct sampling *s, const struct lu_map *map, size_t pictures, json_t *page,
			    struct lu_error *err)
{
	const struct lu_frame *frame = lu_map_frame(map);
	const int64_t most = MOST_CELLS / (int64_t)(pictures > 0 ? pictures : 1);
	enum lu_status status;

	LU_TRY(lu_frame_copy(frame, &s->grid->frame, err));
	s->grid->step = s->least_step;
	while ((frame->width / s->grid->step) * (frame->height / s->grid->step) > most)
		s->grid->step++;
	s->grid->width = (frame->width + s->grid->step - 1) / s->grid->step;
	s->grid->height = (frame->height + s->grid->step - 1) / s->grid->step;
	LU_TRY(lu_alloc(&s->planes, 3 * (size_t)(s->grid->width * s->grid->height), 1, "a picture", err));
	json_object_set_new(page, "classes", list_classes(map));
	json_object_set_new(page, "grid",
			    json_pack("{s:I, s:I, s:I}", "width", (json_int_t)s->grid->width, "height",
				      (json_int_t)s->grid->height, "step", (json_int_t)s->grid->step));
out:
	return status;
}

static enum lu_status add_date(struct sampling *s, const char *label, size_t pictures, json_t *page, json_t *dates,
			       struct lu_error *err)
{
	char name[600];
	char *path = NULL;
	struct lu_map *map = NULL;
	json_t *date = json_pack("{s:s}", "label", label);
	enum lu_status status = date != NULL ? LU_OK : no_memory(err);

	if (status != LU_OK || !find_of_date(s->files, label, "landuse.tif", name, sizeof(name)))
		goto out;
	path = lu_sprintf("%s/%s", s->files->folder, name);
	LU_TRY(path != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_map_open(path, &map, err));
	add_origin(map, date);
	if (s->planes == NULL)
		LU_TRY(begin(s, map, pictures, page, err));
	const size_t plane = (size_t)(s->grid->width * s->grid->height);
	memset(s->planes, 0, 3 * plane);
	LU_TRY(take_cells(s, name, s->planes, NULL, err));
	if (find_of_date(s->files, label, "confidence.tif", name, sizeof(name)))
		LU_TRY(take_cells(s, name, s->planes + plane, NULL, err));
	LU_TRY(add_picture(s, date, err));
out:
	lu_map_close(map);
	lu_free(path);
	json_array_append_new(dates, date);
	return status;
}

static enum lu_status add_pair(struct sampling *s, const char *earlier, const char *later, json_t *pairs,
			       struct lu_error *err)
{
	const size_t plane = (size_t)(s->grid->width * s->grid->height);
	char name[600];
	json_t *pair = json_pack("{s:s, s:s}", "earlier", earlier, "later", later);
	enum lu_status status = pair != NULL ? LU_OK : no_memory(err);

	snprintf(name, sizeof(name), "%s_%s/flagged.tif", earlier, later);
	if (status != LU_OK || s->planes == NULL || !lu_page_has(s->files, name))
		goto out;
	memset(s->planes, 0, 3 * plane);
	LU_TRY(take_cells(s, name, s->planes + plane, s->planes, err));
	snprintf(name, sizeof(name), "%s_%s/change_probability.tif", earlier, later);
	if (lu_page_has(s->files, name))
		LU_TRY(take_cells(s, name, s->planes + 2 * plane, NULL, err));
	LU_TRY(add_picture(s, pair, err));
out:
	json_array_append_new(pairs, pair);
	return status;
}

/* One try. */
static enum lu_status add_maps(struct sampling *s, const json_t *statistics, json_t *page, struct lu_error *err)
{
	const json_t *of_dates = json_object_get(statistics, "dates"), *of_pairs = json_object_get(statistics, "pairs");
	const size_t pictures = json_array_size(of_dates) + json_array_size(of_pairs);
	json_t *dates = json_array(), *pairs = json_array();
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < json_array_size(of_dates); i++)
		LU_TRY(add_date(s, json_string_value(json_object_get(json_array_get(of_dates, i), "label")), pictures,
				page, dates, err));
	for (size_t i = 0; i < json_array_size(of_pairs); i++) {
		const json_t *pair = json_array_get(of_pairs, i);
		LU_TRY(add_pair(s, json_string_value(json_object_get(pair, "earlier")),
				json_string_value(json_object_get(pair, "later")), pairs, err));
	}
out:
	json_object_set_new(page, "dates", dates);
	json_object_set_new(page, "pairs", pairs);
	return status;
}

enum lu_status lu_page_maps(const struct lu_page_files *files, const json_t *statistics, json_t *page,
			    struct lu_page_grid *grid, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (int64_t step = 1; step > 0;) {
		struct sampling sampling = {.files = files, .grid = grid, .least_step = step};

		lu_frame_release(&grid->frame);
		*grid = (struct lu_page_grid){0};
		status = add_maps(&sampling, statistics, page, err);
		lu_free(sampling.planes);
		step = status == LU_OK && sampling.letters > MOST_LETTERS ? grid->step + 1 : 0;
	}
	return status;
}
