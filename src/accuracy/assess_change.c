/* assess_change.c: a sample of change, seen as change or not, and as the classes of either date. */
#include "accuracy/assess_change.h"

#include <string.h>

#include "accuracy/growth.h"
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
	const struct lu_change_sample *sample;
	struct singles singles;
	struct lu_sample_unit *sided; /* the units again, with rows for classes */
	struct lu_growth_unit *growing;
	struct lu_growth_stratum *guesses; /* of the strata */
};

static enum lu_status add_table(struct side_job *job, const char *title, find_side find, size_t row_count,
				struct lu_error *err)
{
	struct lu_assessment *a = job->assessment;
	struct lu_assessed_table *table = &a->tables[a->table_count++];
	const struct lu_sample_unit *units = job->sample->units;
	struct lu_ratio_accuracy accuracy = {0};
	enum lu_status status;

	LU_TRY(lu_alloc(&table->rows, row_count, sizeof(*table->rows), "a table", err));
	table->title = title;
	for (size_t i = 0; i < a->labelled; i++)
		job->sided[i] = (struct lu_sample_unit){
			units[i].stratum, (uint32_t)find(a->classes[units[i].map].value, &job->singles),
			(uint32_t)find(a->classes[units[i].reference].value, &job->singles), units[i].more};
	LU_TRY(lu_ratio_accuracy_make(job->sided, (size_t)a->labelled, job->sample->sizes, job->sample->stratum_count,
				      row_count, a->intervals, &accuracy, err));
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

/* What counts: cells of any change ('class' 0), which are gained by the changed area, or those of one class. */
static bool counts(uint16_t code, uint16_t class, enum lu_growth_side side)
{
	if (class > 0)
		return lu_change_is_side(code, class, side);
	return side == LU_GAINED && side_changed(code, NULL) == 0;
}

/*
 * The maps' guess that a cell counts: P(changed) on the side that they have, and of change in all P itself, whatever they say.
 * Without P the maps are taken at their word.
 */
static double guess(const struct side_job *job, uint16_t code, double probability, uint16_t class,
		    enum lu_growth_side side)
{
	if (job->sample->probability == NULL)
		return counts(code, class, side);
	return (class == 0 && side == LU_GAINED) || counts(code, class, side) ? probability : 0;
}

static enum lu_status grow(struct side_job *job, uint16_t class, bool helped, struct lu_growth *out,
			   struct lu_error *err)
{
	const struct lu_change_sample *s = job->sample;
	const struct lu_assessment *a = job->assessment;

	for (size_t h = 0; h < s->stratum_count; h++)
		job->guesses[h] = (struct lu_growth_stratum){.size = s->sizes[h]};
	for (int side = 0; side < LU_GROWTH_SIDES; side++) {
		for (size_t i = 0; i < s->cell_count; i++) {
			const struct lu_change_cells *cells = &s->cells[i];
			job->guesses[cells->stratum].guess[side] +=
				cells->share *
				guess(job, cells->code, cells->probability, class, (enum lu_growth_side)side);
		}
		for (size_t i = 0; i < a->labelled; i++) {
			struct lu_growth_unit *unit = &job->growing[i];
			unit->stratum = s->units[i].stratum;
			unit->is[side] =
				counts(a->classes[s->units[i].reference].value, class, (enum lu_growth_side)side);
			unit->guess[side] =
				guess(job, a->classes[s->units[i].map].value,
				      s->probability != NULL ? s->probability[i] : 0, class, (enum lu_growth_side)side);
		}
	}
	return lu_growth_make(job->growing, (size_t)a->labelled, job->guesses, s->stratum_count, helped, a->intervals,
			      out, err);
}

static enum lu_status add_growth(struct side_job *job, struct lu_error *err)
{
	struct lu_assessment *a = job->assessment;
	struct lu_assessed_table *table = &a->tables[a->table_count++];
	struct lu_growth growth;
	enum lu_status status;

	LU_TRY(lu_alloc(&job->growing, (size_t)a->labelled, sizeof(*job->growing), "a table", err));
	LU_TRY(lu_alloc(&job->guesses, job->sample->stratum_count, sizeof(*job->guesses), "a table", err));
	LU_TRY(lu_alloc(&table->rows, job->singles.count, sizeof(*table->rows), "a table", err));
	table->title = "growth of classes, gained less lost";
	for (size_t k = 0; k < job->singles.count; k++) {
		LU_TRY(grow(job, job->singles.values[k], job->sample->cell_count > 0, &growth, err));
		struct lu_assessed_share *share = &table->rows[table->count++];
		share->name = lu_classed_class_name(job->classed, job->singles.values[k]);
		share->proportion = growth.net;
		share->area_ha = lu_figure_times(growth.net, a->area_ha);
		if (share->name == NULL)
			return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a table");
	}
	a->helped = job->sample->probability != NULL;
	if (!a->helped && a->intervals.wald)
		return LU_OK;
	/* Change in all, rows 'Changed' and 'Unchanged' of the first table: without help the same, by limits that know omissions. */
	LU_TRY(grow(job, 0, a->helped, &growth, err));
	struct lu_assessed_share *rows = a->tables[0].rows;
	for (int k = 0; k < 2; k++) {
		rows[k].proportion = k == 0 ? growth.side[LU_GAINED] : lu_figure_rest(growth.side[LU_GAINED]);
		rows[k].area_ha = lu_figure_times(rows[k].proportion, a->area_ha);
	}
out:
	return status;
}

enum lu_status lu_assess_change(struct lu_assessment *assessment, const struct lu_classed *classed,
				const struct lu_change_sample *sample, struct lu_error *err)
{
	struct side_job job = {.assessment = assessment, .classed = classed, .sample = sample};
	enum lu_status status;

	LU_TRY(list_singles(assessment, &job.singles, err));
	LU_TRY(lu_alloc(&job.sided, (size_t)assessment->labelled, sizeof(*job.sided), "a table", err));
	LU_TRY(add_table(&job, "change", side_changed, 2, err));
	LU_TRY(add_table(&job, "earlier date", side_before, job.singles.count, err));
	LU_TRY(add_table(&job, "later date", side_after, job.singles.count, err));
	LU_TRY(add_growth(&job, err));
out:
	lu_free(job.sided);
	lu_free(job.growing);
	lu_free(job.guesses);
	lu_free(job.singles.values);
	return status;
}
