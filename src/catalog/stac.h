/*
 * stac.h: a date's imagery, found in a STAC catalogue by place and time.
 *
 * In: a catalogue (stac_keys.h), a county, a time. Out: the items there, the latest first, each with the asset that is the
 * imagery. A source may be an API's root, a collection, a catalogue, a list of items or an item; in a file or at a URL. A source on
 * disk is read on disk alone, whatever its links say; a URL's links are followed to URLs. Imagery itself is not opened here.
 */
#ifndef LU_CATALOG_STAC_H
#define LU_CATALOG_STAC_H

#include "base/error.h"
#include "base/geometry.h"
#include "base/hooks.h"
#include "catalog/stac_keys.h"
#include "catalog/stac_time.h"
#include "raster/footprint.h"

struct lu_token; /* catalog/token.h */

struct lu_stac_item {
	char *id;
	char *collection; /* NULL: it says none */
	char *datetime; /* as it says it; of an interval, "FROM/TO" */
	char *version; /* when it was made anew, and its file's checksum, as it says them; "": it says neither */
	char *asset; /* the name of the asset */
	char *href; /* whole, */
	char *name; /* and as GDAL reads it */
	struct lu_span when;
};

struct lu_stac_items {
	struct lu_stac_item *items;
	size_t count;
};

/*
 * The items of 'keys' (whose source is not NULL) that share ground with 'county' (NULL: anywhere) and time with the keys' datetime
 * or else 'label'. At least one. The latest are first, those of one time by their ids; no item and no asset stands twice.
 *
 * A server that wants a token gets that of 'token' (NULL: there is none).
 *
 * LU_ERROR_ARGUMENT: no such file, a datetime that is none, a choice (of collection, of asset) that is not made or leads nowhere,
 * no item there; LU_ERROR_FORMAT: no JSON, not STAC, more than may be followed; LU_ERROR_IO: the network; LU_ERROR_UNSUPPORTED: a
 * URL where libcurl is not built in.
 */
enum lu_status lu_stac_search(const struct lu_stac_keys *keys, const char *label, const struct lu_footprint *county,
			      struct lu_token *token, const struct lu_hooks *hooks, struct lu_stac_items *out,
			      struct lu_error *err);
/*
 * Their assets on web servers are from now on read with 'token' (raster/signed.h), which must outlive lu_stac_unsign.
 * No imagery may be open meanwhile.
 */
enum lu_status lu_stac_sign(struct lu_stac_items *items, struct lu_token *token, struct lu_error *err);
void lu_stac_unsign(struct lu_token *token);

void lu_stac_items_release(struct lu_stac_items *items);
void lu_stac_item_release(struct lu_stac_item *item);

#endif
