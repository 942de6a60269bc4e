/* boundary_product.c: one feature. See boundary_product.h. */
#include "report/boundary_product.h"

#include "base/memory.h"
#include "raster/form.h"
#include "raster/vector.h"

enum lu_status lu_boundary_write(const char *folder, const struct lu_ground *ground, const char *name,
				 const char *crs_wkt, struct lu_error *err)
{
	static const struct lu_vector_field fields[] = {{"name", LU_VECTOR_TEXT}, {"area_ha", LU_VECTOR_REAL}};
	static const struct lu_form_name names[] = {{"name", "County"}, {"area_ha", "Area, ha"}};
	static const struct lu_outline outline = {.width = "0.6", .names = names, .name_count = 2};
	const struct lu_vector_value values[] = {lu_vector_text(name), lu_vector_rounded(ground->county_m2 / 1e4, 4)};
	char *path = lu_sprintf("%s/" LU_BOUNDARY_NAME, folder), *qml = NULL;
	struct lu_vector_writer *writer = NULL;
	enum lu_status status;

	LU_TRY(path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_vector_create(path, &writer, err));
	LU_TRY(lu_vector_layer_of_areas(writer, "boundary", crs_wkt, fields, 2, err));
	LU_TRY(lu_vector_add_polygon(writer, &ground->county, values, err));
	LU_TRY(lu_outline_qml(&outline, &qml, err));
	LU_TRY(lu_vector_style(writer, "boundary", qml, err));
	LU_TRY(lu_vector_finish(writer, err));
out:
	lu_vector_drop(writer);
	lu_free(qml);
	lu_free(path);
	return status;
}
