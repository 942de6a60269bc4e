/* outputs.c: names as they come; a folder of pictures, and that of a catalogue's items, is told in one line. */
#include "base/outputs.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/memory.h"

enum lu_status lu_outputs_add(struct lu_outputs *outputs, struct lu_error *err, const char *format, ...)
{
	char path[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(path, sizeof(path), format, arguments);
	va_end(arguments);
	/* The table of output_names.c is what inputs are compared with: it must not lack a name. */
	assert(outputs->names == NULL || lu_output_names_hold(outputs->names, path));
	enum lu_status status =
		lu_grow(&outputs->paths, outputs->count + 1, sizeof(char *), "the list of outputs", err);
	if (status != LU_OK)
		return status;
	outputs->paths[outputs->count] = lu_strdup(path);
	if (outputs->paths[outputs->count] == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: the list of outputs");
	outputs->count++;
	return LU_OK;
}

bool lu_outputs_keep(const struct lu_outputs *outputs, const char *path, const char *made_of)
{
	const struct lu_keeper *keeper = outputs->keeper;

	return keeper != NULL && keeper->keep(keeper->user, path, made_of);
}

/* Bytes of "…/pictures/", "charts/" or "stac/" at the front of 'path', or 0; '*what' is what lies there. */
static size_t folder_of_many(const char *path, const char **what)
{
	static const char pictures[] = "/pictures/", charts[] = "charts/", items[] = "stac/";
	const char *at = strstr(path, pictures);
	const bool figure = strncmp(path, charts, strlen(charts)) == 0;

	*what = at != NULL ? "pictures" : figure ? "figures" : "files for programs";
	if (at != NULL)
		return (size_t)(at - path) + strlen(pictures);
	if (figure)
		return strlen(charts);
	return strncmp(path, items, strlen(items)) == 0 ? strlen(items) : 0;
}

void lu_outputs_print(FILE *to, const struct lu_outputs *outputs)
{
	for (size_t i = 0, next; i < outputs->count; i = next) {
		const char *what;
		const size_t folder = folder_of_many(outputs->paths[i], &what);
		next = i + 1;
		while (folder > 0 && next < outputs->count &&
		       strncmp(outputs->paths[next], outputs->paths[i], folder) == 0)
			next++;
		if (folder > 0)
			fprintf(to, "  %.*s (%zu %s)\n", (int)folder, outputs->paths[i], next - i, what);
		else
			fprintf(to, "  %s\n", outputs->paths[i]);
	}
}

void lu_outputs_release(struct lu_outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++)
		lu_free(outputs->paths[i]);
	lu_free(outputs->paths);
	*outputs = (struct lu_outputs){0};
}
