/*
 * compare.c: landuse compare: a map compared with a reference raster, row by row.
 */
#include "commands/compare.h"

#include <stdio.h>
#include <string.h>

#include "accuracy/census.h"
#include "accuracy/overlay.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "grid/cell_area.h"
#include "maps/same_legend.h"
#include "models/code_table.h"
#include "models/locate.h"
#include "models/scheme.h"
#include "raster/map_classes.h"
#include "raster/start.h"

enum { CACHE_MB = 128, CODES = 65536 };

struct comparing {
	const struct lu_compare_options *options;
	struct lu_classed classed;
	struct lu_map *reference;
	struct lu_scheme *scheme; /* NULL: the same codes in both */
	struct lu_ground ground;
	struct lu_overlay *overlay;
	uint16_t *target;
	struct lu_comparison *out;
};

static enum lu_status read_scheme(struct comparing *c, struct lu_error *err)
{
	const char *stated = lu_map_metadata(c->classed.maps[0], "LANDUSE_SCHEME");
	char *path = NULL;
	bool any = false;
	enum lu_status status;

	if (c->options->scheme == NULL)
		return LU_OK;
	LU_TRY(lu_locate_scheme(c->options->scheme, ".", &path, err));
	LU_TRY(lu_scheme_read(path, &c->scheme, err));
	for (size_t i = 0; i < c->scheme->class_count; i++)
		any = any || c->scheme->members[i].nlcd_count > 0;
	if (stated != NULL && strcmp(stated, c->scheme->name) != 0)
		status = lu_fail(err, LU_ERROR_MISMATCH, "%s: made with class scheme %s, not %s (.scheme = %s)",
				 c->options->map, stated, c->scheme->name, stated);
	else if (!any)
		status = lu_fail(err, LU_ERROR_MISMATCH,
				 "%s: names no NLCD codes, so maps in it are not compared with NLCD", c->scheme->path);
	if (status == LU_OK && (c->out->scheme = lu_strdup(c->scheme->name)) == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a name");
out:
	lu_free(path);
	return status;
}

/* What each code of the reference counts as. */
static enum lu_status make_target(struct comparing *c, struct lu_error *err)
{
	struct lu_code_table *table = NULL;
	char *path = NULL;
	enum lu_status status;

	if (c->options->codes != NULL && c->scheme == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "a table of codes goes with the scheme that it merges into (.scheme)");
	LU_TRY(lu_alloc(&c->target, CODES, sizeof(*c->target), "codes", err));
	if (c->options->codes != NULL) {
		LU_TRY(lu_locate_codes(c->options->codes, ".", &path, err));
		LU_TRY(lu_code_table_read(path, &table, err));
	}
	for (uint32_t code = 1; code < CODES; code++) {
		char text[8];
		snprintf(text, sizeof(text), "%u", code);
		const int class = table != NULL       ? lu_code_table_class(table, c->scheme, text)
				  : c->scheme != NULL ? lu_scheme_of_nlcd(c->scheme, (int)code)
						      : 0;
		if (c->scheme == NULL)
			c->target[code] = code < LU_OVERLAY_UNKNOWN ? (uint16_t)code : LU_OVERLAY_UNKNOWN;
		else if (class >= 0)
			c->target[code] = c->scheme->classes[class].value;
		else
			c->target[code] = class == LU_SCHEME_LEFT_OUT ? LU_OVERLAY_LEFT_OUT : LU_OVERLAY_UNKNOWN;
	}
out:
	lu_code_table_free(table);
	lu_free(path);
	return status;
}

/* What the map calls its classes, beside what the scheme or else the reference calls the same numbers. */
static enum lu_status check_legends(const struct comparing *c, struct lu_error *err)
{
	struct lu_legend map = {0}, other = {0};
	char from[300];
	enum lu_status status;

