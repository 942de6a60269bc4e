/*
 * groups.h: the groups that a split keeps together: blocks of ground, files, areas of a layer.
 */
#ifndef LU_CHIPSET_GROUPS_H
#define LU_CHIPSET_GROUPS_H

#include "chipset/candidates.h"

struct lu_groups_request {
	enum lu_split_by by;
	const char *field; /* of the boundary's layer, LU_SPLIT_BY_FIELD */
	int block_cells; /* side of a block */
	const char *boundary, *layer, *where; /* by a field */
};

struct lu_groups {
	char **names; /* "r002_c013"; a file's path; the field's value */
	uint64_t *sizes; /* candidates in each */
	size_t count;
};

/*
 * Find the groups that 'candidates' lie in, and set their 'group'. LU_ERROR_ARGUMENT: no such field
 * (with those there are), or a field without a boundary.
 */
enum lu_status lu_groups_make(const struct lu_groups_request *request, const struct lu_chip_source *source,
			      struct lu_candidates *candidates, struct lu_groups *out, struct lu_error *err);
void lu_groups_release(struct lu_groups *groups);

#endif
