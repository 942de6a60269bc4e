/* record.c: a run as a row of the history. See record.h. */
#include "commands/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hooks.h"

enum lu_status lu_set_fingerprint(const struct lu_labelled_set *set, const char (*sha256)[LU_SHA256_HEX],
				  char hex[LU_SHA256_HEX], struct lu_error *err)
{
	struct lu_sha256 *hash = NULL;
	const enum lu_status status = lu_sha256_new(&hash, err);

	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < set->chip_count; i++) {
		const char *class = set->classes[set->chips[i].class],
			   *split = lu_choice_word(LU_CHOICE_SPLIT, set->chips[i].split);
		lu_sha256_add(hash, class, strlen(class) + 1);
		lu_sha256_add(hash, split, strlen(split) + 1);
		lu_sha256_add(hash, sha256[i], strlen(sha256[i]) + 1);
	}
	lu_sha256_hex(hash, hex);
	lu_sha256_free(hash);
	return LU_OK;
}

void lu_record(const char *path, const struct lu_history_run *run, const struct lu_labelled_set *set,
	       const char (*sha256)[LU_SHA256_HEX], const struct lu_metrics *metrics, json_t *parameters,
	       const struct lu_hooks *hooks)
{
	const struct lu_history_metric all[] = {{"overall_accuracy", metrics->accuracy},
						{"kappa", metrics->kappa},
						{"f1", metrics->macro_f1},
						{"ece", metrics->ece}};
	struct lu_history_metric known[sizeof(all) / sizeof(all[0])];
	struct lu_history_run row = *run;
	struct lu_error err = {0};
	char hex[LU_SHA256_HEX];
	char *dump = parameters != NULL ? json_dumps(parameters, JSON_REAL_PRECISION(9)) : NULL;

	row.metrics = known;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (isfinite(all[i].value))
			known[row.metric_count++] = all[i];
	row.data = set->path;
	row.parameters = dump;
	enum lu_status status;

	LU_TRY(lu_set_fingerprint(set, sha256, hex, &err));
	row.data_sha256 = hex;
	LU_TRY(lu_history_append(path, &row, NULL, &err));
out:
	if (status != LU_OK)
		lu_log(hooks, LU_LEVEL_WARNING, "this run is not in the history: %s", err.text);
	free(dump);
	json_decref(parameters);
}
