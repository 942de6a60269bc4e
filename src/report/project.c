/* project.c: templates filled with layers, and the result zipped. See project.h. */
#include "report/project.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "base/zip.h"
#include "landuse/core.h"
#include "raster/crs.h"
#include "raster/map.h"
#include "report/page_data.h"
#include "report/page_parts.h"
#include "report/project_layers.h"
#include "report/project_style.h"
#include "report/template.h"

#define PART(name) ((const char *)lu_part_##name)

struct project {
	const struct lu_page_files *files;
	struct lu_project_layers layers;
	struct lu_project_classes classes;
	char *crs; /* of the maps, as XML */
	struct lu_box extent; /* of the maps */
	double metres; /* of a unit of the CRS; 0: it has degrees, or is not known */
	/* Pieces of XML. */
	char *tree, *items, *legend, *layout;
};

static enum lu_status no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: " LU_PROJECT_NAME);
}

/* What is printed by 'put' as a text. */
static enum lu_status print(void (*put)(FILE *to, const struct project *project), const struct project *project,
			    char **text, struct lu_error *err)
{
	struct lu_text_stream stream;
	enum lu_status status;

	LU_TRY(lu_text_begin(&stream, LU_PROJECT_NAME, err));
	put(stream.to, project);
	LU_TRY(lu_text_finish(&stream, text, err));
out:
	return status;
}

static enum lu_status fill(const char *text, const struct lu_template_value *values, size_t count, char **out,
			   struct lu_error *err)
{
	struct lu_text_stream stream;
	enum lu_status status;

	LU_TRY(lu_text_begin(&stream, LU_PROJECT_NAME, err));
	lu_template_put(stream.to, text, values, count);
	LU_TRY(lu_text_finish(&stream, out, err));
out:
	return status;
}

/* A CRS as QGIS keeps it: by its code where it has one, else by its text. */
static enum lu_status crs_xml(const char *wkt, char **xml, struct lu_error *err)
{
	static const char text[] = "<spatialrefsys><wkt>{{wkt}}</wkt><srsid>1</srsid><authid>{{code}}</authid>"
				   "<description>{{name}}</description></spatialrefsys>";
	char *code = wkt != NULL ? lu_crs_code(wkt) : NULL, *name = wkt != NULL ? lu_crs_name(wkt) : NULL;
	const struct lu_template_value values[] = {{"wkt", wkt, false}, {"code", code, false}, {"name", name, false}};
	const enum lu_status status = fill(text, values, 3, xml, err);

	lu_free(code);
	lu_free(name);
	return status;
}

/* The CRS of a layer's own file; the maps' takes its place where it has none. */
static enum lu_status layer_crs(struct project *project, const struct lu_project_layer *layer, char **xml,
				struct lu_error *err)
{
	struct lu_map *map = NULL;
	enum lu_status status = LU_OK;

	if (!layer->vector && lu_map_open(layer->path, &map, NULL) == LU_OK) {
		const struct lu_frame *frame = lu_map_frame(map);
		bool geographic = false;
		LU_TRY(crs_xml(frame->crs_wkt, xml, err));
		if (layer->group != LU_GROUP_IMAGERY && project->crs == NULL) {
			const double *t = frame->transform, w = (double)frame->width, h = (double)frame->height;
			project->extent = (struct lu_box){t[0], t[3] + h * t[5], t[0] + w * t[1], t[3]};
			project->crs = lu_strdup(*xml);
			if (lu_crs_unit(frame->crs_wkt, &project->metres, &geographic, NULL) != LU_OK || geographic)
				project->metres = 0;
		}
	} else {
		*xml = lu_strdup(project->crs != NULL ? project->crs : "");
	}
	LU_TRY(*xml != NULL ? LU_OK : no_memory(err));
out:
	lu_map_close(map);
	return status;
}

static enum lu_status put_layer(struct project *project, struct lu_project_layer *layer, FILE *to, struct lu_error *err)
{
	char *crs = NULL, *style = lu_project_style(layer, &project->classes, &layer->entries), *temporal = NULL;
	enum lu_status status;

