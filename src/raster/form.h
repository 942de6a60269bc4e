/*
 * form.h: the QGIS style of a layer of places to be labelled by eye.
 *
 * The form has a drop-down list for the label and shows the pictures of a place; what the map says
 * there is hidden, so that it does not lead the interpreter. On the canvas places are outlines (the
 * imagery shows through), in one colour until they are labelled and in another afterwards.
 *
 * The text goes into a GeoPackage's layer_styles (vector.h) and is what QGIS 3.22 and later read.
 */
#ifndef LU_RASTER_FORM_H
#define LU_RASTER_FORM_H

#include "base/error.h"

struct lu_form_choice {
	int64_t value;
	const char *name; /* UTF-8 */
};

struct lu_form {
	const char *field; /* that gets the label */
	const struct lu_form_choice *choices;
	size_t choice_count;
	const char *const *hidden; /* fields not shown */
	size_t hidden_count;
	const char *const *fixed; /* fields shown that cannot be edited */
	size_t fixed_count;
	const char *const *pictures; /* fields with a picture's path, relative to the GeoPackage's folder */
	size_t picture_count;
};

/* The style as QML; lu_free '*text'. Any thread. */
enum lu_status lu_form_qml(const struct lu_form *form, char **text, struct lu_error *err);

#endif
