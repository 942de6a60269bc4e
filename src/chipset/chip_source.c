/* chip_source.c: imagery and grid put together for cutting chips. See chip_source.h. */
#include "chipset/chip_source.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "chips/valid.h"
#include "grid/pixel_shape.h"
#include "landuse/commands.h"
#include "raster/reads.h"
#include "raster/reframe.h"
#include "raster/start.h"

enum { LARGEST_CHIP = 4096, DEFAULT_BANDS = 3 };

static enum lu_status open_imagery(struct lu_chip_source *source, struct lu_error *err)
{
	/* What networks for aerial pictures take, and what a picture shows. */
	static const char *const colours[DEFAULT_BANDS] = {"red", "green", "blue"};

	struct lu_imagery_options imagery = source->request.imagery;
	if (imagery.band_count == 0) {
		imagery.bands = NULL;
		imagery.names = colours;
	}
	source->bands = imagery.band_count > 0 ? imagery.band_count : DEFAULT_BANDS;
	imagery.wanted = source->bands;
	const enum lu_status status = lu_imagery_open(&imagery, &source->imagery, err);

	enum lu_level level;
	const char *note;
	for (size_t i = 0; status == LU_OK && (note = lu_imagery_note(source->imagery, i, &level)) != NULL; i++)
		lu_log(source->request.grid.county.hooks, level, "%s", note);
	return status;
}

/* The imagery against the grid's box: a boundary elsewhere is a mistake, not an empty set. */
static enum lu_status check_overlap(const struct lu_chip_source *source, struct lu_error *err)
{
	const struct lu_box grid = lu_frame_box(&source->grid.cells);
	struct lu_frame seen = {0};
	struct lu_box box;
	const enum lu_status status =
		lu_frame_in_crs(lu_imagery_frame(source->imagery), source->grid.cells.crs_wkt, &seen, &box, err);

	lu_frame_release(&seen);
	if (status == LU_OK &&
	    (box.max_x <= grid.min_x || box.min_x >= grid.max_x || box.max_y <= grid.min_y || box.min_y >= grid.max_y))
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"%s: does not reach the county (check the boundary, the where-filter and the imagery's CRS)",
			lu_imagery_path(source->imagery, 0));
	return status;
}

static enum lu_status make_fingerprint(struct lu_chip_source *source, const struct lu_polygon *county,
				       struct lu_error *err)
{
	char text[512], imagery[LU_SHA256_HEX];
	struct lu_sha256 *hash = NULL;
	const struct lu_frame *cells = &source->grid.cells;
	enum lu_status status;

	LU_TRY(lu_imagery_fingerprint(source->imagery, imagery, err));
	LU_TRY(lu_sha256_new(&hash, err));
	const int length =
		snprintf(text, sizeof(text), "%s|%s|%d|%d|%a|%a|%a|%a|%lld|%lld", lu_version(), imagery,
			 source->grid.chip_px, lu_grid_stride(&source->grid), source->min_valid, cells->transform[0],
			 cells->transform[1], cells->transform[3], (long long)cells->width, (long long)cells->height);
	lu_sha256_add(hash, text, (size_t)length);
	lu_sha256_add(hash, cells->crs_wkt, strlen(cells->crs_wkt));
	for (size_t i = 0; i < county->count; i++)
		lu_sha256_add(hash, county->rings[i].points, county->rings[i].count * sizeof(struct lu_point));
	lu_sha256_hex(hash, source->fingerprint);
	lu_sha256_free(hash);
out:
	return status;
}

static enum lu_status open_all(struct lu_chip_source *source, struct lu_error *err)
{
	struct lu_grid_request *request = &source->request.grid;
	struct lu_polygon county = {0};
	char *name = NULL;
	double stretch, pixel_m;
	enum lu_status status;

	LU_TRY(open_imagery(source, err));
	if (request->cell_m > 0)
		request->ground = (struct lu_chip_ground){request->cell_m, LARGEST_CHIP / 2};
	else if (request->chip_px == 0)
		request->chip_px = LU_CHIP_PX;
	LU_TRY(lu_grid_over(request, lu_imagery_frame(source->imagery), &source->grid, &county, &name, err));
	LU_TRY(check_overlap(source, err));
	LU_TRY(lu_pixel_shape(&source->grid.pixels, request->county.hooks, &stretch, &pixel_m, err));
	LU_TRY(lu_coverage_new(&county, &source->grid.cells, &source->coverage, err));
	LU_TRY(lu_view_new(source->imagery, &source->grid.pixels, &source->view, err));
	LU_TRY(make_fingerprint(source, &county, err));
out:
	lu_polygon_release(&county);
	lu_free(name);
	return status;
}

