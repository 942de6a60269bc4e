/* test_defaults.c: what pages say of an option that is left out, beside what the library does without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "commands.h"
#include "options.h"

/* Call 'look' for each row of each command whose struct the library writes, with that struct. */
static void each_row(void (*look)(const struct command *command, const struct option *row, char *options))
{
	for (size_t i = 0; i < all_command_count; i++) {
		const struct command *command = all_commands[i];

		if (command->init == NULL)
			continue;
		for (size_t k = 0; k < command->row_count; k++) {
			char *options = calloc(1, command->size);
			command->init(options);
			look(command, &command->rows[k], options);
			free(options);
		}
	}
}

static size_t told;

/* A default that is a value of the library's is said by the library alone: no row has words of its own for it. */
static void value_is_not_said_twice(const struct command *command, const struct option *row, char *options)
{
	struct option alone = *row;
	char text[64];

	(void)options;
	alone.otherwise = NULL;
	const char *value = option_default(command, &alone, text, sizeof(text));
	if (value != NULL && row->otherwise != NULL)
		fail_msg("landuse %s --%s: the library's default is %s, the row says '%s'", command->name, row->name,
			 value, row->otherwise);
	told += value != NULL;
}

static void values_are_said_once(void **state)
{
	(void)state;
	each_row(value_is_not_said_twice);
	assert_true(told > 30);
}

/* One word after "default" is what one would type to the same effect. */
static void word_changes_nothing(const struct command *command, const struct option *row, char *options)
{
	struct lu_error err = {0};
	char *before;

	if (row->kind != OPTION_PARSED || row->otherwise == NULL || strchr(row->otherwise, ' ') != NULL)
		return;
	before = malloc(command->size);
	memcpy(before, options, command->size);
	assert_int_equal(row->parse(row->otherwise, options + row->to, options, &err), LU_OK);
	/* Beside a word there may be the text that it is. */
	for (size_t i = 0; i + sizeof(char *) <= command->size; i += sizeof(char *)) {
		const char *text;
		memcpy(&text, options + i, sizeof(text));
		if (text == row->otherwise)
			memcpy(options + i, before + i, sizeof(text));
	}
	assert_memory_equal(before, options, command->size);
	free(before);
	told++;
}

static void words_are_what_holds(void **state)
{
	(void)state;
	told = 0;
	each_row(word_changes_nothing);
	assert_true(told >= 3);
}

/* And these are the figures, as the library has them. */
static void figures(void **state)
{
	struct lu_train_options train;
	struct lu_label_options label;
	struct lu_classify_options classify;
	struct lu_quantize_options quantize;
	struct lu_assess_options assess;
	struct lu_run_options run;

	(void)state;
	lu_train_options_init(&train);
	assert_true(train.folds == 5 && train.block_numbers == 20 && train.seed == 1 && train.trees == 0 &&
		    !train.record);
	lu_label_options_init(&label);
	assert_true(label.chips.min_valid == 0.9 && label.block_cells == 8 && label.validate == 0.15 &&
		    label.format == LU_CHIP_PNG && label.seed == 1);
	assert_string_equal(label.scheme, "landcover-7");
	lu_classify_options_init(&classify);
	assert_string_equal(classify.model, "aerial-21");
	assert_true(classify.min_valid == 0.9 && classify.cell_m == 0);
	lu_quantize_options_init(&quantize);
	assert_true(quantize.calibration == 200 && quantize.limit == 0.018);
	lu_assess_options_init(&assess);
	assert_true(assess.confidence == 95 && assess.intervals == LU_INTERVALS_WILSON);
	lu_run_options_init(&run);
	assert_true(run.shard < 0 && !run.has_precision && run.threads == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_said_once),
		cmocka_unit_test(words_are_what_holds),
		cmocka_unit_test(figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
