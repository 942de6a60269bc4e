/*
 * statistics.c: the figures that the JSON file and the tables share.
 */
#include "maps/statistics.h"
#include "grid/date_labels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *lu_statistics_name(const struct lu_county_statistics *statistics, uint16_t value, char buffer[16])
{
	if (value == 0)
		return "Not mapped";
	for (size_t i = 0; i < statistics->class_count; i++) {
		if (statistics->classes[i].value == value && statistics->classes[i].name != NULL)
			return statistics->classes[i].name;
	}
	snprintf(buffer, 16, "Class %u", value);
	return buffer;
}

double lu_statistics_not_mapped_m2(const struct lu_date_statistics *date)
{
	return lu_transition_area_m2(date->map, 0, 0) + date->outside_map_m2;
}

double lu_statistics_reconciles_to(const struct lu_county_statistics *statistics, const struct lu_date_statistics *date)
{
	double sum = lu_statistics_not_mapped_m2(date);

	if (!statistics->has_areas || !(statistics->county_area_m2 > 0.0))
		return 0.0;
	for (size_t i = 1; i < date->map->count; i++)
		sum += lu_transition_area_m2(date->map, i, i);
	return sum / statistics->county_area_m2 - 1.0;
}

struct lu_county_statistics lu_statistics_of_zone(const struct lu_county_statistics *statistics, size_t i)
{
	const struct lu_zone_statistics *zone = &statistics->zones->zones[i];
	struct lu_county_statistics alone = *statistics;

	alone.zone = zone->name;
	alone.zones = NULL;
	alone.trajectory = NULL;
	alone.county_area_m2 = zone->area_m2;
	alone.dates = zone->dates;
	alone.pairs = zone->pairs;
	return alone;
}

bool lu_statistics_in_time(const struct lu_county_statistics *statistics)
{
	return statistics->trajectory != NULL;
}

uint64_t lu_statistics_in_time_cells(const struct lu_transition *in_time, size_t i, bool smoothed)
{
	uint64_t cells = 0;

	for (size_t k = 0; k < in_time->count; k++)
		cells += smoothed ? lu_transition_cells(in_time, k, i) : lu_transition_cells(in_time, i, k);
	return cells;
}

double lu_statistics_in_time_m2(const struct lu_transition *in_time, size_t i, bool smoothed)
{
	double m2 = 0.0;

	for (size_t k = 0; k < in_time->count; k++)
		m2 += smoothed ? lu_transition_area_m2(in_time, k, i) : lu_transition_area_m2(in_time, i, k);
	return m2;
}

const char lu_statistics_unjudged[] =
	"no change is flagged: these are maps alone, which do not tell how sure they are of a cell, so the differences "
	"include the errors of both maps (landuse run maps the dates from imagery and flags the change that is "
	"significant; landuse sample and landuse assess estimate its area from labelled places)";

bool lu_statistics_judged(const struct lu_county_statistics *statistics)
{
	for (size_t i = 0; i < statistics->pair_count; i++)
		if (statistics->pairs[i].flags != NULL)
			return true;
	return false;
}

bool lu_statistics_confident(const struct lu_county_statistics *statistics)
{
	for (size_t i = 0; i < statistics->date_count; i++)
		if (statistics->dates[i].confidence != NULL)
			return true;
	return false;
}

bool lu_statistics_normalised(const struct lu_county_statistics *statistics)
{
	for (size_t i = 0; i < statistics->date_count; i++)
		if (statistics->dates[i].normalisation != NULL)
			return true;
	return false;
}

bool lu_statistics_smoothed(const struct lu_county_statistics *statistics)
{
	for (size_t i = 0; i < statistics->date_count; i++)
		if (statistics->dates[i].smoothing_count > 0)
			return true;
	return false;
}

/* What lies off the diagonal, in cells and in square metres. */
static void changed(const struct lu_transition *table, uint64_t *cells, double *m2)
{
	*cells = 0;
	*m2 = 0.0;
	for (size_t i = 0; i < table->count; i++) {
		for (size_t j = 0; j < table->count; j++) {
			if (i == j)
				continue;
			*cells += lu_transition_cells(table, i, j);
			*m2 += lu_transition_area_m2(table, i, j);
		}
	}
}

uint64_t lu_statistics_altered_cells(const struct lu_smoothing_statistics *step)
{
	uint64_t cells;
	double m2;

	changed(step->table, &cells, &m2);
	return cells;
}

double lu_statistics_altered_m2(const struct lu_smoothing_statistics *step)
{
	uint64_t cells;
	double m2;

	changed(step->table, &cells, &m2);
	return m2;
}

