/*
 * form.c: a form for judgements as QML. See form.h.
 */
#include "raster/form.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/text_stream.h"

/* How QGIS writes "no value" into the list of a ValueMap: choosing it clears the label. */
#define NO_VALUE "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"

static CPLXMLNode *add(CPLXMLNode *parent, const char *name)
{
	return CPLCreateXMLNode(parent, CXT_Element, name);
}

static void set(CPLXMLNode *node, const char *name, const char *value)
{
	CPLAddXMLAttributeAndValue(node, name, value);
}

/* <Option type= name= value=>, QGIS's way of keeping a variant; 'name' and 'value' may be NULL. */
static CPLXMLNode *add_option(CPLXMLNode *parent, const char *type, const char *name, const char *value)
{
	CPLXMLNode *option = add(parent, "Option");

	set(option, "type", type);
	if (name != NULL)
		set(option, "name", name);
	if (value != NULL)
		set(option, "value", value);
	return option;
}

/* The place for a field's widget options. */
static CPLXMLNode *add_widget(CPLXMLNode *fields, const char *field, const char *type)
{
	CPLXMLNode *node = add(fields, "field"), *widget;

	set(node, "name", field);
	set(node, "configurationFlags", "None");
	widget = add(node, "editWidget");
	set(widget, "type", type);
	return add_option(add(widget, "config"), "Map", NULL, NULL);
}

static void add_choices(CPLXMLNode *fields, const struct lu_form *form)
{
	CPLXMLNode *list = add_option(add_widget(fields, form->field, "ValueMap"), "List", "map", NULL);

	for (size_t i = 0; i < form->choice_count; i++) {
		char number[24];

		snprintf(number, sizeof(number), "%" PRId64, form->choices[i].value);
		add_option(add_option(list, "Map", NULL, NULL), "QString", form->choices[i].name, number);
	}
	add_option(add_option(list, "Map", NULL, NULL), "QString", form->none, NO_VALUE);
}

/* The folder of the layer's own file, as a QGIS expression: pictures are found wherever project and folder are moved. */
#define FOLDER "file_path(layer_property(@layer, 'path'))"

/* A picture whose path is relative to that folder. */
static void add_picture(CPLXMLNode *fields, const char *field)
{
	CPLXMLNode *options = add_widget(fields, field, "ExternalResource"), *root;

	add_option(options, "int", "DocumentViewer", "1");
	add_option(options, "int", "DocumentViewerHeight", "0");
	add_option(options, "int", "DocumentViewerWidth", "0");
	add_option(options, "bool", "FileWidget", "false");
	add_option(options, "int", "RelativeStorage", "2");
	add_option(options, "int", "StorageMode", "0");
	root = add_option(options, "Map", "PropertyCollection", NULL);
	add_option(root, "QString", "name", "");
	add_option(root, "QString", "type", "collection");
	root = add_option(add_option(root, "Map", "properties", NULL), "Map", "propertyRootPath", NULL);
	add_option(root, "bool", "active", "true");
	add_option(root, "QString", "expression", FOLDER);
	add_option(root, "int", "type", "3");
}

static void add_line(CPLXMLNode *symbol, const char *colour, const char *width, bool broken)
{
	const char *const properties[][2] = {{"line_color", colour},
					     {"line_style", broken ? "dash" : "solid"},
					     {"line_width", width},
					     {"line_width_unit", "MM"},
					     {"joinstyle", "miter"}};
	CPLXMLNode *layer = add(symbol, "layer");

	set(layer, "class", "SimpleLine");
	set(layer, "enabled", "1");
	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
		CPLXMLNode *property = add(layer, "prop");

		set(property, "k", properties[i][0]);
		set(property, "v", properties[i][1]);
	}
}

