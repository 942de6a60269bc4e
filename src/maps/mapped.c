/* mapped.c: counting a date's mapped cells, and saying why they are few. */
#include "maps/mapped.h"

#include <stdio.h>

#include "base/hooks.h"

/* "; 12 have no data (beyond the files, or hidden by the alpha band), 3 too little": what this run has seen. */
static void tell_reasons(const struct lu_imagery *imagery, const struct lu_score_result *result, char *text,
			 size_t size)
{
	const struct {
		uint64_t cells;
		const char *why;
	} reasons[] = {{result->no_data, "without data"},
		       {result->too_little, "with data on less than min_valid of their chip"},
		       {result->unreadable, "that could not be read"},
		       {result->not_finite, "for which the network gave no numbers"}};
	const char *hidden = lu_imagery_validity(imagery);
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].cells == 0 || used >= size)
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s%llu %s", used == 0 ? ": " : ", ",
					 (unsigned long long)reasons[i].cells, reasons[i].why);
		if (i == 0 && used < size)
			used += (size_t)snprintf(text + used, size - used, " (beyond the files%s%s)",
						 hidden != NULL ? ", or " : "", hidden != NULL ? hidden : "");
	}
}

enum lu_status lu_mapped_check(const struct lu_score_task *task, const struct lu_score_result *result, uint64_t mapped,
			       const char *about, struct lu_error *err)
{
	char reasons[320];

	tell_reasons(task->imagery, result, reasons, sizeof(reasons));
	if (mapped == 0)
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"%snone of the county's %llu cells could be mapped%s (check boundary, imagery, nodata and "
			"min_valid)",
			about, (unsigned long long)result->cells, reasons);
	if (2 * mapped < result->cells)
		lu_log(task->hooks, LU_LEVEL_WARNING, "%s: only %llu of the county's %llu cells are mapped%s",
		       task->stage, (unsigned long long)mapped, (unsigned long long)result->cells, reasons);
	return LU_OK;
}
