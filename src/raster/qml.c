/*
 * qml.c: QGIS's style file beside a raster. See qml.h.
 */
#include "raster/qml.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/beside.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "raster/trap.h"

static CPLXMLNode *add(CPLXMLNode *parent, const char *name)
{
	return CPLCreateXMLNode(parent, CXT_Element, name);
}

static void set(CPLXMLNode *node, const char *name, const char *value)
{
	CPLAddXMLAttributeAndValue(node, name, value);
}

/* <qgis><pipe><rasterrenderer type=... band="1">, and the title where QGIS keeps a layer's. */
static CPLXMLNode *start(const char *type, const char *title, CPLXMLNode **renderer)
{
	CPLXMLNode *root = CPLCreateXMLNode(NULL, CXT_Element, "qgis");

	set(root, "version", "3.22.0");
	set(root, "hasScaleBasedVisibilityFlag", "0");
	if (title != NULL)
		CPLCreateXMLElementAndValue(add(root, "resourceMetadata"), "title", title);
	*renderer = add(add(root, "pipe"), "rasterrenderer");
	set(*renderer, "type", type);
	set(*renderer, "band", "1");
	set(*renderer, "opacity", "1");
	set(*renderer, "alphaBand", "-1");
	return root;
}

/* Write the tree out and destroy it. */
static enum lu_status finish(CPLXMLNode *root, char **text, struct lu_error *err)
{
	char *serialized = CPLSerializeXMLTree(root);
	char *body = lu_xml_clean(serialized);

	*text = body != NULL ? lu_sprintf("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n%s", body)
			     : NULL;
	lu_free(body);
	CPLFree(serialized);
	CPLDestroyXMLNode(root);
	return *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory for a style file");
}

enum lu_status lu_qml_classes(const struct lu_class *entries, size_t count, const char *title, char **text,
			      struct lu_error *err)
{
	CPLXMLNode *renderer, *root, *palette;

	root = start("paletted", title, &renderer);
	palette = add(renderer, "colorPalette");
	for (size_t i = 0; i < count; i++) {
		CPLXMLNode *entry = add(palette, "paletteEntry");
		char number[16];

		snprintf(number, sizeof(number), "%d", entries[i].value);
		set(entry, "value", number);
		snprintf(number, sizeof(number), "#%02x%02x%02x", entries[i].red, entries[i].green, entries[i].blue);
		set(entry, "color", number);
		set(entry, "alpha", "255");
		set(entry, "label", entries[i].name);
	}
	/* Of a palette without entries QGIS makes a band in grey, which would cover the map. */
	if (count == 0) {
		CPLXMLNode *entry = add(palette, "paletteEntry");

		set(entry, "value", "-1"); /* no cell has that */
		set(entry, "color", "#ffffff");
		set(entry, "alpha", "0");
		set(entry, "label", "none");
	}
	return finish(root, text, err);
}

enum lu_status lu_qml_ramp(enum lu_map_ramp ramp, double low, double high, const char *title, char **text,
			   struct lu_error *err)
{
	/* Viridis and ColorBrewer's RdPu: lightness alone tells what is high, to every eye. */
	static const struct stop {
		double at;
		const char *colour;
		int alpha;
	} confidence[] = {{0, "#440154", 255},
			  {0.25, "#3b528b", 255},
			  {0.5, "#21918c", 255},
			  {0.75, "#5ec962", 255},
			  {1, "#fde725", 255}},
	  change[] = {{0, "#feebe2", 0},
		      {0.25, "#fbb4b9", 90},
		      {0.5, "#f768a1", 170},
		      {0.75, "#c51b8a", 220},
		      {1, "#7a0177", 255}};
	const struct stop *stops = ramp == LU_RAMP_CHANGE ? change : confidence;
	CPLXMLNode *renderer, *root, *shader;
	char least[32], most[32];

	CPLsnprintf(least, sizeof(least), "%g", low);
	CPLsnprintf(most, sizeof(most), "%g", high);
	root = start("singlebandpseudocolor", title, &renderer);
	set(renderer, "classificationMin", least);
	set(renderer, "classificationMax", most);
	shader = add(add(renderer, "rastershader"), "colorrampshader");
	set(shader, "colorRampType", "INTERPOLATED");
	set(shader, "classificationMode", "1");
	set(shader, "clip", "0");
	set(shader, "minimumValue", least);
	set(shader, "maximumValue", most);
	for (size_t i = 0; i < sizeof(confidence) / sizeof(*confidence); i++) {
		CPLXMLNode *item = add(shader, "item");
		char value[32], alpha[8];

		CPLsnprintf(value, sizeof(value), "%g", low + stops[i].at * (high - low));
		snprintf(alpha, sizeof(alpha), "%d", stops[i].alpha);
		set(item, "value", value);
		set(item, "label", value);
		set(item, "color", stops[i].colour);
		set(item, "alpha", alpha);
	}
	return finish(root, text, err);
}

static enum lu_status take_entry(const CPLXMLNode *node, struct lu_class **entries, size_t *count, struct lu_error *err)
{
	const char *value = CPLGetXMLValue(node, "value", NULL);
	const char *colour = CPLGetXMLValue(node, "color", "#000000");
	unsigned red = 0, green = 0, blue = 0;
	enum lu_status status;
	char *name;

	if (value == NULL || atoi(value) < 0 || atoi(value) > UINT16_MAX) /* no cell is read as that (map.h) */
		return LU_OK;
	sscanf(colour, "#%2x%2x%2x", &red, &green, &blue);
	status = lu_grow(entries, *count + 1, sizeof(**entries), "a legend", err);
	if (status != LU_OK)
		return status;
	name = lu_strdup(CPLGetXMLValue(node, "label", ""));
	if (name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory for a legend");
	(*entries)[(*count)++] = (struct lu_class){.value = (uint16_t)atoi(value),
						   .name = name,
						   .red = (uint8_t)red,
						   .green = (uint8_t)green,
						   .blue = (uint8_t)blue};
	return LU_OK;
}

enum lu_status lu_qml_read(const char *raster_path, struct lu_class **entries, size_t *count, struct lu_error *err)
{
	char *path = lu_beside(raster_path, LU_BESIDE_QML);
	const CPLXMLNode *palette = NULL;
	enum lu_status status = LU_OK;
	CPLXMLNode *root = NULL;
	struct lu_trap trap;

	*entries = NULL;
	*count = 0;
	if (path == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory for a legend");
	lu_trap_set(&trap);
	if (lu_file_exists(path))
		root = CPLParseXMLFile(path);
	if (root != NULL)
		palette = CPLGetXMLNode(root, "=qgis.pipe.rasterrenderer.colorPalette");
	for (const CPLXMLNode *node = palette != NULL ? palette->psChild : NULL; node != NULL; node = node->psNext) {
		if (node->eType == CXT_Element && strcmp(node->pszValue, "paletteEntry") == 0)
			LU_TRY(take_entry(node, entries, count, err));
	}
out:
	CPLDestroyXMLNode(root);
	lu_trap_drop(&trap);
	lu_free(path);
	return status;
}
