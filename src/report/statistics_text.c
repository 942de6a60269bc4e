/* statistics_text.c: the figures as the table that ends a command. */
#include <math.h>

#include "accuracy/certificate.h"
#include "report/evidence.h"
#include "report/statistics_files.h"

static double date_figure(const struct lu_county_statistics *statistics, size_t date, uint16_t value)
{
	const struct lu_transition *map = statistics->dates[date].map;
	const int at = lu_transition_find(map, value);

	if (value == 0 && statistics->has_areas)
		return lu_in_unit(lu_statistics_not_mapped_m2(&statistics->dates[date]), statistics->unit);
	if (at < 0)
		return 0;
	return statistics->has_areas ? lu_in_unit(lu_transition_area_m2(map, (size_t)at, (size_t)at), statistics->unit)
				     : (double)lu_transition_cells(map, (size_t)at, (size_t)at);
}

/* A figure that is printed with two digits: none is "-0.00". */
static double printable(double value)
{
	return fabs(value) < 0.005 ? 0 : value;
}

/* What became of each class: by the two maps, errors and all, and by the cells that changed as far as can be told. */
static void print_net(FILE *to, const struct lu_county_statistics *statistics, const struct lu_pair_statistics *pair)
{
	const struct lu_transition *t = pair->transition;
	char number[16];

	const enum lu_area_unit unit = statistics->unit;
	char title[48];

	snprintf(title, sizeof(title), "net change, %s", lu_area_unit_words[unit]);
	fprintf(to, "  %-22s %14s %14s %14s %21s\n", title, "maps", "significant", "expected", "95 % interval");
	for (size_t i = 1; i < t->count; i++) {
		if (!lu_transition_is_class(t, i))
			continue;
		const struct lu_bounded expected = lu_statistics_expected_net_m2(pair->flags, t->values[i]);
		fprintf(to, "    %-20s %+14.2f %+14.2f %+14.2f %+10.2f to %+.2f\n",
			lu_statistics_name(statistics, t->values[i], number),
			printable(lu_in_unit(lu_transition_class(t, i, LU_UNIT_M2).net, unit)),
			printable(lu_in_unit(lu_statistics_flagged_net_m2(pair->flags, t->values[i]), unit)),
			printable(lu_in_unit(expected.value, unit)), printable(lu_in_unit(expected.within.low, unit)),
			printable(lu_in_unit(expected.within.high, unit)));
	}
}

/*
 * The part of the differences that is no error, as far as can be told. Nothing is rounded in its favour: what is false
 * upwards, what is found downwards.
 */
static void print_flags(FILE *to, const struct lu_county_statistics *statistics, const struct lu_pair_statistics *pair)
{
	const struct lu_flag_statistics *flags = pair->flags;
	const uint64_t cells = lu_statistics_flagged_cells(flags);
	const enum lu_area_unit unit = statistics->unit;

	if (flags->refused) {
		fprintf(to,
			"  these dates cannot be told apart from error: even where they agree on the class, their "
			"scores are "
			"hardly\n  alike (correlation %.2f, of one place 0.7 or more); nothing is flagged\n",
			flags->likeness);
		return;
	}
	fprintf(to,
		"  a difference of two maps has the errors of both in it: by the probabilities of all cells, some %.0f "
		"changed\n",
		flags->change_rate * (double)flags->compared_cells);
	if (cells == 0)
		fprintf(to, "  none of them can be told from error at a false discovery rate of %g\n",
			flags->asked_false_discovery_rate);
	else
		fprintf(to,
			"  significant: %llu cells, %.2f %s\n"
			"  expected if errors are as the county's scores let them look, and not checked: %.1f %% of "
			"these "
			"false, %.0f %% of\n  all change among them (a random check of %llu can certify it: landuse "
			"sample, "
			".strata = flags)\n",
			(unsigned long long)cells, lu_in_unit(lu_statistics_flagged_m2(flags), unit),
			lu_area_unit_signs[unit], ceil(1e3 * flags->expected_false) / 10,
			floor(100 * flags->expected_found),
			(unsigned long long)(cells < LU_CERTIFICATE_SIZE ? cells : LU_CERTIFICATE_SIZE));
	const struct lu_smoothed_flags *smoothed = &flags->smoothed;
	if (smoothed->unchanged_cells > 0)
		fprintf(to,
			"  smoothed away: %llu significant cell%s (%.2f %s), unchanged on the smoothed maps and not "
			"flagged\n",
			(unsigned long long)smoothed->unchanged_cells, smoothed->unchanged_cells == 1 ? "" : "s",
			lu_in_unit(smoothed->unchanged_m2, unit), lu_area_unit_signs[unit]);
	if (smoothed->other_pair_cells > 0)
		fprintf(to,
			"  %llu flagged cell%s by the classes of the smoothed maps, which the scores find less "
			"probable\n",
			(unsigned long long)smoothed->other_pair_cells, smoothed->other_pair_cells == 1 ? "" : "s");
	if (statistics->has_areas)
		print_net(to, statistics, pair);
}

