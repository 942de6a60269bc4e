/*
 * main.c: sample-county: a made-up county from the air, with its truth
 */
#include "chipset.h"
#include "county.h"
#include "options.h"

#include <gdal.h>
#include <omp.h>
#include <stdlib.h>

enum {
	EXIT_USAGE = 2,
};

int main(int argc, char **argv)
{
	struct sc_options options;
	int failed;

	switch (sc_options_parse(argc, argv, &options)) {
	case SC_PARSED_HELP:
		return EXIT_SUCCESS;
	case SC_PARSED_WRONG:
		return EXIT_USAGE;
	case SC_PARSED_RUN:
		break;
	}
	if (options.threads > 0)
		omp_set_num_threads(options.threads);
	GDALAllRegister();
	if (options.chips_dir) {
		const struct sc_chipset set = {
			.dir = options.chips_dir,
			.per_class = options.per_class,
			.chip_px = options.chip_px,
			.seed = options.seed,
			.quiet = options.quiet,
		};

		failed = sc_chipset_write(&set);
	} else {
		failed = sc_county_write(&options);
	}
	GDALDestroyDriverManager();
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
