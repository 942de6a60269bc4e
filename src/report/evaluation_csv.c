/* evaluation_csv.c: tables of an evaluation, and the folder of all its files. See evaluation.h. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/memory.h"
#include "report/evaluation.h"

static void per_class_table(const struct lu_evaluation *evaluation, struct lu_csv *csv)
{
	static const char *const header[] = {"scheme",  "class",     "support", "predicted",
					     "correct", "precision", "recall",  "f1"};

	lu_csv_row(csv, header, sizeof(header) / sizeof(header[0]));
	for (size_t i = 0; i < evaluation->view_count; i++) {
		const struct lu_evaluation_view *v = &evaluation->views[i];
		for (size_t k = 0; k < v->view.class_count; k++) {
			const struct lu_class_metrics *class = &v->metrics.classes[k];
			lu_csv_text(csv, v->view.name);
			lu_csv_text(csv, v->view.classes[k]);
			lu_csv_count(csv, class->support);
			lu_csv_count(csv, class->predicted);
			lu_csv_count(csv, class->right);
			lu_csv_fixed(csv, class->precision, 6);
			lu_csv_fixed(csv, class->recall, 6);
			lu_csv_fixed(csv, class->f1, 6);
			lu_csv_end_row(csv);
		}
	}
}

/* Rows = map, columns = reference: counts, and below them shares of the reference class. */
static void confusion_table(const struct lu_evaluation_view *v, struct lu_csv *csv)
{
	const size_t classes = v->view.class_count;

	lu_csv_text(csv, "cells");
	lu_csv_text(csv, "map \\ reference");
	for (size_t k = 0; k < classes; k++)
		lu_csv_text(csv, v->view.classes[k]);
	lu_csv_end_row(csv);
	for (int shares = 0; shares < 2; shares++) {
		for (size_t row = 0; row < classes; row++) {
			lu_csv_text(csv, shares ? "share of reference" : "chips");
			lu_csv_text(csv, v->view.classes[row]);
			for (size_t col = 0; col < classes; col++) {
				const uint64_t n = v->metrics.confusion[row * classes + col];
				if (shares)
					lu_csv_fixed(csv, (double)n / (double)v->metrics.classes[col].support, 6);
				else
					lu_csv_count(csv, n);
			}
			lu_csv_end_row(csv);
		}
	}
}

enum lu_status lu_evaluation_csv(const struct lu_evaluation *evaluation, char **text, struct lu_error *err)
{
	struct lu_csv csv = {0};

	per_class_table(evaluation, &csv);
	*text = csv.failed ? NULL : lu_strndup(csv.text, csv.size);
	lu_csv_release(&csv);
	return *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a table");
}

static enum lu_status write_text(const char *folder, const char *name, const char *text, struct lu_error *err)
{
	char *path = lu_path_join(folder, name);
	const enum lu_status status = path != NULL && text != NULL
					      ? lu_file_write(path, text, strlen(text), err)
					      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", name);

	lu_free(path);
	return status;
}

/* confusion.csv and confusion.svg of view 'i'. */
static enum lu_status write_view(const struct lu_evaluation *evaluation, size_t i, const char *folder,
				 struct lu_error *err)
{
	const struct lu_evaluation_view *v = &evaluation->views[i];
	struct lu_csv csv = {0};
	char *svg = NULL;
	char *table = i == 0 ? lu_strdup("confusion.csv") : lu_sprintf("confusion_%s.csv", v->view.name);
	char *picture = i == 0 ? lu_strdup("confusion.svg") : lu_sprintf("confusion_%s.svg", v->view.name);
	char *path = table != NULL && picture != NULL ? lu_path_join(folder, table) : NULL;
	enum lu_status status = LU_OK;

	confusion_table(v, &csv);
	LU_TRY(path != NULL ? lu_csv_write(&csv, path, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_confusion_svg(v, &svg, err));
	LU_TRY(write_text(folder, picture, svg, err));
out:
	lu_csv_release(&csv);
	lu_free(svg);
	lu_free(path);
	lu_free(table);
	lu_free(picture);
	return status;
}

enum lu_status lu_evaluation_names(struct lu_output_names *names, struct lu_error *err)
{
	static const char *const written[] = {"per_class.csv",   "confusion.csv", "confusion.svg", "confusion_*.csv",
					      "confusion_*.svg", "mistakes.csv",  "mistakes.svg",  "evaluation.json"};
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
		LU_TRY(lu_output_names_match(names, "", written[i], err));
out:
	return status;
}

enum lu_status lu_evaluation_write(const struct lu_evaluation *evaluation, const char *folder, struct lu_error *err)
{
	char *json = NULL, *csv = NULL;
	char *whole = lu_path_join(folder, "evaluation.json");
	enum lu_status status;

	LU_TRY(whole != NULL ? lu_folder_make(folder, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	/* It stands for the rest: what stops among the tables leaves none that speaks for two evaluations. */
	if (unlink(whole) != 0 && errno != ENOENT) {
		status = lu_fail_errno(err, whole, "replace");
		goto out;
	}
	LU_TRY(lu_evaluation_csv(evaluation, &csv, err));
	LU_TRY(write_text(folder, "per_class.csv", csv, err));
	for (size_t i = 0; i < evaluation->view_count; i++)
		LU_TRY(write_view(evaluation, i, folder, err));
	LU_TRY(lu_contact_sheet(evaluation, folder, err));
	/* Last, so that it stands for the rest. */
	LU_TRY(lu_evaluation_json(evaluation, &json, err));
	LU_TRY(write_text(folder, "evaluation.json", json, err));
out:
	lu_free(json);
	lu_free(csv);
	lu_free(whole);
	return status;
}
