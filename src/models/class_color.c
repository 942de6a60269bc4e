/* class_color.c: colours that maps usually have; others go round the colour wheel. See class_color.h. */
#include "models/class_color.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void lu_class_color(const char *name, size_t i, char hex[7])
{
	static const struct {
		const char *name, *hex;
	} known[] = {{"Water", "466B9F"},      {"Developed", "EB0000"}, {"Barren", "B3AC9F"},
		     {"Forest", "68AB5F"},     {"Shrub", "CCB879"},     {"Herbaceous", "DFDFC2"},
		     {"Cultivated", "AB6C28"}, {"Wetlands", "6C9FB8"},  {"Other", "737373"}};

	for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
		if (strcmp(known[k].name, name) == 0) {
			memcpy(hex, known[k].hex, 7);
			return;
		}
	}
	/* The golden angle keeps neighbours apart however many there are; value 0.85, saturation 0.6. */
	const double hue = fmod((double)i * 137.50776405003785, 360) / 60;
	int rgb[3];
	for (int c = 0; c < 3; c++) {
		const double k = fmod(5 - 2 * c + hue, 6);
		rgb[c] = (int)lround(255 * (0.85 - 0.85 * 0.6 * fmax(0, fmin(fmin(k, 4 - k), 1))));
	}
	snprintf(hex, 7, "%02X%02X%02X", (unsigned)rgb[0] & 255, (unsigned)rgb[1] & 255, (unsigned)rgb[2] & 255);
}
