/* test_memory_fails.c: imagery, pictures, ledgers: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "raster/imagery.h"
#include "raster/ledger.h"
#include "raster/make.h"
#include "raster/photo.h"
#include "raster/view.h"

static double value(const struct make *make, int band, int col, int row)
{
	(void)make;
	return (band * 7 + col + 3 * row) % 251;
}

static const struct make make = {.width = 64, .height = 48, .bands = 3, .left = 500000, .top = 4400000, .value = value};

static enum lu_status imagery(struct lu_error *err)
{
	const char *path = make_path("a.tif");
	const struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3};
	static uint8_t pixels[3 * 64 * 48], valid[64 * 48];
	struct lu_imagery *found = NULL;
	struct lu_view *view = NULL;
	char fingerprint[LU_SHA256_HEX];
	enum lu_status status;

	LU_TRY(lu_imagery_open(&options, &found, err));
	LU_TRY(lu_imagery_fingerprint(found, fingerprint, err));
	LU_TRY(lu_view_new(found, lu_imagery_frame(found), &view, err));
	LU_TRY(lu_view_read(view, (struct lu_rect){0, 0, 64, 48}, pixels, valid, err));
out:
	lu_view_free(view);
	lu_imagery_free(found);
	return status;
}

static enum lu_status picture(struct lu_error *err)
{
	struct lu_photo photo = {0};
	const enum lu_status status = lu_photo_read(make_path("a.tif"), 3, NULL, &photo, err);

	lu_photo_release(&photo);
	return status;
}

static enum lu_status see(void *user, int64_t number, const struct lu_vector_value *values, struct lu_error *err)
{
	(void)user, (void)number, (void)err;
	assert_true(values[0].set);
	assert_string_equal(values[0].text, "a");
	return LU_OK;
}

static enum lu_status ledger(struct lu_error *err)
{
	static const struct lu_vector_field fields[] = {{"name", LU_VECTOR_TEXT}};
	static const struct lu_ledger_spec spec = {.what = "ledger",
						   .table = "rows",
						   .version = 1,
						   .fields = fields,
						   .field_count = 1,
						   .wait_seconds = 60};
	const struct lu_vector_value row[] = {lu_vector_text("a")};
	enum lu_status status;

	LU_TRY(lu_ledger_append(make_path("a.gpkg"), &spec, row, NULL, err));
	LU_TRY(lu_ledger_read(make_path("a.gpkg"), &spec, see, NULL, err));
out:
	return status;
}

static int set_up(void **state)
{
	const int failed = make_folder(state);

	make_tiff("a.tif", &make);
	return failed;
}

static void imagery_fails(void **state)
{
	(void)state;
	check_every_allocation(imagery);
}

static void picture_fails(void **state)
{
	(void)state;
	check_every_allocation(picture);
}

static void ledger_fails(void **state)
{
	(void)state;
	check_every_allocation(ledger);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(imagery_fails), cmocka_unit_test(picture_fails),
					   cmocka_unit_test(ledger_fails)};
	return cmocka_run_group_tests(tests, set_up, make_folder_gone);
}
