/*
 * options.c: the command line: defaults and parsing
 */
#include "options.h"

#include "manual.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPT_CELLS = 256,
	OPT_DATES,
	OPT_SEED,
	OPT_CHANGE,
	OPT_CHIP,
	OPT_GSD,
	OPT_CRS,
	OPT_ORIGIN,
	OPT_FORMAT,
	OPT_QUALITY,
	OPT_DELIVER,
	OPT_COG,
	OPT_CHIPS,
	OPT_PER_CLASS,
	OPT_THREADS,
};

static const struct option long_options[] = {
	{"cells", required_argument, NULL, OPT_CELLS},
	{"dates", required_argument, NULL, OPT_DATES},
	{"seed", required_argument, NULL, OPT_SEED},
	{"change-share", required_argument, NULL, OPT_CHANGE},
	{"chip", required_argument, NULL, OPT_CHIP},
	{"gsd", required_argument, NULL, OPT_GSD},
	{"crs", required_argument, NULL, OPT_CRS},
	{"origin", required_argument, NULL, OPT_ORIGIN},
	{"format", required_argument, NULL, OPT_FORMAT},
	{"quality", required_argument, NULL, OPT_QUALITY},
	{"deliver", required_argument, NULL, OPT_DELIVER},
	{"cog", no_argument, NULL, OPT_COG},
	{"chips", required_argument, NULL, OPT_CHIPS},
	{"per-class", required_argument, NULL, OPT_PER_CLASS},
	{"threads", required_argument, NULL, OPT_THREADS},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static bool wrong(const char *option, const char *value, const char *wanted)
{
	fprintf(stderr, "sample-county: --%s %s: give %s (see --help)\n", option, value, wanted);
	return false;
}

/* One integer that fills the whole text up to 'stop'. */
static bool read_int(const char *text, char stop, long min, long max, long *value, const char **rest)
{
	char *end;

	errno = 0;
	*value = strtol(text, &end, 10);
	if (rest)
		*rest = end;
	return end != text && *end == stop && errno == 0 && *value >= min && *value <= max;
}

static bool read_real(const char *text, char stop, double min, double max, double *value, const char **rest)
{
	char *end;

	*value = strtod(text, &end);
	if (rest)
		*rest = end;
	return end != text && *end == stop && isfinite(*value) && *value >= min && *value <= max;
}

static bool parse_cells(const char *text, struct sc_options *options)
{
	const char *rest;
	long cols, rows;

	if (!read_int(text, 'x', 3, 1000, &cols, &rest) || !read_int(rest + 1, '\0', 3, 1000, &rows, NULL))
		return wrong("cells", text, "columns x rows, such as 20x20, 3 to 1000 each");
	options->cols = (int)cols;
	options->rows = (int)rows;
	return true;
}

static bool parse_dates(const char *text, struct sc_options *options)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	const char *from = text;

	options->date_count = 0;
	for (;;) {
		const size_t length = strspn(from, allowed);
		char *date = options->dates[options->date_count];

		if (length == 0 || length >= SC_DATE_BYTES || (from[length] != ',' && from[length] != '\0'))
			return wrong("dates", text,
				     "names like 2015,2023 of letters, digits, - and _, at most 23 each");
		memcpy(date, from, length);
		date[length] = '\0';
		for (int i = 0; i < options->date_count; i++)
			if (strcmp(options->dates[i], date) == 0)
				return wrong("dates", text, "every date once");
		options->date_count++;
		from += length;
		if (*from == '\0')
			return true;
		if (options->date_count == SC_MAX_DATES)
			return wrong("dates", text, "at most 32 dates");
		from++;
	}
}

static bool parse_int(const char *name, const char *text, int min, int max, int *value)
{
	char wanted[64];
	long read;

	if (read_int(text, '\0', min, max, &read, NULL)) {
		*value = (int)read;
		return true;
	}
	snprintf(wanted, sizeof(wanted), "a whole number from %d to %d", min, max);
	return wrong(name, text, wanted);
}

