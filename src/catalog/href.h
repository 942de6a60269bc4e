/*
 * href.h: from what a catalogue's link says to where it leads: a file, a URL, and the name that GDAL reads it by.
 */
#ifndef LU_CATALOG_HREF_H
#define LU_CATALOG_HREF_H

#include "base/error.h"

/* Does it lead across a network by HTTP? */
bool lu_href_is_url(const char *href);

/*
 * 'href' as it stands in the document at 'base' (a URL or a file), whole; lu_free it. What leads from a URL stays there:
 * a name that begins with '/' is of the same server. NULL: no memory.
 */
char *lu_href_join(const char *base, const char *href);

/*
 * The name by which GDAL reads the whole 'href' that the document at 'base' gave: http and https by /vsicurl/, s3, gs, az and
 * oss by their own file systems, a file as it is; lu_free it. LU_ERROR_UNSUPPORTED: another scheme; LU_ERROR_FORMAT: a URL's
 * document that names a file of this machine.
 */
enum lu_status lu_href_name(const char *base, const char *href, char **name, struct lu_error *err);

#endif
