/*
 * comparison.h: agreement of a map with another map of the same ground.
 *
 * The other map has errors of its own, so these are agreements and not accuracies: they are named so.
 * Rows of the matrix are the map, columns the reference.
 */
#ifndef LU_REPORT_COMPARISON_H
#define LU_REPORT_COMPARISON_H

#include <stdio.h>

#include "maps/pontius.h"
#include "maps/transition.h"

/* A code of the reference that is in no class. */
struct lu_unmatched_code {
	uint16_t code;
	double cells; /* cells' worth of area */
	bool left_out; /* in writing; otherwise nobody said what it is */
};

struct lu_comparison {
	const char *map, *reference; /* names for the output, borrowed */
	const char *date; /* of the map, borrowed; NULL: not told */
	char *scheme; /* by which codes were merged, owned; NULL: the same codes */
	struct lu_transition *table; /* owned */
	char **names; /* of table->values, owned */
	size_t name_count;
	double *matrix; /* (count - 1)^2 square metres, owned */
	struct lu_pontius disagreement; /* of the matrix as proportions */
	double agreement, agreement_cells; /* shares, by area and by cells */
	double compared_m2;
	uint64_t compared, mixed, unknown, left_out, uncovered, uncertain; /* cells */
	double purity; /* least share of a cell that its class must cover; 0: any */
	struct lu_unmatched_code *codes; /* owned */
	size_t code_count;
};
void lu_comparison_release(struct lu_comparison *comparison);

/* The tables of lu_comparison_csv: hectares from class (rows, the map) to class (columns, the reference), and class areas. */
enum { LU_COMPARISON_TABLES = 2 };
extern const char *const lu_comparison_tables[LU_COMPARISON_TABLES];
enum lu_status lu_comparison_csv(const char *folder, const struct lu_comparison *comparison, struct lu_error *err);

void lu_comparison_print(FILE *to, const struct lu_comparison *comparison);
enum lu_status lu_comparison_json(const struct lu_comparison *comparison, char **text, struct lu_error *err);

#endif
