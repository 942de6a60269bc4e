/*
 * county.h: the whole county onto disk: landscape, change, boundary, records, pictures
 */
#ifndef SC_COUNTY_H
#define SC_COUNTY_H

#include "options.h"

/*
 * Write everything that --help lists under "Output" into options->out_dir. Returns 0, or -1 after a line on stderr that
 * names file, fact and remedy. Each file appears under its name only when whole.
 */
int sc_county_write(const struct sc_options *options);

#endif
