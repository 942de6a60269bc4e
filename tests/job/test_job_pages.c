/*
 * test_job_pages.c: docs/job-file.md and config/job.yaml say what the table of keys says.
 *
 * LANDUSE_UPDATE=1 writes both, from the source's folder: LANDUSE_UPDATE=1 build/tests/job_test_job_pages
 */
#include "job/job_keys.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "job/job_file.h"
#include "job/job_template.h"
#include "support/check.h"

static const char page[] = "docs/job-file.md", example[] = "config/job.yaml";

static bool is_leaf(const struct lu_job_key *key)
{
	return key->type != LU_KEY_MAPPING && key->type != LU_KEY_LIST;
}

/* --- the annotated example --- */

static void write_example(FILE *to)
{
	fputs("# A job: everything `landuse run` needs to know about a county. Copy, edit, run.\n"
	      "# Paths are relative to this file. Keys marked (optional) may be left out. The reference is "
	      "docs/job-file.md.\n\n",
	      to);
	lu_job_example_print(to);
}

/* --- the reference --- */

static void value_words(FILE *to, const struct lu_job_key *key)
{
	static const char *const words[] = {[LU_KEY_MAPPING] = "mapping",
					    [LU_KEY_LIST] = "list of mappings",
					    [LU_KEY_TEXT] = "text",
					    [LU_KEY_NAME] = "name or path",
					    [LU_KEY_PATH] = "path",
					    [LU_KEY_TEXTS] = "text, or list of texts",
					    [LU_KEY_PATHS] = "path, or list of paths",
					    [LU_KEY_NUMBER] = "number",
					    [LU_KEY_PAIR] = "list of two numbers",
					    [LU_KEY_INTEGER] = "whole number",
					    [LU_KEY_INTEGERS] = "list of whole numbers",
					    [LU_KEY_BOOLEAN] = "`true` or `false`",
					    [LU_KEY_CHOICE] = "",
					    [LU_KEY_DATE] = "one of the dates"};

	fputs(words[key->type], to);
	if (key->low != 0 || key->high != 0)
		fprintf(to, ", %.10g to %.10g", key->low, key->high);
	if (key->unit != NULL)
		fprintf(to, ", in %s", key->unit);
	if (key->form != NULL)
		fprintf(to, ", or %s", key->form);
	if (key->or_mapping)
		fputs(", or a mapping", to);
	for (size_t i = 0; key->type == LU_KEY_CHOICE && key->words[i] != NULL; i++)
		fprintf(to, "%s`%s`", i > 0 ? ", " : "", key->words[i]);
}

static const char *made_again(enum lu_key_makes makes)
{
	switch (makes) {
	case LU_MAKES_NOTHING:
		return "";
	case LU_MAKES_SCORES:
		return "scores";
	case LU_MAKES_MAPS:
		return "maps";
	case LU_MAKES_CHANGE:
		return "change";
	case LU_MAKES_FIGURES:
		return "figures";
	case LU_MAKES_OUTPUTS:
		return "maps, change, figures";
	}
	fail_msg("a key makes again what has no word");
	return "";
}

static void page_row(FILE *to, const struct lu_job_key *key)
{
	char buffer[32];

	if (is_leaf(key) && !key->or_mapping)
		fprintf(to, "| `%s` | ", lu_job_key_name(key));
	else
		fprintf(to, "| [`%s`](#%s) | ", lu_job_key_name(key), key->path);
	value_words(to, key);
	fprintf(to, " | %s | %s | %s |\n", key->required ? "*required*" : lu_job_key_usual(key, buffer),
		is_leaf(key) ? made_again(key->makes) : "see there", key->meaning);
}

