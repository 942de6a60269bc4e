/* test_stac.c: catalogues on disk: which items are found, in what order, with which asset, and what a wrong one says. */
#include "catalog/stac.h"

#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "support/check.h"

static char folder[64];
static struct lu_footprint *county; /* from (0, 0) to (2, 2), less its north-east quarter */

static const char *in_folder(const char *name, char buffer[160])
{
	snprintf(buffer, 160, "%s/%s", folder, name);
	return buffer;
}

static void put(const char *name, const char *text)
{
	char path[160];
	struct lu_error err = {0};

	check_ok(lu_file_write(in_folder(name, path), text, strlen(text), &err), err);
}

static int make_county(void **state)
{
	(void)state;
	struct lu_point points[] = {{0, 0}, {2, 0}, {2, 1}, {1, 1}, {1, 2}, {0, 2}};
	struct lu_ring ring = {points, 6};
	const struct lu_polygon polygon = {&ring, 1};
	struct lu_error err = {0};

	make_scratch(folder);
	check_ok(lu_footprint_new(&polygon, &county, &err), err);
	return 0;
}

static int free_county(void **state)
{
	(void)state;
	lu_footprint_free(county);
	return 0;
}

#define IMAGE "\"image\": {\"href\": \"%s.tif\", \"type\": \"image/tiff; application=geotiff\", \"roles\": [\"data\"]}"

/* An item of a square of one degree with its corner at (x, y); for lu_free. */
static char *item(const char *id, const char *when, double x, double y, const char *more)
{
	return lu_sprintf(
		"{\"type\": \"Feature\", \"stac_version\": \"1.0.0\", \"id\": \"%s\", \"collection\": \"naip\", "
		"\"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}, "
		"\"properties\": {\"datetime\": \"%s\"}, \"links\": [], \"assets\": {" IMAGE "%s}}",
		id, x, y, x + 1, y, x + 1, y + 1, x, y + 1, x, y, when, id, more);
}

/* A list of items; they are released. */
static char *list(char *const *items, size_t count, const char *links)
{
	char *text = lu_strdup("{\"type\": \"FeatureCollection\", \"features\": [");

	for (size_t i = 0; i < count; i++) {
		char *longer = lu_sprintf("%s%s%s", text, i > 0 ? ", " : "", items[i]);
		lu_free(text);
		lu_free(items[i]);
		text = longer;
	}
	char *whole = lu_sprintf("%s], \"links\": [%s]}", text, links);
	lu_free(text);
	return whole;
}

static void put_list(const char *name, char *const *items, size_t count, const char *links)
{
	char *text = list(items, count, links);

	put(name, text);
	lu_free(text);
}

static enum lu_status search(const char *name, struct lu_stac_keys keys, struct lu_stac_items *items,
			     struct lu_error *err)
{
	char path[160];

	keys.source = (char *)(uintptr_t)in_folder(name, path);
	return lu_stac_search(&keys, "2016", county, NULL, NULL, items, err);
}

/* The ids that are found, "a b c". */
static void check_ids(const char *name, struct lu_stac_keys keys, const char *expected)
{
	struct lu_stac_items items;
	struct lu_error err = {0};
	char ids[400] = "";

	check_ok(search(name, keys, &items, &err), err);
	for (size_t i = 0; i < items.count; i++)
		snprintf(ids + strlen(ids), sizeof(ids) - strlen(ids), "%s%s", i > 0 ? " " : "", items.items[i].id);
	assert_string_equal(ids, expected);
	lu_stac_items_release(&items);
}

static void items_by_place_and_time(void **state)
{
	(void)state;
	char *const items[] = {item("b", "2016-07-01T00:00:00Z", 0, 0, ""),
			       item("a", "2016-07-01T00:00:00Z", 0, 1, ""),
			       item("late", "2016-08-01T00:00:00+00:00", 0.5, 0, ""),
			       item("hole", "2016-07-01T00:00:00Z", 1, 1, ""), /* touches the county at two edges */
			       item("away", "2016-07-01T00:00:00Z", 5, 5, ""),
			       item("old", "2015-12-31T23:59:59Z", 0, 0, ""),
			       item("new", "2017-01-01T00:00:00Z", 0, 0, ""),
			       item("last", "2016-12-31T23:59:59.9Z", 0, 0, ""),
			       item("b", "2016-07-01T00:00:00Z", 0, 0, "")};

	put_list("items.json", items, sizeof(items) / sizeof(items[0]), "");
	check_ids("items.json", (struct lu_stac_keys){0}, "last late a b");
	check_ids("items.json", (struct lu_stac_keys){.datetime = (char *)(uintptr_t) "2016-07-01"}, "a b");
	check_ids("items.json", (struct lu_stac_keys){.datetime = (char *)(uintptr_t) "../2016-07-01"}, "a b old");
	check_ids("items.json", (struct lu_stac_keys){.collection = (char *)(uintptr_t) "naip"}, "last late a b");
}

