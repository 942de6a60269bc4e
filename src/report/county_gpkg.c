/* county_gpkg.c: the parts of county.gpkg in their order, and styles. See county_gpkg.h. */
#include "report/county_gpkg.h"

#include "base/hooks.h"
#include "base/memory.h"
#include "raster/form.h"
#include "report/county_gpkg_parts.h"

const char *const lu_geopackage_names[] = {[LU_GEOPACKAGE_AUTO] = "auto",
					   [LU_GEOPACKAGE_CELLS_TOO] = "cells",
					   [LU_GEOPACKAGE_NO_CELLS] = "areas",
					   [LU_GEOPACKAGE_NONE] = "none",
					   NULL};

char *lu_county_layer(const char *name, const char *date)
{
	char *layer = lu_sprintf("%s_%s", name, date);

	if (layer != NULL)
		lu_vector_word(layer);
	return layer;
}

bool lu_county_cells_wanted(const struct lu_county_gpkg *task)
{
	return task->wanted == LU_GEOPACKAGE_CELLS_TOO ||
	       (task->wanted == LU_GEOPACKAGE_AUTO &&
		lu_coverage_cells(task->ground->coverage) <= LU_GEOPACKAGE_MOST_CELLS);
}

static enum lu_status add_fill(const struct lu_county_gpkg *task, struct lu_vector_writer *writer, const char *layer,
			       const char *field, bool edges, struct lu_error *err)
{
	const struct lu_fill fill = {.field = field,
				     .classes = task->statistics->classes,
				     .count = task->statistics->class_count,
				     .edges = edges};
	char *qml = NULL;
	enum lu_status status;

	LU_TRY(lu_fill_qml(&fill, &qml, err));
	LU_TRY(lu_vector_style(writer, layer, qml, err));
out:
	lu_free(qml);
	return status;
}

static enum lu_status add_outline(struct lu_vector_writer *writer, const char *layer, struct lu_outline outline,
				  struct lu_error *err)
{
	char *qml = NULL;
	enum lu_status status;

	LU_TRY(lu_outline_qml(&outline, &qml, err));
	LU_TRY(lu_vector_style(writer, layer, qml, err));
out:
	lu_free(qml);
	return status;
}

/* What QGIS draws the layers with. */
static enum lu_status add_styles(const struct lu_county_gpkg *task, struct lu_vector_writer *writer,
				 struct lu_error *err)
{
	const struct lu_county_statistics *s = task->statistics;
	char *name = NULL;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < s->date_count; i++) {
		lu_free(name);
		name = lu_county_layer("landuse", s->dates[i].label);
		LU_TRY(name != NULL ? add_fill(task, writer, name, "class_code", false, err)
				    : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a name"));
	}
	lu_free(name);
	name = lu_county_layer("class", s->dates[s->date_count - 1].label);
	LU_TRY(name != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a name"));
	if (lu_county_cells_wanted(task))
		LU_TRY(add_fill(task, writer, "cells", name, true, err));
	LU_TRY(add_outline(writer, "candidates", (struct lu_outline){.width = "0.7"}, err));
	if (task->zones != NULL)
		LU_TRY(add_outline(writer, "zones",
				   (struct lu_outline){.width = "0.4", .broken = true, .label = "zone"}, err));
	LU_TRY(add_outline(writer, "boundary", (struct lu_outline){.width = "0.6"}, err));
out:
	lu_free(name);
	return status;
}

enum lu_status lu_county_gpkg_write(const struct lu_county_gpkg *task, struct lu_error *err)
{
	const struct lu_county_statistics *s = task->statistics;
	struct lu_vector_writer *writer = NULL;
	char *path = lu_sprintf("%s/" LU_COUNTY_GPKG, task->folder);
	enum lu_status status;

	LU_TRY(path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_vector_create(path, &writer, err));
	LU_TRY(lu_vector_codes(writer, LU_CLASS_CODES, s->classes, s->class_count, err));
	LU_TRY(lu_county_dissolved_add(task, writer, err));
	if (lu_county_cells_wanted(task))
		LU_TRY(lu_county_cells_add(task, writer, err));
	else if (task->wanted == LU_GEOPACKAGE_AUTO)
		lu_log(task->hooks, LU_LEVEL_INFO,
		       LU_COUNTY_GPKG ": %lld cells are more than %d, so they are left out (geopackage: cells)",
		       (long long)lu_coverage_cells(task->ground->coverage), (int)LU_GEOPACKAGE_MOST_CELLS);
	LU_TRY(lu_county_places_add(task, writer, err));
	LU_TRY(lu_county_tables_add(task, writer, err));
	LU_TRY(add_styles(task, writer, err));
	LU_TRY(lu_vector_finish(writer, err));
out:
	lu_vector_drop(writer);
	lu_free(path);
	return status;
}
