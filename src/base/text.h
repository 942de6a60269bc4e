/*
 * text.h: names on their way into somebody else's hands. A class, zone, county or file may be called anything; what the name
 * would do to a terminal, an XML parser or a spreadsheet is taken from it at the border, once, by one of these.
 */
#ifndef LU_BASE_TEXT_H
#define LU_BASE_TEXT_H

#include "base/error.h"

/* lu_text_printable and lu_utf8_valid are in landuse.h. */

/* Is 'ending' the end of 'text', or all of it? Letters' case counts. */
bool lu_ends_with(const char *text, const char *ending);

/* The code point at 'text' (RFC 3629) and its bytes; -1 and 1 byte where there is none. 0 at the end. */
int32_t lu_utf8_next(const char *text, int *bytes);
/* LU_ERROR_FORMAT where 'name' is not UTF-8: "WHERE: the name '...' is not UTF-8 (REMEDY)". */
enum lu_status lu_utf8_check(const char *name, const char *where, const char *remedy, struct lu_error *err);

/*
 * A copy of 'text', for lu_free, that is UTF-8: what is not is taken for Latin-1, as most old tables and rasters are. NULL: no
 * memory.
 */
char *lu_text_utf8(const char *text);

/* Can XML 1.0 hold it, escaped or not? */
bool lu_xml_holds(int32_t code);
/* A copy of an XML document, for lu_free, with U+FFFD for what XML cannot hold. NULL: no memory, or 'document' is NULL. */
char *lu_xml_clean(const char *document);

/*
 * Would a spreadsheet run the cell 'text' as a formula? A cell that does is written with an apostrophe before it, and
 * so is one that would then be read wrongly; lu_cell_text skips it.
 */
bool lu_cell_is_formula(const char *text);
const char *lu_cell_text(const char *cell);

#endif
