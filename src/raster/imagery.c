/*
 * imagery.c: one date's imagery, whatever form it was delivered in. See imagery.h.
 */
#include "raster/imagery.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "raster/ground.h"
#include "raster/imagery_internal.h"
#include "raster/paths.h"
#include "raster/placement.h"
#include "raster/start.h"
#include "raster/transform.h"

static enum lu_status parse_options(const struct lu_imagery_options *options, struct lu_selection *out,
				    struct lu_error *err)
{
	*out = (struct lu_selection){
		.count = options->wanted, .listed = options->bands != NULL, .names = options->names};
	if (options->path_count == 0)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "imagery: no file is named (expected a file, a pattern or a folder)");
	if (options->wanted == 0 || options->wanted > LU_BANDS_MAX)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "the model takes %zu bands: expected 1 to %d",
			       options->wanted, LU_BANDS_MAX);
	if (options->bands != NULL && options->band_count != options->wanted)
		return lu_fail(err, LU_ERROR_ARGUMENT, "bands: %zu listed, the model takes %zu (list %zu band numbers)",
			       options->band_count, options->wanted, options->wanted);
	for (size_t i = 0; i < options->wanted; i++) {
		out->bands[i] = options->bands != NULL ? options->bands[i] : (int)i + 1;
		if (out->bands[i] < 1)
			return lu_fail(err, LU_ERROR_ARGUMENT, "bands: %d is not a band (the first band is 1)",
				       out->bands[i]);
	}
	out->rule = options->nodata.rule;
	out->nodata = options->nodata.value;
	const double *range = options->range != NULL ? options->range : options->usual_range;
	if (range != NULL) {
		out->ranged = true;
		out->usual = options->range == NULL;
		out->low = range[0];
		out->high = range[1];
		if (!(out->high > out->low) || !isfinite(out->low) || !isfinite(out->high))
			return lu_fail(err, LU_ERROR_ARGUMENT, "range: [%g, %g] is empty (expected [low, high])",
				       out->low, out->high);
	}
	return LU_OK;
}

/* The index of 'wkt' among the CRSs known so far; takes it over. */
static enum lu_status intern_crs(struct lu_imagery *imagery, char *wkt, size_t *index, struct lu_error *err)
{
	enum lu_status status;

	for (size_t i = 0; i < imagery->crs_count; i++) {
		if (strcmp(imagery->crs[i], wkt) == 0) {
			lu_free(wkt);
			*index = i;
			return LU_OK;
		}
	}
	status = lu_grow(&imagery->crs, imagery->crs_count + 1, sizeof(*imagery->crs), "coordinate systems", err);
	if (status != LU_OK) {
		lu_free(wkt);
		return status;
	}
	*index = imagery->crs_count;
	imagery->crs[imagery->crs_count++] = wkt;
	return LU_OK;
}

static enum lu_status same_kind(const struct lu_member *first, const struct lu_member *member, struct lu_error *err)
{
	if (member->band_count != first->band_count || member->pixel != first->pixel)
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"%s: %d bands of %s, but %s has %d of %s: expected files of one date to be alike (list one "
			"kind only)",
			member->path, member->band_count, lu_pixel_name(member->pixel), first->path, first->band_count,
			lu_pixel_name(first->pixel));
	return LU_OK;
}

static enum lu_status probe_all(struct lu_imagery *imagery, const struct lu_paths *paths, struct lu_error *err)
{
	enum lu_status status;
	const char *map = NULL; /* the first that is no imagery */
	size_t maps = 0;

	LU_TRY(lu_alloc(&imagery->members, paths->count, sizeof(*imagery->members), "imagery", err));
	for (size_t i = 0; i < paths->count && status == LU_OK; i++) {
		struct lu_member *member = &imagery->members[imagery->count];
		char *wkt;

		status = lu_member_probe(paths->names[i], paths->trust[i], &imagery->selection, member, &wkt, err);
		if (status != LU_OK)
			break;
		if (member->own_map) {
			lu_member_release(member);
			map = maps++ == 0 ? paths->names[i] : map;
			continue;
		}
		imagery->count++;
		status = intern_crs(imagery, wkt, &member->crs, err);
		if (status == LU_OK)
			status = same_kind(&imagery->members[0], member, err);
	}
	if (status != LU_OK)
		goto out;
	if (imagery->count == 0)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: a map that landuse made, as all rasters beside it are: expected imagery", map);
	if (maps > 0)
		LU_TRY(lu_imagery_add_note(imagery, LU_LEVEL_WARNING,
					   lu_sprintf("%s: %zu map%s that landuse made %s no imagery and passed over",
						      map, maps, maps == 1 ? "" : "s", maps == 1 ? "is" : "are"),
					   err));
out:
	return status;
}