	LU_TRY(layer_crs(project, layer, &crs, err));
	if (layer->start[0] != '\0') {
		temporal = lu_sprintf("      <temporal mode=\"0\" fetchMode=\"0\" enabled=\"1\"><fixedRange>"
				      "<start>%sT00:00:00Z</start><end>%sT00:00:00Z</end></fixedRange></temporal>\n",
				      layer->start, layer->end);
		LU_TRY(temporal != NULL ? LU_OK : no_memory(err));
	}
	const struct lu_template_value values[] = {
		{"id", layer->id, false},
		{"source", layer->source, false},
		{"name", layer->name, false},
		{"crs", crs, true},
		{"labels", style != NULL && strstr(style, "<labeling") != NULL ? "1" : "0", false},
		{"temporal", temporal, true},
		{"style", style, true}};
	lu_template_put(to, layer->vector ? PART(vector_xml) : PART(raster_xml), values,
			sizeof(values) / sizeof(values[0]));
out:
	lu_free(temporal);
	lu_free(style);
	lu_free(crs);
	return status;
}

/* Rasters first: they tell the CRS that the vectors share. */
static enum lu_status put_layers(struct project *project, struct lu_error *err)
{
	struct lu_text_stream stream;
	enum lu_status status;

	LU_TRY(lu_text_begin(&stream, LU_PROJECT_NAME, err));
	for (int vector = 0; vector < 2; vector++)
		for (size_t i = 0; i < project->layers.count && status == LU_OK; i++)
			if (project->layers.items[i].vector == (vector == 1))
				status = put_layer(project, &project->layers.items[i], stream.to, err);
	const enum lu_status finished = lu_text_finish(&stream, &project->items, status == LU_OK ? err : NULL);
	LU_TRY(status);
	LU_TRY(finished);
out:
	return status;
}

/* The entries of a raster's legend without the first, which is the band's. NULL: as QGIS orders them, or no memory. */
static char *legend_order(size_t entries)
{
	struct lu_text_stream stream;
	char *text = NULL;

	if (entries == 0 || lu_text_begin(&stream, LU_PROJECT_NAME, NULL) != LU_OK)
		return NULL;
	fputs("<Option type=\"Map\"><Option type=\"QString\" name=\"legend/node-order\" value=\"", stream.to);
	for (size_t i = 1; i <= entries; i++)
		fprintf(stream.to, "%s%zu", i > 1 ? "," : "", i);
	fputs("\"/></Option>", stream.to);
	lu_text_finish(&stream, &text, NULL);
	return text;
}

static void put_tree_layer(FILE *to, const struct lu_project_layer *layer)
{
	static const char text[] =
		"      <layer-tree-layer id=\"{{id}}\" name=\"{{name}}\" source=\"{{source}}\" "
		"providerKey=\"{{provider}}\" "
		"checked=\"{{checked}}\" expanded=\"{{expanded}}\" legend_exp=\"\" patch_size=\"-1,-1\">"
		"<customproperties>{{order}}</customproperties></layer-tree-layer>\n";
	char *order = legend_order(layer->entries);
	const struct lu_template_value values[] = {{"id", layer->id, false},
						   {"name", layer->name, false},
						   {"source", layer->source, false},
						   {"provider", layer->vector ? "ogr" : "gdal", false},
						   {"checked", layer->visible ? "Qt::Checked" : "Qt::Unchecked", false},
						   {"expanded", layer->visible ? "1" : "0", false},
						   {"order", order != NULL ? order : "", true}};

	lu_template_put(to, text, values, sizeof(values) / sizeof(values[0]));
	lu_free(order);
}

