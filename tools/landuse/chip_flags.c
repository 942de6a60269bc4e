/* chip_flags.c: the options that `tile` and `label` share. */
#include "chip_flags.h"

static bool take_bands(const struct options *options, struct chip_flags *flags, struct lu_chip_options *chips)
{
	double numbers[64];

	if (!options_numbers(options, "--bands", numbers, 64, &chips->band_count))
		return false;
	for (size_t i = 0; i < chips->band_count; i++)
		flags->bands[i] = (int)numbers[i];
	chips->bands = flags->bands;
	return true;
}

bool chip_flags_take(const struct options *options, int id, struct chip_flags *flags, struct lu_chip_options *chips)
{
	switch (id) {
	case CHIP_BOUNDARY:
		chips->boundary = options->value;
		return true;
	case CHIP_LAYER:
		chips->layer = options->value;
		return true;
	case CHIP_WHERE:
		chips->where = options->value;
		return true;
	case CHIP_NODATA:
		chips->nodata = options->value;
		return true;
	case CHIP_CRS:
		chips->crs = options->value;
		return true;
	case CHIP_BANDS:
		return take_bands(options, flags, chips);
	case CHIP_RANGE:
		return options_range(options, "--range", flags->range, &chips->range);
	case CHIP_RESOLUTION:
		return options_number(options, "--resolution", 1e-9, 1e6, &chips->resolution);
	case CHIP_SIZE:
		return options_integer(options, "--chip", 8, 4096, &chips->chip_px);
	case CHIP_STRIDE:
		return options_integer(options, "--stride", 1, 4096, &chips->stride_px);
	default:
		return options_number(options, "--min-valid", 1e-6, 1, &chips->min_valid);
	}
}
