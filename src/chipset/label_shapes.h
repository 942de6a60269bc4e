/*
 * label_shapes.h: labels that somebody drew: polygons and points with a code, and what of a chip is theirs.
 *
 * A code is any word or number in a field; each has a number of its own here, from 1 in the order in which codes first
 * occur. Shapes are held in memory in the chips' CRS, by rows of a grid, so that a chip looks at few of them.
 */
#ifndef LU_CHIPSET_LABEL_SHAPES_H
#define LU_CHIPSET_LABEL_SHAPES_H

#include "base/error.h"
#include "base/geometry.h"
#include "base/hooks.h"

/* What is read. All borrowed. */
struct lu_label_source {
	const char *path;
	const char *layer; /* NULL: the one called "sample", else the first */
	const char *field; /* of the codes; NULL: "reference" */
	const struct lu_hooks *hooks; /* hear what was passed over */
};

struct lu_label_shapes;

/*
 * LU_ERROR_ARGUMENT: no such field or layer; LU_ERROR_FORMAT: no CRS, or nothing with a code and an area or a place.
 * Features without a code, and lines, are counted in a warning.
 */
enum lu_status lu_label_shapes_open(const struct lu_label_source *source, const char *crs_wkt,
				    struct lu_label_shapes **out, struct lu_error *err);
void lu_label_shapes_free(struct lu_label_shapes *shapes);

struct lu_box lu_label_shapes_box(const struct lu_label_shapes *shapes);

/* The code with number 'code', or NULL beyond the last. */
const char *lu_label_shapes_code(const struct lu_label_shapes *shapes, size_t code);

/* Hear of a code in a chip. */
typedef void (*lu_label_heard)(void *user, uint16_t code, double weight);

/* 1 for the first polygon that holds each of the points; 0, code 0, where there is none. */
void lu_label_shapes_at(const struct lu_label_shapes *shapes, const struct lu_point *points, size_t count,
			lu_label_heard heard, void *user);
/* The area of each polygon inside 'box'. */
void lu_label_shapes_in(const struct lu_label_shapes *shapes, struct lu_box box, lu_label_heard heard, void *user);
/* 1 for each point in 'box'; how many there are. */
size_t lu_label_shapes_points(const struct lu_label_shapes *shapes, struct lu_box box, lu_label_heard heard,
			      void *user);

#endif