	LU_TRY(lu_legend_add_map(&map, c->classed.maps[0], err));
	snprintf(from, sizeof(from), c->scheme != NULL ? "scheme %s" : "%s",
		 c->scheme != NULL ? c->scheme->name : c->options->reference);
	LU_TRY(c->scheme != NULL ? lu_legend_of_scheme(c->scheme, &other, err)
				 : lu_legend_add_map(&other, c->reference, err));
	LU_TRY(lu_same_legend((struct lu_legend_side){&map, c->options->map}, (struct lu_legend_side){&other, from},
			      c->options->hooks, err));
out:
	lu_legend_release(&map);
	lu_legend_release(&other);
	return status;
}

static enum lu_status open_inputs(struct comparing *c, struct lu_error *err)
{
	const struct lu_compare_options *options = c->options;
	const struct lu_county_source county = {.boundary = options->boundary,
						.layer = options->layer,
						.where = options->where,
						.hooks = options->hooks};
	const struct lu_classed_options map = {
		.paths = &options->map, .count = 1, .kind = LU_CLASSED_CLASS, .hooks = options->hooks};
	enum lu_status status;

	LU_TRY(lu_classed_open(&map, &c->classed, err));
	if (lu_classed_says_change(&c->classed)) {
		status = lu_fail(err, LU_ERROR_MISMATCH, "%s: holds change codes; compare the map of one date",
				 options->map);
		goto out;
	}
	LU_TRY(lu_map_open_classes(options->reference, options->hooks, &c->reference, err));
	LU_TRY(read_scheme(c, err));
	if (!options->by_number)
		LU_TRY(check_legends(c, err));
	LU_TRY(lu_census_ground(&county, c->classed.frame, &c->ground, err));
	LU_TRY(make_target(c, err));
	LU_TRY(lu_overlay_new(c->classed.frame, c->reference, c->target, &c->overlay, err));
	LU_TRY(lu_transition_new(NULL, 0, &c->out->table, err));
out:
	return status;
}

/* The scratch of one row. */
struct row {
	uint16_t *map, *reference;
	double *area_m2, *covers, *inside;
};

/* Take cells out of the row that cannot be compared, and count why. */
static void sift(const struct comparing *c, struct row *row)
{
	struct lu_comparison *out = c->out;

	for (int64_t col = 0; col < c->classed.frame->width; col++) {
		uint16_t *reference = &row->reference[col];
		const bool counts =
			row->map[col] != 0 && row->area_m2[col] > 0 && row->inside[col] >= c->options->least_share;
		const bool uncertain = counts && row->map[col] == c->classed.legend.uncertain;
		out->uncertain += uncertain;
		if (!counts || uncertain) {
			row->area_m2[col] = 0;
			*reference = 0;
			continue;
		}
		out->unknown += *reference == LU_OVERLAY_UNKNOWN;
		out->left_out += *reference == LU_OVERLAY_LEFT_OUT;
		out->uncovered += *reference == LU_OVERLAY_NONE;
		if (*reference >= LU_OVERLAY_UNKNOWN)
			*reference = 0;
		if (*reference != 0 && row->covers[col] < c->options->purity) {
			out->mixed++;
			*reference = 0;
		}
		out->compared += *reference != 0;
		/* A cell without a class on either side says nothing of their agreement. */
		if (*reference == 0)
			row->area_m2[col] = 0;
	}
}

static enum lu_status compare_rows(struct comparing *c, struct row *row, struct lu_error *err)
{
	const struct lu_frame *frame = c->classed.frame;
	enum lu_status status = LU_OK;

	for (int64_t i = 0; i < frame->height; i++) {
		if (lu_cancelled(c->options->hooks))
			return lu_fail(err, LU_ERROR_CANCELLED, "stopped");
		LU_TRY(lu_classed_read(&c->classed, i, 1, row->map, err));
		LU_TRY(lu_overlay_row(c->overlay, row->reference, row->covers, err));
		LU_TRY(lu_cell_area_row(c->ground.coverage, c->ground.meter, i, frame->width, row->area_m2, err));
		lu_coverage_fill_row(c->ground.coverage, i, row->inside);
		sift(c, row);
		LU_TRY(lu_transition_add(c->out->table, row->map, row->reference, row->area_m2, (size_t)frame->width,
					 err));
		lu_progress(c->options->hooks, "comparing", (uint64_t)((i + 1) * frame->width),
			    (uint64_t)(frame->height * frame->width));
	}
out:
	return status;
}

static enum lu_status walk(struct comparing *c, struct lu_error *err)
{
	const size_t width = (size_t)c->classed.frame->width;
	struct row row = {0};
	enum lu_status status;

