/* test_href.c: references resolved as RFC 3986, section 5.4, does it, and the names that GDAL reads them by. */
#include "catalog/href.h"

#include "base/memory.h"
#include "support/check.h"

static void check_join(const char *base, const char *href, const char *expected)
{
	char *joined = lu_href_join(base, href);

	assert_string_equal(joined, expected);
	lu_free(joined);
}

static void references_of_urls(void **state)
{
	(void)state;
	static const char base[] = "http://a/b/c/d;p?q";
	static const char *const cases[][2] = {{"g", "http://a/b/c/g"},
					       {"./g", "http://a/b/c/g"},
					       {"g/", "http://a/b/c/g/"},
					       {"/g", "http://a/g"},
					       {"//g", "http://g"},
					       {"?y", "http://a/b/c/d;p?y"},
					       {"g?y", "http://a/b/c/g?y"},
					       {"g#s", "http://a/b/c/g#s"},
					       {"g;x", "http://a/b/c/g;x"},
					       {"../g", "http://a/b/g"},
					       {"../../g", "http://a/g"},
					       {"../../../g", "http://a/g"},
					       {"./../g", "http://a/b/g"},
					       {"g/./h", "http://a/b/c/g/h"},
					       {"g/../h", "http://a/b/c/h"},
					       {"g?y/../x", "http://a/b/c/g?y/../x"},
					       {"https://x/y", "https://x/y"},
					       {"s3://b/k", "s3://b/k"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_join(base, cases[i][0], cases[i][1]);
	check_join("https://example.com", "search", "https://example.com/search");
	check_join("https://example.com/stac/v1/", "search", "https://example.com/stac/v1/search");
	check_join("https://example.com/a?b=/c/d", "e", "https://example.com/e");
}

static void references_of_files(void **state)
{
	(void)state;
	check_join("catalog.json", "./naip/collection.json", "naip/collection.json");
	check_join("x/catalog.json", "./a.json", "x/a.json");
	check_join("/x/y/catalog.json", "../z.tif", "/x/y/../z.tif");
	check_join("/x/catalog.json", "/y/z.tif", "/y/z.tif");
	check_join("/x/catalog.json", "https://example.com/a.tif?b=1", "https://example.com/a.tif?b=1");
}

static void names_for_gdal(void **state)
{
	(void)state;
	static const char *const cases[][2] = {{"https://e.com/a.tif?s=1", "/vsicurl/https://e.com/a.tif?s=1"},
					       {"HTTP://e.com/a.tif", "/vsicurl/HTTP://e.com/a.tif"},
					       {"s3://bucket/k/a.tif", "/vsis3/bucket/k/a.tif"},
					       {"gs://bucket/a.tif", "/vsigs/bucket/a.tif"},
					       {"az://container/a.tif", "/vsiaz/container/a.tif"},
					       {"file:///x/a.tif", "/x/a.tif"},
					       {"y/a.tif", "y/a.tif"}};
	struct lu_error err = {0};
	char *name;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		check_ok(lu_href_name("catalog.json", cases[i][0], &name, &err), err);
		assert_string_equal(name, cases[i][1]);
		lu_free(name);
	}
	check_fails(lu_href_name("c.json", "ftp://e.com/a.tif", &name, &err), LU_ERROR_UNSUPPORTED, err, "ftp://");
	/* A server does not get to name files of this machine. */
	check_fails(lu_href_name("https://e.com/c.json", "file:///etc/a.tif", &name, &err), LU_ERROR_FORMAT, err,
		    "a file of this machine");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(references_of_urls), cmocka_unit_test(references_of_files),
					   cmocka_unit_test(names_for_gdal)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
