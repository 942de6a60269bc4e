/* model_record.c: model.json read, changed, and written whole. */
#include "models/model_record.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

enum lu_status lu_model_record(const char *folder, const char *key, json_t *record, size_t flags, struct lu_error *err)
{
	char *path = lu_path_join(folder, "model.json"), *text = NULL;
	json_t *item = path != NULL ? json_load_file(path, 0, NULL) : NULL;
	enum lu_status status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: model.json");

	if (record != NULL && json_object_set(json_object_get(item, "properties"), key, record) == 0)
		text = json_dumps(item, flags);
	if (text != NULL)
		status = lu_file_write(path, text, strlen(text), err);
	free(text);
	json_decref(item);
	lu_free(path);
	return status;
}
