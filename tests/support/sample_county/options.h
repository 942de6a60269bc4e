/*
 * options.h: what the command line asks for
 */
#ifndef SC_OPTIONS_H
#define SC_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define SC_MAX_DATES 32
#define SC_DATE_BYTES 24

enum sc_delivery {
	SC_DELIVER_SINGLE, /* one file per date */
	SC_DELIVER_QUADS, /* a folder of four overlapping quarters per date */
	SC_DELIVER_ALTERNATE, /* the first date single, the second as quads, and so on */
};

struct sc_options {
	const char *out_dir; /* county: where to; NULL when --chips asks for chips instead */
	const char *chips_dir;
	int per_class;
	int cols, rows;
	int chip_px;
	char dates[SC_MAX_DATES][SC_DATE_BYTES];
	int date_count;
	uint32_t seed;
	double gsd_m;
	const char *crs;
	double east, north; /* of the picture's north-west corner, CRS units */
	double change_share;
	bool jpeg;
	int quality;
	enum sc_delivery delivery;
	bool cog;
	int threads; /* 0: as OpenMP decides */
	bool quiet;
};

enum sc_parsed {
	SC_PARSED_RUN,
	SC_PARSED_HELP, /* --help was asked for and has been printed on stdout */
	SC_PARSED_WRONG, /* one line on stderr says what and how to mend it */
};

/* Read the command line. Strings in 'options' point into argv. */
enum sc_parsed sc_options_parse(int argc, char **argv, struct sc_options *options);

#endif
