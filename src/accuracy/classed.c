/* classed.c: maps and changes as one stream of named values. */
#include "accuracy/classed.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "maps/same_grid.h"
#include "maps/same_legend.h"
#include "maps/transition.h"
#include "raster/map_classes.h"

/* Without what stands behind it for a class that stayed: ", unchanged", or " to Forest" of "Forest to Forest". */
static size_t bare_length(const char *name)
{
	static const char to[] = " to ";
	const size_t length = strlen(name), tail = sizeof(LU_UNCHANGED) - 1, half = (length - (sizeof(to) - 1)) / 2;

	if (length > tail && strcmp(name + length - tail, LU_UNCHANGED) == 0)
		return length - tail;
	if (length > sizeof(to) && strncmp(name + half, to, sizeof(to) - 1) == 0 &&
	    strncmp(name, name + half + sizeof(to) - 1, half) == 0 && length == 2 * half + sizeof(to) - 1)
		return half;
	return length;
}

/* Names of single classes; those of from-to pairs are put together from them. */
static enum lu_status add_names(struct lu_classed *classed, const struct lu_map *map, struct lu_error *err)
{
	struct lu_legend legend = {0};
	enum lu_status status;

	LU_TRY(lu_legend_add_map(&legend, map, err));
	classed->legend.uncertain = legend.uncertain != 0 ? legend.uncertain : classed->legend.uncertain;
	for (size_t i = 0; i < legend.count && status == LU_OK; i++) {
		const struct lu_class *class = &legend.classes[i];
		const uint16_t value = classed->change ? lu_change_canonical(class->value) : class->value;
		if (classed->change && value > 99)
			continue;
		char *name = lu_strndup(class->name, classed->change ? bare_length(class->name) : strlen(class->name));
		const struct lu_class bare = {value, name, class->red, class->green, class->blue};
		status = name != NULL ? lu_legend_add(&classed->legend, bare, err)
				      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: class names");
		lu_free(name);
	}
out:
	lu_legend_release(&legend);
	return status;
}

static bool says_change(const struct lu_map *map)
{
	const char *codes = lu_map_metadata(map, "LANDUSE_CODES");

	return codes != NULL && strncmp(codes, "before*100+after", 16) == 0;
}

/* The maps of two dates: do they belong together, in this order, and mean the same by their numbers? */
static enum lu_status check_two(const struct lu_classed *classed, const struct lu_classed_options *options,
				struct lu_error *err)
{
	struct lu_map *const *maps = classed->maps;
	const char *const *paths = options->paths;
	struct lu_legend legends[2] = {{0}, {0}};
	enum lu_status status;

	LU_TRY(lu_same_grid(maps[0], paths[0], maps[1], paths[1], err));
	LU_TRY(lu_same_scheme(maps[0], paths[0], maps[1], paths[1], err));
	LU_TRY(lu_same_order(maps[0], paths[0], maps[1], paths[1], err));
	for (size_t i = 0; i < 2; i++)
		LU_TRY(lu_legend_add_map(&legends[i], maps[i], err));
	if (!options->by_number)
		LU_TRY(lu_same_legend((struct lu_legend_side){&legends[0], paths[0]},
				      (struct lu_legend_side){&legends[1], paths[1]}, options->hooks, err));
	if (options->kind == LU_CLASSED_CLASS)
		status = lu_fail(err, LU_ERROR_ARGUMENT, "classes are of one map (name one map, or strata of change)");
out:
	lu_legend_release(&legends[0]);
	lu_legend_release(&legends[1]);
	return status;
}

enum lu_status lu_classed_open(const struct lu_classed_options *options, struct lu_classed *out, struct lu_error *err)
{
	const size_t count = options->count;
	enum lu_status status = LU_OK;

	memset(out, 0, sizeof(*out));
	if (count < 1 || count > 2)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "one map, or the maps of an earlier and a later date, not %zu files", count);
	for (size_t i = 0; i < count; i++) {
		out->paths[i] = options->paths[i];
		LU_TRY(lu_map_open_classes(options->paths[i], options->hooks, &out->maps[i], err));
		out->count++;
	}
	if (count == 2)
		LU_TRY(check_two(out, options, err));
	out->change = options->kind == LU_CLASSED_CHANGE || count == 2 ||
		      (options->kind == LU_CLASSED_AUTO && says_change(out->maps[0]));
	out->by_number = options->by_number;
	out->frame = lu_map_frame(out->maps[0]);
	for (size_t i = 0; i < count; i++)
		LU_TRY(add_names(out, out->maps[i], err));
out:
	if (status != LU_OK)
		lu_classed_release(out);
	return status;
}

