/* test_beside.c: which files go with a raster, and which do not. */
#include "support/check.h"

#include "base/beside.h"
#include "base/memory.h"

static void names(void **state)
{
	static const char *const expected[LU_BESIDES] = {"a.b/m.tif.aux.xml", "a.b/m.qml", "a.b/m.tif.vat.dbf",
							 "a.b/m.tif.vat.cpg"};

	(void)state;
	for (enum lu_beside i = 0; i < LU_BESIDES; i++) {
		enum lu_beside which;
		char *path = lu_beside("a.b/m.tif", i);
		assert_string_equal(path, expected[i]);
		assert_true(lu_is_beside_of("a.b/m.tif", path));
		assert_false(lu_is_beside_of("a.b/n.tif", path));
		assert_true(lu_is_beside(path, &which));
		assert_int_equal(which, i);
		lu_free(path);
	}
	assert_false(lu_is_beside_of("a.b/m.tif", "a.b/m.tif"));
	assert_false(lu_is_beside("a.b/m.tif", NULL));
	assert_false(lu_is_beside(".qml", NULL));
	char *path = lu_beside("folder.v2/map", LU_BESIDE_QML);
	assert_string_equal(path, "folder.v2/map.qml");
	lu_free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(names)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
