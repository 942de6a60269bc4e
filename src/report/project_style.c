/* project_style.c: a style found beside a raster or within a layer, as a piece of a project. See project_style.h. */
#include "report/project_style.h"

#include <stdlib.h>
#include <string.h>

#include "base/beside.h"
#include "base/file.h"
#include "base/memory.h"
#include "raster/vector.h"

enum { LARGEST_STYLE = 16 << 20 };

/* Add the classes of one map's table of values; false: it has none that can be read. */
static bool add_classes(const char *raster, struct lu_project_classes *classes)
{
	char *path = lu_beside(raster, LU_BESIDE_VAT);
	struct lu_vector_reader *reader = NULL;
	bool more = false, whole = false;

	if (path == NULL || !lu_file_exists(path) || lu_vector_open(path, LU_FOUND, NULL, NULL, &reader, NULL) != LU_OK)
		goto out;
	const int value = lu_vector_find(reader, "Value"), count = lu_vector_find(reader, "Count");
	whole = value >= 0 && count >= 0;
	while (whole && (whole = lu_vector_next(reader, &more, NULL) == LU_OK) && more) {
		const char *class = lu_vector_get(reader, value);
		const int number = class != NULL ? atoi(class) : -1;
		const char *cells = lu_vector_get(reader, count);
		if (number >= 0 && number < 256 && cells != NULL && atoll(cells) > 0)
			classes->occurs[number] = true;
	}
out:
	lu_vector_close(reader);
	lu_free(path);
	return whole;
}

void lu_project_classes_find(const struct lu_project_layers *layers, struct lu_project_classes *out)
{
	*out = (struct lu_project_classes){.known = true};
	for (size_t i = 0; i < layers->count && out->known; i++)
		if (layers->items[i].group == LU_GROUP_DATES)
			out->known = add_classes(layers->items[i].path, out);
}

/* What stands between 'open' and 'close' in 'text', these included; NULL where they do not. */
static char *cut(const char *text, const char *open, const char *close, bool included)
{
	const char *start = text != NULL ? strstr(text, open) : NULL;
	const char *end = start != NULL ? strstr(start, close) : NULL;

	if (end == NULL)
		return NULL;
	if (included)
		return lu_strndup(start, (size_t)(end - start) + strlen(close));
	start = strchr(start, '>');
	return start != NULL && start < end ? lu_strndup(start + 1, (size_t)(end - start) - 1) : NULL;
}

static const char entry[] = "<paletteEntry ";

/* Take the classes that occur at no date out of 'pipe'. */
static void drop_classes(char *pipe, const struct lu_project_classes *classes)
{
	static const char name[] = "value=\"";

	for (char *at = pipe; (at = strstr(at, entry)) != NULL;) {
		char *end = strstr(at, "/>"), *value = strstr(at, name);
		if (end == NULL || value == NULL || value > end)
			return;
		const int number = atoi(value + strlen(name));
		end += strlen("/>");
		if (number >= 0 && number < 256 && !classes->occurs[number])
			memmove(at, end, strlen(end) + 1);
		else
			at = end;
	}
}

/* QGIS gives a legend the band's name first, then an entry a class; a ramp is one. */
static size_t count_entries(const char *pipe)
{
	size_t count = 0;

	for (const char *at = pipe; (at = strstr(at, entry)) != NULL; at++)
		count++;
	return count > 0 ? count : strstr(pipe, "<colorrampshader") != NULL ? 1 : 0;
}

/* The renderer of the .qml beside a raster, as opaque as the layer is to be. */
static char *raster_style(const struct lu_project_layer *layer, const struct lu_project_classes *classes)
{
	static const char opaque[] = " opacity=\"1\"";
	char *path = lu_beside(layer->path, LU_BESIDE_QML), *text = NULL, *pipe, *at;
	size_t size;

	if (layer->group == LU_GROUP_IMAGERY || path == NULL || !lu_file_exists(path) ||
	    lu_file_read(path, LARGEST_STYLE, &text, &size, NULL) != LU_OK)
		text = NULL;
	pipe = cut(text, "<pipe>", "</pipe>", true);
	lu_free(text);
	lu_free(path);
	at = pipe != NULL && layer->opacity < 1 ? strstr(pipe, opaque) : NULL;
	if (at != NULL) {
		char *dim = lu_sprintf("%.*s opacity=\"%.2f\"%s", (int)(at - pipe), pipe, layer->opacity,
				       at + sizeof(opaque) - 1);
		lu_free(pipe);
		pipe = dim;
	}
	if (pipe != NULL && layer->group == LU_GROUP_DATES && classes->known)
		drop_classes(pipe, classes);
	return pipe;
}

/* What the layer's own style says: its renderer, form, tips. */
static char *vector_style(const struct lu_project_layer *layer)
{
	struct lu_vector_reader *reader = NULL;
	bool more = false;
	char *style = NULL;

	if (lu_vector_open(layer->path, LU_FOUND, "layer_styles", NULL, &reader, NULL) == LU_OK &&
	    lu_vector_next(reader, &more, NULL) == LU_OK && more)
		style = cut(lu_vector_get(reader, lu_vector_find(reader, "styleQML")), "<qgis ", "</qgis>", false);
	lu_vector_close(reader);
	return style;
}

char *lu_project_style(const struct lu_project_layer *layer, const struct lu_project_classes *classes, size_t *entries)
{
	char *style = layer->vector ? vector_style(layer) : raster_style(layer, classes);

	*entries = style != NULL && !layer->vector ? count_entries(style) : 0;
	return style;
}
