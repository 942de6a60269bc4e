/* model_record.h: one more fact in the model.json of a package that is there. */
#ifndef LU_MODELS_MODEL_RECORD_H
#define LU_MODELS_MODEL_RECORD_H

#include <jansson.h>

#include "base/error.h"

/*
 * Write 'record' (borrowed; NULL: memory is out) durably as the property 'key' of FOLDER/model.json, in place of one of that
 * name. 'flags' are those of json_dumps.
 */
enum lu_status lu_model_record(const char *folder, const char *key, json_t *record, size_t flags, struct lu_error *err);

#endif
