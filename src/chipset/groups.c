/*
 * groups.c: the groups that a split keeps together. See groups.h.
 *
 * Each candidate gets a number (of its block, file or area); the different numbers, in order, are
 * the groups.
 */
#include "chipset/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "raster/boundary.h"
#include "raster/vector.h"

/* Areas are looked at one by one for each chip: a layer of every parcel is not what splits are for. */
enum { MOST_AREAS = 256 };

/* The areas of a layer, one for each value of a field. */
struct areas {
	char *values[MOST_AREAS];
	struct lu_coverage *coverages[MOST_AREAS];
	size_t count;
};

static void areas_release(struct areas *areas)
{
	for (size_t i = 0; i < areas->count; i++) {
		lu_free(areas->values[i]);
		lu_coverage_free(areas->coverages[i]);
	}
}

static enum lu_status add_value(const struct lu_groups_request *request, struct areas *areas, const char *value,
				struct lu_error *err)
{
	for (size_t i = 0; i < areas->count; i++)
		if (strcmp(areas->values[i], value) == 0)
			return LU_OK;
	if (areas->count == MOST_AREAS)
		return lu_fail(
			err, LU_ERROR_UNSUPPORTED,
			"%s: field '%s' has more than %d values, too many to split by (take one of larger areas)",
			request->boundary, request->field, MOST_AREAS);
	areas->values[areas->count] = lu_strdup(value);
	if (areas->values[areas->count] == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: areas");
	areas->count++;
	return LU_OK;
}

static enum lu_status read_values(const struct lu_groups_request *request, struct areas *areas, struct lu_error *err)
{
	struct lu_vector_reader *reader;
	bool more;
	enum lu_status status = lu_vector_open(request->boundary, LU_NAMED, request->layer, NULL, &reader, err);

