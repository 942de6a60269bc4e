/*
 * area_unit.h: the unit in which areas are told to people; data always has hectares.
 */
#ifndef LU_BASE_AREA_UNIT_H
#define LU_BASE_AREA_UNIT_H

enum lu_area_unit {
	LU_HECTARES,
	LU_ACRES, /* international: 4,840 square yards of 0.9144 m */
	LU_SQUARE_MILES,
	LU_AREA_UNITS,
};
extern const char *const lu_area_unit_names[LU_AREA_UNITS + 1]; /* as a job says them; NULL at the end */
extern const char *const lu_area_unit_words[LU_AREA_UNITS]; /* "hectares", "square miles" */
extern const char *const lu_area_unit_signs[LU_AREA_UNITS]; /* "ha", "sq mi" */

/* So many square metres in this unit. */
double lu_in_unit(double m2, enum lu_area_unit unit);

#endif
