/*
 * form.c: a form for judgements as QML. See form.h.
 */
#include "raster/form.h"

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <inttypes.h>
#include <stdio.h>

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

/* An outline in 'colour' for the places that 'filter' holds for. */
static void add_rule(CPLXMLNode *rules, CPLXMLNode *symbols, const char *number, const char *filter, const char *label,
		     const char *colour)
{
	const char *const properties[][2] = {
		{"line_color", colour}, {"line_style", "solid"}, {"line_width", "0.7"}, {"line_width_unit", "MM"}};
	CPLXMLNode *rule = add(rules, "rule"), *symbol = add(symbols, "symbol"), *layer;

	set(rule, "key", label);
	set(rule, "symbol", number);
	set(rule, "filter", filter);
	set(rule, "label", label);
	set(symbol, "name", number);
	set(symbol, "type", "fill");
	set(symbol, "alpha", "1");
	layer = add(symbol, "layer");
	set(layer, "class", "SimpleLine");
	set(layer, "enabled", "1");
	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
		CPLXMLNode *property = add(layer, "prop");

		set(property, "k", properties[i][0]);
		set(property, "v", properties[i][1]);
	}
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
	add_rule(rules, symbols, "0", filter, form->open, "255,0,0,255");
	snprintf(filter, sizeof(filter), "\"%s\" IS NOT NULL", form->field);
	add_rule(rules, symbols, "1", filter, form->done, "0,160,0,255");
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
	CPLXMLNode *root = CPLCreateXMLNode(NULL, CXT_Element, "qgis"), *fields, *editable;

	set(root, "version", "3.22.0");
	set(root, "styleCategories", "Symbology|Fields|Forms|MapTips");
	add_renderer(root, form);
	fields = add(root, "fieldConfiguration");
	add_choices(fields, form);
	for (size_t i = 0; i < form->hidden_count; i++)
		add_widget(fields, form->hidden[i], "Hidden");
	for (size_t i = 0; i < form->picture_count; i++)
		add_picture(fields, form->pictures[i]);
	editable = add(root, "editable");
	for (size_t i = 0; i < form->fixed_count; i++) {
		CPLXMLNode *field = add(editable, "field");

		set(field, "name", form->fixed[i]);
		set(field, "editable", "0");
	}
	const enum lu_status status = add_tip(root, form, err);
	char *serialized = CPLSerializeXMLTree(root);
	char *body = lu_xml_clean(serialized);
	*text = body != NULL ? lu_sprintf("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n%s", body)
			     : NULL;
	lu_free(body);
	CPLFree(serialized);
	CPLDestroyXMLNode(root);
	if (status != LU_OK) {
		lu_free(*text);
		*text = NULL;
		return status;
	}
	return *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory for a form");
}
