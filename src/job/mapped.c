/* mapped.c: counting a date's mapped cells, and saying why they are few. See mapped.h. */
#include "job/mapped.h"

#include <stdio.h>
#include <string.h>

#include "base/hooks.h"
#include "base/memory.h"

static enum lu_status count_mapped(const struct lu_county *county, struct lu_class_rows rows, uint64_t *mapped,
				   struct lu_error *err)
{
	const struct lu_frame *cells = &county->grid.cells;
	uint8_t *confidence = NULL;
	uint16_t *values = NULL;
	enum lu_status status = lu_alloc(&values, (size_t)cells->width, sizeof(*values), "a row", err);

	*mapped = 0;
	if (status == LU_OK)
		status = lu_alloc(&confidence, (size_t)cells->width, 1, "a row", err);
	for (int64_t row = 0; row < cells->height && status == LU_OK; row++) {
		status = rows.read(rows.user, row, 1, values, confidence, err);
		for (int64_t col = 0; col < cells->width && status == LU_OK; col++)
			*mapped += values[col] != 0;
	}
	lu_free(values);
	lu_free(confidence);
	return status;
}

/* "; 12 have no data (beyond the files, or hidden by the alpha band), 3 too little": what this run has seen. */
static void tell_reasons(const struct lu_county *county, size_t date, const struct lu_score_result *result, char *text,
			 size_t size)
{
	const struct {
		uint64_t cells;
		const char *why;
	} reasons[] = {{result->no_data, "without data"},
		       {result->too_little, "with data on less than min_valid of their chip"},
		       {result->not_finite, "for which the network gave no numbers"}};
	const char *hidden = lu_imagery_validity(county->imagery[date]);
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

enum lu_status lu_mapped_check(const struct lu_county *county, size_t date, struct lu_class_rows rows,
			       const struct lu_score_result *result, const struct lu_hooks *hooks, struct lu_error *err)
{
	const char *label = county->job->dates[date].label;
	char reasons[320], about[LU_JOB_ABOUT];
	uint64_t mapped;
	const enum lu_status status = count_mapped(county, rows, &mapped, err);

	if (status != LU_OK)
		return status;
	tell_reasons(county, date, result, reasons, sizeof(reasons));
	if (mapped == 0)
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"%snone of the county's %llu cells could be mapped%s (check boundary, imagery, nodata and "
			"min_valid)",
			lu_job_about(county->job, date, about), (unsigned long long)result->cells, reasons);
	if (2 * mapped < result->cells)
		lu_log(hooks, LU_LEVEL_WARNING, "%s: only %llu of the county's %llu cells are mapped%s", label,
		       (unsigned long long)mapped, (unsigned long long)result->cells, reasons);
	return LU_OK;
}
