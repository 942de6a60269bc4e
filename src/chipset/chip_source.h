/*
 * chip_source.h: chips of imagery, cut one by one on a grid: what `tile` and `label` walk over.
 *
 * Imagery and grid are those of a job: files are laid on each other, first on top, so no ground
 * comes twice. A chip is wanted when its cell touches the county and enough of it has data.
 */
#ifndef LU_CHIPSET_CHIP_SOURCE_H
#define LU_CHIPSET_CHIP_SOURCE_H

#include "grid/coverage.h"
#include "grid/grid.h"
#include "grid/grid_over.h"
#include "raster/imagery.h"
#include "raster/view.h"

/* What is cut, and how. All borrowed, until the source is closed; 0 and NULL are the usual ones. */
struct lu_chip_request {
	struct lu_imagery_options
		imagery; /* without 'wanted' and 'names': by the colours, or the bands that are named */
	struct lu_grid_request grid; /* its county's hooks hear all warnings */
	double min_valid; /* share of a chip that must have data */
};

/* Read-only after it is opened; 'view' serves one thread. */
struct lu_chip_source {
	struct lu_chip_request request;
	struct lu_imagery *imagery;
	struct lu_grid grid;
	struct lu_coverage *coverage;
	struct lu_view *view;
	size_t bands;
	double min_valid;
	char fingerprint[LU_SHA256_HEX]; /* of imagery, grid, county and min_valid */
};

/* LU_ERROR_MISMATCH: the imagery does not reach the county. */
enum lu_status lu_chip_source_open(const struct lu_chip_request *request, struct lu_chip_source **out,
				   struct lu_error *err);
void lu_chip_source_close(struct lu_chip_source *source);

/* Add the files that are read: imagery and boundary. */
enum lu_status lu_chip_source_inputs(const struct lu_chip_source *source, struct lu_inputs *inputs,
				     struct lu_error *err);

/* True when the cell touches the county and a file reaches its chip: then it is worth reading. */
bool lu_chip_source_reaches(const struct lu_chip_source *source, int64_t row, int64_t col);

/*
 * Read the chip of cell (row, col): 'planes' takes bands x chip x chip bytes, 'valid' chip x chip.
 * '*valid_share' is the share of it that has data.
 */
enum lu_status lu_chip_source_read(struct lu_chip_source *source, int64_t row, int64_t col, uint8_t *planes,
				   uint8_t *valid, double *valid_share, struct lu_error *err);

/* The file on top at the chip's middle; borrowed. */
const char *lu_chip_source_file(const struct lu_chip_source *source, int64_t row, int64_t col);

/* The frame of the chip of cell (row, col); its CRS is borrowed from the grid. */
struct lu_frame lu_chip_source_frame(const struct lu_chip_source *source, int64_t row, int64_t col);

/*
 * The date in a file's name, or else in its folder's: "2020-08-31" for
 * m_4709963_se_14_1_20200831.tif, "2015" for imagery_2015/q_ne.tif, "" when there is none from 1900
 * to 2099.
 */
struct lu_chip_date {
	char text[11];
};
struct lu_chip_date lu_chip_date(const char *path);

#endif
