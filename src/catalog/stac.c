/*
 * stac.c: a walk from document to document, page to page, over a list of those still to be read.
 *
 * What bounds it: documents, items, and steps down from the source; a document is read once.
 */
#include "catalog/stac.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "base/words.h"
#include "catalog/href.h"
#include "catalog/http.h"
#include "catalog/query.h"
#include "catalog/stac_item.h"
#include "catalog/token.h"

enum { LARGEST_DOCUMENT = 64 << 20, MOST_DOCUMENTS = 20000, MOST_ITEMS = 200000, DEEPEST = 12, MOST_COLLECTIONS = 16 };

/* A document to be read. */
struct place {
	char *location; /* a file or a URL */
	char *body; /* what is POSTed to it; NULL: nothing */
	char *collection; /* which it was found in; NULL: none yet */
	int depth;
};

struct walk {
	struct lu_stac_wish wish;
	struct lu_token *token; /* NULL: nobody asks for one */
	const struct lu_hooks *hooks;
	struct place *places; /* a stack */
	size_t place_count;
	json_t *known; /* an object with a member for each document that was asked for, and each item and asset taken */
	size_t documents, seen; /* so far; 'seen' items */
	struct lu_stac_items *found;
	char last_seen[128]; /* one of another collection, time or place, in words */
};

static const char *text_of(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

/* '*fresh': it was not known before. */
static enum lu_status note(struct walk *walk, const char *kind, const char *name, const char *more, bool *fresh,
			   struct lu_error *err)
{
	char *key = lu_sprintf("%s %s %s", kind, name, more != NULL ? more : "");

	*fresh = key != NULL && json_object_get(walk->known, key) == NULL;
	const bool noted = key != NULL && (!*fresh || json_object_set_new(walk->known, key, json_true()) == 0);
	lu_free(key);
	return noted ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a catalogue");
}

static void release_place(struct place *place)
{
	lu_free(place->location);
	lu_free(place->body);
	lu_free(place->collection);
}

/* Read it later, if it has not been; 'location' and 'body' are taken over, also on failure. */
static enum lu_status push(struct walk *walk, char *location, char *body, const char *collection, int depth,
			   struct lu_error *err)
{
	struct place place = {location, body, collection != NULL ? lu_strdup(collection) : NULL, depth};
	enum lu_status status = LU_OK;
	bool fresh;

	if (location == NULL || (place.collection == NULL && collection != NULL)) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a link");
		goto out;
	}
	LU_TRY(note(walk, "document", location, body, &fresh, err));
	if (!fresh)
		goto out;
	if (depth > DEEPEST) {
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: more than %d catalogues one in another (name a deeper one)",
				 location, DEEPEST);
		goto out;
	}
	LU_TRY(lu_grow(&walk->places, walk->place_count + 1, sizeof(place), "links", err));
	walk->places[walk->place_count++] = place;
	place = (struct place){0}; /* now the walk's */
out:
	release_place(&place);
	return status;
}

/* What a link leads to, whole. A source on disk is walked on disk alone. */
static enum lu_status follow(const char *base, const json_t *link, char **target, struct lu_error *err)
{
	const char *href = text_of(link, "href"), *rel = text_of(link, "rel");

	*target = NULL;
	if (href == NULL)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: a link without href (write the catalogue again)", base);
	*target = lu_href_join(base, href);
	if (*target == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a link");
	if (!lu_href_is_url(base) && strstr(*target, "://") != NULL && strncmp(*target, "file://", 7) != 0)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "%s: its link '%s' leads to a network, %s, and a catalogue on disk is read on disk "
			       "(stac: the URL itself, or save all that belongs to it)",
			       base, rel != NULL ? rel : "", *target);
	if (lu_href_is_url(base) && !lu_href_is_url(*target))
		return lu_fail(err, LU_ERROR_FORMAT, "%s: its link '%s' leads to %s: expected a URL", base,
			       rel != NULL ? rel : "", *target);
	if (strncmp(*target, "file://", 7) == 0)
		memmove(*target, *target + 7, strlen(*target + 7) + 1);
	return LU_OK;
}

static enum lu_status take_item(struct walk *walk, const json_t *json, const char *location, const char *collection,
				struct lu_error *err)
{
	struct lu_stac_items *found = walk->found;
	struct lu_stac_item item;
	enum lu_status status;
	bool fresh;

