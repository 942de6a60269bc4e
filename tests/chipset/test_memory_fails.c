/* test_memory_fails.c: the index of a set: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "base/file.h"
#include "chipset/labelled_set.h"

static char path[100];

static enum lu_status set(struct lu_error *err)
{
	struct lu_labelled_set *found = NULL;
	size_t unnumbered;
	enum lu_status status;

	LU_TRY(lu_labelled_set_read(path, NULL, &found, err));
	assert_true(found->chip_count == 3 && found->class_count == 2);
	LU_TRY(lu_labelled_set_number_blocks(found, 2, &unnumbered, err));
out:
	lu_labelled_set_free(found);
	return status;
}

static int set_up(void **state)
{
	static const char text[] =
		"path,class,split,block\na/1.png,Forest,train,1\na/2.png,Water,test,\nb/3.png,Forest,,\n";
	char folder[64];
	struct lu_error err = {0};

	(void)state;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/index.csv", folder);
	return lu_file_write(path, text, strlen(text), &err) != LU_OK;
}

static void set_fails(void **state)
{
	(void)state;
	check_every_allocation(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(set_fails)};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