/* The box around every member, in the first one's CRS. */
static enum lu_status find_extent(const struct lu_imagery *imagery, struct lu_box *out, struct lu_error *err)
{
	struct lu_transform **to_first = NULL;
	enum lu_status status;

	*out = (struct lu_box){INFINITY, INFINITY, -INFINITY, -INFINITY};
	LU_TRY(lu_alloc(&to_first, imagery->crs_count, sizeof(*to_first), "coordinate transformations", err));
	for (size_t i = 1; i < imagery->crs_count; i++) {
		if (!lu_crs_same(imagery->crs[i], imagery->crs[0]))
			LU_TRY(lu_transform_new(imagery->crs[i], imagery->crs[0], &to_first[i], err));
	}
	for (size_t i = 0; i < imagery->count; i++) {
		struct lu_box box;

		LU_TRY(lu_placement_box(&imagery->members[i], to_first[imagery->members[i].crs], &box, err));
		out->min_x = fmin(out->min_x, box.min_x);
		out->min_y = fmin(out->min_y, box.min_y);
		out->max_x = fmax(out->max_x, box.max_x);
		out->max_y = fmax(out->max_y, box.max_y);
	}
out:
	for (size_t i = 0; to_first != NULL && i < imagery->crs_count; i++)
		lu_transform_free(to_first[i]);
	lu_free(to_first);
	return status;
}

/* Lay whole pixels, counted from the first file's corner, around all members. */
static enum lu_status find_frame(struct lu_imagery *imagery, struct lu_error *err)
{
	const double *t = imagery->members[0].transform;
	const double step_x = hypot(t[1], t[4]);
	const double step_y = hypot(t[2], t[5]);
	/* A corner this close to a pixel corner, in pixels, is meant to be on it. */
	const double slack = 1e-3;
	double left, top, right, bottom;
	enum lu_status status;
	struct lu_box box;

	status = find_extent(imagery, &box, err);
	if (status != LU_OK)
		return status;
	left = floor((box.min_x - t[0]) / step_x + slack);
	right = ceil((box.max_x - t[0]) / step_x - slack);
	top = floor((t[3] - box.max_y) / step_y + slack);
	bottom = ceil((t[3] - box.min_y) / step_y - slack);
	if (!(right - left < 1e15 && bottom - top < 1e15))
		return lu_fail(err, LU_ERROR_FORMAT, "%s: its pixels are too small for the ground covered",
			       imagery->members[0].path);
	imagery->frame.crs_wkt = lu_strdup(imagery->crs[0]);
	if (imagery->frame.crs_wkt == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory for a coordinate reference system");
	imagery->frame.transform[0] = t[0] + left * step_x;
	imagery->frame.transform[1] = step_x;
	imagery->frame.transform[3] = t[3] - top * step_y;
	imagery->frame.transform[5] = -step_y;
	imagery->frame.width = (int64_t)(right - left);
	imagery->frame.height = (int64_t)(bottom - top);
	return LU_OK;
}

/* Which raw values become 0 and 255, and does the user have to know? */
static enum lu_status find_scale(struct lu_imagery *imagery, struct lu_error *err)
{
	const struct lu_selection *selection = &imagery->selection;
	enum lu_pixel pixel = imagery->members[0].pixel;
	int bits = 0;

	for (size_t i = 0; i < imagery->count; i++)
		bits = imagery->members[i].bits > bits ? imagery->members[i].bits : bits;
	if (pixel == LU_PIXEL_BYTE) {
		imagery->high = 255;
		if (!selection->ranged || selection->usual)
			return LU_OK;
		return lu_imagery_add_note(imagery, LU_LEVEL_WARNING,
					   lu_sprintf("%s: 8-bit pixels are taken as they are; the range is not used",
						      imagery->members[0].path),
					   err);
	}
	if (selection->ranged) {
		imagery->low = selection->low;
		imagery->high = selection->high;
		return LU_OK;
	}
	imagery->high = ldexp(1, bits) - 1;
	return lu_imagery_add_note(
		imagery, LU_LEVEL_WARNING,
		lu_sprintf("%s: %s pixels, 0..%.0f is mapped to 0..255; if the image then looks dark, "
			   "set range: [LOW, HIGH]",
			   imagery->members[0].path, lu_pixel_name(pixel), imagery->high),
		err);
}

static enum lu_status digest_catalogue(const char *catalogue, char hex[LU_SHA256_HEX], struct lu_error *err)
{
	struct lu_sha256 *hash = NULL;
	const enum lu_status status = catalogue != NULL ? lu_sha256_new(&hash, err) : LU_OK;