/* An outline in 'colour' on a wider white one. */
static void add_symbol(CPLXMLNode *symbols, const char *number, const char *colour, const char *width, bool broken)
{
	CPLXMLNode *symbol = add(symbols, "symbol");
	char wide[32];

	CPLsnprintf(wide, sizeof(wide), "%g", CPLAtof(width) + 0.8);
	set(symbol, "name", number);
	set(symbol, "type", "fill");
	set(symbol, "alpha", "1");
	add_line(symbol, "255,255,255,255", wide, false);
	add_line(symbol, colour, width, broken);
}

/* The places that 'filter' holds for. */
static void add_rule(CPLXMLNode *rules, const char *number, const char *filter, const char *label)
{
	CPLXMLNode *rule = add(rules, "rule");

	set(rule, "key", label);
	set(rule, "symbol", number);
	set(rule, "filter", filter);
	set(rule, "label", label);
}

static void add_renderer(CPLXMLNode *root, const struct lu_form *form)
{
	CPLXMLNode *renderer = add(root, "renderer-v2"), *rules, *symbols;
	char filter[128];

	set(renderer, "type", "RuleRenderer");
	set(renderer, "symbollevels", "0");
	rules = add(renderer, "rules");
	set(rules, "key", "all");
	symbols = add(renderer, "symbols");
	snprintf(filter, sizeof(filter), "\"%s\" IS NULL", form->field);
	add_rule(rules, "0", filter, form->open);
	add_symbol(symbols, "0", "0,0,0,255", "0.7", false);
	snprintf(filter, sizeof(filter), "\"%s\" IS NOT NULL", form->field);
	add_rule(rules, "1", filter, form->done);
	add_symbol(symbols, "1", "0,114,178,255", "0.7", true);
}

static bool is_among(const char *field, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], field) == 0)
			return true;
	return false;
}

/* The table of attributes without the row's number and what the form hides. */
static void add_columns(CPLXMLNode *root, const char *const *hidden, size_t hidden_count)
{
	CPLXMLNode *table = add(root, "attributetableconfig"), *columns;

	set(table, "actionWidgetStyle", "dropDown");
	set(table, "sortExpression", "");
	columns = add(table, "columns");
	for (size_t i = 0; i <= hidden_count; i++) {
		CPLXMLNode *column = add(columns, "column");

		set(column, "type", "field");
		set(column, "name", i == 0 ? "fid" : hidden[i - 1]);
		set(column, "hidden", "1");
		set(column, "width", "-1");
	}
}

static void add_names(CPLXMLNode *root, const struct lu_form_name *names, size_t count)
{
	CPLXMLNode *aliases = add(root, "aliases");

	for (size_t i = 0; i < count; i++) {
		CPLXMLNode *alias = add(aliases, "alias");

		set(alias, "field", names[i].field);
		set(alias, "name", names[i].name);
	}
}

static CPLXMLNode *add_box(CPLXMLNode *form, const char *name, const char *columns)
{
	CPLXMLNode *box = add(form, "attributeEditorContainer");

	set(box, "name", name);
	set(box, "columnCount", columns);
	set(box, "groupBox", "1");
	set(box, "showLabel", "1");
	set(box, "visibilityExpressionEnabled", "0");
	return box;
}

static void add_to_box(CPLXMLNode *box, const char *field)
{
	CPLXMLNode *entry = add(box, "attributeEditorField");

	set(entry, "name", field);
	set(entry, "showLabel", "1");
}

/* The judgement first, the pictures side by side below it, then the facts. */
static void add_layout(CPLXMLNode *root, const struct lu_form *form)
{
	CPLXMLNode *layout, *box;

	CPLCreateXMLElementAndValue(root, "editorlayout", "tablayout");
	layout = add(root, "attributeEditorForm");
	box = add_box(layout, "Review", "2");
	add_to_box(box, form->field);
	if (form->remark != NULL)
		add_to_box(box, form->remark);
	if (form->picture_count > 0) {
		box = add_box(layout, "Imagery", form->picture_count > 1 ? "2" : "1");
		for (size_t i = 0; i < form->picture_count; i++)
			add_to_box(box, form->pictures[i]);
	}
	box = add_box(layout, "Facts", "2");
	for (size_t i = 0; i < form->fixed_count; i++)
		if (!is_among(form->fixed[i], form->hidden, form->hidden_count) &&
		    !is_among(form->fixed[i], form->pictures, form->picture_count))
			add_to_box(box, form->fixed[i]);
}