static void an_interval_and_an_item_alone(void **state)
{
	(void)state;
	put("one.json",
	    "{\"type\": \"Feature\", \"id\": \"one\", \"geometry\": {\"type\": \"Point\", \"coordinates\": [0.5, "
	    "0.5]}, "
	    "\"properties\": {\"datetime\": null, \"start_datetime\": \"2015-11-01T00:00:00Z\", \"end_datetime\": "
	    "\"2016-02-01T00:00:00Z\"}, \"links\": [], \"assets\": {\"a\": {\"href\": \"./q/a.TIF\"}}}");
	check_ids("one.json", (struct lu_stac_keys){0}, "one");
}

static void a_tree_of_catalogues(void **state)
{
	(void)state;
	struct lu_stac_items items;
	struct lu_error err = {0};
	char path[160], *text;

	check_ok(lu_folder_make(in_folder("tree/naip/deep", path), &err), err);
	put("tree/catalog.json",
	    "{\"type\": \"Catalog\", \"id\": \"r\", \"links\": [{\"rel\": \"self\", \"href\": "
	    "\"https://example.com/catalog.json\"}, {\"rel\": \"child\", \"href\": \"./naip/collection.json\"}, "
	    "{\"rel\": \"child\", \"href\": \"other.json\"}]}");
	/* Not read: its extent is elsewhere, and its item is not there. */
	put("tree/other.json",
	    "{\"type\": \"Collection\", \"id\": \"other\", \"extent\": {\"spatial\": {\"bbox\": [[50, 50, 51, 51]]}}, "
	    "\"links\": [{\"rel\": \"item\", \"href\": \"gone.json\"}]}");
	put("tree/naip/collection.json",
	    "{\"type\": \"Collection\", \"id\": \"naip\", \"extent\": {\"spatial\": {\"bbox\": [[0, 0, 3, 3]]}}, "
	    "\"links\": [{\"rel\": \"parent\", \"href\": \"../catalog.json\"}, {\"rel\": \"child\", \"href\": "
	    "\"deep/catalog.json\"}, {\"rel\": \"item\", \"href\": \"x.json\"}]}");
	/* Leads back up, which is no way in. */
	put("tree/naip/deep/catalog.json",
	    "{\"stac_version\": \"0.9.0\", \"id\": \"d\", \"links\": [{\"rel\": \"child\", \"href\": "
	    "\"./catalog.json\"}, {\"rel\": \"item\", \"href\": \"y.json\"}]}");
	text = item("x", "2016-07-01T00:00:00Z", 0, 0, "");
	put("tree/naip/x.json", text);
	lu_free(text);
	text = item("y", "2016-09-01T00:00:00Z", 0, 1, "");
	put("tree/naip/deep/y.json", text);
	lu_free(text);
	check_ok(search("tree/catalog.json", (struct lu_stac_keys){0}, &items, &err), err);
	assert_int_equal(items.count, 2);
	assert_string_equal(items.items[0].id, "y");
	assert_string_equal(items.items[0].name, in_folder("tree/naip/deep/y.tif", path));
	assert_string_equal(items.items[0].collection, "naip");
	assert_string_equal(items.items[1].asset, "image");
	lu_stac_items_release(&items);
}

static void check_refusal(const char *name, struct lu_stac_keys keys, enum lu_status expected, const char *words)
{
	struct lu_stac_items items;
	struct lu_error err = {0};

	check_fails(search(name, keys, &items, &err), expected, err, words);
	assert_null(items.items);
}

