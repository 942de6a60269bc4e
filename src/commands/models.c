/* models.c: landuse models: what packages there are, whether they are whole, and adding one. */
#include "landuse/records.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "models/locate.h"
#include "models/packages.h"

static json_t *package_json(const struct lu_package *package)
{
	const struct lu_model *model = package->model;
	json_t *classes = json_array();
	json_t *json = json_pack("{s:s, s:s, s:b, s:b}", "name", package->name, "folder", package->folder, "whole",
				 model != NULL, "hidden", package->hidden);

	for (size_t i = 0; model != NULL && i < model->class_count; i++)
		json_array_append_new(classes, json_string(model->classes[i]));
	if (model == NULL) {
		json_object_set_new(json, "fault", json_string(package->fault));
		json_decref(classes);
		return json;
	}
	json_object_set_new(json, "sha256", json_string(model->sha256));
	json_object_set_new(json, "covered", json_boolean(!model->uncovered));
	json_object_set_new(json, "architecture",
			    model->architecture != NULL ? json_string(model->architecture) : json_null());
	json_object_set_new(json, "license", model->license != NULL ? json_string(model->license) : json_null());
	json_object_set_new(json, "chip_px", json_integer(model->chip_px));
	json_object_set_new(json, "gsd_m", json_real(model->gsd_m));
	json_object_set_new(json, "bands", json_integer((json_int_t)model->bands));
	json_object_set_new(json, "classes", classes);
	if (model->features > 0)
		json_object_set_new(json, "features", json_integer((json_int_t)model->features));
	return json;
}

static void write_package(FILE *to, const struct lu_package *package)
{
	const struct lu_model *model = package->model;

	if (model == NULL) {
		fprintf(to, "%-20s %-9s %s\n", package->name, "damaged", package->folder);
		return;
	}
	char classes[24] = "features";
	if (model->features == 0)
		snprintf(classes, sizeof(classes), "%zu", model->class_count);
	fprintf(to, "%-20s %-9s %8s %5d px %6.3g m  %-12s %.12s  %s\n", package->name,
		package->hidden    ? "hidden"
		: model->uncovered ? "uncovered"
				   : "whole",
		classes, model->chip_px, model->gsd_m, model->license != NULL ? model->license : "-", model->sha256,
		package->folder);
}

enum lu_status lu_models_list(bool json, char **text, struct lu_error *err)
{
	struct lu_packages packages;
	struct lu_text_stream stream;
	enum lu_status status = lu_packages_find(&packages, err);

	*text = NULL;
	if (status != LU_OK)
		return status;
	LU_TRY(lu_text_begin(&stream, "the list of models", err));
	if (json) {
		json_t *list = json_array();
		for (size_t i = 0; i < packages.count; i++)
			json_array_append_new(list, package_json(&packages.items[i]));
		json_dumpf(list, stream.to, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
		fputc('\n', stream.to);
		json_decref(list);
	} else {
		fprintf(stream.to, "%-20s %-9s %8s %8s %8s  %-12s %-12s  %s\n", "name", "state", "classes", "chip",
			"gsd", "license", "sha256", "folder");
		for (size_t i = 0; i < packages.count; i++)
			write_package(stream.to, &packages.items[i]);
	}
	LU_TRY(lu_text_finish(&stream, text, err));
out:
	lu_packages_release(&packages);
	return status;
}

static enum lu_status verify_all(char **text, struct lu_error *err)
{
	struct lu_packages packages;
	struct lu_error fault = {0};
	size_t damaged = 0;
	char *lines = lu_strdup("");
	enum lu_status status;

	LU_TRY(lu_packages_find(&packages, err));
	for (size_t i = packages.count; i-- > 0 && lines != NULL;) {
		const struct lu_package *package = &packages.items[i];
		struct lu_error own = {0};
		const bool whole = package->model != NULL && lu_model_need_covered(package->model, &own) == LU_OK;
		const char *state = whole ? "whole" : package->model != NULL ? "uncovered" : "damaged";
		char *more = lu_sprintf("%s: %s (%s)\n%s", package->name, state, package->folder, lines);
		lu_free(lines);
		lines = more;
		if (!whole) {
			damaged++;
			lu_fail(&fault, LU_ERROR_FORMAT, "%s", package->model != NULL ? own.text : package->fault);
		}
	}
	if (lines == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: the list of models");
	else if (packages.count == 0)
		status = lu_fail(err, LU_ERROR_IO,
				 "no model package on the search path (set LANDUSE_DATA to the folder above models/)");
	else if (damaged > 0)
		status = lu_fail(err, LU_ERROR_FORMAT, "%zu of %zu packages damaged, the first: %s", damaged,
				 packages.count, fault.text);
	lu_packages_release(&packages);
out:
	*text = lines;
	return status;
}

enum lu_status lu_models_verify(const char *name, char **text, struct lu_error *err)
{
	struct lu_model *model = NULL;
	char *folder = NULL;
	enum lu_status status;

	*text = NULL;
	if (name == NULL)
		return verify_all(text, err);
	LU_TRY(lu_locate_model(name, ".", &folder, err));
	LU_TRY(lu_model_read(folder, &model, err));
	LU_TRY(lu_model_need_covered(model, err));
	*text = lu_sprintf("%s: whole, SHA-256 %s (%s)\n", model->name, model->sha256, folder);
	if (*text == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", name);
out:
	lu_model_free(model);
	lu_free(folder);
	return status;
}

/* $LANDUSE_DATA/models, else models in the user's own data folder. */
static enum lu_status own_root(char **root, struct lu_error *err)
{
	const char *data = getenv("LANDUSE_DATA");

	if (data == NULL || data[0] == '\0')
		return lu_locate_user("models", root, err);
	*root = lu_path_join(data, "models");
	return *root != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
}

enum lu_status lu_models_add(const char *path, char **text, struct lu_error *err)
{
	char *root = NULL, *target = NULL, *folder = NULL;
	struct lu_model *model = NULL;
	bool already = false;
	enum lu_status status;

	*text = NULL;
	LU_TRY(own_root(&root, err));
	/* model.json itself may be named instead of its folder. */
	folder = strcmp(lu_path_name(path), "model.json") == 0 ? lu_path_folder(path) : lu_strdup(path);
	LU_TRY(folder != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path));
	LU_TRY(lu_package_copy(folder, root, &target, &already, err));
	LU_TRY(lu_model_read(target, &model, err));
	const char *use =
		model->features > 0 ? "train a head on it: landuse train .backbone =" : "use it in a job: model:";
	struct lu_error doubt = {0};
	const bool covered = lu_model_need_covered(model, &doubt) == LU_OK;
	*text = lu_sprintf("%s: %s %s\n%s%s%s %s\n", lu_path_name(target), already ? "is there already," : "added,",
			   target, doubt.text, covered ? "" : "\n", use, lu_path_name(target));
	if (*text == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
out:
	lu_model_free(model);
	lu_free(target);
	lu_free(folder);
	lu_free(root);
	return status;
}
