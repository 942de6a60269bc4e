/*
 * fuzz_index.c: any byte sequence given as the index of a labelled set (CSV) gives a set or a one-line error; no picture is
 * opened.
 */
#include "in_memory.h"

#include "chipset/labelled_set.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_set(const struct lu_labelled_set *set)
{
	size_t counted = 0;

	if (set->class_count == 0 || set->chip_count == 0)
		abort();
	for (size_t i = 0; i < set->chip_count; i++) {
		const struct lu_labelled_chip *chip = &set->chips[i];
		if (chip->path == NULL || chip->block == NULL || chip->class >= set->class_count || !(chip->weight > 0))
			abort();
	}
	for (size_t i = 0; i < sizeof(set->counts) / sizeof(set->counts[0]); i++)
		counted += set->counts[i];
	if (counted != set->chip_count)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct lu_labelled_set *set = NULL;
	struct lu_error err = {0};
	size_t unnumbered;

	if (lu_labelled_set_read(in_folder("index.csv", bytes, size), NULL, &set, &err) == LU_OK) {
		check_set(set);
		if (lu_labelled_set_number_blocks(set, 3, &unnumbered, &err) != LU_OK)
			check_refusal(&err);
	} else {
		check_refusal(&err);
	}
	lu_labelled_set_free(set);
	return 0;
}