uint64_t lu_statistics_flagged_cells(const struct lu_flag_statistics *flags)
{
	uint64_t cells = 0;

	for (size_t k = 0; k < flags->table->count * flags->table->count; k++)
		cells += flags->table->cells[k];
	return cells;
}

double lu_statistics_flagged_m2(const struct lu_flag_statistics *flags)
{
	double m2 = 0.0;

	for (size_t i = 0; i < flags->table->count; i++)
		for (size_t j = 0; j < flags->table->count; j++)
			m2 += lu_transition_area_m2(flags->table, i, j);
	return m2;
}

static const double z_95 = 1.959963984540054; /* standard errors on either side of 95 % */

struct lu_bounded lu_statistics_true_m2(const struct lu_flag_statistics *flags)
{
	const double share = 1 - flags->expected_false, m2 = lu_statistics_flagged_m2(flags);
	const struct lu_interval within = lu_wilson(share, (double)lu_statistics_flagged_cells(flags), z_95);

	return (struct lu_bounded){share * m2, {within.low * m2, within.high * m2}};
}

double lu_statistics_flagged_net_m2(const struct lu_flag_statistics *flags, uint16_t value)
{
	const int at = lu_transition_find(flags->table, value);

	if (flags->refused)
		return NAN;
	return at > 0 ? lu_transition_class(flags->table, (size_t)at, LU_UNIT_M2).net : 0.0;
}

/* What a class won, or lost: the real part of what is flagged, and what may have been missed. */
static struct lu_bounded expected_part(const struct lu_flag_statistics *flags, double cells, double m2, double open_m2)
{
	const double real = 1 - flags->expected_false;
	const struct lu_interval share = lu_wilson(real, cells, z_95);
	const struct lu_bounded flagged = {real * m2, {share.low * m2, share.high * m2}};
	const struct lu_weighted missed = {flags->cell_m2 > 0 ? open_m2 / flags->cell_m2 : 0, flags->cell_m2};

	return lu_mover_sum(flagged, lu_weighted_count(&missed, 1, 0.025));
}

struct lu_bounded lu_statistics_expected_net_m2(const struct lu_flag_statistics *flags, uint16_t value)
{
	const int at = lu_transition_find(flags->table, value);
	const struct lu_class_net *net = NULL;
	struct lu_class_change cells = {0}, m2 = {0};

	if (flags->refused)
		return (struct lu_bounded){NAN, {NAN, NAN}};
	for (size_t i = 0; i < flags->expected_count; i++)
		if (flags->expected[i].value == value)
			net = &flags->expected[i];
	if (net == NULL)
		return (struct lu_bounded){0};
	if (at > 0) {
		cells = lu_transition_class(flags->table, (size_t)at, LU_UNIT_CELLS);
		m2 = lu_transition_class(flags->table, (size_t)at, LU_UNIT_M2);
	}
	const struct lu_bounded won = expected_part(flags, cells.gain, m2.gain, net->open_gain_m2);
	const struct lu_bounded lost = expected_part(flags, cells.loss, m2.loss, net->open_loss_m2);
	const struct lu_bounded less = {-lost.value, {-lost.within.high, -lost.within.low}};
	const struct lu_bounded sum = lu_mover_sum(won, less);
	/* The flags' mean probability stands for theirs: cells of a class may be somewhat surer, or less. */
	const double shift = net->m2 - sum.value;

	return (struct lu_bounded){net->m2, {sum.within.low + shift, sum.within.high + shift}};
}

/* What a label leaves open: a bare year is any day of it, a month any of its days. */
static double open_years(const char *label)
{
	const size_t length = strlen(label);

	return length == 4 ? 1.0 : length == 7 ? 28.0 / 365.0 : 0.0;
}

double lu_statistics_years(const struct lu_county_statistics *statistics, const struct lu_pair_statistics *pair)
{
	const char *earlier = statistics->dates[pair->earlier].label, *later = statistics->dates[pair->later].label;
	const double from = lu_date_label_year(earlier), to = lu_date_label_year(later);
	const double open = fmax(open_years(earlier), open_years(later)), rounding = 1e-9;

	return statistics->has_areas && from >= 0.0 && to > from && to - from >= open - rounding ? to - from : -1.0;
}

bool lu_statistics_timed(const struct lu_county_statistics *statistics)
{
	for (size_t i = 0; i < statistics->pair_count; i++) {
		if (lu_statistics_years(statistics, &statistics->pairs[i]) > 0.0)
			return true;
	}
	return false;
}