void lu_classed_release(struct lu_classed *classed)
{
	for (size_t i = 0; i < 2; i++)
		lu_map_close(classed->maps[i]);
	lu_legend_release(&classed->legend);
	lu_free(classed->scratch);
	memset(classed, 0, sizeof(*classed));
}

enum lu_status lu_classed_use_scheme(struct lu_classed *classed, const char *name, struct lu_error *err)
{
	lu_legend_release(&classed->legend);
	enum lu_status status;

	LU_TRY(lu_legend_read_scheme(name, &classed->legend, err));
	for (size_t i = 0; i < classed->count; i++)
		LU_TRY(add_names(classed, classed->maps[i], err));
out:
	return status;
}

enum lu_status lu_classed_read(struct lu_classed *classed, int64_t row0, int64_t rows, uint16_t *values,
			       struct lu_error *err)
{
	const size_t cells = (size_t)rows * (size_t)classed->frame->width;
	enum lu_status status;

	LU_TRY(lu_map_read_rows(classed->maps[0], row0, rows, values, err));
	/* Rasters of others may have a code of two equal classes where nothing changed. */
	for (size_t i = 0; classed->change && classed->count == 1 && i < cells; i++)
		values[i] = lu_change_canonical(values[i]);
	if (classed->count == 1)
		return LU_OK;
	if (cells > classed->scratch_cells) {
		LU_TRY(lu_grow(&classed->scratch, cells, sizeof(*classed->scratch), "rows of a map", err));
		classed->scratch_cells = cells;
	}
	LU_TRY(lu_map_read_rows(classed->maps[1], row0, rows, classed->scratch, err));
	for (size_t i = 0; i < cells; i++) {
		if (values[i] > 99 || classed->scratch[i] > 99)
			return lu_fail(err, LU_ERROR_UNSUPPORTED,
				       "%s: class %u is above 99, and change codes are before*100+after (renumber the "
				       "classes)",
				       classed->paths[values[i] > 99 ? 0 : 1],
				       values[i] > 99 ? values[i] : classed->scratch[i]);
		const bool uncertain =
			classed->legend.uncertain != 0 &&
			(values[i] == classed->legend.uncertain || classed->scratch[i] == classed->legend.uncertain);
		values[i] = uncertain ? 0 : lu_change_code(values[i], classed->scratch[i]);
	}
out:
	return status;
}

char *lu_classed_class_name(const struct lu_classed *classed, uint16_t value)
{
	const struct lu_class *class = lu_legend_find(&classed->legend, value);

	return class != NULL ? lu_strdup(class->name) : lu_sprintf("Class %u", value);
}

char *lu_classed_name(const struct lu_classed *classed, uint16_t value)
{
	uint16_t before, after;
	char *from, *to, *name = NULL;

	if (!classed->change)
		return lu_classed_class_name(classed, value);
	lu_change_decode(value, &before, &after);
	from = lu_classed_class_name(classed, before);
	to = lu_classed_class_name(classed, after);
	if (from != NULL && to != NULL)
		name = before == after ? lu_sprintf("%s%s", to, LU_UNCHANGED) : lu_sprintf("%s to %s", from, to);
	lu_free(from);
	lu_free(to);
	return name;
}

bool lu_classed_says_change(const struct lu_classed *classed)
{
	return classed->count == 2 || says_change(classed->maps[0]);
}

void lu_classed_dates(const struct lu_classed *classed, const char *dates[2])
{
	struct lu_map *const *maps = classed->maps;
	const bool codes = classed->change && classed->count == 1;

	dates[0] = lu_map_metadata(maps[0], codes ? "LANDUSE_EARLIER" : "LANDUSE_DATE");
	dates[1] = codes                 ? lu_map_metadata(maps[0], "LANDUSE_LATER")
		   : classed->count == 2 ? lu_map_metadata(maps[1], "LANDUSE_DATE")
					 : NULL;
}

enum lu_status lu_classed_hash(const struct lu_classed *classed, char hex[LU_SHA256_HEX], struct lu_error *err)
{
	char each[2][LU_SHA256_HEX];
	struct lu_sha256 *both = NULL;
	enum lu_status status = LU_OK;

	hex[0] = '\0';
	for (size_t i = 0; i < classed->count; i++) {
		if (!lu_file_exists(classed->paths[i]))
			return LU_OK; /* a name in one of GDAL's file systems */
		LU_TRY(lu_sha256_file(classed->paths[i], each[i], err));
	}
	if (classed->count == 1) {
		memcpy(hex, each[0], LU_SHA256_HEX);
		return LU_OK;
	}
	LU_TRY(lu_sha256_new(&both, err));
	lu_sha256_add(both, each[0], LU_SHA256_HEX - 1);
	lu_sha256_add(both, each[1], LU_SHA256_HEX - 1);
	lu_sha256_hex(both, hex);
out:
	lu_sha256_free(both);
	return status;
}
