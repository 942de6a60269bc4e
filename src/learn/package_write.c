/*
 * package_write.c: a trained head becomes a model package. See training.h.
 *
 * The ONNX file is one ordinary network, from pixels to probabilities. What it expects of pixels is
 * the backbone's; the figures are those of the held-out chips. model.json is written last: a package
 * without it is none.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "learn/training.h"
#include "models/class_color.h"
#include "models/locate.h"
#include "models/scheme.h"
#include "nn/onnx_write.h"

const char *lu_package_name(const struct lu_training *t)
{
	return lu_path_name(t->task->output);
}

double lu_package_gsd_m(const struct lu_training *t)
{
	if (t->task->gsd_m > 0)
		return t->task->gsd_m;
	return t->backbone->model->gsd_m > 0 ? t->backbone->model->gsd_m : 1;
}

/* The classes' names as a JSON list; free it. NULL when memory is out. */
static char *class_names(const struct lu_training *t)
{
	json_t *names = json_array();
	bool ok = names != NULL;

	for (size_t k = 0; k < t->set->class_count; k++)
		ok = json_array_append_new(names, json_string(t->set->classes[k])) == 0 && ok;
	char *text = ok ? json_dumps(names, 0) : NULL;
	json_decref(names);
	return text;
}

/* What goes into the ONNX file's own metadata, for programs that see only that. */
static enum lu_status annotate(const struct lu_training *t, struct lu_onnx *onnx, struct lu_error *err)
{
	char *classes = class_names(t);
	char *gsd = lu_sprintf("%g", lu_package_gsd_m(t));
	const struct {
		const char *key, *value;
	} entries[] = {{"landuse:name", lu_package_name(t)},
		       {"landuse:classes", classes},
		       {"landuse:gsd_m", gsd},
		       {"landuse:backbone", t->backbone->model->name},
		       {"landuse:backbone_sha256", t->backbone->model->sha256},
		       {"landuse:software", lu_version()}};
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		LU_TRY(entries[i].value != NULL ? lu_onnx_annotate(onnx, entries[i].key, entries[i].value, err)
						: lu_fail(err, LU_ERROR_MEMORY, "out of memory: metadata"));
out:
	free(classes);
	lu_free(gsd);
	return status;
}

static enum lu_status write_onnx(const struct lu_training *t, const char *path, struct lu_error *err)
{
	struct lu_onnx *onnx = NULL;
	char *bytes = NULL;
	size_t size;
	enum lu_status status;

	LU_TRY(lu_onnx_open(t->backbone->model->onnx_path, &onnx, err));
	LU_TRY(lu_onnx_cut(onnx, t->backbone->layer, err));
	LU_TRY(t->kind->append(&t->head, t->temperature, onnx, err));
	LU_TRY(annotate(t, onnx, err));
	LU_TRY(lu_onnx_pack(onnx, &bytes, &size, err));
	LU_TRY(lu_file_write(path, bytes, size, err));
out:
	lu_free(bytes);
	lu_onnx_close(onnx);
	return status;
}

/* A text in YAML's double quotes: JSON's are that too. */
static void put_quoted(FILE *to, const char *text)
{
	json_t *string = json_string(text);
	char *quoted = string != NULL ? json_dumps(string, JSON_ENCODE_ANY) : NULL;

	fputs(quoted != NULL ? quoted : "\"\"", to);
	free(quoted);
	json_decref(string);
}

/* Finish 'stream' as the file 'path'. */
static enum lu_status write_text(struct lu_text_stream *stream, const char *path, struct lu_error *err)
{
	char *text;
	enum lu_status status;

	LU_TRY(lu_text_finish(stream, &text, err));
	LU_TRY(lu_file_write(path, text, stream->length, err));
out:
	lu_free(text);
	return status;
}

/* The scheme of a model of its own classes: each is a class of the map. */
static enum lu_status write_scheme(const struct lu_training *t, const char *path, struct lu_error *err)
{
	struct lu_text_stream stream;
	enum lu_status status = lu_text_begin(&stream, "a scheme", err);

	if (status != LU_OK)
		return status;
	FILE *to = stream.to;
	fputs("# The model's own classes, each a class of the map. Edit a copy to gather some of them.\nname: ", to);
	put_quoted(to, lu_package_name(t));
	fputs("\nversion: 1\nclasses:\n", to);
	for (size_t k = 0; k < t->set->class_count; k++) {
		char hex[7];
		lu_class_color(t->set->classes[k], k, hex);
		fprintf(to, "  - {value: %zu, name: ", k + 1);
		put_quoted(to, t->set->classes[k]);
		fprintf(to, ", color: \"#%s\", from: [", hex);
		put_quoted(to, t->set->classes[k]);
		fputs("]}\n", to);
	}
	return write_text(&stream, path, err);
}

static bool binds(const struct lu_training *t, const char *name)
{
	struct lu_scheme *scheme = NULL;
	struct lu_error err = {0};
	char *path = NULL;
	int *map = NULL;
	const bool good =
		name != NULL && lu_locate_scheme(name, ".", &path, &err) == LU_OK &&
		lu_scheme_read(path, &scheme, &err) == LU_OK &&
		lu_alloc(&map, t->set->class_count, sizeof(int), "classes", &err) == LU_OK &&
		lu_scheme_bind(scheme, (const char *const *)t->set->classes, t->set->class_count, map, &err) == LU_OK;

	lu_free(map);
	lu_free(path);
	lu_scheme_free(scheme);
	return good;
}

