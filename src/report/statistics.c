/*
 * statistics.c: the figures that the JSON file and the tables share.
 */
#include "report/statistics.h"

#include <stdio.h>

const char *lu_statistics_name(const struct lu_statistics *statistics, uint16_t value, char buffer[16])
{
	if (value == 0)
		return "Not mapped";
	for (size_t i = 0; i < statistics->class_count; i++) {
		if (statistics->classes[i].value == value && statistics->classes[i].name)
			return statistics->classes[i].name;
	}
	snprintf(buffer, 16, "Class %u", value);
	return buffer;
}

double lu_statistics_not_mapped_m2(const struct lu_date_statistics *date)
{
	return lu_transition_area_m2(date->map, 0, 0) + date->outside_map_m2;
}

double lu_statistics_reconciles_to(const struct lu_statistics *statistics, const struct lu_date_statistics *date)
{
	double sum = lu_statistics_not_mapped_m2(date);

	if (!statistics->has_areas || !(statistics->county_area_m2 > 0.0))
		return 0.0;
	for (size_t i = 1; i < date->map->count; i++)
		sum += lu_transition_area_m2(date->map, i, i);
	return sum / statistics->county_area_m2 - 1.0;
}

bool lu_statistics_judged(const struct lu_statistics *statistics)
{
	for (size_t i = 0; i < statistics->pair_count; i++)
		if (statistics->pairs[i].flags)
			return true;
	return false;
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
