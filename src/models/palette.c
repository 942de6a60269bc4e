/* palette.c: tables of colours. See palette.h; tests/models/test_palette.c measures how far they are apart. */
#include "models/palette.h"

#include <string.h>

const char *const lu_palette_names[] = {
	[LU_PALETTE_SCHEME] = "scheme", [LU_PALETTE_COLOUR_BLIND] = "colour_blind", [LU_PALETTES] = NULL};

/* Hue and lightness are within what each class is thought of in; the least distance is the greatest that a search found. */
static const struct {
	const char *name;
	uint32_t rgb;
} named[] = {{"Water", 0x2e69a6},      {"Developed", 0xbd2f5c}, {"Barren", 0xb1a9a5},
	     {"Forest", 0x05430c},     {"Shrub", 0x977c1b},     {"Herbaceous", 0xfef4ae},
	     {"Cultivated", 0xebb205}, {"Wetlands", 0x34c6e6},  {"Other", 0x1a1a1a}};

/* Each as far as can be from those above and from those before it. */
static const uint32_t others[] = {0x7b0fe7, 0x570f57, 0xc369f9, 0x330f8d, 0x7bb169, 0xb1f969, 0x7b7b9f, 0x456921,
				  0x7b0f45, 0x8d21c3, 0xe7c39f, 0x7bd569, 0x7b8dd5, 0xc3d5d5, 0x57217b, 0xb1337b};
enum { NAMED = sizeof(named) / sizeof(named[0]), OTHERS = sizeof(others) / sizeof(others[0]) };

void lu_palette_apply(enum lu_palette palette, struct lu_class *classes, size_t count)
{
	size_t next = 0;

	for (size_t i = 0; palette == LU_PALETTE_COLOUR_BLIND && i < count; i++) {
		size_t k = 0;
		while (k < NAMED && strcmp(named[k].name, classes[i].name) != 0)
			k++;
		const uint32_t rgb = k < NAMED ? named[k].rgb : others[next++ % OTHERS];
		classes[i].red = (uint8_t)(rgb >> 16);
		classes[i].green = (uint8_t)(rgb >> 8);
		classes[i].blue = (uint8_t)rgb;
	}
}
