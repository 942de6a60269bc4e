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

/* All that the script draws, as JSON that no element of HTML can end. */
static enum lu_status make_data(const struct lu_page_files *files, const json_t *statistics, char **text,
				struct lu_error *err)
{
	struct lu_page_grid grid = {0};
	json_t *page = json_object(), *names = json_array();
	enum lu_status status = page != NULL && names != NULL ? LU_OK : no_memory(err);

	*text = NULL;
	for (size_t i = 0; i < files->count; i++)
		json_array_append_new(names, json_string(files->paths[i]));
	json_object_set_new(page, "version", json_string(lu_version()));
	json_object_set(page, "statistics", (json_t *)(uintptr_t)statistics);
	json_object_set_new(page, "files", names);
	LU_TRY(status);
	LU_TRY(lu_page_maps(files, statistics, page, &grid, err));
	LU_TRY(lu_page_shapes(files, &grid, page, err));
	*text = json_dumps(page, JSON_COMPACT | JSON_REAL_PRECISION(15));
	if (*text == NULL)
		status = no_memory(err);
out:
	json_decref(page);
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

static enum lu_status escape_data(const char *data, char **text, struct lu_error *err)
{
	struct lu_text_stream stream;
	enum lu_status status;

	LU_TRY(lu_text_begin(&stream, LU_PAGE_NAME, err));
	put_data(stream.to, data);
	LU_TRY(lu_text_finish(&stream, text, err));
out:
	return status;
}

#define PART(name) ((const char *)lu_part_##name)

static void put_page(FILE *to, const json_t *statistics, const char *data)
{
	const char *county = json_string_value(json_object_get(json_object_get(statistics, "county"), "name"));
	const struct lu_template_value values[] = {{"county", county != NULL ? county : "the county", false},
						   {"data", data, true},
						   {"style", PART(page_css), true},
						   {"script", PART(page_js), true},
						   {"charts", PART(charts_js), true},
						   {"map", PART(map_js), true},
						   {"evidence", PART(evidence_js), true},
						   {"leaflet_style", PART(leaflet_css), true},
						   {"leaflet_script", PART(leaflet_js), true},
						   {"leaflet_licence", PART(leaflet_licence), true}};

	lu_template_put(to, PART(page_html), values, sizeof(values) / sizeof(values[0]));
}

enum lu_status lu_page_write(const struct lu_page_files *files, struct lu_error *err)
{
	char *path = lu_sprintf("%s/" LU_PAGE_NAME, files->folder), *data = NULL, *escaped = NULL, *text = NULL;
	struct lu_text_stream stream;
	json_t *statistics = NULL;
	enum lu_status status;

	LU_TRY(path != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_page_statistics(files, &statistics, err));
	LU_TRY(make_data(files, statistics, &data, err));
	LU_TRY(escape_data(data, &escaped, err));
	LU_TRY(lu_text_begin(&stream, LU_PAGE_NAME, err));
	put_page(stream.to, statistics, escaped);
	LU_TRY(lu_text_finish(&stream, &text, err));
	LU_TRY(lu_file_write(path, text, stream.length, err));
out:
	json_decref(statistics);
	free(data);
	lu_free(escaped);
	lu_free(text);
	lu_free(path);
	return status;
}
