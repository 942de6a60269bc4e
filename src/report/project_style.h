/*
 * project_style.h: inside report/ only: how a layer of the project looks: the style that its file has, made to fit the others.
 *
 * Maps of the dates share one legend: the classes that occur at any of them, in one order.
 */
#ifndef LU_REPORT_PROJECT_STYLE_H
#define LU_REPORT_PROJECT_STYLE_H

#include "report/project_layers.h"

/* Which classes occur on the maps of the dates. */
struct lu_project_classes {
	bool known; /* false: a map has no table of values, and all classes stay in the legends */
	bool occurs[256];
};
void lu_project_classes_find(const struct lu_project_layers *layers, struct lu_project_classes *out);

/*
 * The layer's renderer and, of a vector, form and tips, as pieces of a project; NULL: it has none, and QGIS chooses. lu_free
 * it. '*entries': of a raster's legend.
 */
char *lu_project_style(const struct lu_project_layer *layer, const struct lu_project_classes *classes, size_t *entries);

#endif