static void the_asset_is_chosen(void **state)
{
	(void)state;
	struct lu_stac_items items;
	struct lu_error err = {0};
	char *one[] = {
		item("one", "2016-07-01T00:00:00Z", 0, 0,
		     ", \"thumb\": {\"href\": \"t.tif\", \"type\": \"image/tiff\", \"roles\": [\"thumbnail\"]}, "
		     "\"ndvi\": {\"href\": \"n.tif\", \"type\": \"image/tiff\"}, \"meta\": {\"href\": \"m.xml\", "
		     "\"roles\": [\"metadata\"]}")};
	char *two[] = {item("two", "2016-07-01T00:00:00Z", 0, 0,
			    ", \"nir\": {\"href\": \"n.tif\", \"type\": \"image/tiff\", \"roles\": [\"data\"]}")};

	put_list("one_asset.json", one, 1, "");
	check_ok(search("one_asset.json", (struct lu_stac_keys){0}, &items, &err), err);
	assert_string_equal(items.items[0].asset, "image");
	lu_stac_items_release(&items);
	check_ok(search("one_asset.json", (struct lu_stac_keys){.asset = (char *)(uintptr_t) "ndvi"}, &items, &err),
		 err);
	assert_string_equal(items.items[0].asset, "ndvi");
	lu_stac_items_release(&items);
	check_refusal("one_asset.json", (struct lu_stac_keys){.asset = (char *)(uintptr_t) "visual"}, LU_ERROR_ARGUMENT,
		      "item one: has no asset 'visual', it has: image, thumb, ndvi, meta");
	put_list("two_assets.json", two, 1, "");
	check_refusal("two_assets.json", (struct lu_stac_keys){0}, LU_ERROR_ARGUMENT,
		      "item two: has several assets that are data: image, nir");
	put("no_asset.json",
	    "{\"type\": \"Feature\", \"id\": \"n\", \"geometry\": {\"type\": \"Point\", \"coordinates\": [0.5, 0.5]}, "
	    "\"properties\": {\"datetime\": \"2016-07-01T00:00:00Z\"}, \"assets\": {\"page\": {\"href\": \"p.html\", "
	    "\"type\": \"text/html\"}}}");
	check_refusal("no_asset.json", (struct lu_stac_keys){0}, LU_ERROR_ARGUMENT,
		      "no asset that is data, it has: page");
}

static void what_is_no_catalogue_says_so(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum lu_status status;
		const char *words;
	} cases[] = {
		{"", LU_ERROR_FORMAT, "no JSON"},
		{"{\"type\": \"Catalog\",\n \"id\" 3}", LU_ERROR_FORMAT, ":2: no JSON"},
		{"[1, 2]", LU_ERROR_FORMAT, "JSON and not STAC: it has no type"},
		{"{\"type\": \"Topology\"}", LU_ERROR_FORMAT, "its type is Topology"},
		{"{\"type\": \"Catalog\", \"id\": \"a\"}", LU_ERROR_FORMAT, "without id and links"},
		{"{\"type\": \"FeatureCollection\"}", LU_ERROR_FORMAT, "without 'features'"},
		{"{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", \"id\": \"q\"}]}",
		 LU_ERROR_FORMAT, "item q is no STAC item"},
		{"{\"type\": \"FeatureCollection\", \"features\": [7]}", LU_ERROR_FORMAT, "no STAC item"},
		{"{\"type\": \"FeatureCollection\", \"features\": []}", LU_ERROR_ARGUMENT,
		 "no item in the county and in 2016-01-01T00:00:00Z/2016-12-31T23:59:59Z: it has 0 elsewhere"},
		{"{\"type\": \"Catalog\", \"id\": \"a\", \"links\": [{\"rel\": \"child\"}]}", LU_ERROR_FORMAT,
		 "a link without href"},
		{"{\"type\": \"Catalog\", \"id\": \"a\", \"links\": [{\"rel\": \"child\", \"href\": "
		 "\"https://example.com/c.json\"}]}",
		 LU_ERROR_ARGUMENT, "leads to a network"},
		{"{\"type\": \"Catalog\", \"id\": \"a\", \"links\": [{\"rel\": \"item\", \"href\": \"gone.json\"}]}",
		 LU_ERROR_ARGUMENT, "gone.json"},
		{"{\"type\": \"Feature\", \"id\": \"t\", \"geometry\": {\"type\": \"Point\", \"coordinates\": [0.5, "
		 "0.5]}, "
		 "\"properties\": {\"datetime\": \"yesterday\"}, \"assets\": {}}",
		 LU_ERROR_FORMAT, "item t: its datetime is 'yesterday'"},
		{"{\"type\": \"Feature\", \"id\": \"g\", \"geometry\": {\"type\": \"Blob\"}, "
		 "\"properties\": {\"datetime\": \"2016-07-01T00:00:00Z\"}, \"assets\": {}}",
		 LU_ERROR_FORMAT, "item g: its geometry"},
		{"{\"type\": \"Feature\", \"id\": \"f\", \"geometry\": {\"type\": \"Point\", \"coordinates\": [0.5, "
		 "0.5]}, "
		 "\"properties\": {\"datetime\": \"2016-07-01T00:00:00Z\"}, \"assets\": {\"a\": {\"href\": "
		 "\"ftp://x/a.tif\"}}}",
		 LU_ERROR_UNSUPPORTED, "item f: asset a is at ftp://"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put("bad.json", cases[i].text);
		check_refusal("bad.json", (struct lu_stac_keys){0}, cases[i].status, cases[i].words);
	}
	check_refusal("nowhere.json", (struct lu_stac_keys){0}, LU_ERROR_ARGUMENT, "nowhere.json");
}