	if (++walk->seen > MOST_ITEMS)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: more than %d items (say 'collection' or a deeper catalogue)",
			       location, MOST_ITEMS);
	status = lu_stac_item_read(json, location, collection, &walk->wish, &item, err);
	if (status != LU_OK)
		return status;
	if (item.id == NULL) {
		const char *when = text_of(json_object_get(json, "properties"), "datetime");
		const char *own = text_of(json, "collection");
		snprintf(walk->last_seen, sizeof(walk->last_seen), "%s%s%s of %s", text_of(json, "id"),
			 own != NULL || collection != NULL ? " in collection " : "",
			 own != NULL          ? own
			 : collection != NULL ? collection
					      : "",
			 when != NULL ? when : "an interval");
		return LU_OK;
	}
	LU_TRY(note(walk, "item", item.id, item.collection, &fresh, err));
	if (fresh)
		LU_TRY(note(walk, "asset", item.name, NULL, &fresh, err));
	if (!fresh)
		goto out;
	LU_TRY(lu_grow(&found->items, found->count + 1, sizeof(item), "items", err));
	found->items[found->count++] = item;
	item = (struct lu_stac_item){0}; /* now the list's */
out:
	lu_stac_item_release(&item);
	return status;
}

/* Items in one document, and the page behind them. */
static enum lu_status read_page(struct walk *walk, const json_t *json, const char *base, const struct place *place,
				struct lu_error *err)
{
	const json_t *items = json_object_get(json, "features"), *links = json_object_get(json, "links");
	enum lu_status status = LU_OK;

	if (!json_is_array(items))
		return lu_fail(err, LU_ERROR_FORMAT, "%s: a list of items without 'features' is not STAC", base);
	for (size_t i = 0; i < json_array_size(items); i++)
		LU_TRY(take_item(walk, json_array_get(items, i), base, place->collection, err));
	for (size_t i = 0; i < json_array_size(links); i++) {
		const json_t *link = json_array_get(links, i);
		const char *rel = text_of(link, "rel");
		char *target = NULL, *body = NULL;
		/* A page without items is the last: some servers lead on for ever. */
		if (rel == NULL || strcmp(rel, "next") != 0 || json_array_size(items) == 0)
			continue;
		status = follow(base, link, &target, err);
		if (status == LU_OK)
			status = lu_query_next(link, place->body, &body, err);
		if (status != LU_OK) {
			lu_free(target);
			goto out;
		}
		LU_TRY(push(walk, target, body, place->collection, place->depth, err));
	}
out:
	return status;
}

/* Does the collection lie elsewhere, by its own word? */
static bool is_elsewhere(const struct walk *walk, const json_t *json)
{
	const json_t *all = json_object_get(json_object_get(json_object_get(json, "extent"), "spatial"), "bbox");
	const json_t *box = json_array_get(all, 0);
	const size_t n = json_array_size(box);

	if (walk->wish.county == NULL || (n != 4 && n != 6))
		return false;
	const struct lu_box county = lu_footprint_box(walk->wish.county);
	const double min_x = json_number_value(json_array_get(box, 0)),
		     min_y = json_number_value(json_array_get(box, 1));
	const double max_x = json_number_value(json_array_get(box, n / 2)),
		     max_y = json_number_value(json_array_get(box, n / 2 + 1));
	/* One that crosses the 180th meridian has its west east of its east. */
	return min_y > county.max_y || max_y < county.min_y ||
	       (min_x <= max_x && (min_x > county.max_x || max_x < county.min_x));
}

static const json_t *find_link(const json_t *json, const char *rel, const char *method)
{
	const json_t *links = json_object_get(json, "links");

	for (size_t i = 0; i < json_array_size(links); i++) {
		const json_t *link = json_array_get(links, i);
		const char *own = text_of(link, "rel"), *by = text_of(link, "method");
		if (own != NULL && strcmp(own, rel) == 0 && strcmp(by != NULL ? by : "GET", method) == 0)
			return link;
	}
	return NULL;
}