static void page_section(FILE *to, const char *section)
{
	const struct lu_job_key *keys[LU_JOB_SECTION_KEYS];
	const size_t count = lu_job_section_keys(section, keys);
	char below[LU_JOB_SECTION];

	fputs("\n| key | value | left out | made again | meaning |\n|---|---|---|---|---|\n", to);
	for (size_t k = 0; k < count; k++)
		page_row(to, keys[k]);
	for (size_t k = 0; k < count; k++) {
		if (is_leaf(keys[k]) && !keys[k]->or_mapping)
			continue;
		lu_job_key_section(keys[k], below);
		fprintf(to, "\n<a id=\"%s\"></a>\n## `%s`\n\n%c%s%s.\n", keys[k]->path, below,
			keys[k]->meaning[0] >= 'a' ? keys[k]->meaning[0] - 'a' + 'A' : keys[k]->meaning[0],
			keys[k]->meaning + 1,
			keys[k]->or_mapping            ? "; as a mapping it has these keys"
			: keys[k]->type == LU_KEY_LIST ? "; each item has these keys"
						       : "");
		page_section(to, below);
	}
}

static void write_page(FILE *to)
{
	fputs("# The job file\n\n"
	      "A job is a YAML file; `landuse run JOB.yaml` does what it says. Paths are relative to the job file. A "
	      "key that is\n"
	      "not known is refused, with the nearest one that is. [config/job.yaml](../config/job.yaml) shows the "
	      "keys in one file.\n\n"
	      "\"Left out\" is what holds without the key. \"Made again\" is what a new value costs in an output "
	      "folder that is\n"
	      "there: *scores* have to be computed anew, and all that comes of them; *maps*, *change* (what all dates "
	      "judge "
	      "together:\n"
	      "significance, patches, trajectories) or *figures* alone are made of scores that are there; nothing: "
	      "`--if-changed` finds\n"
	      "the folder up to date.\n\n"
	      "This page is made from the table of keys in `src/job/job_key_table.c`.\n",
	      to);
	page_section(to, "");
}

/* --- the two tests --- */

static void holds(const char *path, void (*write)(FILE *to))
{
	struct lu_text_stream stream;
	struct lu_error err = {0};
	char *text = NULL, *kept = NULL;
	size_t size;

	check_ok(lu_text_begin(&stream, path, &err), err);
	write(stream.to);
	check_ok(lu_text_finish(&stream, &text, &err), err);
	if (getenv("LANDUSE_UPDATE") != NULL)
		check_ok(lu_file_write(path, text, strlen(text), &err), err);
	check_ok(lu_file_read(path, 1 << 20, &kept, &size, &err), err);
	if (size != strlen(text) || memcmp(kept, text, size) != 0)
		fail_msg(
			"%s is not what src/job/job_key_table.c says (LANDUSE_UPDATE=1 build/tests/job_test_job_pages)",
			path);
	lu_free(kept);
	lu_free(text);
}

static void the_page_holds(void **state)
{
	(void)state;
	holds(page, write_page);
}

static void the_example_holds(void **state)
{
	(void)state;
	holds(example, write_example);
}

/* The example is a job, and every key that it shows is read. */
static void the_example_is_a_job(void **state)
{
	(void)state;
	struct lu_job *job;
	struct lu_error err = {0};

	check_ok(lu_job_read(example, &job, &err), err);
	assert_int_equal(job->date_count, 2);
	assert_int_equal(job->change.layer_count, 2);
	lu_job_free(job);
}

/* Every row can be told: a key without words for it would leave a hole in the page. */
static void every_row_is_whole(void **state)
{
	(void)state;
	size_t count;
	const struct lu_job_key *keys = lu_job_keys(&count);

	for (size_t i = 0; i < count; i++) {
		char buffer[32];
		if (keys[i].meaning == NULL ||
		    (is_leaf(&keys[i]) && !keys[i].required && lu_job_key_usual(&keys[i], buffer)[0] == '\0'))
			fail_msg("%s lacks its meaning, or what holds without it", keys[i].path);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(keys[i].path, keys[k].path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_row_is_whole), cmocka_unit_test(the_page_holds),
					   cmocka_unit_test(the_example_holds), cmocka_unit_test(the_example_is_a_job)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
