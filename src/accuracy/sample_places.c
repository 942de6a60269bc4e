/* sample_places.c: rows sorted by their places. See sample_places.h. */
#include "accuracy/sample_places.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/hooks.h"

static int by_place(const void *a, const void *b)
{
	const struct lu_sample_place *x = a, *y = b;

	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	if (x->b != y->b)
		return x->b < y->b ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

/* Places whose labels do not agree, and the rows of the first of them. */
struct dispute {
	uint64_t places;
	size_t first, second;
};

/* The rows of one place. */
static enum lu_status unite_place(struct lu_sample_table *table, const struct lu_sample_place *rows, size_t count,
				  lu_labels_agree agree, void *user, struct dispute *dispute, struct lu_error *err)
{
	size_t kept = 0;
	bool one = true;

	while (kept + 1 < count && table->rows[rows[kept].row].reference == NULL)
		kept++;
	if (table->rows[rows[kept].row].reference == NULL)
		kept = 0;
	for (size_t i = 0; i < count; i++) {
		bool same = true;
		if (i == kept)
			continue;
		table->rows[rows[i].row].repeated = true;
		if (table->rows[rows[i].row].reference == NULL)
			continue;
		const enum lu_status status = agree(user, rows[kept].row, rows[i].row, &same, err);
		if (status != LU_OK)
			return status;
		dispute->places += !same && one;
		if (!same && one && (dispute->places == 1 || rows[kept].row < dispute->first)) {
			dispute->first = rows[kept].row;
			dispute->second = rows[i].row;
		}
		one = one && same;
	}
	table->rows[rows[kept].row].contradicted = !one;
	return LU_OK;
}

static enum lu_status settle(const struct lu_sample_source *source, const struct lu_sample_table *table,
			     const struct dispute *dispute, struct lu_error *err)
{
	const char *first = table->rows[dispute->first].reference, *second = table->rows[dispute->second].reference;

	if (dispute->places == 0)
		return LU_OK;
	if (table->has_design)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: %" PRIu64 " cells have two labels that differ, first rows %zu and %zu ('%.60s' and "
			       "'%.60s'): expected one label a cell (agree on one, and delete the other row)",
			       source->path, dispute->places, dispute->first + 1, dispute->second + 1, first, second);
	lu_log(source->hooks, LU_LEVEL_WARNING,
	       "%s: %" PRIu64
	       " cells have two labels that differ, first rows %zu and %zu ('%.60s' and '%.60s'): they are "
	       "left out",
	       source->path, dispute->places, dispute->first + 1, dispute->second + 1, first, second);
	return LU_OK;
}

enum lu_status lu_sample_unite(const struct lu_sample_source *source, struct lu_sample_table *table,
			       struct lu_sample_place *places, size_t count, lu_labels_agree agree, void *user,
			       struct lu_assessment *out, struct lu_error *err)
{
	struct dispute dispute = {0};
	uint64_t cells = 0;
	enum lu_status status = LU_OK;

	if (count > 0)
		qsort(places, count, sizeof(*places), by_place);
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && places[end].a == places[i].a && places[end].b == places[i].b;)
			end++;
		if (end == i + 1)
			continue;
		cells++;
		out->repeated += end - i - 1;
		LU_TRY(unite_place(table, &places[i], end - i, agree, user, &dispute, err));
	}
	out->contradicted = dispute.places;
	LU_TRY(settle(source, table, &dispute, err));
	if (cells > 0)
		lu_log(source->hooks, LU_LEVEL_WARNING,
		       "%s: %" PRIu64 " cells stand twice or more in it (%" PRIu64
		       " rows too many): each is counted once",
		       source->path, cells, out->repeated);
out:
	return status;
}

void lu_sample_count_missing(const struct lu_sample_source *source, const struct lu_sample_table *table,
			     struct lu_assessment *out)
{
	uint64_t drawn = 0, missing = 0, beyond = 0;

	for (size_t h = 0; h < table->stratum_count; h++) {
		uint64_t here = 0;
		if (table->strata[h].sampled < 0)
			return; /* the design does not tell */
		for (size_t i = 0; i < table->count; i++)
			here += !table->rows[i].repeated &&
				lu_sample_table_stratum(table, &table->rows[i]) == (int64_t)h;
		const uint64_t wanted = (uint64_t)table->strata[h].sampled;
		drawn += wanted;
		missing += here < wanted ? wanted - here : 0;
		beyond += here > wanted ? here - wanted : 0;
	}
	out->missing = missing;
	if (missing > 0)
		lu_log(source->hooks, LU_LEVEL_WARNING,
		       "%s: %" PRIu64 " of the %" PRIu64
		       " drawn cells are missing, and left out like places without a label: if "
		       "they are the hard ones, the figures flatter the map",
		       source->path, missing, drawn);
	if (beyond > 0)
		lu_log(source->hooks, LU_LEVEL_WARNING,
		       "%s: %" PRIu64 " cells more than the %" PRIu64
		       " that its design drew: figures hold for cells drawn at "
		       "random, not for any that were added",
		       source->path, beyond, drawn);
}
