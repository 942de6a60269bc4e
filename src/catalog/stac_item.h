/*
 * stac_item.h: inside catalog/: one STAC item: is it wanted, and which of its assets is the imagery?
 */
#ifndef LU_CATALOG_STAC_ITEM_H
#define LU_CATALOG_STAC_ITEM_H

#include <jansson.h>

#include "catalog/stac.h"

/* What of a search is asked of each item. */
struct lu_stac_wish {
	const char *collection, *asset; /* may be NULL */
	struct lu_span when;
	const struct lu_footprint *county; /* NULL: anywhere */
};

/*
 * '*out' is the item that stands at 'location' (a document's file or URL), where it is wanted; else its 'id' is NULL.
 * 'collection' is the collection that the item was found in, or NULL. LU_ERROR_FORMAT: it is no STAC item; LU_ERROR_ARGUMENT:
 * its asset is not there, or cannot be told. Release '*out' with lu_stac_item_release.
 */
enum lu_status lu_stac_item_read(const json_t *json, const char *location, const char *collection,
				 const struct lu_stac_wish *wish, struct lu_stac_item *out, struct lu_error *err);

#endif