	LU_TRY(lu_alloc(&row.map, width, sizeof(*row.map), "a row", err));
	LU_TRY(lu_alloc(&row.reference, width, sizeof(*row.reference), "a row", err));
	LU_TRY(lu_alloc(&row.area_m2, width, sizeof(*row.area_m2), "a row", err));
	LU_TRY(lu_alloc(&row.covers, width, sizeof(*row.covers), "a row", err));
	LU_TRY(lu_alloc(&row.inside, width, sizeof(*row.inside), "a row", err));
	LU_TRY(compare_rows(c, &row, err));
out:
	lu_free(row.map);
	lu_free(row.reference);
	lu_free(row.area_m2);
	lu_free(row.covers);
	lu_free(row.inside);
	return status;
}

static char *name_of(const struct comparing *c, uint16_t value)
{
	const char *name = NULL;

	for (size_t i = 0; c->scheme != NULL && i < c->scheme->class_count; i++)
		if (c->scheme->classes[i].value == value)
			return lu_strdup(c->scheme->classes[i].name);
	if (lu_legend_find(&c->classed.legend, value) == NULL)
		name = lu_map_class_name(c->reference, value);
	return name != NULL && name[0] != '\0' ? lu_strdup(name) : lu_classed_class_name(&c->classed, value);
}

/* Codes that were met and are in no class; bands of the raster's nodata are none. */
static enum lu_status list_codes(struct comparing *c, struct lu_error *err)
{
	for (uint32_t code = 1; code < CODES; code++) {
		const double cells = lu_overlay_seen(c->overlay, (uint16_t)code);
		if (cells <= 0 || c->target[code] < LU_OVERLAY_UNKNOWN)
			continue;
		const enum lu_status status =
			lu_grow(&c->out->codes, c->out->code_count + 1, sizeof(*c->out->codes), "codes", err);
		if (status != LU_OK)
			return status;
		c->out->codes[c->out->code_count++] =
			(struct lu_unmatched_code){(uint16_t)code, cells, c->target[code] == LU_OVERLAY_LEFT_OUT};
	}
	return LU_OK;
}

static enum lu_status finish(struct comparing *c, struct lu_error *err)
{
	struct lu_comparison *out = c->out;
	const size_t n = out->table->count - 1;
	uint64_t agree = 0;
	enum lu_status status;

	LU_TRY(list_codes(c, err));
	if (out->compared == 0)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: no mapped cell of %s has a class there (another place, or other codes: .scheme = "
			       "NAME for NLCD's)",
			       c->options->reference, c->options->map);
	LU_TRY(lu_alloc(&out->matrix, n * n, sizeof(*out->matrix), "a matrix", err));
	LU_TRY(lu_alloc(&out->names, n + 1, sizeof(*out->names), "class names", err));
	out->name_count = n + 1;
	lu_transition_matrix(out->table, LU_UNIT_M2, out->matrix);
	for (size_t k = 0; k < n * n; k++)
		out->compared_m2 += out->matrix[k];
	for (size_t i = 0; i < n; i++) {
		out->agreement += out->matrix[i * n + i] / out->compared_m2;
		agree += lu_transition_cells(out->table, i + 1, i + 1);
		out->names[i + 1] = name_of(c, out->table->values[i + 1]);
		if (out->names[i + 1] == NULL)
			return lu_fail(err, LU_ERROR_MEMORY, "out of memory: class names");
	}
	out->agreement_cells = (double)agree / (double)out->compared;
	out->disagreement = lu_pontius_total(out->matrix, n);
	out->disagreement.difference /= out->compared_m2;
	out->disagreement.quantity /= out->compared_m2;
	out->disagreement.exchange /= out->compared_m2;
	out->disagreement.shift /= out->compared_m2;
out:
	return status;
}

/* Classes of the map that the scheme does not have: of some there is a word, of all nothing to compare. */
static enum lu_status check_scheme(const struct comparing *c, struct lu_error *err)
{
	const struct lu_transition *table = c->out->table;
	char codes[100] = "";
	size_t known = 0, unknown = 0;
	uint64_t cells = 0;

