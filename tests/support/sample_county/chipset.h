/*
 * chipset.h: labelled single chips, drawn as a county's cells are: training material
 */
#ifndef SC_CHIPSET_H
#define SC_CHIPSET_H

#include <stdbool.h>
#include <stdint.h>

struct sc_chipset {
	const char *dir; /* made if missing; gets one folder per style */
	int per_class;
	int chip_px;
	uint32_t seed;
	bool quiet;
};

/*
 * Write dir/STYLE/NNN.png for every style. Each chip stands in its own small land with its own sky; the same
 * request writes the same pixels for any number of OpenMP threads. Returns 0, or -1 after one line on stderr that names
 * file, fact and remedy; files written by then stay.
 */
int sc_chipset_write(const struct sc_chipset *set);

#endif
