/*
 * class.h: a class of land use, as maps, legends, tables and pictures know it.
 */
#ifndef LU_BASE_CLASS_H
#define LU_BASE_CLASS_H

#include <stdint.h>

/* The name belongs to whoever made the class. Maps hold the value; 0 is "not mapped", and never a class. */
struct lu_class {
	uint16_t value;
	const char *name; /* UTF-8; NULL: it has none */
	uint8_t red, green, blue;
};

/* On a map with a least confidence: the value of cells that are sure enough of no class. It is none, and never compared. */
enum { LU_UNCERTAIN = 99 };

#endif
