/* assess_change.c: a sample of change, seen as change or not, and as the classes of either date. */
#include "accuracy/assess_change.h"

#include <string.h>

#include "base/memory.h"
#include "maps/transition.h"

/* The classes of single dates among the codes, ascending. */
struct singles {
	uint16_t *values;
	size_t count;
};

static size_t place_of(uint16_t value, const struct singles *singles)
{
	size_t at = 0;

	while (at < singles->count && singles->values[at] < value)
		at++;
	return at;
}

/* The row of a table that a change code belongs to. */
typedef size_t (*find_side)(uint16_t code, const struct singles *singles);

static size_t side_changed(uint16_t code, const struct singles *singles)
{
	uint16_t before, after;

	(void)singles;
	lu_change_decode(code, &before, &after);
	return before == after;
}

static size_t side_before(uint16_t code, const struct singles *singles)
{
	uint16_t before, after;

	lu_change_decode(code, &before, &after);
	return place_of(before, singles);
}

static size_t side_after(uint16_t code, const struct singles *singles)
{
	uint16_t before, after;

	lu_change_decode(code, &before, &after);
	return place_of(after, singles);
}

static enum lu_status list_singles(const struct lu_assessment *a, struct singles *singles, struct lu_error *err)
{
	const enum lu_status status =
		lu_alloc(&singles->values, 2 * a->count, sizeof(*singles->values), "classes", err);

	for (size_t i = 0; i < 2 * a->count && status == LU_OK; i++) {
		uint16_t sides[2];
		lu_change_decode(a->classes[i / 2].value, &sides[0], &sides[1]);
		const uint16_t value = sides[i % 2];
		const size_t at = place_of(value, singles);
		if (at < singles->count && singles->values[at] == value)
			continue;
		memmove(&singles->values[at + 1], &singles->values[at], (singles->count - at) * sizeof(value));
		singles->values[at] = value;
		singles->count++;
	}
	return status;
}

/* What the rows of every table rest on. */
struct side_job {
	struct lu_assessment *assessment;
	const struct lu_classed *classed;
	const struct lu_sample_unit *units;
	const double *sizes;
	size_t stratum_count;
	struct singles singles;
	struct lu_sample_unit *sided; /* the units again, with rows for classes */
};

static enum lu_status add_table(struct side_job *job, const char *title, find_side find, size_t row_count,
				struct lu_error *err)
{
	struct lu_assessment *a = job->assessment;
	struct lu_assessed_table *table = &a->tables[a->table_count++];
	struct lu_ratio_accuracy accuracy = {0};
	enum lu_status status;

	LU_TRY(lu_alloc(&table->rows, row_count, sizeof(*table->rows), "a table", err));
	table->title = title;
	for (size_t i = 0; i < a->labelled; i++)
		job->sided[i] = (struct lu_sample_unit){
			job->units[i].stratum, (uint32_t)find(a->classes[job->units[i].map].value, &job->singles),
			(uint32_t)find(a->classes[job->units[i].reference].value, &job->singles), job->units[i].more};
	LU_TRY(lu_ratio_accuracy_make(job->sided, (size_t)a->labelled, job->sizes, job->stratum_count, row_count,
				      a->intervals, &accuracy, err));
	for (size_t k = 0; k < row_count; k++) {
		struct lu_assessed_share *share = &table->rows[table->count++];
		share->name = find == side_changed ? lu_strdup(k == 0 ? "Changed" : "Unchanged")
						   : lu_classed_class_name(job->classed, job->singles.values[k]);
		share->proportion = accuracy.classes[k].proportion;
		share->area_ha = lu_figure_times(share->proportion, a->area_ha);
		if (share->name == NULL) {
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a table");
			goto out;
		}
	}
out:
	lu_ratio_accuracy_release(&accuracy);
	return status;
}

enum lu_status lu_assess_change(struct lu_assessment *assessment, const struct lu_classed *classed,
				const struct lu_sample_unit *units, const double *sizes, size_t stratum_count,
				struct lu_error *err)
{
	struct side_job job = {.assessment = assessment,
			       .classed = classed,
			       .units = units,
			       .sizes = sizes,
			       .stratum_count = stratum_count};
	enum lu_status status;

	LU_TRY(list_singles(assessment, &job.singles, err));
	LU_TRY(lu_alloc(&job.sided, (size_t)assessment->labelled, sizeof(*job.sided), "a table", err));
	LU_TRY(add_table(&job, "change", side_changed, 2, err));
	LU_TRY(add_table(&job, "earlier date", side_before, job.singles.count, err));
	LU_TRY(add_table(&job, "later date", side_after, job.singles.count, err));
out:
	lu_free(job.sided);
	lu_free(job.singles.values);
	return status;
}
