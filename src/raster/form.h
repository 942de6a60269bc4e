/*
 * form.h: the QGIS style of a layer of places to be judged by eye.
 *
 * The form has a drop-down list for the judgement and shows the pictures of a place, as does the tip under the
 * pointer; fields that would lead the eye can be hidden. On the canvas places are outlines (the imagery shows
 * through), in one colour until they are judged and in another afterwards.
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
	const char *field; /* that gets the judgement */
	const char *open, *done; /* in the legend: "to be labelled", "labelled" */
	const char *none; /* in the list: "(not labelled)" */
	const struct lu_form_choice *choices;
	size_t choice_count;
	const char *const *hidden; /* fields not shown */
	size_t hidden_count;
	const char *const *fixed; /* fields shown that cannot be edited */
	size_t fixed_count;
	const char *const *pictures; /* fields with a picture's path, relative to the GeoPackage's folder */
	size_t picture_count;
	const char *tip; /* what the tip says above the pictures: HTML with QGIS expressions in [% %]; NULL: nothing */
};

/* The style as QML; lu_free '*text'. Any thread. */
enum lu_status lu_form_qml(const struct lu_form *form, char **text, struct lu_error *err);

#endif