static bool parse_origin(const char *text, struct sc_options *options)
{
	const char *rest;

	if (read_real(text, ',', -1e8, 1e8, &options->east, &rest) &&
	    read_real(rest + 1, '\0', -1e8, 1e8, &options->north, NULL))
		return true;
	return wrong("origin", text, "east,north in metres, such as 200000,900000");
}

static bool parse_delivery(const char *text, struct sc_options *options)
{
	static const char *const names[] = {
		[SC_DELIVER_SINGLE] = "single",
		[SC_DELIVER_QUADS] = "quads",
		[SC_DELIVER_ALTERNATE] = "alternate",
	};

	for (int i = 0; i < 3; i++) {
		if (strcmp(text, names[i]) == 0) {
			options->delivery = (enum sc_delivery)i;
			return true;
		}
	}
	return wrong("deliver", text, "single, quads or alternate");
}

static bool parse_format(const char *text, struct sc_options *options)
{
	options->jpeg = strcmp(text, "jpeg") == 0;
	if (options->jpeg || strcmp(text, "deflate") == 0)
		return true;
	return wrong("format", text, "jpeg or deflate");
}

static bool parse_seed(const char *text, struct sc_options *options)
{
	long seed;

	if (!read_int(text, '\0', 0, LONG_MAX, &seed, NULL) || (unsigned long)seed > UINT32_MAX)
		return wrong("seed", text, "a whole number from 0 to 4294967295");
	options->seed = (uint32_t)seed;
	return true;
}

static bool parse_one(int option, const char *text, struct sc_options *options)
{
	switch (option) {
	case OPT_CELLS:
		return parse_cells(text, options);
	case OPT_DATES:
		return parse_dates(text, options);
	case OPT_SEED:
		return parse_seed(text, options);
	case OPT_CHANGE:
		return read_real(text, '\0', 0.0, 0.5, &options->change_share, NULL) ||
		       wrong("change-share", text, "a share from 0 to 0.5");
	case OPT_CHIP:
		return parse_int("chip", text, 128, 512, &options->chip_px);
	case OPT_GSD:
		return read_real(text, '\0', 0.01, 100.0, &options->gsd_m, NULL) ||
		       wrong("gsd", text, "metres per pixel from 0.01 to 100");
	case OPT_CRS:
		options->crs = text;
		return true;
	case OPT_ORIGIN:
		return parse_origin(text, options);
	case OPT_FORMAT:
		return parse_format(text, options);
	case OPT_QUALITY:
		return parse_int("quality", text, 25, 100, &options->quality);
	case OPT_DELIVER:
		return parse_delivery(text, options);
	case OPT_COG:
		options->cog = true;
		return true;
	case OPT_CHIPS:
		options->chips_dir = text;
		return true;
	case OPT_PER_CLASS:
		return parse_int("per-class", text, 1, 100000, &options->per_class);
	case OPT_THREADS:
		return parse_int("threads", text, 1, 1024, &options->threads);
	case 'q':
		options->quiet = true;
		return true;
	default: /* getopt has said what is wrong */
		fputs("sample-county: see --help for the options\n", stderr);
		return false;
	}
}

enum sc_parsed sc_options_parse(int argc, char **argv, struct sc_options *options)
{
	int option;

	*options = (struct sc_options){
		.per_class = 50,
		.cols = 12,
		.rows = 12,
		.chip_px = 224,
		.dates = {"2015", "2023"},
		.date_count = 2,
		.seed = 1,
		.gsd_m = 0.3,
		.crs = "EPSG:26986",
		.east = 200000.0,
		.north = 900000.0,
		.change_share = 0.05,
		.jpeg = true,
		.quality = 85,
	};
	while ((option = getopt_long(argc, argv, "qh", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(sc_manual, stdout);
			return SC_PARSED_HELP;
		}
		if (!parse_one(option, optarg, options))
			return SC_PARSED_WRONG;
	}
	if (options->chips_dir && optind == argc)
		return SC_PARSED_RUN;
	if (options->chips_dir || optind + 1 != argc) {
		fputs("sample-county: give either one OUTDIR or --chips DIR (see --help)\n", stderr);
		return SC_PARSED_WRONG;
	}
	options->out_dir = argv[optind];
	return SC_PARSED_RUN;
}
