/* stac_item.c: the members of an item that matter, by jansson. STAC 1.0 and 1.1 write them alike. */
#include "catalog/stac_item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/words.h"
#include "catalog/href.h"

enum { MOST_ASSETS = 64 };

static const char *text_of(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

/* When it was: a moment, or an interval. */
static bool read_time(const json_t *item, struct lu_span *when, char **words)
{
	const json_t *properties = json_object_get(item, "properties");
	const char *moment = text_of(properties, "datetime"), *from = text_of(properties, "start_datetime"),
		   *to = text_of(properties, "end_datetime");

	*words = moment != NULL ? lu_strdup(moment)
				: lu_sprintf("%s/%s", from != NULL ? from : "..", to != NULL ? to : "..");
	return *words != NULL && lu_span_read(*words, when);
}

static bool has_role(const json_t *asset, const char *role)
{
	const json_t *roles = json_object_get(asset, "roles");

	for (size_t i = 0; i < json_array_size(roles); i++) {
		const char *word = json_string_value(json_array_get(roles, i));
		if (word != NULL && strcmp(word, role) == 0)
			return true;
	}
	return false;
}

/* GeoTIFF or JPEG 2000, by the media type, or by the name where there is none. */
static bool is_raster(const json_t *asset)
{
	static const char *const types[] = {"image/tiff", "image/vnd.stac.geotiff", "image/jp2"};
	static const char *const endings[] = {".tif", ".tiff", ".jp2"};
	const char *type = text_of(asset, "type"), *href = text_of(asset, "href");
	const size_t length = href != NULL ? strcspn(href, "?#") : 0;

	for (size_t i = 0; type != NULL && i < sizeof(types) / sizeof(types[0]); i++)
		if (strncasecmp(type, types[i], strlen(types[i])) == 0)
			return true;
	for (size_t i = 0; type == NULL && i < sizeof(endings) / sizeof(endings[0]); i++) {
		const size_t ending = strlen(endings[i]);
		if (length > ending && strncasecmp(href + length - ending, endings[i], ending) == 0)
			return true;
	}
	return false;
}

static bool is_picture_of_it(const json_t *asset)
{
	return has_role(asset, "thumbnail") || has_role(asset, "overview") || has_role(asset, "metadata");
}

/* How much an asset looks like the imagery; of the best there may be one. */
static int rank(const json_t *asset)
{
	if (text_of(asset, "href") == NULL || is_picture_of_it(asset))
		return 0;
	if (is_raster(asset))
		return has_role(asset, "data") ? 3 : 2;
	return has_role(asset, "data") ? 1 : 0;
}

static enum lu_status fail_choice(const json_t *assets, int least, const char *fact, const char *remedy,
				  struct lu_error *err)
{
	const char *names[MOST_ASSETS], *name;
	char list[200];
	size_t count = 0;
	json_t *asset;

	json_object_foreach((json_t *)(uintptr_t)assets, name, asset)
	{
		if (count < MOST_ASSETS && rank(asset) >= least)
			names[count++] = name;
	}
	lu_name_list(names, count, list, sizeof(list));
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s%s (%s)", fact, count > 0 ? list : "none", remedy);
}

static enum lu_status choose_asset(const json_t *assets, const char *wanted, const char **name, struct lu_error *err)
{
	int best = 0;
	size_t of_best = 0;
	json_t *asset;
	const char *key;

	if (wanted != NULL) {
		*name = wanted;
		if (text_of(json_object_get(assets, wanted), "href") != NULL)
			return LU_OK;
		char *fact = lu_sprintf("has no asset '%s', it has: ", wanted);
		const enum lu_status status =
			fail_choice(assets, 0, fact != NULL ? fact : "", "asset: one of these", err);
		lu_free(fact);
		return status;
	}
	json_object_foreach((json_t *)(uintptr_t)assets, key, asset)
	{
		const int its = rank(asset);
		if (its > best || (its == best && its > 0)) {
			of_best = its > best ? 1 : of_best + 1;
			best = its;
			*name = key;
		}
	}
	if (of_best == 0)
		return fail_choice(assets, 0, "has no asset that is data, it has: ", "name one by asset: NAME", err);
	if (of_best > 1)
		return fail_choice(assets, best, "has several assets that are data: ", "name one by asset: NAME", err);
	return LU_OK;
}

/* Where the item says that it is, if that is a whole URL; relative links are seen from there. */
static const char *self_of(const json_t *item, const char *location)
{
	const json_t *links = json_object_get(item, "links");

	for (size_t i = 0; i < json_array_size(links) && lu_href_is_url(location); i++) {
		const json_t *link = json_array_get(links, i);
		const char *rel = text_of(link, "rel"), *href = text_of(link, "href");
		if (rel != NULL && href != NULL && strcmp(rel, "self") == 0 && lu_href_is_url(href))
			return href;
	}
	return location;
}

static enum lu_status read_asset(const json_t *json, const char *location, const struct lu_stac_wish *wish,
				 struct lu_stac_item *out, struct lu_error *err)
{
	const json_t *assets = json_object_get(json, "assets");
	const char *name = NULL, *updated = text_of(json_object_get(json, "properties"), "updated");
	enum lu_status status;

	LU_TRY(choose_asset(assets, wish->asset, &name, err));
	const json_t *asset = json_object_get(assets, name);
	const char *sum = text_of(asset, "file:checksum"), *base = self_of(json, location);
	const char *asset_updated = text_of(asset, "updated");
	out->asset = lu_strdup(name);
	out->href = lu_href_join(base, text_of(asset, "href"));
	out->version = lu_sprintf("%s%s%s",
				  asset_updated != NULL ? asset_updated
				  : updated != NULL     ? updated
							: "",
				  sum != NULL ? " " : "", sum != NULL ? sum : "");
	if (out->asset == NULL || out->href == NULL || out->version == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: an item");
		goto out;
	}
	LU_TRY(lu_utf8_check(out->href, "asset", "write the catalogue in UTF-8", err));
	status = lu_href_name(location, out->href, &out->name, err);
	if (status == LU_ERROR_FORMAT || status == LU_ERROR_UNSUPPORTED)
		lu_fail(err, status, "asset %s %s", name, err->text);
out:
	return status;
}

/* Ground of the item in the county? An item without geometry has none. */
static enum lu_status is_there(const json_t *json, const struct lu_footprint *county, bool *there, struct lu_error *err)
{
	const json_t *geometry = json_object_get(json, "geometry");
	enum lu_status status;

	*there = county == NULL;
	if (county == NULL || json_is_null(geometry))
		return LU_OK;
	char *text = json_dumps(geometry, JSON_COMPACT);
	status = text != NULL ? lu_footprint_meets(county, text, there, err)
			      : lu_fail(err, LU_ERROR_FORMAT, "its geometry is none of GeoJSON's");
	free(text);
	return status;
}

static enum lu_status read_wanted(const json_t *json, const char *location, const char *collection,
				  const struct lu_stac_wish *wish, struct lu_stac_item *out, bool *wanted,
				  struct lu_error *err)
{
	const char *own = text_of(json, "collection");
	enum lu_status status = LU_OK;

	collection = own != NULL ? own : collection;
	*wanted = wish->collection == NULL || (collection != NULL && strcmp(collection, wish->collection) == 0);
	if (!*wanted)
		goto out;
	if (!read_time(json, &out->when, &out->datetime)) {
		if (out->datetime == NULL)
			return lu_fail(err, LU_ERROR_MEMORY, "out of memory: an item");
		status = lu_fail(err, LU_ERROR_FORMAT,
				 "its datetime is '%s': expected a time such as 2016-07-01T00:00:00Z", out->datetime);
		goto out;
	}
	*wanted = lu_spans_meet(out->when, wish->when);
	if (*wanted)
		LU_TRY(is_there(json, wish->county, wanted, err));
	if (!*wanted)
		goto out;
	LU_TRY(read_asset(json, location, wish, out, err));
	out->id = lu_strdup(text_of(json, "id"));
	out->collection = collection != NULL ? lu_strdup(collection) : NULL;
	if (out->id == NULL || (out->collection == NULL && collection != NULL))
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: an item");
out:
	return status;
}

enum lu_status lu_stac_item_read(const json_t *json, const char *location, const char *collection,
				 const struct lu_stac_wish *wish, struct lu_stac_item *out, struct lu_error *err)
{
	const char *type = text_of(json, "type"), *id = text_of(json, "id");
	bool wanted = false;

	*out = (struct lu_stac_item){0};
	if (type == NULL || strcmp(type, "Feature") != 0 || id == NULL ||
	    !json_is_object(json_object_get(json, "properties")) || !json_is_object(json_object_get(json, "assets")) ||
	    json_object_get(json, "geometry") == NULL)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: %s%s is no STAC item: expected a Feature with id, geometry, properties and assets",
			       location, id != NULL ? "item " : "what stands there", id != NULL ? id : "");
	const enum lu_status status = read_wanted(json, location, collection, wish, out, &wanted, err);
	if (status == LU_OK && wanted)
		return LU_OK;
	lu_stac_item_release(out);
	return status == LU_OK || status == LU_ERROR_MEMORY ? status : lu_fail_within(err, "%s: item %s", location, id);
}

void lu_stac_item_release(struct lu_stac_item *item)
{
	lu_free(item->id);
	lu_free(item->collection);
	lu_free(item->datetime);
	lu_free(item->version);
	lu_free(item->asset);
	lu_free(item->href);
	lu_free(item->name);
	*item = (struct lu_stac_item){0};
}
