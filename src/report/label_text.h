/*
 * label_text.h: what `landuse label` tells when it is done: classes by split, and every chip left out by reason.
 */
#ifndef LU_REPORT_LABEL_TEXT_H
#define LU_REPORT_LABEL_TEXT_H

#include "chipset/candidates.h"
#include "chipset/groups.h"

struct lu_label_counts {
	uint64_t repeated, capped, between; /* left out by the hash, by the cap, between splits */
	uint64_t written; /* files, in this run */
	const double *weights; /* one a class; NULL: not weighted */
};

/*
 * The summary, lu_free it; NULL when memory is out. 'found' has one count a class: labelled chips
 * before any was left out.
 */
char *lu_label_text(const struct lu_scheme *scheme, const struct lu_reference *reference,
		    const struct lu_candidates *candidates, const uint64_t *found, const struct lu_groups *groups,
		    const struct lu_label_counts *counts);

/* "127 (in 3 chips), 200 (in 1 chip)": codes seen that the scheme does not know; "" when none. lu_free it. */
char *lu_label_unknown_codes(const struct lu_reference *reference);

#endif
