/* alarms.c: rows and columns of the flagged changes of the last pair of dates. */
#include "runs/alarms.h"

#include <math.h>
#include <string.h>

#include "accuracy/figure.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "change/change_layers.h"
#include "grid/date_labels.h"

static const struct lu_class *class_called(const struct lu_class *classes, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (classes[i].name != NULL && strcmp(classes[i].name, name) == 0)
			return &classes[i];
	return NULL;
}

static bool is_layer(const struct lu_job *job, const struct lu_scheme *scheme, const char *name)
{
	const char *layer;

	for (size_t i = 0; (layer = lu_change_layer_name(&job->change, scheme, i)) != NULL; i++)
		if (strcmp(layer, name) == 0)
			return true;
	return false;
}

enum lu_status lu_alarms_check(const struct lu_job *job, const struct lu_scheme *scheme, struct lu_error *err)
{
	for (size_t i = 0; i < job->alarm_count; i++) {
		const struct lu_alarm_rule *alarm = &job->alarms[i];
		if (alarm->class_name != NULL &&
		    class_called(scheme->classes, scheme->class_count, alarm->class_name) == NULL)
			return lu_fail(err, LU_ERROR_ARGUMENT, "%s: alarms: class '%s' is none of scheme %s", job->path,
				       alarm->class_name, scheme->name);
		if (alarm->patches != NULL && !is_layer(job, scheme, alarm->patches))
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "%s: alarms: patches '%s' is no layer of the job (change: {layers: ...}, or "
				       "new_development where the scheme has Developed)",
				       job->path, alarm->patches);
	}
	return LU_OK;
}

/* The pair of the last two dates; NULL: there is none, or nobody judged it. */
static const struct lu_pair_statistics *last_pair(const struct lu_county_statistics *statistics)
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

static bool tell(FILE *to, const struct lu_alarm_rule *rule, const struct lu_county_statistics *statistics,
		 const struct lu_pair_statistics *pair)
{
	const struct lu_class *class = class_called(statistics->classes, statistics->class_count, rule->class_name);
	double cells;

	if (class == NULL || pair->flags->refused)
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

/* Patches of the last two dates that the run before had not. */
static bool tell_patches(FILE *to, const struct lu_alarm_rule *rule, const struct lu_county_statistics *statistics,
			 const struct lu_new_patches *news)
{
	const size_t dates = statistics->date_count;
	char pair[2 * LU_DATE_LABEL_MOST + 2];

	if (dates < 2 || !news->compared)
		return false;
	snprintf(pair, sizeof(pair), "%s_%s", statistics->dates[dates - 2].label, statistics->dates[dates - 1].label);
	for (size_t i = 0; i < news->count; i++) {
		const struct lu_layer_patches *layer = &news->layers[i];
		if (strcmp(layer->layer, rule->patches) != 0 || strcmp(layer->pair, pair) != 0 ||
		    layer->new_ha < rule->new_ha)
			continue;
		fprintf(to, "alarm: %s: %zu new patch%s since the last run, %.2f ha, in %s; asked for: %g ha\n",
			layer->layer, layer->new_patches, layer->new_patches == 1 ? "" : "es", layer->new_ha, pair,
			rule->new_ha);
		return true;
	}
	return false;
}

enum lu_status lu_alarms_find(const struct lu_job *job, const struct lu_county_statistics *statistics,
			      const struct lu_new_patches *news, size_t *fired, char **text, struct lu_error *err)
{
	const struct lu_pair_statistics *pair = last_pair(statistics);
	struct lu_text_stream stream;
	enum lu_status status;

	*fired = 0;
	*text = NULL;
	LU_TRY(lu_text_begin(&stream, "the alarms", err));
	for (size_t i = 0; i < job->alarm_count; i++) {
		const struct lu_alarm_rule *rule = &job->alarms[i];
		if (rule->patches != NULL)
			*fired += tell_patches(stream.to, rule, statistics, news);
		else if (pair != NULL)
			*fired += tell(stream.to, rule, statistics, pair);
	}
	status = lu_text_finish(&stream, text, err);
out:
	return status;
}
