/* evidence_text.c: measured accuracy and agreement in the summary of a run. */
#include "report/evidence.h"

static void print_interval(FILE *to, struct lu_figure figure, double by, int decimals, const char *unit)
{
	fprintf(to, "%.*f %s", decimals, figure.value * by, unit);
	if (figure.bounded)
		fprintf(to, " (95 %% interval %.*f to %.*f)", decimals, figure.within.low * by, decimals,
			figure.within.high * by);
}

/* What each class gained less what it lost, by a sample of change: the last of its tables. */
static void print_growth(FILE *to, const struct lu_assessment *a, enum lu_area_unit unit)
{
	if (a->table_count < LU_ASSESSED_TABLES)
		return;
	const struct lu_assessed_table *growth = &a->tables[LU_ASSESSED_TABLES - 1];
	fprintf(to, "  net change by the sample, %s\n", lu_area_unit_words[unit]);
	for (size_t i = 0; i < growth->count; i++) {
		const struct lu_figure f = growth->rows[i].area_ha;
		if (!f.known)
			continue;
		fprintf(to, "    %-16s ", growth->rows[i].name);
		print_interval(to, f, lu_in_unit(1e4, unit), 2, "");
		fputc('\n', to);
	}
}

void lu_evidence_print(FILE *to, const struct lu_evidence *evidence, enum lu_area_unit unit)
{
	for (size_t i = 0; i < evidence->map_count; i++) {
		const struct lu_assessed_map *map = &evidence->maps[i];
		const struct lu_assessment *a = &map->assessment;
		fprintf(to, "\n%s%s%s by %s, %llu cells labelled: accuracy ", map->date,
			map->later != NULL ? " to " : "", map->later != NULL ? map->later : "", a->sample,
			(unsigned long long)a->labelled);
		print_interval(to, a->overall, 100, 1, "%");
		fputc('\n', to);
		print_growth(to, a, unit);
	}
	if (evidence->reference != NULL)
		fprintf(to, "\n%s agrees with %s on %.1f %% of the area compared, %.2f %s\n", evidence->reference->date,
			evidence->reference->reference, 100 * evidence->reference->agreement,
			lu_in_unit(evidence->reference->compared_m2, unit), lu_area_unit_signs[unit]);
}