/* The tree as a style file; destroys it. */
static char *finish(CPLXMLNode *root)
{
	char *serialized = CPLSerializeXMLTree(root);
	char *body = lu_xml_clean(serialized);
	char *text = body != NULL ? lu_sprintf("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n%s", body)
				  : NULL;

	lu_free(body);
	CPLFree(serialized);
	CPLDestroyXMLNode(root);
	return text;
}

/* A place has no picture where the imagery has no data. */
static enum lu_status add_tip(CPLXMLNode *root, const struct lu_form *form, struct lu_error *err)
{
	struct lu_text_stream stream;
	char *html = NULL;
	enum lu_status status = lu_text_begin(&stream, "a form", err);

	if (status != LU_OK)
		return status;
	if (form->tip != NULL)
		fprintf(stream.to, "<p>%s</p>", form->tip);
	for (size_t i = 0; i < form->picture_count; i++)
		fprintf(stream.to,
			"[%% CASE WHEN \"%s\" IS NOT NULL THEN '<img width=\"320\" src=\"file://' || " FOLDER
			" || '/' || \"%s\" || '\"/> ' ELSE '' END %%]",
			form->pictures[i], form->pictures[i]);
	LU_TRY(lu_text_finish(&stream, &html, err));
	if (form->tip != NULL || form->picture_count > 0)
		CPLCreateXMLElementAndValue(root, "mapTip", html);
out:
	lu_free(html);
	return status;
}

enum lu_status lu_form_qml(const struct lu_form *form, char **text, struct lu_error *err)
{
	CPLXMLNode *root = CPLCreateXMLNode(NULL, CXT_Element, "qgis"), *fields, *editable, *field;

	set(root, "version", "3.22.0");
	set(root, "styleCategories", "Symbology|Fields|Forms|MapTips|AttributeTable");
	add_renderer(root, form);
	fields = add(root, "fieldConfiguration");
	add_choices(fields, form);
	add_widget(fields, "fid", "Hidden");
	for (size_t i = 0; i < form->hidden_count; i++)
		add_widget(fields, form->hidden[i], "Hidden");
	for (size_t i = 0; i < form->picture_count; i++)
		add_picture(fields, form->pictures[i]);
	add_names(root, form->names, form->name_count);
	add_columns(root, form->hidden, form->hidden_count);
	add_layout(root, form);
	editable = add(root, "editable");
	field = add(editable, "field");
	set(field, "name", "fid");
	set(field, "editable", "0");
	for (size_t i = 0; i < form->fixed_count; i++) {
		field = add(editable, "field");
		set(field, "name", form->fixed[i]);
		set(field, "editable", "0");
	}
	if (form->title != NULL)
		CPLCreateXMLElementAndValue(root, "previewExpression", form->title);
	const enum lu_status status = add_tip(root, form, err);
	*text = finish(root);
	if (status != LU_OK) {
		lu_free(*text);
		*text = NULL;
		return status;
	}
	return *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory for a form");
}

/* Names in dark letters on a white edge. */
static void add_labels(CPLXMLNode *root, const char *field)
{
	CPLXMLNode *labeling = add(root, "labeling"), *settings, *text, *edge, *place;

	set(root, "labelsEnabled", "1");
	set(labeling, "type", "simple");
	settings = add(labeling, "settings");
	text = add(settings, "text-style");
	set(text, "fieldName", field);
	set(text, "isExpression", "0");
	set(text, "fontFamily", "DejaVu Sans");
	set(text, "fontSize", "9");
	set(text, "fontSizeUnit", "Point");
	set(text, "textColor", "30,30,30,255");
	edge = add(text, "text-buffer");
	set(edge, "bufferDraw", "1");
	set(edge, "bufferSize", "1");
	set(edge, "bufferSizeUnits", "MM");
	set(edge, "bufferColor", "255,255,255,255");
	place = add(settings, "placement");
	set(place, "placement", "1");
	set(place, "centroidWhole", "0");
	place = add(settings, "rendering");
	set(place, "obstacle", "0");
}

