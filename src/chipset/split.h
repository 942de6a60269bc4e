/*
 * split.h: train, validate, test, without a leak.
 *
 * Chips that lie side by side show the same fields on the same day: a model that trained on one
 * knows the other. So whole groups go to one side (blocks of ground, files, counties), never
 * single chips, and chips that overlap one of another side are left out.
 */
#ifndef LU_CHIPSET_SPLIT_H
#define LU_CHIPSET_SPLIT_H

#include "base/error.h"
#include "chipset/labelled_set.h"

struct lu_split_request {
	double validate, test; /* shares of the chips; 0: none goes there by share */
	const char *const *validate_groups, *const *test_groups; /* names that go there whatever the shares */
	size_t validate_group_count, test_group_count;
	uint64_t seed;
};

/*
 * Assign each of 'groups' named groups, of sizes[g] chips, to train, validate or test: the named ones first, then the
 * rest in an order drawn by the seed, each to the side that lacks most. 'out' takes 'groups' entries.
 *
 * LU_ERROR_ARGUMENT: a name in both lists (a group on both sides), or one that is no group's.
 * LU_ERROR_MISMATCH: too few groups for every side asked for to get one.
 */
enum lu_status lu_split_assign(const char *const *names, const uint64_t *sizes, size_t groups,
			       const struct lu_split_request *request, enum lu_split *out, struct lu_error *err);

/* One chip on the grid, in ascending order of (row, col). */
struct lu_split_chip {
	int64_t row, col;
	enum lu_split split;
};

/*
 * keep[i] = 0 for each chip that shares ground with one of another side and is to give way: train
 * before validate, validate before test. 'reach' is how many cells away chips still overlap
 * (0 when the stride is the chip). Returns how many gave way.
 */
size_t lu_split_separate(const struct lu_split_chip *chips, size_t count, int reach, uint8_t *keep);

#endif
