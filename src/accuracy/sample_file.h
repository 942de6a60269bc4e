/*
 * sample_file.h: a designed sample as a GeoPackage, ready to be labelled in QGIS.
 *
 * Layer "sample" has a polygon for each cell, in an order of which any first part is a sample, too.
 * What the design was is kept beside it, for landuse assess:
 *
 *	design		one row a stratum: N_h, n_h, hectares, probability and weight of its cells
 *	design_classes	one row a class: its stratum, cells, hectares; and where P(changed) was known its mean over the cells
 *	design_facts	fact, value: strata, allocation, seed, map, its hash, ...
 */
#ifndef LU_ACCURACY_SAMPLE_FILE_H
#define LU_ACCURACY_SAMPLE_FILE_H

#include "accuracy/sample_design.h"
#include "accuracy/sample_pictures.h"
#include "grid/ground.h"

/* The names that writer and reader share. */
#define LU_SAMPLE_LAYER "sample"
#define LU_SAMPLE_DESIGN "design"
#define LU_SAMPLE_CLASSES "design_classes"
#define LU_SAMPLE_FACTS "design_facts"
/* A fact that only a check of flags has. */
#define LU_SAMPLE_OF "sample_of"
#define LU_SAMPLE_OF_FLAGS "flags"
#define LU_SAMPLE_REFERENCE "reference"
#define LU_SAMPLE_STRATUM "stratum"
/* Of a cell, and of the cells of a class: only in samples that were drawn with it. */
#define LU_SAMPLE_PROBABILITY "change_probability"
/* A fact: what the strata are, where they are bins of it; and the class whose growth the sample was drawn for. */
#define LU_SAMPLE_STRATA_BY "strata_by"
#define LU_SAMPLE_GROWTH_OF "growth_of"
/* Facts: which dates the map shows, where it says so; its scheme. */
#define LU_SAMPLE_DATE "map_date"
#define LU_SAMPLE_DATE_LATER "map_date_later"
#define LU_SAMPLE_SCHEME "map_scheme"

/* A drawn cell. */
struct lu_sample_cell {
	int64_t row, col;
	size_t stratum;
	double rank; /* (its place in its stratum + 1/2) / n_h: the order of the file */
	uint16_t value, percent; /* of the map, and of P(changed) */
};

struct lu_sample_content {
	const char *path; /* FILE.gpkg */
	const char *boundary; /* of the county; NULL: there is none */
	const struct lu_hooks *hooks;
	const struct lu_classed *classed;
	const struct lu_sample_design *design;
	const struct lu_ground *ground;
	const struct lu_sample_cell *cells; /* in the order of the file */
	size_t cell_count;
	double least_share;
	struct lu_pictures *pictures; /* NULL: none */
};

enum lu_status lu_sample_file_write(const struct lu_sample_content *content, struct lu_error *err);

#endif