	if (status != LU_OK)
		return status;
	const int field = lu_vector_find(reader, request->field);
	if (field < 0)
		status = lu_fail(err, LU_ERROR_ARGUMENT,
				 "split by '%s': neither block nor file, and no field of %s (it has: %s)",
				 request->field, request->boundary, lu_vector_field_names(reader));
	while (status == LU_OK) {
		status = lu_vector_next(reader, &more, err);
		if (status != LU_OK || !more)
			break;
		const char *value = lu_vector_get(reader, field);
		if (value != NULL)
			status = add_value(request, areas, value, err);
	}
	lu_vector_close(reader);
	return status;
}

/* OGR SQL for "the field is 'value'", within the caller's own filter; lu_free it. */
static char *filter_for(const struct lu_groups_request *request, const char *value)
{
	char *quoted, *filter = NULL, *to;

	if (lu_alloc(&quoted, 2 * strlen(value) + 1, 1, "a filter", NULL) != LU_OK)
		return NULL;
	to = quoted;
	for (const char *c = value; *c != '\0'; c++) {
		if (*c == '\'')
			*to++ = '\'';
		*to++ = *c;
	}
	/* Numbers are compared as texts, as they were read. */
	if (request->where != NULL)
		filter = lu_sprintf("(%s) AND CAST(\"%s\" AS CHARACTER(254)) = '%s'", request->where, request->field,
				    quoted);
	else
		filter = lu_sprintf("CAST(\"%s\" AS CHARACTER(254)) = '%s'", request->field, quoted);
	lu_free(quoted);
	return filter;
}

static enum lu_status cover_area(const struct lu_groups_request *request, const struct lu_frame *cells,
				 const char *value, struct lu_coverage **out, struct lu_error *err)
{
	char *filter = filter_for(request, value);
	const struct lu_boundary_options options = {
		.path = request->boundary, .layer = request->layer, .where = filter, .crs_wkt_target = cells->crs_wkt};
	struct lu_polygon polygon = {0};
	enum lu_status status;

	LU_TRY(filter != NULL ? lu_boundary_read(&options, &polygon, NULL, err)
			      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a filter"));
	LU_TRY(lu_coverage_new(&polygon, cells, out, err));
out:
	lu_polygon_release(&polygon);
	lu_free(filter);
	return status;
}

/* With the caller's filter some values have no polygons left: those areas stay without a coverage. */
static enum lu_status read_areas(const struct lu_groups_request *request, const struct lu_frame *cells,
				 struct areas *areas, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (request->boundary == NULL)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"split by '%s': neither block nor file, and there is no boundary with such a field (name one)",
			request->field);
	LU_TRY(read_values(request, areas, err));
	for (size_t i = 0; i < areas->count && status == LU_OK; i++) {
		status = cover_area(request, cells, areas->values[i], &areas->coverages[i], err);
		if (status == LU_ERROR_ARGUMENT && request->where != NULL)
			status = LU_OK;
	}
out:
	return status;
}

/* The area with most of the cell; the first of equals. */
static uint64_t area_of(const struct areas *areas, const struct lu_candidate *candidate)
{
	double most = -1;
	uint64_t best = 0;

	for (size_t i = 0; i < areas->count; i++) {
		const double share = areas->coverages[i] != NULL
					     ? lu_coverage_share(areas->coverages[i], candidate->row, candidate->col)
					     : -1;
		if (share > most) {
			most = share;
			best = i;
		}
	}
	return best;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

/* keys[i] of each candidate to its group; 'keys' is sorted and made unique on the way. */
static size_t number_groups(uint64_t *keys, const uint64_t *key_of, struct lu_candidates *candidates)
{
	size_t groups = 0;

	memcpy(keys, key_of, candidates->count * sizeof(*keys));
	qsort(keys, candidates->count, sizeof(*keys), by_value);
	for (size_t i = 0; i < candidates->count; i++)
		if (groups == 0 || keys[groups - 1] != keys[i])
			keys[groups++] = keys[i];
	for (size_t i = 0; i < candidates->count; i++) {
		const uint64_t *found = bsearch(&key_of[i], keys, groups, sizeof(*keys), by_value);
		candidates->items[i].group = (size_t)(found - keys);
	}
	return groups;
}

static uint64_t key_of_candidate(const struct lu_groups_request *request, const struct lu_chip_source *source,
				 const struct areas *areas, const struct lu_candidate *candidate)
{
	const uint64_t side = (uint64_t)request->block_cells;
	size_t top;

	switch (request->by) {
	case LU_SPLIT_BY_BLOCK:
		return ((uint64_t)candidate->row / side) << 32 | ((uint64_t)candidate->col / side);
	case LU_SPLIT_BY_FILE:
		top = lu_view_top(source->view, lu_grid_chip(&source->grid, candidate->row, candidate->col));
		return top != SIZE_MAX ? top : 0;
	default:
		return area_of(areas, candidate);
	}
}

static char *name_of_key(enum lu_split_by by, const struct lu_chip_source *source, const struct areas *areas,
			 uint64_t key)
{
	switch (by) {
	case LU_SPLIT_BY_BLOCK:
		return lu_sprintf("r%03llu_c%03llu", (unsigned long long)(key >> 32),
				  (unsigned long long)(key & UINT32_MAX));
	case LU_SPLIT_BY_FILE:
		return lu_strdup(lu_imagery_path(source->imagery, (size_t)key));
	default:
		return lu_strdup(areas->values[key]);
	}
}

enum lu_status lu_groups_make(const struct lu_groups_request *request, const struct lu_chip_source *source,
			      struct lu_candidates *candidates, struct lu_groups *out, struct lu_error *err)
{
	const size_t count = candidates->count;
	uint64_t *key_of = NULL, *keys = NULL;
	struct areas areas = {0};
	enum lu_status status = LU_OK;

	memset(out, 0, sizeof(*out));
	if (request->by == LU_SPLIT_BY_FIELD)
		LU_TRY(read_areas(request, &source->grid.cells, &areas, err));
	LU_TRY(lu_alloc(&key_of, count, sizeof(*key_of), "groups", err));
	LU_TRY(lu_alloc(&keys, count, sizeof(*keys), "groups", err));
	for (size_t i = 0; i < count; i++)
		key_of[i] = key_of_candidate(request, source, &areas, &candidates->items[i]);
	const size_t groups = number_groups(keys, key_of, candidates);
	LU_TRY(lu_alloc(&out->names, groups, sizeof(*out->names), "groups", err));
	LU_TRY(lu_alloc(&out->sizes, groups, sizeof(*out->sizes), "groups", err));
	out->count = groups;
	for (size_t i = 0; i < count; i++)
		out->sizes[candidates->items[i].group]++;
	for (size_t g = 0; g < groups; g++) {
		out->names[g] = name_of_key(request->by, source, &areas, keys[g]);
		if (out->names[g] == NULL) {
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: groups");
			goto out;
		}
	}
out:
	lu_free(key_of);
	lu_free(keys);
	areas_release(&areas);
	if (status != LU_OK)
		lu_groups_release(out);
	return status;
}

void lu_groups_release(struct lu_groups *groups)
{
	for (size_t i = 0; groups->names != NULL && i < groups->count; i++)
		lu_free(groups->names[i]);
	lu_free(groups->names);
	lu_free(groups->sizes);
	memset(groups, 0, sizeof(*groups));
}