enum lu_status lu_outline_qml(const struct lu_outline *outline, char **text, struct lu_error *err)
{
	CPLXMLNode *root = CPLCreateXMLNode(NULL, CXT_Element, "qgis"), *renderer;
	char *preview;

	set(root, "version", "3.22.0");
	set(root, "styleCategories", "Symbology|Labeling|Fields|Forms|AttributeTable");
	renderer = add(root, "renderer-v2");
	set(renderer, "type", "singleSymbol");
	set(renderer, "symbollevels", "0");
	add_symbol(add(renderer, "symbols"), "0", "30,30,30,255", outline->width, outline->broken);
	add_widget(add(root, "fieldConfiguration"), "fid", "Hidden");
	add_names(root, outline->names, outline->name_count);
	add_columns(root, NULL, 0);
	if (outline->label != NULL) {
		add_labels(root, outline->label);
		preview = lu_sprintf("\"%s\"", outline->label);
		if (preview != NULL)
			CPLCreateXMLElementAndValue(root, "previewExpression", preview);
		lu_free(preview);
	}
	*text = finish(root);
	return *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory for a style");
}

static void add_fill(CPLXMLNode *symbols, const char *number, const struct lu_class *class, bool edges)
{
	CPLXMLNode *symbol = add(symbols, "symbol"), *layer = add(symbol, "layer");
	char colour[32];

	snprintf(colour, sizeof(colour), "%u,%u,%u,255", class->red, class->green, class->blue);
	const char *const properties[][2] = {{"color", colour},
					     {"style", "solid"},
					     {"outline_color", "60,60,60,255"},
					     {"outline_style", edges ? "solid" : "no"},
					     {"outline_width", "0.06"},
					     {"outline_width_unit", "MM"},
					     {"joinstyle", "miter"}};
	set(symbol, "name", number);
	set(symbol, "type", "fill");
	set(symbol, "alpha", "1");
	set(layer, "class", "SimpleFill");
	set(layer, "enabled", "1");
	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
		CPLXMLNode *property = add(layer, "prop");

		set(property, "k", properties[i][0]);
		set(property, "v", properties[i][1]);
	}
}

enum lu_status lu_fill_qml(const struct lu_fill *fill, char **text, struct lu_error *err)
{
	CPLXMLNode *root = CPLCreateXMLNode(NULL, CXT_Element, "qgis"), *renderer, *categories, *symbols;

	set(root, "version", "3.22.0");
	set(root, "styleCategories", "Symbology|Fields|Forms|AttributeTable");
	renderer = add(root, "renderer-v2");
	set(renderer, "type", "categorizedSymbol");
	set(renderer, "attr", fill->field);
	set(renderer, "symbollevels", "0");
	categories = add(renderer, "categories");
	symbols = add(renderer, "symbols");
	for (size_t i = 0; i < fill->count; i++) {
		CPLXMLNode *category = add(categories, "category");
		char number[24], value[16];

		snprintf(number, sizeof(number), "%zu", i);
		snprintf(value, sizeof(value), "%u", fill->classes[i].value);
		set(category, "render", "true");
		set(category, "symbol", number);
		set(category, "value", value);
		set(category, "type", "long");
		set(category, "label", fill->classes[i].name);
		add_fill(symbols, number, &fill->classes[i], fill->edges);
	}
	add_widget(add(root, "fieldConfiguration"), "fid", "Hidden");
	add_columns(root, NULL, 0);
	*text = finish(root);
	return *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory for a style");
}
