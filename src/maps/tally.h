/*
 * tally.h: one pass over the maps of all dates: class areas of each, transitions of each pair.
 *
 * Rows are read once, areas of a row are found once, and nothing of the map is kept: memory does
 * not depend on the county's size.
 */
#ifndef LU_MAPS_TALLY_H
#define LU_MAPS_TALLY_H

#include "grid/date_pairs.h"
#include "grid/ground.h"
#include "maps/class_rows.h"
#include "maps/statistics.h"
#include "maps/transition.h"
#include "models/legend.h"

struct lu_tally {
	struct lu_date_statistics *dates;
	struct lu_pair_statistics *pairs;
	struct lu_confidence_bins *confidence; /* one a date; NULL: nobody gave percents */
	size_t date_count, pair_count;
};

/*
 * Begin, add every row of cells of 'frame' ('count' rows of classes and of percents, one after the other), end. 'labels'
 * has 'count' entries; 'ground' NULL counts cells without areas. Labels and the legend's names are borrowed; classes that
 * the legend does not have are counted, too. 'tally' stays where it is meanwhile; lu_tally_release it also after a failure.
 */
struct lu_tally_pass;
enum lu_status lu_tally_begin(const char *const *labels, size_t count, enum lu_date_pairs pairs,
			      const struct lu_frame *frame, struct lu_ground *ground, const struct lu_legend *legend,
			      struct lu_tally *tally, struct lu_tally_pass **out, struct lu_error *err);
enum lu_status lu_tally_add(struct lu_tally_pass *pass, int64_t row, const uint16_t *values, const uint8_t *percents,
			    struct lu_error *err);
void lu_tally_end(struct lu_tally_pass *pass);
void lu_tally_pass_free(struct lu_tally_pass *pass);

/*
 * The same in parts, for who counts the pairs himself: tables that are empty, then, once those of the pairs
 * are full, the dates and what of the county the map does not reach. There must be a pair.
 */
enum lu_status lu_tally_new(const char *const *labels, size_t count, enum lu_date_pairs pairs,
			    const struct lu_legend *legend, struct lu_tally *out, struct lu_error *err);
enum lu_status lu_tally_from_pairs(struct lu_tally *tally, const struct lu_ground *ground, struct lu_error *err);

void lu_tally_release(struct lu_tally *tally);

/* A warning for each pair of dates without a cell that is mapped at both; false when no pair has one. */
bool lu_tally_common(const struct lu_tally *tally, const struct lu_hooks *hooks);

#endif
