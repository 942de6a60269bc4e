/*
 * evidence.h: measured accuracy and agreement with another map, as part of a run's figures.
 */
#ifndef LU_REPORT_EVIDENCE_H
#define LU_REPORT_EVIDENCE_H

#include "accuracy/assessment.h"
#include "base/area_unit.h"
#include "report/comparison.h"

/* What a labelled sample says of one date's map, or of the change between two dates. All borrowed. */
struct lu_assessed_map {
	const char *date, *later; /* labels; 'later' NULL: of one date's map */
	struct lu_assessment assessment;
};

struct lu_evidence {
	const struct lu_assessed_map *maps;
	size_t map_count;
	const struct lu_comparison *reference; /* NULL: there is none */
};

/*
 * The area of a class at a date by a labelled sample of its map: in the county, and in a zone with the way to it. NULL: no
 * sample says anything of it. 'date' is the label that the run's figures have; 'evidence' may be NULL.
 */
const struct lu_figure *lu_evidence_area(const struct lu_evidence *evidence, const char *date, uint16_t value);
const struct lu_figure *lu_evidence_zone_area(const struct lu_evidence *evidence, const char *date, const char *zone,
					      uint16_t value, const char **way);

/* For a person, behind the figures of the maps. */
void lu_evidence_print(FILE *to, const struct lu_evidence *evidence, enum lu_area_unit unit);

#endif
