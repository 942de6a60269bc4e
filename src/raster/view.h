/*
 * view.h: the pixels of one date's imagery, on the county's grid.
 *
 * A view lays an imagery (imagery.h) on a frame of pixels. Where a file's pixels are the frame's
 * own they are copied byte for byte; elsewhere they are warped (bilinear, at most 0.05 pixels off,
 * data never mixed with nodata). The same frame gives the same bytes whichever windows are read.
 *
 * Files are opened when a window first reaches them, at most 64 at a time. Decoded blocks stay in
 * GDAL's cache (lu_raster_start sets its size): a reader that walks the county row by row decodes
 * each block once, if the cache holds one row of blocks.
 */
#ifndef LU_RASTER_VIEW_H
#define LU_RASTER_VIEW_H

#include "base/error.h"
#include "base/geometry.h"
#include "raster/imagery.h"

struct lu_view;

/*
 * 'pixels' is copied, 'imagery' must outlive the view. LU_ERROR_MISMATCH when a file's CRS has no
 * way to the frame's. An imagery that does not reach the frame is no error: see lu_view_touches.
 * One view serves one thread; any number of views may share an imagery.
 */
enum lu_status lu_view_new(const struct lu_imagery *imagery, const struct lu_frame *pixels, struct lu_view **out,
			   struct lu_error *err);
void lu_view_free(struct lu_view *view);

/* What a view holds, beside decoded blocks. */
size_t lu_view_bytes(const struct lu_imagery *imagery);

/*
 * Read 'window' (in pixels of the frame; it may hang over every edge, and there is no data beyond
 * the frame even where a file goes on) into the caller's 'dst',
 * lu_imagery_bands() planes of height x width bytes, and 'valid', height x width, 1 where there is
 * data. Pixels without data are 0 in 'dst'. LU_ERROR_IO when a file cannot be read: then both
 * buffers hold nothing of use.
 */
enum lu_status lu_view_read(struct lu_view *view, struct lu_rect window, uint8_t *dst, uint8_t *valid,
			    struct lu_error *err);

/* False: no file reaches the window, nothing in it is valid, and reading it can be spared. */
bool lu_view_touches(const struct lu_view *view, struct lu_rect window);

/*
 * The file on top at the middle of 'window', else the first one that reaches it at all, as a number
 * for lu_imagery_path; SIZE_MAX when none does. By the files' extents, not by their pixels.
 */
size_t lu_view_top(const struct lu_view *view, struct lu_rect window);

/* How many files lie on the frame itself and are copied, not warped. */
size_t lu_view_direct_count(const struct lu_view *view);

#endif
