/* change_rules.c: class names to a table of pairs. */
#include "change/change_rules.h"

#include "base/memory.h"
#include "base/words.h"

/* Mark the classes named in 'names'; an empty list means all. */
static enum lu_status mark(char *const *names, size_t count, const char *key, const struct lu_scheme *scheme,
			   bool *marked, struct lu_error *err)
{
	for (size_t k = 0; k < scheme->class_count; k++)
		marked[k] = count == 0;
	for (size_t i = 0; i < count; i++) {
		const char *known[LU_SCHEME_HIGHEST_VALUE];
		bool found = false;
		char list[500];
		for (size_t k = 0; k < scheme->class_count; k++) {
			known[k] = scheme->classes[k].name;
			if (lu_same_name(known[k], names[i]))
				marked[k] = found = true;
		}
		if (found)
			continue;
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: '%.100s' is not a class of scheme %s%s", key, names[i],
			       scheme->name, lu_known_names(names[i], known, scheme->class_count, list, sizeof(list)));
	}
	return LU_OK;
}

enum lu_status lu_change_rule_bind(const struct lu_change_rule *rule, const char *key, const struct lu_scheme *scheme,
				   bool *pairs, struct lu_error *err)
{
	const size_t n = scheme->class_count;
	bool from[LU_SCHEME_HIGHEST_VALUE], to[LU_SCHEME_HIGHEST_VALUE];
	enum lu_status status;

	LU_TRY(mark(rule->from, rule->from_count, key, scheme, from, err));
	LU_TRY(mark(rule->to, rule->to_count, key, scheme, to, err));
	for (size_t i = 0; i < n * n; i++)
		pairs[i] = i / n != i % n && from[i / n] && to[i % n];
out:
	return status;
}

enum lu_status lu_change_allow(const struct lu_change_keys *keys, const struct lu_scheme *scheme, double **allow,
			       struct lu_error *err)
{
	const size_t size = scheme->class_count * scheme->class_count;
	bool *pairs = NULL;
	enum lu_status status;

	*allow = NULL;
	if (keys->unlikely_count == 0)
		return LU_OK;
	LU_TRY(lu_alloc(&pairs, size, sizeof(*pairs), "change rules", err));
	LU_TRY(lu_alloc(allow, size, sizeof(**allow), "change rules", err));
	for (size_t i = 0; i < size; i++)
		(*allow)[i] = 1;
	for (size_t r = 0; r < keys->unlikely_count; r++) {
		LU_TRY(lu_change_rule_bind(&keys->unlikely[r], "change.unlikely", scheme, pairs, err));
		for (size_t i = 0; i < size; i++)
			if (pairs[i])
				(*allow)[i] = keys->unlikely[r].factor;
	}
out:
	lu_free(pairs);
	if (status != LU_OK) {
		lu_free(*allow);
		*allow = NULL;
	}
	return status;
}