enum lu_status lu_chip_source_open(const struct lu_chip_request *request, struct lu_chip_source **out,
				   struct lu_error *err)
{
	struct lu_chip_source *source;
	enum lu_status status = lu_alloc(&source, 1, sizeof(*source), "imagery", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	lu_raster_start((size_t)LU_RASTER_CACHE_MB << 20);
	source->request = *request;
	source->min_valid = request->min_valid > 0 ? request->min_valid : LU_MIN_VALID;
	status = open_all(source, err);
	if (status != LU_OK) {
		lu_chip_source_close(source);
		return status;
	}
	*out = source;
	return LU_OK;
}

void lu_chip_source_close(struct lu_chip_source *source)
{
	if (source == NULL)
		return;
	lu_view_free(source->view);
	lu_coverage_free(source->coverage);
	lu_grid_release(&source->grid);
	lu_imagery_free(source->imagery);
	lu_free(source);
}

enum lu_status lu_chip_source_inputs(const struct lu_chip_source *source, struct lu_inputs *inputs,
				     struct lu_error *err)
{
	const enum lu_status status = lu_imagery_inputs(source->imagery, inputs, err);

	return status == LU_OK ? lu_reads_add(inputs, source->request.grid.county.boundary, err) : status;
}

bool lu_chip_source_reaches(const struct lu_chip_source *source, int64_t row, int64_t col)
{
	return lu_coverage_share(source->coverage, row, col) > 0 &&
	       lu_view_touches(source->view, lu_grid_chip(&source->grid, row, col));
}

enum lu_status lu_chip_source_read(struct lu_chip_source *source, int64_t row, int64_t col, uint8_t *planes,
				   uint8_t *valid, double *valid_share, struct lu_error *err)
{
	const struct lu_rect chip = lu_grid_chip(&source->grid, row, col);
	const enum lu_status status = lu_view_read(source->view, chip, planes, valid, err);

	if (status == LU_OK)
		*valid_share = lu_valid_share(valid, chip.width, source->grid.chip_px);
	return status;
}

const char *lu_chip_source_file(const struct lu_chip_source *source, int64_t row, int64_t col)
{
	const size_t top = lu_view_top(source->view, lu_grid_chip(&source->grid, row, col));

	return lu_imagery_path(source->imagery, top != SIZE_MAX ? top : 0);
}

struct lu_frame lu_chip_source_frame(const struct lu_chip_source *source, int64_t row, int64_t col)
{
	const struct lu_rect chip = lu_grid_chip(&source->grid, row, col);
	struct lu_frame frame = source->grid.pixels; /* CRS and pixel size */

	frame.transform[0] += (double)chip.x * frame.transform[1];
	frame.transform[3] += (double)chip.y * frame.transform[5];
	frame.width = chip.width;
	frame.height = chip.height;
	return frame;
}

static int digits(const char *text, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++)
		value = value * 10 + text[i] - '0';
	return value;
}

/* The last run of just 4 or 8 digits of 'name' (up to 'end') that is a year or a day: other numbers come first in NAIP's. */
static struct lu_chip_date date_in(const char *name, const char *end)
{
	struct lu_chip_date date = {""};

	for (const char *c = name; c < end;) {
		const size_t length = strspn(c, "0123456789");
		const int year = length == 4 || length == 8 ? digits(c, 4) : 0;
		if (year >= 1900 && year < 2100 && length == 4)
			snprintf(date.text, sizeof(date.text), "%.4s", c);
		if (year >= 1900 && year < 2100 && length == 8) {
			const int month = digits(c + 4, 2), day = digits(c + 6, 2);
			if (month >= 1 && month <= 12 && day >= 1 && day <= 31)
				snprintf(date.text, sizeof(date.text), "%.4s-%.2s-%.2s", c, c + 4, c + 6);
		}
		c += length > 0 ? length : 1;
	}
	return date;
}

struct lu_chip_date lu_chip_date(const char *path)
{
	const char *name = lu_path_name(path), *folder = name;
	const struct lu_chip_date date = date_in(name, name + strlen(name));

	if (date.text[0] != '\0' || name - path < 2)
		return date;
	/* The folder's own name: from the slash before it. */
	for (folder = name - 2; folder > path && folder[-1] != '/';)
		folder--;
	return date_in(folder, name - 1);
}
