/*
 * change_rules.h: the job's words about change, bound to the classes of its scheme.
 */
#ifndef LU_CHANGE_CHANGE_RULES_H
#define LU_CHANGE_CHANGE_RULES_H

#include "change/change_keys.h"
#include "models/scheme.h"

/*
 * Which pairs of classes a rule means: 'pairs' takes classes x classes bools, rows = from. A class never
 * changes into itself. LU_ERROR_ARGUMENT for a class that the scheme does not have, with the nearest one;
 * 'key' names the rule in the message.
 */
enum lu_status lu_change_rule_bind(const struct lu_change_rule *rule, const char *key, const struct lu_scheme *scheme,
				   bool *pairs, struct lu_error *err);

/*
 * How likely each change is beside an ordinary one, as lu_timeline_prior takes it: '*allow' is classes x
 * classes (lu_free it), or NULL when the job says nothing. Later rules win.
 */
enum lu_status lu_change_allow(const struct lu_change_keys *keys, const struct lu_scheme *scheme, double **allow,
			       struct lu_error *err);

#endif
