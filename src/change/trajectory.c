/*
 * trajectory.c: counting the turns of a class trajectory.
 */
#include "change/trajectory.h"

#include <math.h>

enum lu_trajectory lu_trajectory_of(const uint16_t *classes, size_t dates, int *change)
{
	uint16_t first = 0, last = 0;
	size_t mapped = 0, turns = 0;

	*change = -1;
	for (size_t d = 0; d < dates; d++) {
		if (classes[d] == 0)
			continue;
		if (mapped++ == 0)
			first = classes[d];
		else if (classes[d] != last && turns++ == 0)
			*change = (int)d;
		last = classes[d];
	}
	if (mapped < 2)
		return LU_TRAJECTORY_NOT_MAPPED;
	if (turns == 0)
		return LU_TRAJECTORY_STABLE;
	if (turns == 1)
		return LU_TRAJECTORY_CHANGED;
	return last == first ? LU_TRAJECTORY_UNSTABLE : LU_TRAJECTORY_SEVERAL;
}

bool lu_annual_rate(double earlier, double later, double years, double *rate)
{
	*rate = 0.0;
	if (!(earlier > 0.0) || !(later > 0.0) || !(years > 0.0))
		return false;
	*rate = log(later / earlier) / years;
	return true;
}

const char *lu_trajectory_name(unsigned trajectory)
{
	static const char *const names[] = {[LU_TRAJECTORY_NOT_MAPPED] = "Not mapped",
					    [LU_TRAJECTORY_STABLE] = "Stable",
					    [LU_TRAJECTORY_CHANGED] = "One change",
					    [LU_TRAJECTORY_UNSTABLE] = "Unstable",
					    [LU_TRAJECTORY_SEVERAL] = "Several changes"};

	return names[trajectory < sizeof(names) / sizeof(names[0]) ? trajectory : LU_TRAJECTORY_NOT_MAPPED];
}