static void several_collections_have_to_be_told_apart(void **state)
{
	(void)state;
	char *text = item("a", "2016-07-01T00:00:00Z", 0, 0, ""), *other = item("b", "2016-07-02T00:00:00Z", 0, 0, "");

	memcpy(strstr(other, "naip"), "niap", 4);
	put_list("both.json", (char *[]){text, other}, 2, "");
	check_refusal("both.json", (struct lu_stac_keys){0}, LU_ERROR_ARGUMENT, "items of 2 collections lie there: ");
	check_ids("both.json", (struct lu_stac_keys){.collection = (char *)(uintptr_t) "niap"}, "b");
}

/* Pages on disk, the last of which leads to the first. */
static void pages(void **state)
{
	(void)state;
	char *first[] = {item("a", "2016-07-01T00:00:00Z", 0, 0, "")},
	     *second[] = {item("b", "2016-07-01T00:00:00Z", 0, 1, "")};

	put_list("page1.json", first, 1, "{\"rel\": \"next\", \"href\": \"page2.json\"}");
	put_list("page2.json", second, 1, "{\"rel\": \"next\", \"href\": \"page1.json\"}");
	check_ids("page1.json", (struct lu_stac_keys){0}, "a b");
	char *away[] = {item("a", "2016-07-01T00:00:00Z", 0, 0, "")};
	put_list("page1.json", away, 1, "{\"rel\": \"next\", \"href\": \"https://example.com/search?page=2\"}");
	check_refusal("page1.json", (struct lu_stac_keys){0}, LU_ERROR_ARGUMENT, "its link 'next' leads to a network");
}

/* Ever deeper: a bound, and no hole in the stack. */
static void a_bottomless_catalogue(void **state)
{
	(void)state;
	char name[32], text[200];

	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "deep%d.json", i);
		snprintf(text, sizeof(text),
			 "{\"type\": \"Catalog\", \"id\": \"d\", \"links\": [{\"rel\": \"child\", \"href\": "
			 "\"deep%d.json\"}]}",
			 i + 1);
		put(name, text);
	}
	check_refusal("deep0.json", (struct lu_stac_keys){0}, LU_ERROR_FORMAT, "catalogues one in another");
}

/* Memory that runs out anywhere is told, and nothing leaks (by the sanitizer's word). */
static void without_memory(void **state)
{
	(void)state;
	char *one[] = {item("a", "2016-07-01T00:00:00Z", 0, 0, "")};
	struct lu_stac_items items;
	struct lu_error err = {0};
	enum lu_status status = LU_ERROR_MEMORY;

	put_list("memory.json", one, 1, "");
	for (long n = 0; n < 1000 && status == LU_ERROR_MEMORY; n++) {
		lu_memory_fail_after(n);
		status = search("memory.json", (struct lu_stac_keys){0}, &items, &err);
		lu_memory_fail_after(-1);
	}
	check_ok(status, err);
	lu_stac_items_release(&items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(items_by_place_and_time),
					   cmocka_unit_test(an_interval_and_an_item_alone),
					   cmocka_unit_test(a_tree_of_catalogues),
					   cmocka_unit_test(the_asset_is_chosen),
					   cmocka_unit_test(what_is_no_catalogue_says_so),
					   cmocka_unit_test(several_collections_have_to_be_told_apart),
					   cmocka_unit_test(pages),
					   cmocka_unit_test(a_bottomless_catalogue),
					   cmocka_unit_test(without_memory)};

	return cmocka_run_group_tests(tests, make_county, free_county);
}
