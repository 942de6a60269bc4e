/* area_unit.c: three units. See area_unit.h. */
#include "base/area_unit.h"

#include <stddef.h>

const char *const lu_area_unit_names[] = {
	[LU_HECTARES] = "hectares", [LU_ACRES] = "acres", [LU_SQUARE_MILES] = "square_miles", [LU_AREA_UNITS] = NULL};
const char *const lu_area_unit_words[] = {
	[LU_HECTARES] = "hectares", [LU_ACRES] = "acres", [LU_SQUARE_MILES] = "square miles"};
const char *const lu_area_unit_signs[] = {[LU_HECTARES] = "ha", [LU_ACRES] = "acres", [LU_SQUARE_MILES] = "sq mi"};

double lu_in_unit(double m2, enum lu_area_unit unit)
{
	static const double units_m2[] = {
		[LU_HECTARES] = 1e4, [LU_ACRES] = 4046.8564224, [LU_SQUARE_MILES] = 2589988.110336};

	return m2 / units_m2[unit];
}