/* What smoothing in space did to the maps that the figures above are of. */
static void print_smoothing(FILE *to, const struct lu_date_statistics *date, enum lu_area_unit unit)
{
	for (size_t k = 0; k < date->smoothing_count; k++) {
		const struct lu_smoothing_statistics *step = &date->smoothing[k];
		const uint64_t cells = lu_statistics_altered_cells(step);
		fprintf(to, "%s%s: %s altered %llu cell%s, %.2f %s\n", k == 0 ? "\n" : "", date->label,
			step->min_cells > 0 ? "the minimum mapping unit" : step->step, (unsigned long long)cells,
			cells == 1 ? "" : "s", lu_in_unit(lu_statistics_altered_m2(step), unit),
			lu_area_unit_signs[unit]);
	}
}

void lu_statistics_print(FILE *to, const struct lu_county_statistics *statistics)
{
	fprintf(to, "%-16s", statistics->has_areas ? lu_area_unit_words[statistics->unit] : "cells");
	for (size_t i = 0; i < statistics->date_count; i++)
		fprintf(to, " %14s", statistics->dates[i].label);
	fputc('\n', to);
	for (size_t k = 0; k <= statistics->class_count; k++) {
		/* "not mapped" comes last */
		const bool is_class = k < statistics->class_count;
		fprintf(to, "%-16s", is_class ? statistics->classes[k].name : "Not mapped");
		for (size_t i = 0; i < statistics->date_count; i++)
			fprintf(to, " %14.*f", statistics->has_areas ? 2 : 0,
				date_figure(statistics, i, is_class ? statistics->classes[k].value : 0));
		fputc('\n', to);
	}
	for (size_t i = 0; i < statistics->date_count; i++)
		print_smoothing(to, &statistics->dates[i], statistics->unit);
	for (size_t i = 0; i < statistics->pair_count; i++) {
		const struct lu_pair_statistics *pair = &statistics->pairs[i];
		uint64_t changed;
		const uint64_t both = lu_transition_common(pair->transition, &changed);
		fprintf(to, "%s%s to %s: %llu of %llu cells mapped at both dates differ\n", i == 0 ? "\n" : "",
			statistics->dates[pair->earlier].label, statistics->dates[pair->later].label,
			(unsigned long long)changed, (unsigned long long)both);
		if (pair->flags != NULL)
			print_flags(to, statistics, pair);
	}
	if (statistics->pair_count > 0 && !lu_statistics_judged(statistics))
		fprintf(to, "  %s\n", lu_statistics_unjudged);
	const struct lu_zones_statistics *zones = statistics->zones;
	if (zones != NULL)
		fprintf(to, "\n%zu zone%s by %s: %.2f %s of the county in none, %.2f %s in several\n", zones->count,
			zones->count == 1 ? "" : "s", zones->name_field,
			lu_in_unit(zones->in_no_zone_m2, statistics->unit), lu_area_unit_signs[statistics->unit],
			lu_in_unit(zones->overlap_m2, statistics->unit), lu_area_unit_signs[statistics->unit]);
	if (statistics->evidence != NULL)
		lu_evidence_print(to, statistics->evidence, statistics->unit);
}

/* The pair of the first and the last date, where it was judged; else NULL. */
static const struct lu_pair_statistics *whole_span(const struct lu_county_statistics *statistics)
{
	for (size_t i = 0; i < statistics->pair_count; i++) {
		const struct lu_pair_statistics *pair = &statistics->pairs[i];
		if (pair->earlier == 0 && pair->later + 1 == statistics->date_count)
			return pair->flags != NULL && !pair->flags->refused ? pair : NULL;
	}
	return NULL;
}

void lu_statistics_print_short(FILE *to, const struct lu_county_statistics *statistics)
{
	const struct lu_pair_statistics *pair = whole_span(statistics);
	const size_t last = statistics->date_count - 1;

	fprintf(to, "%-16s %13s", lu_area_unit_words[statistics->unit], statistics->dates[0].label);
	if (last > 0)
		fprintf(to, " %13s", statistics->dates[last].label);
	fprintf(to, "%s\n", pair != NULL ? "   significant" : "");
	for (size_t k = 0; k <= statistics->class_count; k++) {
		const bool is_class = k < statistics->class_count;
		const uint16_t value = is_class ? statistics->classes[k].value : 0;
		fprintf(to, "%-16s %13.2f", is_class ? statistics->classes[k].name : "Not mapped",
			date_figure(statistics, 0, value));
		if (last > 0)
			fprintf(to, " %13.2f", date_figure(statistics, last, value));
		if (pair != NULL && is_class && value != statistics->uncertain)
			fprintf(to, " %+13.2f",
				printable(lu_in_unit(lu_statistics_flagged_net_m2(pair->flags, value),
						     statistics->unit)));
		fputc('\n', to);
	}
}
