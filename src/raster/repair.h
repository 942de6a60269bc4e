/*
 * repair.h: inside raster/: geometries from files, made straight and valid.
 *
 * Geometry is read as it is built: the union of its shells, less their holes. Where that is the area that its rings
 * add up to (a line that crosses itself, parts with a common side, a spike), the repair is said and goes on. Where rings
 * overlap or a hole lies outside its shell the area is open, since programs read it differently: by more than a trace,
 * which land is meant would be a guess, and guessing a county is not for a program.
 */
#ifndef LU_RASTER_REPAIR_H
#define LU_RASTER_REPAIR_H

#include "base/error.h"
#include "raster/polygons.h"

/* The part of a geometry's area that may be open: 10 ha of 10,000. */
#define LU_TRACE 1e-3

/*
 * The polygons of 'given' (any OGR geometry, curved or not), added to 'shape', flat and valid. Arcs become chords that
 * leave them by a millimetre at most, and turn by 0.1 degrees at most. What was repaired is logged, of the first few
 * features; lu_polygon_source_done tells of the others.
 *
 * LU_ERROR_FORMAT: invalid by more than a trace, or beyond repair. 'fid' is for the message; negative: made by us, so a
 * repair is nobody's news and never refused.
 */
enum lu_status lu_shape_add(struct lu_polygon_source *source, void *shape, void *given, int64_t fid,
			    struct lu_error *err);

#endif
