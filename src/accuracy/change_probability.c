/* change_probability.c: percents, their bins, and what a code means to a class. */
#include "accuracy/change_probability.h"

#include "maps/same_grid.h"
#include "maps/transition.h"

static const uint16_t lowest[LU_PROBABILITY_BINS + 1] = {0, 1, 5, 20, 50, 80, 95, 101};

size_t lu_probability_bin(uint16_t percent)
{
	size_t bin = 0;

	while (bin + 1 < LU_PROBABILITY_BINS && percent >= lowest[bin + 1])
		bin++;
	return bin;
}

void lu_probability_bin_range(size_t bin, int *low, int *high)
{
	*low = lowest[bin];
	*high = lowest[bin + 1] - 1;
}

enum lu_status lu_probability_open(const char *path, const struct lu_classed *classed, struct lu_map **out,
				   struct lu_error *err)
{
	struct lu_map *map = NULL;
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_map_open(path, &map, err));
	if (lu_map_bands(map) != 1) {
		status = lu_fail(err, LU_ERROR_MISMATCH,
				 "%s: has %d bands, expected one of P(changed) in whole percent (name the "
				 "change_probability.tif of these dates)",
				 path, lu_map_bands(map));
		goto out;
	}
	LU_TRY(lu_same_grid(classed->maps[0], classed->paths[0], map, path, err));
	*out = map;
	map = NULL;
out:
	lu_map_close(map);
	return status;
}

enum lu_status lu_probability_read(struct lu_map *map, const char *path, int64_t row0, int64_t rows, uint16_t *percent,
				   struct lu_error *err)
{
	const size_t cells = (size_t)rows * (size_t)lu_map_frame(map)->width;
	enum lu_status status;

	LU_TRY(lu_map_read_rows(map, row0, rows, percent, err));
	for (size_t i = 0; i < cells; i++)
		if (percent[i] > 100)
			return lu_fail(err, LU_ERROR_FORMAT,
				       "%s: has the value %u, expected percents, 0 to 100 (name the "
				       "change_probability.tif of these dates)",
				       path, percent[i]);
out:
	return status;
}

bool lu_change_is_side(uint16_t code, uint16_t class, enum lu_growth_side side)
{
	uint16_t before, after;

	lu_change_decode(code, &before, &after);
	return before != after && (side == LU_GAINED ? after : before) == class;
}
