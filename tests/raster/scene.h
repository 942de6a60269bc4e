/*
 * scene.h: imagery opened, viewed and read, for tests of views.
 */
#ifndef LU_TESTS_SCENE_H
#define LU_TESTS_SCENE_H

#include "raster/crs.h"
#include "raster/imagery.h"
#include "raster/view.h"
#include "support/check.h"

/* One date opened and viewed, with room for a window of it. */
struct scene {
	struct lu_imagery *imagery;
	struct lu_view *view;
	uint8_t *dst, *valid;
	struct lu_rect window;
};

/* View 'options' on the imagery's own frame, or on 'frame', and read 'window' (zero width: all of the frame). */
static inline void look(struct scene *scene, const struct lu_imagery_options *options, const struct lu_frame *frame,
			struct lu_rect window)
{
	struct lu_error err = {0};

	check_ok(lu_imagery_open(options, &scene->imagery, &err), err);
	if (frame == NULL)
		frame = lu_imagery_frame(scene->imagery);
	if (window.width == 0)
		window = (struct lu_rect){0, 0, frame->width, frame->height};
	scene->window = window;
	check_ok(lu_view_new(scene->imagery, frame, &scene->view, &err), err);
	scene->dst = malloc((size_t)(window.width * window.height) * options->wanted);
	scene->valid = malloc((size_t)(window.width * window.height));
	check_ok(lu_view_read(scene->view, window, scene->dst, scene->valid, &err), err);
}

static inline void look_away(struct scene *scene)
{
	lu_view_free(scene->view);
	lu_imagery_free(scene->imagery);
	free(scene->dst);
	free(scene->valid);
}

static inline uint8_t value_at(const struct scene *scene, int band, int64_t col, int64_t row)
{
	const struct lu_rect w = scene->window;

	return scene->dst[(band - 1) * w.width * w.height + (row - w.y) * w.width + col - w.x];
}

static inline uint8_t valid_at(const struct scene *scene, int64_t col, int64_t row)
{
	return scene->valid[(row - scene->window.y) * scene->window.width + col - scene->window.x];
}

/* A frame of 1 m pixels in UTM 18N whose corner is at 'x', 'y'. */
static inline void board_frame(struct lu_frame *frame, double x, double y, int64_t width, int64_t height)
{
	struct lu_error err = {0};

	*frame = (struct lu_frame){.transform = {x, 1, 0, y, 0, -1}, .width = width, .height = height};
	check_ok(lu_crs_normalise("EPSG:26918", &frame->crs_wkt, &err), err);
}

static const struct lu_rect everything = {0, 0, 0, 0};

#endif