/*
 * The scheme that labelled the chips, or else the backbone's, where it gathers just these classes: then maps
 * stay comparable with others of it. NULL where neither does.
 */
static const char *known_scheme(const struct lu_training *t)
{
	const char *const names[] = {t->set->scheme, t->backbone->model->default_scheme};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (binds(t, names[i]))
			return names[i];
	return NULL;
}

/* Of so many chips a share is known to 15 points either way. */
enum { FEW_CHIPS = 30 };

/* A class of which few chips were held out: its figures are hardly known, however many chips there are in all. */
static void write_few(const struct lu_training *t, FILE *to)
{
	bool any = false;

	for (size_t k = 0; k < t->set->class_count; k++) {
		const unsigned long long chips = t->metrics.classes[k].support;
		if (chips >= FEW_CHIPS)
			continue;
		fprintf(to, "%s%s (%llu)", any ? ", " : "Fewer than 30 chips were held out of: ", t->set->classes[k],
			chips);
		any = true;
	}
	if (any)
		fputs(". What is said below of these classes may be 15 points off or more.\n\n", to);
}

/* What a person needs to know of the model before trusting it. */
static enum lu_status write_card(const struct lu_training *t, const char *path, struct lu_error *err)
{
	const struct lu_metrics *m = &t->metrics;
	char setting[64], figures[3][LU_FIGURE_TEXT];
	struct lu_text_stream stream;
	const enum lu_status status = lu_text_begin(&stream, "a model card", err);

	if (status != LU_OK)
		return status;
	FILE *to = stream.to;
	t->kind->describe(&t->trials[t->chosen].setting, setting);
	fprintf(to, "# %s\n\n%zu classes, %s (%s) on the frozen features of %s (layer `%s`), by landuse %s.\n\n",
		lu_package_name(t), t->set->class_count, t->kind->title, setting, t->backbone->model->name,
		t->backbone->layer, lu_version());
	fprintf(to,
		"Fitted to %zu chips. On %llu chips held out (%s): overall accuracy %.2f %% (95 %% interval %.2f to "
		"%.2f %%, of %zu blocks, design effect %.2f), kappa %s, calibration error %.4f, where a calibrated "
		"model would "
		"show %.4f on as few chips",
		t->learned, (unsigned long long)m->n,
		t->blocks > 0 ? "cross-validation that keeps blocks together" : "the set's validate split",
		100 * m->accuracy, 100 * t->by_blocks.low, 100 * t->by_blocks.high, t->by_blocks.blocks,
		t->by_blocks.design_effect, lu_figure_text(m->kappa, figures[0]), m->ece, t->ece_by_chance);
	if (t->temperature == t->trials[t->chosen].tried)
		fprintf(to, " (%.4f before the temperature of %.3f).\n\n", t->ece_before, t->temperature);
	else
		fprintf(to,
			"; a temperature of %.3f leaves %.4f on chips that it was not found on, and is not used.\n\n",
			t->trials[t->chosen].tried, t->trials[t->chosen].ece_tried);
	if (t->held_out_known > 0)
		fprintf(to,
			"%zu of the chips held out were in the training of the backbone %s, so these figures flatter "
			"the "
			"model: what it does on ground that neither has seen is not known.\n\n",
			t->held_out_known, t->backbone->model->name);
	write_few(t, to);
	fputs("These are figures of labelled chips, not a map's accuracy: `landuse sample` and `landuse assess` "
	      "estimate that.\n\n"
	      "| class | chips held out | precision | recall | F1 |\n|---|---|---|---|---|\n",
	      to);
	for (size_t k = 0; k < m->class_count; k++)
		fprintf(to, "| %s | %llu | %s | %s | %s |\n", t->set->classes[k],
			(unsigned long long)m->classes[k].support, lu_figure_text(m->classes[k].precision, figures[0]),
			lu_figure_text(m->classes[k].recall, figures[1]), lu_figure_text(m->classes[k].f1, figures[2]));
	return write_text(&stream, path, err);
}

const char *const lu_package_files[LU_PACKAGE_FILES] = {"model.onnx", "scheme.yaml", "README.md", "left_out.csv",
							"model.json"};

enum lu_status lu_package_write(const struct lu_training *t, struct lu_error *err)
{
	const char *folder = t->task->output;
	/* A map's values end at LU_SCHEME_HIGHEST_VALUE: a model of more classes needs a scheme by hand. */
	const char *known = known_scheme(t);
	const bool own = known == NULL && t->set->class_count <= LU_SCHEME_HIGHEST_VALUE;
	char *paths[LU_PACKAGE_FILES];
	enum lu_status status = LU_OK;

	for (int i = 0; i < LU_PACKAGE_FILES; i++) {
		paths[i] = lu_path_join(folder, lu_package_files[i]);
		if (paths[i] == NULL)
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	}
	if (status != LU_OK)
		goto out;
	LU_TRY(lu_folder_make(folder, err));
	LU_TRY(write_onnx(t, paths[0], err));
	if (own)
		LU_TRY(write_scheme(t, paths[1], err));
	LU_TRY(write_card(t, paths[2], err));
	LU_TRY(lu_left_out_write(&t->left_out, t->set, paths[3], err));
	LU_TRY(lu_package_item_write(t, paths[0], known != NULL ? known : own ? "./scheme.yaml" : NULL, paths[4], err));
out:
	for (int i = 0; i < LU_PACKAGE_FILES; i++)
		lu_free(paths[i]);
	return status;
}