static void put_tree(FILE *to, const struct project *project)
{
	for (int group = 0; group < LU_PROJECT_GROUPS; group++) {
		bool any = false;
		for (size_t i = 0; i < project->layers.count; i++)
			any = any || (int)project->layers.items[i].group == group;
		if (!any)
			continue;
		const bool open =
			group == LU_GROUP_CANDIDATES || group == LU_GROUP_SIGNIFICANCE || group == LU_GROUP_DATES;
		fprintf(to,
			"    <layer-tree-group name=\"%s\" checked=\"Qt::Checked\" "
			"expanded=\"%d\"><customproperties/>\n",
			lu_project_groups[group], open);
		for (size_t i = 0; i < project->layers.count; i++)
			if ((int)project->layers.items[i].group == group)
				put_tree_layer(to, &project->layers.items[i]);
		fputs("    </layer-tree-group>\n", to);
	}
}

/* The layout's legend has what can be seen, in the order of the groups. */
static void put_legend(FILE *to, const struct project *project)
{
	for (int group = 0; group < LU_PROJECT_GROUPS; group++)
		for (size_t i = 0; i < project->layers.count; i++)
			if (project->layers.items[i].visible && (int)project->layers.items[i].group == group)
				put_tree_layer(to, &project->layers.items[i]);
}

/* A round number of metres or kilometres for half of a scale bar of about 40 mm. */
static void choose_scale(const struct project *project, double width, char units[32], char mm[32], bool *kilometres)
{
	const double metres = width * (project->metres > 0 ? project->metres : 111000.0), half = metres * 20 / 300;
	const double power = pow(10, floor(log10(half > 0 ? half : 1)));
	const double round = power * (half >= 5 * power ? 5 : half >= 2 * power ? 2 : 1);

	*kilometres = round >= 1000;
	snprintf(units, 32, "%g", *kilometres ? round / 1000 : round);
	snprintf(mm, 32, "%.4f", 300 * round / metres);
}

static enum lu_status make_layout(struct project *project, const char *title, const char *sources, struct lu_error *err)
{
	const struct lu_box e = project->extent;
	/* The map's frame is 300 x 261 mm; a margin of a twentieth about the maps. */
	const double shape = 300.0 / 261, w = (e.max_x - e.min_x) * 1.05, h = (e.max_y - e.min_y) * 1.05;
	const double width = w > h * shape ? w : h * shape, x = (e.min_x + e.max_x) / 2, y = (e.min_y + e.max_y) / 2;
	char bounds[4][32], units[32], mm[32];
	bool kilometres;

	snprintf(bounds[0], 32, "%.6f", x - width / 2);
	snprintf(bounds[1], 32, "%.6f", y - width / shape / 2);
	snprintf(bounds[2], 32, "%.6f", x + width / 2);
	snprintf(bounds[3], 32, "%.6f", y + width / shape / 2);
	choose_scale(project, width, units, mm, &kilometres);
	const struct lu_template_value values[] = {{"title", title, false},
						   {"sources", sources, false},
						   {"legend", project->legend, true},
						   {"legend_columns", "1", false},
						   {"map_xmin", bounds[0], false},
						   {"map_ymin", bounds[1], false},
						   {"map_xmax", bounds[2], false},
						   {"map_ymax", bounds[3], false},
						   {"scale_units", units, false},
						   {"scale_mm", mm, false},
						   {"scale_factor", "1", false},
						   {"scale_type", kilometres ? "kilometers" : "meters", false},
						   {"scale_unit", kilometres ? "km" : "m", false}};

	return fill(PART(layout_xml), values, sizeof(values) / sizeof(values[0]), &project->layout, err);
}

static char *make_time(const struct project *project)
{
	if (project->layers.from[0] == '\0')
		return lu_strdup("");
	return lu_sprintf("  <ProjectTimeSettings timeStep=\"1\" timeStepUnit=\"y\" frameRate=\"1\" "
			  "cumulativeTemporalRange=\"0\"><TemporalRange><start>%sT00:00:00Z</start>"
			  "<end>%sT00:00:00Z</end></TemporalRange></ProjectTimeSettings>\n",
			  project->layers.from, project->layers.to);
}

