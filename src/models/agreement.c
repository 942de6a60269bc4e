/* agreement.c: see agreement.h. */
#include "models/agreement.h"

#include <stdio.h>

#include "models/model_record.h"

enum { KEY = 64 };

static const char *key_of(enum lu_precision precision, char key[KEY])
{
	snprintf(key, KEY, "landuse:%s_agreement", lu_choice_word(LU_CHOICE_PRECISION, precision));
	return key;
}

double lu_agreement_read(const json_t *properties, enum lu_precision precision)
{
	char key[KEY];

	return json_number_value(json_object_get(json_object_get(properties, key_of(precision, key)), "share"));
}

bool lu_agreement_is_enough(double share, enum lu_precision precision)
{
	return share >= (precision == LU_PRECISION_INT8 ? 0.99 : 0.999);
}

enum lu_status lu_agreement_record(const char *folder, enum lu_precision precision,
				   const struct lu_agreement *agreement, const char *set, struct lu_error *err)
{
	char key[KEY];
	json_t *record =
		json_pack("{s:f, s:I, s:I, s:s}", "share", (double)agreement->same / (double)agreement->of, "chips",
			  (json_int_t)agreement->of, "in_training", (json_int_t)agreement->in_training, "set", set);
	const enum lu_status status = lu_model_record(folder, key_of(precision, key), record, JSON_INDENT(2), err);

	json_decref(record);
	return status;
}

bool lu_agreement_replace(json_t *properties, enum lu_precision precision, json_t *record)
{
	char key[KEY];

	for (int p = 0; p < LU_PRECISIONS; p++)
		json_object_del(properties, key_of((enum lu_precision)p, key));
	return json_object_set_new(properties, key_of(precision, key), record) == 0;
}