	if (hash != NULL) {
		lu_sha256_add(hash, catalogue, strlen(catalogue));
		lu_sha256_hex(hash, hex);
	}
	lu_sha256_free(hash);
	return status;
}

enum lu_status lu_imagery_open(const struct lu_imagery_options *options, struct lu_imagery **out, struct lu_error *err)
{
	struct lu_imagery *imagery = NULL;
	struct lu_paths paths = {0};
	enum lu_status status;

	*out = NULL;
	lu_raster_start(0);
	LU_TRY(lu_alloc(&imagery, 1, sizeof(*imagery), "imagery", err));
	LU_TRY(parse_options(options, &imagery->selection, err));
	for (size_t i = 0; i < options->path_count; i++)
		LU_TRY(options->catalogue != NULL ? lu_paths_add_found(&paths, options->paths[i], err)
						  : lu_paths_add(&paths, options->paths[i], err));
	LU_TRY(digest_catalogue(options->catalogue, imagery->catalogue, err));
	imagery->selection.file_count = paths.count;
	LU_TRY(probe_all(imagery, &paths, err));
	LU_TRY(find_frame(imagery, err));
	status = lu_frame_gsd_m(&imagery->frame, &imagery->gsd_m, err);
	if (status != LU_OK) {
		lu_fail_within(err, "%s", imagery->members[0].path);
		goto out;
	}
	LU_TRY(find_scale(imagery, err));
	LU_TRY(lu_imagery_find_notes(imagery, err));
	imagery->selection.names = NULL; /* the caller's */
	*out = imagery;
	imagery = NULL;
out:
	lu_paths_release(&paths);
	lu_imagery_free(imagery);
	return status;
}

void lu_imagery_free(struct lu_imagery *imagery)
{
	if (imagery == NULL)
		return;
	for (size_t i = 0; i < imagery->count; i++)
		lu_member_release(&imagery->members[i]);
	for (size_t i = 0; i < imagery->crs_count; i++)
		lu_free(imagery->crs[i]);
	lu_free(imagery->members);
	lu_free(imagery->crs);
	for (size_t i = 0; i < imagery->note_count; i++)
		lu_free(imagery->notes[i]);
	lu_frame_release(&imagery->frame);
	lu_free(imagery);
}

const struct lu_frame *lu_imagery_frame(const struct lu_imagery *imagery)
{
	return &imagery->frame;
}

double lu_imagery_gsd_m(const struct lu_imagery *imagery)
{
	return imagery->gsd_m;
}

size_t lu_imagery_count(const struct lu_imagery *imagery)
{
	return imagery->count;
}

const char *lu_imagery_path(const struct lu_imagery *imagery, size_t i)
{
	return imagery->members[i].path;
}

size_t lu_imagery_bands(const struct lu_imagery *imagery)
{
	return imagery->selection.count;
}

uint64_t lu_imagery_bytes(const struct lu_imagery *imagery)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < imagery->count; i++)
		bytes += imagery->members[i].bytes;
	return bytes;
}

enum lu_status lu_imagery_inputs(const struct lu_imagery *imagery, struct lu_inputs *inputs, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < imagery->count; i++)
		LU_TRY(lu_inputs_add_all(inputs, &imagery->members[i].files, err));
out:
	return status;
}

enum lu_status lu_imagery_unchanged(const struct lu_imagery *imagery, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < imagery->count; i++)
		LU_TRY(lu_inputs_unchanged(&imagery->members[i].files, err));
out:
	return status;
}

bool lu_imagery_tiled(const struct lu_imagery *imagery)
{
	return imagery->members[0].block_width < imagery->members[0].width ||
	       imagery->members[0].block_height >= imagery->members[0].height;
}

void lu_imagery_block(const struct lu_imagery *imagery, int *width_px, int *height_px)
{
	*width_px = imagery->members[0].block_width;
	*height_px = imagery->members[0].block_height;
}

enum lu_status lu_imagery_fingerprint(const struct lu_imagery *imagery, char hex[LU_SHA256_HEX], struct lu_error *err)
{
	const struct lu_selection *selection = &imagery->selection;
	struct lu_sha256 *hash;
	enum lu_status status = lu_sha256_new(&hash, err);
	char line[256];

	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < imagery->count; i++) {
		const char *wkt = imagery->crs[imagery->members[i].crs];

		lu_sha256_add(hash, imagery->members[i].identity, LU_SHA256_HEX);
		lu_sha256_add(hash, wkt, strlen(wkt) + 1);
	}
	snprintf(line, sizeof(line), "nodata %d %.17g range %.17g %.17g\n", (int)selection->rule, selection->nodata,
		 imagery->low, imagery->high);
	lu_sha256_add(hash, line, strlen(line));
	lu_sha256_add(hash, imagery->catalogue, strlen(imagery->catalogue));
	lu_sha256_hex(hash, hex);
	lu_sha256_free(hash);
	return LU_OK;
}