	for (size_t i = 1; i < table->count && c->scheme != NULL; i++) {
		uint64_t mapped = 0;
		bool found = false;
		for (size_t j = 0; j < table->count; j++)
			mapped += lu_transition_cells(table, i, j);
		for (size_t k = 0; k < c->scheme->class_count && !found; k++)
			found = c->scheme->classes[k].value == table->values[i];
		if (mapped == 0)
			continue;
		known += found;
		unknown += !found;
		cells += found ? 0 : mapped;
		if (!found && unknown <= 6)
			snprintf(codes + strlen(codes), sizeof(codes) - strlen(codes), "%s%u", unknown > 1 ? ", " : "",
				 table->values[i]);
	}
	if (unknown > 0 && known == 0)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: holds %s%s, and none of the classes of scheme %s (a map in NLCD's own codes? leave "
			       ".scheme out, or .scheme = nlcd)",
			       c->options->map, codes, unknown > 6 ? ", ..." : "", c->scheme->name);
	if (unknown > 0)
		lu_log(c->options->hooks, LU_LEVEL_WARNING,
		       "%s: %llu cells have codes that are no classes of scheme %s (%s%s): they count as disagreement",
		       c->options->map, (unsigned long long)cells, c->scheme->name, codes, unknown > 6 ? ", ..." : "");
	return LU_OK;
}

static void warn(const struct comparing *c)
{
	const struct lu_comparison *out = c->out;
	const uint64_t all = out->compared + out->mixed + out->unknown + out->left_out + out->uncovered;

	if (out->unknown > 0)
		lu_log(c->options->hooks, LU_LEVEL_WARNING,
		       "%llu of %llu cells have codes in %s that scheme %s does not know: left out",
		       (unsigned long long)out->unknown, (unsigned long long)all, c->options->reference,
		       out->scheme != NULL ? out->scheme : "(none)");
	if (out->uncovered > 0)
		lu_log(c->options->hooks, LU_LEVEL_WARNING, "%llu of %llu cells lie beyond the data of %s: left out",
		       (unsigned long long)out->uncovered, (unsigned long long)all, c->options->reference);
	if (out->agreement_cells == 0)
		lu_log(c->options->hooks, LU_LEVEL_WARNING,
		       "no cell agrees: are the codes of %s %s (.scheme = NAME for NLCD's)", c->options->reference,
		       c->scheme == NULL ? "the map's own?" : "NLCD's, and the map's the scheme's?");
}

static enum lu_status write_text(const struct lu_compare_options *options, const struct lu_comparison *comparison,
				 char **text, struct lu_error *err)
{
	struct lu_text_stream stream;
	enum lu_status status;

	if (options->json)
		return lu_comparison_json(comparison, text, err);
	status = lu_text_begin(&stream, "the summary", err);
	if (status != LU_OK)
		return status;
	lu_comparison_print(stream.to, comparison);
	return lu_text_finish(&stream, text, err);
}

enum lu_status lu_compare_maps(const struct lu_compare_options *options, struct lu_comparison *out,
			       struct lu_error *err)
{
	struct comparing c = {.options = options, .out = out};
	enum lu_status status;

	*out = (struct lu_comparison){.map = options->map, .reference = options->reference, .purity = options->purity};
	LU_TRY(open_inputs(&c, err));
	LU_TRY(walk(&c, err));
	LU_TRY(check_scheme(&c, err));
	LU_TRY(finish(&c, err));
	warn(&c);
out:
	if (status != LU_OK)
		lu_comparison_release(out);
	lu_overlay_free(c.overlay);
	lu_ground_release(&c.ground);
	lu_map_close(c.reference);
	lu_classed_release(&c.classed);
	lu_free(c.target);
	lu_scheme_free(c.scheme);
	return status;
}

enum lu_status lu_compare(const struct lu_compare_options *options, struct lu_run_summary *summary,
			  struct lu_error *err)
{
	struct lu_comparison comparison = {0};
	enum lu_status status;

	memset(summary, 0, sizeof(*summary));
	lu_raster_start((size_t)CACHE_MB << 20);
	LU_TRY(lu_compare_maps(options, &comparison, err));
	LU_TRY(write_text(options, &comparison, &summary->text, err));
out:
	lu_comparison_release(&comparison);
	return status;
}
