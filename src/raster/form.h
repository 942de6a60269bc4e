/*
 * form.h: the QGIS style of a layer of places to be judged by eye.
 *
 * The form has a drop-down list for the judgement and shows the pictures of a place, as does the tip under the
 * pointer; fields that would lead the eye can be hidden. On the canvas places are outlines (the imagery shows
 * through), black until they are judged and broken blue afterwards, on white: they show on every ground and to every eye.
 * Fields that are hidden are hidden in the table of attributes as well, and so is the number that the file gives each row.
 *
 * A layer that is only looked at, such as zones, gets outlines, their names and words for its columns (lu_outline_qml), or
 * the colours of its classes (lu_fill_qml).
 *
 * The text goes into a GeoPackage's layer_styles (vector.h) and is what QGIS 3.22 and later read.
 */
#ifndef LU_RASTER_FORM_H
#define LU_RASTER_FORM_H

#include "base/class.h"
#include "base/error.h"

struct lu_form_choice {
	int64_t value;
	const char *name; /* UTF-8 */
};

/* What a person reads for a field. */
struct lu_form_name {
	const char *field, *name;
};

struct lu_form {
	const char *field; /* that gets the judgement */
	const char *remark; /* the field for words about it; may be NULL */
	const char *title; /* what a place is called in lists and in the form's head: an expression of QGIS */
	const struct lu_form_name *names; /* of fields, for a person; others are called by their field's name */
	size_t name_count;
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

struct lu_outline {
	const char *width; /* in mm */
	bool broken;
	const char *label; /* the field whose value stands on each; NULL: nothing does */
	const struct lu_form_name *names;
	size_t name_count;
};

/* The style of outlines as QML; lu_free '*text'. Any thread. */
enum lu_status lu_outline_qml(const struct lu_outline *outline, char **text, struct lu_error *err);

/* Areas filled with the colours of classes, by the field that holds their values. */
struct lu_fill {
	const char *field;
	const struct lu_class *classes;
	size_t count;
	bool edges; /* a thin line around each */
};

/* The style of filled areas as QML; lu_free '*text'. Any thread. */
enum lu_status lu_fill_qml(const struct lu_fill *fill, char **text, struct lu_error *err);

#endif
