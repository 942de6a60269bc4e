/*
 * sample_table.h: a labelled sample, read: its rows, and the design it was drawn by.
 *
 * Rows come from anything that OGR reads. The design is in the tables that landuse sample wrote
 * (sample_file.h). Where those were lost on the way, say by an export to CSV, the fields 'stratum'
 * and 'weight' still tell the strata's sizes: a stratum has as many cells as its rows' weights sum to.
 */
#ifndef LU_ACCURACY_SAMPLE_TABLE_H
#define LU_ACCURACY_SAMPLE_TABLE_H

#include "base/geometry.h"
#include "base/hash.h"

/* A labelled sample, and which of its fields say what. All borrowed. */
struct lu_sample_source {
	const char *path; /* any OGR source */
	const char *layer; /* NULL: LU_SAMPLE_LAYER, else the first */
	const char *reference_field, *map_field, *stratum_field; /* NULL: the usual ones */
	const struct lu_hooks *hooks;
};

struct lu_sample_row {
	char *reference, *map, *stratum; /* NULL where the field is empty or not there */
	double weight; /* 0: not known */
	double probability; /* P(changed) at the draw; < 0: not known */
	bool has_place;
	struct lu_point place; /* in the table's CRS */
	bool repeated; /* another row of its place is kept */
	bool contradicted; /* kept, and another row of its place says otherwise */
};

struct lu_design_stratum {
	char *name;
	double cells; /* N_h */
	double area_ha; /* < 0: not known */
	double sampled; /* n_h; < 0: not known */
};
struct lu_design_class {
	uint16_t value;
	size_t stratum; /* counts from 0 */
	double cells, area_ha;
	double probability; /* P(changed), the mean of the cells; < 0: not known */
};

struct lu_sample_table {
	struct lu_sample_row *rows;
	size_t count;
	char *crs_wkt; /* NULL: not known */
	bool has_map_field, has_design;
	bool change; /* designed for change codes */
	bool flags; /* a check of flags */
	bool knows_probability; /* of every cell that it was drawn from */
	char map_sha256[LU_SHA256_HEX]; /* "": not known */
	char *date, *later; /* that the map shows, or the dates of the change; NULL: not known */
	char *scheme; /* of the map; NULL: not known */
	struct lu_design_stratum *strata;
	size_t stratum_count;
	struct lu_design_class *classes;
	size_t class_count;
};

/*
 * Without the tables of a design its shape from the rows that are not repeated, where all of them have stratum and
 * weight; with them nothing.
 */
enum lu_status lu_sample_table_infer(struct lu_sample_table *table, struct lu_error *err);

/* LU_ERROR_ARGUMENT when the field of the reference labels is not there, with those there are. */
enum lu_status lu_sample_table_read(const struct lu_sample_source *source, struct lu_sample_table *out,
				    struct lu_error *err);
void lu_sample_table_release(struct lu_sample_table *table);

/* The number of a row's stratum, or -1. */
int64_t lu_sample_table_stratum(const struct lu_sample_table *table, const struct lu_sample_row *row);

#endif
