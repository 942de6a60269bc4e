/* alarms.c: rows and columns of the flagged changes of the last pair of dates. */
#include "job/alarms.h"

#include <math.h>
#include <string.h>

#include "accuracy/figure.h"
#include "base/memory.h"
#include "base/text_stream.h"

static const struct lu_class *class_called(const struct lu_class *classes, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (classes[i].name != NULL && strcmp(classes[i].name, name) == 0)
			return &classes[i];
	return NULL;
}

enum lu_status lu_alarms_check(const struct lu_job *job, const struct lu_scheme *scheme, struct lu_error *err)
{
	for (size_t i = 0; i < job->alarm_count; i++)
		if (class_called(scheme->classes, scheme->class_count, job->alarms[i].class_name) == NULL)
			return lu_fail(err, LU_ERROR_ARGUMENT, "%s: alarms: class '%s' is none of scheme %s", job->path,
				       job->alarms[i].class_name, scheme->name);
	return LU_OK;
}

/* The pair of the last two dates; NULL: there is none, or nobody judged it. */
static const struct lu_pair_statistics *last_pair(const struct lu_statistics *statistics)
{
	for (size_t i = 0; i < statistics->pair_count; i++) {
		const struct lu_pair_statistics *pair = &statistics->pairs[i];
		if (pair->later + 1 == statistics->date_count && pair->earlier + 2 == statistics->date_count)
			return pair->flags != NULL ? pair : NULL;
	}
	return NULL;
}

/* Hectares that became class 'value', less those that were it; and how many cells that rests on. */
static double net_gain_ha(const struct lu_transition *flagged, uint16_t value, double *cells)
{
	double net = 0;

	*cells = 0;
	for (size_t i = 1; i < flagged->count; i++)
		for (size_t k = 1; k < flagged->count; k++) {
			const bool from = flagged->values[i] == value, to = flagged->values[k] == value;
			if (from == to)
				continue;
			net += (to ? 1 : -1) * lu_transition_area_m2(flagged, i, k) / 1e4;
			*cells += (double)flagged->cells[i * flagged->count + k];
		}
	return net;
}

static bool tell(FILE *to, const struct lu_alarm_rule *rule, const struct lu_statistics *statistics,
		 const struct lu_pair_statistics *pair)
{
	const struct lu_class *class = class_called(statistics->classes, statistics->class_count, rule->class_name);
	double cells;

	if (class == NULL)
		return false;
	const double net = net_gain_ha(pair->flags->table, class->value, &cells);
	const double share = lu_wilson(1 - pair->flags->expected_false, cells,
				       lu_interval_reach(100 * (2 * rule->confidence_level - 1)))
				     .low;
	const double asked = net > 0 ? rule->net_gain_ha : rule->net_loss_ha;
	if (asked <= 0 || fabs(net) * share < asked)
		return false;
	fprintf(to,
		"alarm: %s: a net %s of at least %.1f ha from %s to %s, by %.4g %% confidence (%.1f ha are flagged); "
		"asked for: %g ha\n",
		rule->class_name, net > 0 ? "gain" : "loss", fabs(net) * share, statistics->dates[pair->earlier].label,
		statistics->dates[pair->later].label, 100 * rule->confidence_level, fabs(net), asked);
	return true;
}

enum lu_status lu_alarms_find(const struct lu_job *job, const struct lu_statistics *statistics, size_t *fired,
			      char **text, struct lu_error *err)
{
	const struct lu_pair_statistics *pair = last_pair(statistics);
	struct lu_text_stream stream;
	enum lu_status status;

	*fired = 0;
	*text = NULL;
	LU_TRY(lu_text_begin(&stream, "the alarms", err));
	for (size_t i = 0; i < job->alarm_count && pair != NULL; i++)
		*fired += tell(stream.to, &job->alarms[i], statistics, pair);
	status = lu_text_finish(&stream, text, err);
out:
	return status;
}
