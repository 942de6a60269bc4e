/* page.c: report.html from its parts and the outputs' data. See page.h. */
#include "report/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "landuse/core.h"
#include "report/page_data.h"
#include "report/page_parts.h"
#include "report/template.h"

enum { LARGEST_STATISTICS = 256 << 20 };

static enum lu_status no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: " LU_PAGE_NAME);
}

enum lu_status lu_page_statistics(const struct lu_page_files *files, json_t **out, struct lu_error *err)
{
	char *path = lu_sprintf("%s/statistics.json", files->folder), *text = NULL;
	size_t size;
	json_error_t fault;
	enum lu_status status;

	*out = NULL;
	LU_TRY(path != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_file_read(path, LARGEST_STATISTICS, &text, &size, err));
	*out = json_loadb(text, size, 0, &fault);
	if (!json_is_array(json_object_get(*out, "dates")) || !json_is_array(json_object_get(*out, "pairs")))
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: not statistics as landuse writes them (run the job again)",
				 path);
out:
	lu_free(text);
	lu_free(path);
	return status;
}

/* All that the script draws, as an object for json_decref. */
static enum lu_status collect(const struct lu_page_files *files, const json_t *statistics, json_t **out,
			      struct lu_error *err)
{
	struct lu_page_grid grid = {0};
	json_t *page = json_object(), *names = json_array();
	enum lu_status status = page != NULL && names != NULL ? LU_OK : no_memory(err);

	*out = page;
	for (size_t i = 0; i < files->count; i++)
		json_array_append_new(names, json_string(files->paths[i]));
	json_object_set_new(page, "version", json_string(lu_version()));
	json_object_set(page, "statistics", (json_t *)(uintptr_t)statistics);
	json_object_set_new(page, "files", names);
	LU_TRY(status);
	LU_TRY(lu_page_maps(files, statistics, page, &grid, err));
	LU_TRY(lu_page_shapes(files, &grid, page, err));
out:
	lu_frame_release(&grid.frame);
	return status;
}

/* In JSON '<' stands in strings alone: written by its number it is no tag to a browser. */
static void put_data(FILE *to, const char *data)
{
	for (size_t part; *data != '\0'; data += part) {
		part = strcspn(data, "<");
		fwrite(data, 1, part, to);
		if (data[part] == '<') {
			fputs("\\u003c", to);
			part++;
		}
	}
}

/* The page's data as JSON that no element of HTML can end. */
static enum lu_status make_data(const json_t *page, char **text, struct lu_error *err)
{
	char *data = json_dumps(page, JSON_COMPACT | JSON_REAL_PRECISION(15));
	struct lu_text_stream stream;
	enum lu_status status;

	LU_TRY(data != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_text_begin(&stream, LU_PAGE_NAME, err));
	put_data(stream.to, data);
	LU_TRY(lu_text_finish(&stream, text, err));
out:
	free(data);
	return status;
}

/* The pair that spans the whole time, else the last one: what the page shows first. */
static size_t main_pair(const json_t *statistics)
{
	const json_t *dates = json_object_get(statistics, "dates"), *pairs = json_object_get(statistics, "pairs"),
		     *pair;
	const json_t *first = json_object_get(json_array_get(dates, 0), "label");
	const json_t *last = json_object_get(json_array_get(dates, json_array_size(dates) - 1), "label");
	size_t i;

	json_array_foreach(pairs, i, pair)
	{
		if (json_equal(json_object_get(pair, "earlier"), first) &&
		    json_equal(json_object_get(pair, "later"), last))
			return i;
	}
	return json_array_size(pairs) > 0 ? json_array_size(pairs) - 1 : 0;
}

/* The figures 'name', one beside the other; of pairs all but the first one shown are hidden. */
static enum lu_status put_charts(const struct lu_charts *charts, const char *name, size_t shown, char **text,
				 struct lu_error *err)
{
	struct lu_text_stream stream;
	enum lu_status status;

	LU_TRY(lu_text_begin(&stream, LU_PAGE_NAME, err));
	for (size_t i = 0; i < charts->count; i++) {
		const struct lu_drawn_chart *chart = &charts->charts[i];
		if (strcmp(chart->name, name) != 0)
			continue;
		fprintf(stream.to, "<figure class=\"chart\" data-pair=\"%zu\" data-file=\"%s\"%s>%s</figure>\n",
			chart->pair, chart->file, chart->pair != shown ? " hidden" : "", chart->svg);
	}
	LU_TRY(lu_text_finish(&stream, text, err));
out:
	return status;
}

#define PART(name) ((const char *)lu_part_##name)

/* What goes where in page.html, besides the parts that are always the same. */
struct filling {
	const char *county;
	char *data;
	char *charts[4]; /* class_areas, confidence, gains, flows */
};

static void put_page(FILE *to, const struct filling *filling)
{
	const struct lu_template_value values[] = {{"county", filling->county, false},
						   {"data", filling->data, true},
						   {"areas_chart", filling->charts[0], true},
						   {"confidence_chart", filling->charts[1], true},
						   {"gains_charts", filling->charts[2], true},
						   {"flows_charts", filling->charts[3], true},
						   {"style", PART(page_css), true},
						   {"script", PART(page_js), true},
						   {"parts", PART(parts_js), true},
						   {"map", PART(map_js), true},
						   {"evidence", PART(evidence_js), true},
						   {"leaflet_style", PART(leaflet_css), true},
						   {"leaflet_script", PART(leaflet_js), true},
						   {"leaflet_licence", PART(leaflet_licence), true}};

	lu_template_put(to, PART(page_html), values, sizeof(values) / sizeof(values[0]));
}

static enum lu_status fill(const json_t *page, const struct lu_charts *charts, struct filling *filling,
			   struct lu_error *err)
{
	static const char *const names[] = {"class_areas", "confidence", "gains", "flows"};
	const json_t *statistics = json_object_get(page, "statistics");
	const char *county = json_string_value(json_object_get(json_object_get(statistics, "county"), "name"));
	enum lu_status status;

	filling->county = county != NULL ? county : "the county";
	LU_TRY(make_data(page, &filling->data, err));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		LU_TRY(put_charts(charts, names[i], i < 2 ? 0 : main_pair(statistics), &filling->charts[i], err));
out:
	return status;
}

enum lu_status lu_page_write(const struct lu_page_files *files, struct lu_charts *charts, struct lu_error *err)
{
	char *path = lu_sprintf("%s/" LU_PAGE_NAME, files->folder), *text = NULL;
	struct filling filling = {0};
	struct lu_text_stream stream;
	json_t *statistics = NULL, *page = NULL;
	enum lu_status status;

	*charts = (struct lu_charts){0};
	LU_TRY(path != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_page_statistics(files, &statistics, err));
	LU_TRY(collect(files, statistics, &page, err));
	LU_TRY(lu_charts_draw(statistics, json_object_get(page, "classes"), charts, err));
	LU_TRY(lu_charts_write(files->folder, charts, err));
	LU_TRY(fill(page, charts, &filling, err));
	LU_TRY(lu_text_begin(&stream, LU_PAGE_NAME, err));
	put_page(stream.to, &filling);
	LU_TRY(lu_text_finish(&stream, &text, err));
	LU_TRY(lu_file_write(path, text, stream.length, err));
out:
	json_decref(statistics);
	json_decref(page);
	lu_free(filling.data);
	for (size_t i = 0; i < sizeof(filling.charts) / sizeof(filling.charts[0]); i++)
		lu_free(filling.charts[i]);
	lu_free(text);
	lu_free(path);
	return status;
}
