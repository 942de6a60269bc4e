/* assess_csv.c: an assessment as three tables. What is not known is empty. */
#include <math.h>

#include "accuracy/assessment.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/memory.h"

enum { SHARE_DECIMALS = 6, AREA_DECIMALS = 4 };

const char *const lu_assessment_tables[LU_ASSESSMENT_TABLES] = {"error_matrix.csv", "error_matrix_proportions.csv",
								"class_accuracy.csv", "zone_areas.csv"};

static enum lu_status write_table(struct lu_csv *csv, const char *folder, const char *name, struct lu_error *err)
{
	char *path = lu_path_join(folder, name);
	const enum lu_status status =
		path != NULL ? lu_csv_write(csv, path, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");

	lu_free(path);
	lu_csv_release(csv);
	return status;
}

static enum lu_status write_matrix(const struct lu_assessment *a, bool counts, const char *folder, struct lu_error *err)
{
	struct lu_csv csv = {0};

	lu_csv_text(&csv, "map\\reference");
	for (size_t j = 0; j < a->count; j++)
		lu_csv_text(&csv, a->classes[j].name);
	lu_csv_end_row(&csv);
	for (size_t i = 0; i < a->count; i++) {
		lu_csv_text(&csv, a->classes[i].name);
		for (size_t j = 0; j < a->count; j++) {
			if (counts)
				lu_csv_count(&csv, a->counts[i * a->count + j]);
			else
				lu_csv_fixed(&csv, a->proportions[i * a->count + j], 9);
		}
		lu_csv_end_row(&csv);
	}
	return write_table(&csv, folder, lu_assessment_tables[counts ? 0 : 1], err);
}

static void add_figure(struct lu_csv *csv, struct lu_figure figure, int decimals)
{
	lu_csv_fixed(csv, figure.known ? figure.value : NAN, decimals);
	lu_csv_fixed(csv, figure.known && figure.se_known ? figure.se : NAN, decimals);
	lu_csv_fixed(csv, figure.bounded ? figure.within.low : NAN, decimals);
	lu_csv_fixed(csv, figure.bounded ? figure.within.high : NAN, decimals);
}

enum { FIGURE_COLUMNS = 4 };

/* The heads of a figure's columns. */
static void add_heads(struct lu_csv *csv, const struct lu_assessment *a, const char *name)
{
	char head[64];

	lu_csv_text(csv, name);
	snprintf(head, sizeof(head), "%s_se", name);
	lu_csv_text(csv, head);
	snprintf(head, sizeof(head), "%s_low_%g", name, a->intervals.percent);
	lu_csv_text(csv, head);
	snprintf(head, sizeof(head), "%s_high_%g", name, a->intervals.percent);
	lu_csv_text(csv, head);
}

static void skip(struct lu_csv *csv, int columns)
{
	for (int i = 0; i < columns; i++)
		lu_csv_text(csv, NULL);
}

static enum lu_status write_classes(const struct lu_assessment *a, const char *folder, struct lu_error *err)
{
	static const char *const first[] = {"class", "name", "map_sample", "reference_sample"};
	const struct lu_figure none = {0};
	struct lu_csv csv = {0};

	for (size_t i = 0; i < 4; i++)
		lu_csv_text(&csv, first[i]);
	add_heads(&csv, a, "users_accuracy");
	add_heads(&csv, a, "producers_accuracy");
	add_heads(&csv, a, "proportion");
	lu_csv_text(&csv, "mapped_ha");
	add_heads(&csv, a, "adjusted_ha");
	lu_csv_end_row(&csv);
	for (size_t i = 0; i < a->count; i++) {
		const struct lu_assessed_class *class = &a->classes[i];
		if (class->value > 0)
			lu_csv_count(&csv, class->value);
		else
			lu_csv_text(&csv, NULL);
		lu_csv_text(&csv, class->name);
		lu_csv_count(&csv, class->map_sample);
		lu_csv_count(&csv, class->reference_sample);
		add_figure(&csv, class->users, SHARE_DECIMALS);
		add_figure(&csv, class->producers, SHARE_DECIMALS);
		add_figure(&csv, class->proportion, SHARE_DECIMALS);
		lu_csv_fixed(&csv, a->has_areas && class->mapped_ha >= 0 ? class->mapped_ha : NAN, AREA_DECIMALS);
		add_figure(&csv, a->has_areas ? class->area_ha : none, AREA_DECIMALS);
		lu_csv_end_row(&csv);
	}
	lu_csv_text(&csv, NULL);
	lu_csv_text(&csv, "overall accuracy");
	lu_csv_count(&csv, a->labelled);
	lu_csv_count(&csv, a->labelled);
	add_figure(&csv, a->overall, SHARE_DECIMALS);
	skip(&csv, 3 * FIGURE_COLUMNS + 1);
	lu_csv_end_row(&csv);
	for (size_t t = 0; t < a->table_count; t++) {
		for (size_t i = 0; i < a->tables[t].count; i++) {
			char *name = lu_sprintf("%s: %s", a->tables[t].title, a->tables[t].rows[i].name);
			lu_csv_text(&csv, NULL);
			lu_csv_text(&csv, name);
			skip(&csv, 2 + 2 * FIGURE_COLUMNS);
			add_figure(&csv, a->tables[t].rows[i].proportion, SHARE_DECIMALS);
			lu_csv_text(&csv, NULL);
			add_figure(&csv, a->tables[t].rows[i].area_ha, AREA_DECIMALS);
			lu_csv_end_row(&csv);
			lu_free(name);
		}
	}
	return write_table(&csv, folder, lu_assessment_tables[2], err);
}

static enum lu_status write_zones(const struct lu_assessment *a, const char *folder, struct lu_error *err)
{
	static const char *const first[] = {"zone", "estimation", "labelled", "class", "name", "mapped_ha"};
	struct lu_csv csv = {0};

	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		lu_csv_text(&csv, first[i]);
	add_heads(&csv, a, "adjusted_ha");
	lu_csv_end_row(&csv);
	for (size_t z = 0; z < a->zone_count; z++) {
		for (size_t i = 0; i < a->count; i++) {
			lu_csv_text(&csv, a->zones[z].name);
			lu_csv_text(&csv, a->zones[z].synthetic ? "synthetic" : "post-stratified");
			lu_csv_count(&csv, a->zones[z].labelled);
			lu_csv_count(&csv, a->classes[i].value);
			lu_csv_text(&csv, a->classes[i].name);
			lu_csv_fixed(&csv, a->zones[z].classes[i].mapped_ha, AREA_DECIMALS);
			add_figure(&csv, a->zones[z].classes[i].area_ha, AREA_DECIMALS);
			lu_csv_end_row(&csv);
		}
	}
	return write_table(&csv, folder, lu_assessment_tables[3], err);
}

enum lu_status lu_assessment_csv(const char *folder, const struct lu_assessment *assessment, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_folder_make(folder, err));
	LU_TRY(write_matrix(assessment, true, folder, err));
	LU_TRY(write_matrix(assessment, false, folder, err));
	LU_TRY(write_classes(assessment, folder, err));
	if (assessment->zone_count > 0)
		LU_TRY(write_zones(assessment, folder, err));
out:
	return status;
}