static enum lu_status make_project(struct project *project, const char *title, const char *sources, char **text,
				   struct lu_error *err)
{
	const struct lu_box e = project->extent;
	const double x = (e.max_x - e.min_x) / 40, y = (e.max_y - e.min_y) / 40;
	char bounds[4][32], *time = make_time(project), *extent = NULL;
	enum lu_status status = time != NULL ? LU_OK : no_memory(err);

	snprintf(bounds[0], 32, "%.6f", e.min_x - x);
	snprintf(bounds[1], 32, "%.6f", e.min_y - y);
	snprintf(bounds[2], 32, "%.6f", e.max_x + x);
	snprintf(bounds[3], 32, "%.6f", e.max_y + y);
	extent = lu_sprintf("<extent><xmin>%s</xmin><ymin>%s</ymin><xmax>%s</xmax><ymax>%s</ymax></extent>", bounds[0],
			    bounds[1], bounds[2], bounds[3]);
	LU_TRY(status == LU_OK && extent == NULL ? no_memory(err) : status);
	const struct lu_template_value values[] = {
		{"title", title, false},       {"sources", sources, false},      {"crs", project->crs, true},
		{"tree", project->tree, true}, {"layers", project->items, true}, {"layout", project->layout, true},
		{"time", time, true},          {"extent", extent, true},         {"xmin", bounds[0], false},
		{"ymin", bounds[1], false},    {"xmax", bounds[2], false},       {"ymax", bounds[3], false}};
	LU_TRY(fill(PART(project_xml), values, sizeof(values) / sizeof(values[0]), text, err));
out:
	lu_free(time);
	lu_free(extent);
	return status;
}

/* "Land use of COUNTY, 2001 to 2011", and what it was made from. */
static void describe(const json_t *statistics, char **title, char **sources)
{
	const json_t *dates = json_object_get(statistics, "dates"), *model = json_object_get(statistics, "model");
	const size_t count = json_array_size(dates);
	const char *county = json_string_value(json_object_get(json_object_get(statistics, "county"), "name"));
	const char *first = json_string_value(json_object_get(json_array_get(dates, 0), "label"));
	const char *last = json_string_value(json_object_get(json_array_get(dates, count - 1), "label"));
	const char *name = json_string_value(json_object_get(model, "name"));

	*title = lu_sprintf("Land use of %s, %s%s%s", county != NULL ? county : "the county", first,
			    count > 1 ? " to " : "", count > 1 ? last : "");
	*sources = lu_sprintf(
		"Mapped from aerial imagery of %s%s%s%s%s by landuse %s. Maps and changes are the model's; figures, "
		"intervals and caveats: report.html.",
		first, count > 1 ? " to " : "", count > 1 ? last : "", name != NULL ? " with the model " : "",
		name != NULL ? name : "", lu_version());
}

enum lu_status lu_project_write(const struct lu_page_files *files, struct lu_error *err)
{
	struct project project = {.files = files};
	char *path = lu_sprintf("%s/" LU_PROJECT_NAME, files->folder), *title = NULL, *sources = NULL, *text = NULL;
	json_t *statistics = NULL;
	enum lu_status status;

	LU_TRY(path != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_page_statistics(files, &statistics, err));
	describe(statistics, &title, &sources);
	LU_TRY(title != NULL && sources != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_project_layers_list(files, statistics, &project.layers, err));
	lu_project_classes_find(&project.layers, &project.classes);
	LU_TRY(put_layers(&project, err));
	LU_TRY(print(put_tree, &project, &project.tree, err));
	LU_TRY(print(put_legend, &project, &project.legend, err));
	LU_TRY(make_layout(&project, title, sources, err));
	LU_TRY(make_project(&project, title, sources, &text, err));
	LU_TRY(lu_zip_write(path, "county.qgs", text, strlen(text), err));
out:
	json_decref(statistics);
	lu_project_layers_release(&project.layers);
	lu_free(project.crs);
	lu_free(project.tree);
	lu_free(project.items);
	lu_free(project.legend);
	lu_free(project.layout);
	lu_free(title);
	lu_free(sources);
	lu_free(text);
	lu_free(path);
	return status;
}
