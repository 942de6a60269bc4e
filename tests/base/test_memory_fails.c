/* test_memory_fails.c: documents, tables, texts, lists of files: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/inputs.h"
#include "base/memory.h"
#include "base/table.h"
#include "base/text_stream.h"
#include "base/words.h"
#include "base/yaml.h"

static enum lu_status document(struct lu_error *err)
{
	struct lu_yaml *yaml = NULL;
	char **words = NULL, *text = NULL;
	size_t count = 0;
	enum lu_status status;

	LU_TRY(lu_yaml_load("config/job.yaml", &yaml, err));
	LU_TRY(lu_yaml_texts(lu_yaml_find(lu_yaml_root(yaml), "model"), "model", &words, &count, err));
	text = lu_yaml_words("a: b");
	LU_TRY(text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a word"));
out:
	lu_free(text);
	lu_texts_free(words, count);
	lu_yaml_free(yaml);
	return status;
}

static char folder[64];

static enum lu_status table(struct lu_error *err)
{
	char path[100];
	struct lu_csv csv = {0};
	struct lu_table read = {0};
	enum lu_status status;

	snprintf(path, sizeof(path), "%s/a.csv", folder);
	for (int row = 0; row < 40; row++) {
		lu_csv_text(&csv, "a name, with a comma");
		lu_csv_fixed(&csv, 1.0 / 3, 6);
		lu_csv_count(&csv, 7);
		lu_csv_end_row(&csv);
	}
	LU_TRY(lu_csv_write(&csv, path, err));
	LU_TRY(lu_table_read(path, &read, err));
out:
	lu_csv_release(&csv);
	lu_table_release(&read);
	return status;
}

static enum lu_status lists(struct lu_error *err)
{
	struct lu_inputs inputs = {0}, more = {0};
	struct lu_output_names names = {0};
	struct lu_text_stream stream;
	char *text = NULL, *bytes = NULL;
	size_t size;
	enum lu_status status;

	LU_TRY(lu_inputs_add(&inputs, "config/job.yaml", err));
	LU_TRY(lu_inputs_add_kin(&inputs, "models/aerial-21/model.onnx", err));
	LU_TRY(lu_inputs_add_all(&more, &inputs, err));
	LU_TRY(lu_output_names_add(&names, err, "%s/landuse.tif", "2015"));
	LU_TRY(lu_output_names_match(&names, "2015", "*.csv", err));
	LU_TRY(lu_file_read("config/job.yaml", 1 << 20, &bytes, &size, err));
	LU_TRY(lu_text_begin(&stream, "a text", err));
	for (int i = 0; i < 300; i++)
		fprintf(stream.to, "line %d\n", i);
	LU_TRY(lu_text_finish(&stream, &text, err));
out:
	lu_free(text);
	lu_free(bytes);
	lu_output_names_release(&names);
	lu_inputs_release(&inputs);
	lu_inputs_release(&more);
	return status;
}

static int set_up(void **state)
{
	(void)state;
	make_scratch(folder);
	return 0;
}

static void document_fails(void **state)
{
	(void)state;
	check_every_allocation(document);
}

static void table_fails(void **state)
{
	(void)state;
	check_every_allocation(table);
}

static void lists_fails(void **state)
{
	(void)state;
	check_every_allocation(lists);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(document_fails), cmocka_unit_test(table_fails),
					   cmocka_unit_test(lists_fails)};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