/* An API answers for its whole catalogue, so nothing of it is walked. '*asked': this was one. */
static enum lu_status ask_api(struct walk *walk, const json_t *json, const char *base, const struct place *place,
			      bool collection, bool *asked, struct lu_error *err)
{
	const json_t *get = find_link(json, collection ? "items" : "search", "GET"),
		     *post = find_link(json, "search", "POST");
	struct lu_query query = {collection ? NULL : walk->wish.collection, walk->wish.county, walk->wish.when};
	char *target = NULL, *location = NULL, *body = NULL;
	enum lu_status status = LU_OK;

	*asked = lu_href_is_url(base) && (get != NULL || (post != NULL && !collection));
	if (!*asked)
		return LU_OK;
	if (walk->wish.county == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "%s: is asked by place, and the job has none (county: {boundary: FILE})", base);
	if (!collection && walk->wish.collection == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: has many collections (collection: NAME)", base);
	LU_TRY(follow(base, get != NULL ? get : post, &target, err));
	if (get != NULL)
		LU_TRY(lu_query_url(&query, target, &location, err));
	else
		LU_TRY(lu_query_body(&query, &body, err));
	if (get == NULL) {
		location = target;
		target = NULL;
	}
	status = push(walk, location, body, collection ? text_of(json, "id") : place->collection, place->depth, err);
	location = body = NULL; /* the walk's */
out:
	lu_free(target);
	lu_free(location);
	lu_free(body);
	return status;
}

static enum lu_status read_catalogue(struct walk *walk, const json_t *json, const char *base, const struct place *place,
				     bool collection, struct lu_error *err)
{
	const json_t *links = json_object_get(json, "links");
	const char *id = text_of(json, "id");
	const bool other =
		collection && walk->wish.collection != NULL && id != NULL && strcmp(walk->wish.collection, id) != 0;
	bool asked;
	enum lu_status status;

	if (!json_is_array(links) || id == NULL)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: a catalogue without id and links is not STAC", base);
	if (collection && is_elsewhere(walk, json))
		return LU_OK;
	LU_TRY(ask_api(walk, json, base, place, collection, &asked, err));
	/* The last link lies on top of the stack: pushed from behind, the first is read first. */
	for (size_t i = json_array_size(links); i > 0 && !asked; i--) {
		const json_t *link = json_array_get(links, i - 1);
		const char *rel = text_of(link, "rel");
		char *target;
		if (rel == NULL || (strcmp(rel, "child") != 0 && (other || strcmp(rel, "item") != 0)))
			continue;
		status = follow(base, link, &target, err);
		if (status == LU_OK)
			status = push(walk, target, NULL, collection ? id : place->collection, place->depth + 1, err);
		else
			lu_free(target);
		if (status != LU_OK)
			goto out;
	}
out:
	return status;
}

static enum lu_status read_document(struct walk *walk, const struct place *place, const json_t *json, const char *base,
				    struct lu_error *err)
{
	const char *type = text_of(json, "type");
	const bool old = type == NULL && text_of(json, "stac_version") != NULL; /* before 1.0 catalogues had no type */

	if (type != NULL && strcmp(type, "Feature") == 0)
		return take_item(walk, json, base, place->collection, err);
	if (type != NULL && strcmp(type, "FeatureCollection") == 0)
		return read_page(walk, json, base, place, err);
	if (old || (type != NULL && (strcmp(type, "Catalog") == 0 || strcmp(type, "Collection") == 0)))
		return read_catalogue(walk, json, base, place,
				      old ? json_object_get(json, "extent") != NULL : strcmp(type, "Collection") == 0,
				      err);
	return lu_fail(
		err, LU_ERROR_FORMAT,
		"%s: is JSON and not STAC: %s%s, expected a Catalog, a Collection, a FeatureCollection of items or "
		"a Feature",
		base, type != NULL ? "its type is " : "it has no type", type != NULL ? type : "");
}

/* A document over the network; a token that is refused is renewed once. */
static enum lu_status fetch(struct walk *walk, const struct place *place, char **text, size_t *size, char **base,
			    struct lu_error *err)
{
	unsigned number = 0;
	enum lu_status status = LU_OK;
	bool refused = true;

	for (int tries = 0; tries < 2 && refused; tries++) {
		char *suffix = NULL, *header = NULL;
		if (walk->token != NULL)
			LU_TRY(lu_token_get(walk->token, &number, &suffix, &header, err));
		const struct lu_http_request request = {place->location, suffix, header, place->body, walk->hooks};
		status = lu_http_get(&request, LARGEST_DOCUMENT, text, size, base, &refused, err);
		lu_free(suffix);
		lu_free(header);
		if (walk->token == NULL && refused)
			return lu_fail(err, status, "%s (token_command: [PROGRAM that prints a token])", err->text);
	}
	if (refused)
		return lu_fail(err, status, "%s, and takes no token of token_command", err->text);
out:
	return status;
}

/* The next document, from its file or over the network. */
static enum lu_status read_place(struct walk *walk, const struct place *place, struct lu_error *err)
{
	char *text = NULL, *base = NULL;
	size_t size = 0;
	json_t *json = NULL;
	json_error_t fault;
	enum lu_status status;

	if (++walk->documents > MOST_DOCUMENTS)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: more than %d documents belong to it (say 'collection' or a deeper catalogue)",
			       place->location, MOST_DOCUMENTS);
	if (lu_cancelled(walk->hooks))
		return lu_fail(err, LU_ERROR_CANCELLED, "stopped");
	if (lu_href_is_url(place->location)) {
		LU_TRY(fetch(walk, place, &text, &size, &base, err));
	} else {
		LU_TRY(lu_file_read(place->location, LARGEST_DOCUMENT, &text, &size, err));
		base = lu_strdup(place->location);
	}
	json = json_loadb(text, size, 0, &fault);
	if (base == NULL || json == NULL) {
		status = base == NULL ? lu_fail(err, LU_ERROR_MEMORY, "out of memory: a document")
				      : lu_fail(err, LU_ERROR_FORMAT, "%s:%d: no JSON: %s (expected a STAC document)",
						base, fault.line, fault.text);
		goto out;
	}
	status = read_document(walk, place, json, base, err);
out:
	json_decref(json);
	lu_free(text);
	lu_free(base);
	return status;
}

