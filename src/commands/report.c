/* report.c: report.html, its figures and county.qgz of outputs that are there already. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/beside.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/outputs.h"
#include "commands/browser.h"
#include "commands/report_pages.h"
#include "landuse/commands.h"
#include "report/page.h"
#include "report/project.h"
#include "report/stac_catalogue.h"
#include "runs/manifest.h"

enum { LARGEST_MANIFEST = 64 << 20 };

struct listing {
	struct lu_outputs outputs;
	struct lu_page_imagery *imagery; /* texts are the manifest's */
	size_t imagery_count;
	json_t *manifest;
	bool printed; /* the manifest lists report.pdf */
};

/* What a run lists before it makes the report of it: not the report, nor what lies beside a map. */
static bool is_listed(const char *name)
{
	return strcmp(name, LU_PAGE_NAME) != 0 && strcmp(name, LU_PAGE_PRINTED) != 0 &&
	       strcmp(name, LU_PROJECT_NAME) != 0 && !lu_is_beside(name, NULL) &&
	       strncmp(name, LU_STAC_FOLDER "/", strlen(LU_STAC_FOLDER "/")) != 0 &&
	       strncmp(name, LU_CHARTS_FOLDER "/", strlen(LU_CHARTS_FOLDER "/")) != 0;
}

static enum lu_status list_outputs(const char *folder, struct listing *listing, struct lu_error *err)
{
	const json_t *outputs = json_object_get(listing->manifest, "outputs"), *output;
	enum lu_status status = LU_OK;
	size_t i;

	json_array_foreach(outputs, i, output)
	{
		const char *name = json_string_value(json_object_get(output, "path"));
		listing->printed |= name != NULL && strcmp(name, LU_PAGE_PRINTED) == 0;
		char *path = name != NULL && is_listed(name) ? lu_path_join(folder, name) : NULL;
		/* A file that was taken away is left out, and so is one that the manifest has no business to name. */
		const bool there = path != NULL && name[0] != '/' && strstr(name, "..") == NULL && lu_file_exists(path);
		lu_free(path);
		if (there)
			LU_TRY(lu_outputs_add(&listing->outputs, err, "%s", name));
	}
out:
	return status;
}

static enum lu_status list_imagery(struct listing *listing, struct lu_error *err)
{
	const json_t *dates = json_object_get(listing->manifest, "dates"), *date, *file;
	enum lu_status status = LU_OK;
	size_t i, k;

	json_array_foreach(dates, i, date)
	{
		const char *label = json_string_value(json_object_get(date, "date"));
		json_array_foreach(json_object_get(date, "imagery"), k, file)
		{
			if (label == NULL || !json_is_string(file))
				continue;
			LU_TRY(lu_grow(&listing->imagery, listing->imagery_count + 1, sizeof(*listing->imagery),
				       "imagery", err));
			listing->imagery[listing->imagery_count++] =
				(struct lu_page_imagery){label, json_string_value(file)};
		}
	}
out:
	return status;
}

static enum lu_status read_manifest(const char *folder, struct listing *listing, struct lu_error *err)
{
	char *path = lu_path_join(folder, "manifest.json"), *bytes = NULL;
	enum lu_status status;
	size_t size;

	LU_TRY(path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if (!lu_file_exists(path)) {
		status = lu_fail(
			err, LU_ERROR_ARGUMENT,
			"%s: no manifest.json: expected the output folder of a run that has ended (landuse run)",
			folder);
		goto out;
	}
	LU_TRY(lu_file_read(path, LARGEST_MANIFEST, &bytes, &size, err));
	listing->manifest = json_loadb(bytes, size, 0, NULL);
	if (!json_is_array(json_object_get(listing->manifest, "outputs")))
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: not a manifest as landuse writes it (run the job again)",
				 path);
out:
	lu_free(bytes);
	lu_free(path);
	return status;
}

enum lu_status lu_report(const struct lu_report_options *options, char **text, struct lu_error *err)
{
	const char *folder = options->folder;
	struct listing listing = {0};
	struct lu_outputs made = {0};
	struct lu_lock *lock = NULL;
	char *browser = NULL;
	enum lu_status status;

	*text = NULL;
	LU_TRY(read_manifest(folder, &listing, err));
	LU_TRY(lu_lock_take(folder, &lock, err));
	LU_TRY(list_outputs(folder, &listing, err));
	LU_TRY(list_imagery(&listing, err));
	const bool printed = options->pdf || listing.printed;
	if (printed)
		LU_TRY(lu_browser_find(LU_PAGE_PRINTED, &browser, err));
	const struct lu_page_files files = {.folder = folder,
					    .paths = listing.outputs.paths,
					    .count = listing.outputs.count,
					    .imagery = listing.imagery,
					    .imagery_count = listing.imagery_count};
	LU_TRY(lu_report_pages_write(&files, printed, options->hooks, &made, err));
	LU_TRY(lu_manifest_renew(folder, &made, err));
	*text = lu_sprintf("%s/" LU_PAGE_NAME "\n%s/" LU_PROJECT_NAME "\n%s%s", folder, folder, printed ? folder : "",
			   printed ? "/" LU_PAGE_PRINTED "\n" : "");
	LU_TRY(*text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the summary"));
out:
	lu_lock_drop(lock);
	json_decref(listing.manifest);
	lu_free(browser);
	lu_free(listing.imagery);
	lu_outputs_release(&listing.outputs);
	lu_outputs_release(&made);
	return status;
}
