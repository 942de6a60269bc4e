/*
 * chip_flags.h: the options that `tile` and `label` share: imagery and the grid of its chips.
 */
#ifndef CHIP_FLAGS_H
#define CHIP_FLAGS_H

#include "tool.h"

/* Ids of the shared options; a command's own ids start after the last. */
enum {
	CHIP_BOUNDARY = 1,
	CHIP_LAYER,
	CHIP_WHERE,
	CHIP_BANDS,
	CHIP_NODATA,
	CHIP_RANGE,
	CHIP_CRS,
	CHIP_RESOLUTION,
	CHIP_SIZE,
	CHIP_STRIDE,
	CHIP_MIN_VALID,
	CHIP_FLAGS_END,
};

/* Their rows of a command's option table. */
#define CHIP_FLAGS                                                                                                     \
	{"--boundary", 0, true, CHIP_BOUNDARY}, {"--layer", 0, true, CHIP_LAYER}, {"--where", 0, true, CHIP_WHERE},    \
		{"--bands", 'b', true, CHIP_BANDS}, {"--nodata", 0, true, CHIP_NODATA},                                \
		{"--range", 0, true, CHIP_RANGE}, {"--crs", 0, true, CHIP_CRS},                                        \
		{"--resolution", 0, true, CHIP_RESOLUTION}, {"--chip", 0, true, CHIP_SIZE},                            \
		{"--stride", 0, true, CHIP_STRIDE},                                                                    \
	{                                                                                                              \
		"--min-valid", 0, true, CHIP_MIN_VALID                                                                 \
	}

/* Their lines of a command's page. */
#define CHIP_FLAGS_HELP                                                                                                \
	"  --chip PX              the side of a chip (default 224)\n"                                                  \
	"  --stride PX            pixels from chip to chip (default: the chip)\n"                                      \
	"  --min-valid SHARE      leave out a chip with less of its pixels having data (default 0.9)\n"                \
	"  --boundary FILE        only chips whose cell touches this polygon (any OGR source)\n"                       \
	"  --layer NAME, --where FILTER   which features of it\n"                                                      \
	"  -b, --bands 1,2,3      bands of the imagery (default 1,2,3)\n"                                              \
	"  --nodata VALUE|none    instead of what the files say; none: every pixel is data\n"                          \
	"  --range LOW,HIGH       raw values of 16-bit imagery that become 0 and 255\n"                                \
	"  --crs CRS, --resolution R      the grid (default: the first file's)\n"

/* Numbers that 'options' of the library point at. */
struct chip_flags {
	int bands[64];
	double range[2];
};

/* Take option 'id' into 'chips'; false after saying what is wrong. 'id' is below CHIP_FLAGS_END. */
bool chip_flags_take(const struct options *options, int id, struct chip_flags *flags, struct lu_chip_options *chips);

#endif