/* The latest first, then by name. */
static int by_time(const void *a, const void *b)
{
	const struct lu_stac_item *x = a, *y = b;

	if (x->when.from != y->when.from)
		return x->when.from > y->when.from ? -1 : 1;
	if (x->when.to != y->when.to)
		return x->when.to > y->when.to ? -1 : 1;
	const int order = strcmp(x->id, y->id);
	return order != 0 ? order : strcmp(x->name, y->name);
}

static enum lu_status nothing_found(const struct walk *walk, const struct lu_stac_keys *keys, struct lu_error *err)
{
	char when[LU_SPAN_TEXT];

	return lu_fail(
		err, LU_ERROR_ARGUMENT,
		"%s: no item%s%s %s%s: it has %zu elsewhere or of other times%s%s%s (check 'collection', 'datetime' "
		"and the "
		"boundary)",
		keys->source, keys->collection != NULL ? " of " : "", keys->collection != NULL ? keys->collection : "",
		walk->wish.county != NULL ? "in the county and in " : "in ", lu_span_print(walk->wish.when, when),
		walk->seen, walk->seen > 0 ? " (" : "", walk->last_seen, walk->seen > 0 ? ")" : "");
}

/* Which collection is meant has to be said where there are several. */
static enum lu_status check_collections(const struct lu_stac_items *items, const struct lu_stac_keys *keys,
					struct lu_error *err)
{
	const char *names[MOST_COLLECTIONS];
	size_t count = 0;
	char list[200];

	for (size_t i = 0; i < items->count; i++) {
		const char *own = items->items[i].collection != NULL ? items->items[i].collection : "none";
		size_t k = 0;
		while (k < count && strcmp(names[k], own) != 0)
			k++;
		if (k == count && count < MOST_COLLECTIONS)
			names[count++] = own;
	}
	if (count < 2)
		return LU_OK;
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: items of %zu collections lie there: %s (collection: one of these)",
		       keys->source, count, lu_name_list(names, count, list, sizeof(list)));
}

static enum lu_status find_time(const struct lu_stac_keys *keys, const char *label, struct lu_span *when,
				struct lu_error *err)
{
	if (lu_span_read(keys->datetime != NULL ? keys->datetime : label, when))
		return LU_OK;
	if (keys->datetime != NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "'datetime' is '%s', it should be a year, a day, or two with a slash between (2016, "
			       "2016-06-01/2016-09-30)",
			       keys->datetime);
	return lu_fail(err, LU_ERROR_ARGUMENT, "the date '%s' is no year and no day (datetime: 2016)", label);
}

enum lu_status lu_stac_search(const struct lu_stac_keys *keys, const char *label, const struct lu_footprint *county,
			      struct lu_token *token, const struct lu_hooks *hooks, struct lu_stac_items *out,
			      struct lu_error *err)
{
	struct walk walk = {.wish = {.collection = keys->collection, .asset = keys->asset, .county = county},
			    .token = token,
			    .hooks = hooks,
			    .found = out};
	enum lu_status status;

	*out = (struct lu_stac_items){0};
	LU_TRY(find_time(keys, label, &walk.wish.when, err));
	walk.known = json_object();
	if (walk.known == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a catalogue");
		goto out;
	}
	LU_TRY(push(&walk, lu_strdup(keys->source), NULL, NULL, 0, err));
	while (walk.place_count > 0) {
		struct place place = walk.places[--walk.place_count];
		status = read_place(&walk, &place, err);
		release_place(&place);
		LU_TRY(status);
	}
	if (out->count == 0)
		LU_TRY(nothing_found(&walk, keys, err));
	LU_TRY(check_collections(out, keys, err));
	qsort(out->items, out->count, sizeof(*out->items), by_time);
out:
	for (size_t i = 0; i < walk.place_count; i++)
		release_place(&walk.places[i]);
	lu_free(walk.places);
	json_decref(walk.known);
	if (status != LU_OK)
		lu_stac_items_release(out);
	return status;
}

void lu_stac_items_release(struct lu_stac_items *items)
{
	for (size_t i = 0; i < items->count; i++)
		lu_stac_item_release(&items->items[i]);
	lu_free(items->items);
	*items = (struct lu_stac_items){0};
}
