/* charts.c: which figures there are, and their files. See charts.h. */
#include "report/charts.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "report/chart_parts.h"

const char *const lu_chart_names[] = {"class_areas", "confidence", NULL};
const char *const lu_chart_pair_names[] = {"gains", "matrix", "flows", NULL};
static lu_chart_draw *const draws[] = {lu_chart_areas, lu_chart_confidence};
static lu_chart_draw *const pair_draws[] = {lu_chart_gains, lu_chart_matrix, lu_chart_flows};

static enum lu_status no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a figure");
}

/* A colour goes into attributes as it is: anything but "#1f78b4" is grey. */
static void take_colour(char colour[8], const char *text)
{
	const bool sound =
		text != NULL && strlen(text) == 7 && text[0] == '#' && strspn(text + 1, "0123456789abcdefABCDEF") == 6;

	memcpy(colour, sound ? text : "#888888", 8);
}

static void add_class(struct lu_chart_class *class, const json_t *named, const json_t *colours)
{
	const json_t *colour;
	const char *found = NULL;
	size_t i;

	class->value = (int)lu_chart_figure(named, "value");
	class->name = lu_chart_word(named, "name");
	json_array_foreach(colours, i, colour)
	{
		if ((int)lu_chart_figure(colour, "value") == class->value)
			found = json_string_value(json_object_get(colour, "colour"));
	}
	take_colour(class->colour, found);
}

/* Those of the scheme first, then what maps have besides: the statistics call them "Class 41". */
static void add_classes(struct lu_chart_source *source, struct lu_chart_class *list, const json_t *classes,
			const json_t *colours)
{
	const json_t *class;
	size_t i;

	json_array_foreach(classes, i, class)
	{
		if (lu_chart_class_of(source, (int)lu_chart_figure(class, "value")) == NULL)
			add_class(&list[source->count++], class, colours);
	}
}

static enum lu_status begin(struct lu_chart_source *source, struct lu_chart_class **out, const json_t *statistics,
			    const json_t *colours, struct lu_error *err)
{
	const json_t *scheme = json_object_get(statistics, "scheme"), *uncertain = json_object_get(scheme, "uncertain");
	const json_t *dates = json_object_get(statistics, "dates"), *date;
	const char *unit = lu_chart_word(json_object_get(statistics, "county"), "told_in");
	struct lu_chart_class *list = NULL;
	size_t room = json_array_size(json_object_get(scheme, "classes")) + 1, i;
	enum lu_status status;

	*source = (struct lu_chart_source){.statistics = statistics, .uncertain = -1, .unit = LU_HECTARES};
	for (int k = 0; k < LU_AREA_UNITS; k++)
		if (strcmp(unit, lu_area_unit_names[k]) == 0)
			source->unit = (enum lu_area_unit)k;
	json_array_foreach(dates, i, date)
	{
		room += json_array_size(json_object_get(date, "classes"));
	}
	LU_TRY(lu_alloc(&list, room, sizeof(*list), "classes", err));
	source->classes = list;
	add_classes(source, list, json_object_get(scheme, "classes"), colours);
	json_array_foreach(dates, i, date)
	{
		add_classes(source, list, json_object_get(date, "classes"), colours);
	}
	if (uncertain != NULL) {
		add_class(&list[source->count], uncertain, colours);
		source->uncertain = list[source->count++].value;
	}
out:
	*out = list;
	return status;
}

static enum lu_status draw(lu_chart_draw *how, const struct lu_chart_source *source, const json_t *pair,
			   struct lu_drawn_chart *chart, struct lu_error *err)
{
	struct lu_text_stream stream;
	enum lu_status status = lu_text_begin(&stream, "a figure", err);

	if (status != LU_OK)
		return status;
	how(stream.to, source, pair);
	LU_TRY(lu_text_finish(&stream, &chart->svg, err));
	char *id = pair != NULL ? lu_chart_pair_id(pair) : NULL;
	chart->file =
		lu_sprintf(LU_CHARTS_FOLDER "/%s%s%s.svg", chart->name, pair != NULL ? "_" : "", id != NULL ? id : "");
	status = chart->file != NULL && (pair == NULL || id != NULL) ? LU_OK : no_memory(err);
	lu_free(id);
out:
	return status;
}

enum lu_status lu_charts_draw(const json_t *statistics, const json_t *colours, struct lu_charts *out,
			      struct lu_error *err)
{
	const json_t *pairs = json_object_get(statistics, "pairs"), *pair;
	struct lu_chart_class *classes = NULL;
	struct lu_chart_source source;
	enum lu_status status;
	size_t i;

	*out = (struct lu_charts){0};
	LU_TRY(begin(&source, &classes, statistics, colours, err));
	LU_TRY(lu_alloc(&out->charts, 2 + 3 * json_array_size(pairs), sizeof(*out->charts), "figures", err));
	for (size_t k = 0; lu_chart_names[k] != NULL; k++) {
		out->charts[out->count++].name = lu_chart_names[k];
		LU_TRY(draw(draws[k], &source, NULL, &out->charts[out->count - 1], err));
	}
	json_array_foreach(pairs, i, pair)
	{
		for (size_t k = 0; lu_chart_pair_names[k] != NULL; k++) {
			struct lu_drawn_chart *chart = &out->charts[out->count++];
			*chart = (struct lu_drawn_chart){.name = lu_chart_pair_names[k], .pair = i};
			LU_TRY(draw(pair_draws[k], &source, pair, chart, err));
		}
	}
out:
	lu_free(classes);
	return status;
}

void lu_charts_release(struct lu_charts *charts)
{
	for (size_t i = 0; i < charts->count; i++) {
		lu_free(charts->charts[i].file);
		lu_free(charts->charts[i].svg);
	}
	lu_free(charts->charts);
	*charts = (struct lu_charts){0};
}

enum lu_status lu_charts_write(const char *folder, const struct lu_charts *charts, struct lu_error *err)
{
	char *path = lu_path_join(folder, LU_CHARTS_FOLDER);
	enum lu_status status;

	LU_TRY(path != NULL ? lu_folder_make(path, err) : no_memory(err));
	for (size_t i = 0; i < charts->count; i++) {
		lu_free(path);
		path = lu_path_join(folder, charts->charts[i].file);
		LU_TRY(path != NULL ? lu_file_write(path, charts->charts[i].svg, strlen(charts->charts[i].svg), err)
				    : no_memory(err));
	}
out:
	lu_free(path);
	return status;
}
