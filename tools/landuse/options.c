/* options.c: the walk over a command line by the rows of its command. */
#include "options.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "tool.h"

static const struct option help_row = {"help", "h", OPTION_HELP, .meaning = "this page"};

int usage_error(const struct command *command, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	say_format(stderr, "landuse %s: %s (landuse %s --help)\n", command->name, text, command->name);
	return EXIT_USAGE;
}

const struct option *command_row(const struct command *command, size_t index)
{
	if (index < command->row_count)
		return &command->rows[index];
	return index == command->row_count ? &help_row : NULL;
}

bool option_is_named(const struct option *row)
{
	return row->kind != OPTION_HEADING && !row->positional;
}

const char *option_value_word(const struct option *row)
{
	return row->value != NULL ? row->value : option_choices(row);
}

static bool takes_value(const struct option *row)
{
	return row->kind != OPTION_TRUE && row->kind != OPTION_FALSE && row->kind < OPTION_QUIET;
}

const char *option_choices(const struct option *row)
{
	static char texts[LU_CHOICES][96];
	char *text = texts[row->choice];
	const char *word;
	size_t used = 0;

	if (row->kind != OPTION_CHOICE)
		return row->choices;
	if (text[0] != '\0')
		return text;
	for (size_t i = 0; (word = lu_choice_list(row->choice, i)) != NULL; i++)
		used += (size_t)snprintf(text + used, sizeof(texts[0]) - used, "%s%s", i > 0 ? "|" : "", word);
	return text;
}

bool option_given(const struct arguments *arguments, const char *name)
{
	const struct option *row;

	for (size_t i = 0; (row = command_row(arguments->command, i)) != NULL; i++)
		if (option_is_named(row) && strcmp(row->name, name) == 0)
			return arguments->given[i];
	assert(!"an option of this command");
	return false;
}

bool option_given_beside(const struct arguments *arguments, const char *const *names)
{
	const struct option *row;

	for (size_t i = 0; (row = command_row(arguments->command, i)) != NULL; i++) {
		bool named = !option_is_named(row) || row->kind >= OPTION_QUIET;

		for (size_t k = 0; names[k] != NULL; k++)
			named = named || strcmp(row->name, names[k]) == 0;
		if (!named && arguments->given[i])
			return true;
	}
	return false;
}

/*
 * The row that 'word' names, and its value where that hangs on it: "--name", "--name=value", "-n", "-nvalue"; a whole word
 * goes first, so that "-of" is never "-o f".
 */
static const struct option *find_option(const struct command *command, const char *word, const char **attached,
					size_t *index)
{
	const struct option *row, *found = NULL;
	const bool is_long = word[1] == '-';

	*attached = NULL;
	for (size_t i = 0; (row = command_row(command, i)) != NULL; i++) {
		const char *name = is_long ? row->name : row->brief;
		const char *rest = word + (is_long ? 2 : 1);

		if (!option_is_named(row) || name == NULL || strncmp(rest, name, strlen(name)) != 0)
			continue;
		rest += strlen(name);
		if (*rest == '\0' || (is_long && *rest == '=')) {
			*attached = *rest == '=' ? rest + 1 : NULL;
			*index = i;
			return row;
		}
		if (!is_long && strlen(name) == 1) {
			*attached = rest;
			*index = i;
			found = row;
		}
	}
	return found;
}

static int unknown_option(const struct command *command, const char *word)
{
	const char *names[MOST_ROWS + 1], *nearest = NULL;
	const struct option *row;
	char name[64] = "";
	size_t count = 0;

	for (size_t i = 0; (row = command_row(command, i)) != NULL; i++)
		if (option_is_named(row))
			names[count++] = row->name;
	/* -threads is meant as --threads; of one letter nothing can be told. */
	const char *bare = word + strspn(word, "-");
	if (strlen(bare) > 1 && strcspn(bare, "=") < sizeof(name)) {
		memcpy(name, bare, strcspn(bare, "="));
		nearest = lu_nearest_word(name, names, count);
	}
	return nearest != NULL ? usage_error(command, "unknown option '%s', did you mean --%s?", word, nearest)
			       : usage_error(command, "unknown option '%s'", word);
}

static bool take_option(struct arguments *arguments, int argc, char **argv, int *at)
{
	const struct command *command = arguments->command;
	const char *word = argv[(*at)++], *value;
	size_t index = 0;
	const struct option *row = find_option(command, word, &value, &index);

	if (row == NULL)
		return unknown_option(command, word), false;
	if (!takes_value(row) && value != NULL)
		return usage_error(command, "--%s takes no value", row->name), false;
	if (takes_value(row) && value == NULL && *at >= argc)
		return usage_error(command, "--%s needs a value", row->name), false;
	if (takes_value(row) && value == NULL)
		value = argv[(*at)++];
	if (row->kind == OPTION_HELP) {
		page_print(command);
		exit(say_end(EXIT_DONE));
	}
	arguments->given[index] = true;
	if (row->kind == OPTION_OPERAND)
		arguments->operands[arguments->operand_count++] = value;
	return row->kind == OPTION_OPERAND || option_read(arguments, row, value);
}

static size_t most_operands(const struct option *row)
{
	if (row->kind != OPTION_LIST)
		return 1;
	return row->most > 0 ? row->most : SIZE_MAX;
}

/* Hand the positional arguments to their rows in turn; those that come later are left what they need. */
static bool deal(struct arguments *arguments)
{
	const struct command *command = arguments->command;
	size_t at = 0;

	for (size_t i = 0; i < command->row_count; i++) {
		const struct option *row = &command->rows[i];
		size_t kept = 0, left = arguments->operand_count - at;

		if (!row->positional)
			continue;
		for (size_t k = i + 1; k < command->row_count; k++)
			kept += command->rows[k].positional ? command->rows[k].least : 0;
		left = left > kept ? left - kept : 0;
		for (size_t n = 0; n < left && n < most_operands(row); n++) {
			arguments->given[i] = true;
			if (!option_read(arguments, row, arguments->operands[at++]))
				return false;
		}
	}
	if (at < arguments->operand_count)
		return usage_error(command, "'%s' is one name too many", arguments->operands[at]), false;
	return true;
}

/* What must not be left out, or stand alone. */
static bool check_rows(const struct arguments *arguments)
{
	const struct command *command = arguments->command;

	for (size_t i = 0; i < command->row_count; i++) {
		const struct option *row = &command->rows[i];
		const char *member = (const char *)arguments->options + row->to;
		bool is_there = arguments->given[i];

		if (row->positional && row->kind == OPTION_LIST && row->count > 0)
			is_there = *(const size_t *)(const void *)((const char *)arguments->options + row->count) >=
				   row->least;
		else if (row->kind == OPTION_TEXT)
			is_there = *(const char *const *)(const void *)member != NULL;
		if (row->needed != NULL && !is_there)
			return usage_error(command, "%s", row->needed), false;
		if (row->needs != NULL && arguments->given[i] && !option_given(arguments, row->needs))
			return usage_error(command, "--%s needs --%s", row->name, row->needs), false;
	}
	return true;
}

static bool read_command_line(struct arguments *arguments, int argc, char **argv)
{
	const struct command *command = arguments->command;
	bool ended = false;

	for (size_t i = 0; i < command->row_count; i++) {
		const struct option *row = &command->rows[i];

		if (row->kind == OPTION_FALSE)
			*(bool *)(void *)((char *)arguments->options + row->to) = true;
	}
	for (int at = 1; at < argc;) {
		const char *word = argv[at];

		if (!ended && strcmp(word, "--") == 0) {
			ended = true;
			at++;
		} else if (ended || word[0] != '-' || word[1] == '\0') {
			arguments->operands[arguments->operand_count++] = argv[at++];
		} else if (!take_option(arguments, argc, argv, &at)) {
			return false;
		}
	}
	return deal(arguments) && check_rows(arguments);
}

int command_start(const struct command *command, int argc, char **argv)
{
	struct arguments arguments = {.command = command, .verbosity = VERBOSITY_NORMAL};
	int code = EXIT_USAGE;

	assert(command->row_count < MOST_ROWS);
	words_of_command(command);
	arguments.options = calloc(1, command->size > 0 ? command->size : 1);
	arguments.operands = calloc((size_t)argc + 1, sizeof(*arguments.operands));
	arguments.words = calloc((size_t)argc + 1, sizeof(*arguments.words));
	if (arguments.options == NULL || arguments.operands == NULL || arguments.words == NULL) {
		say(stderr, "landuse: out of memory: the command line\n");
		code = EXIT_FAILED;
		goto out;
	}
	arguments.words[arguments.word_count++] = "landuse";
	for (int i = 0; i < argc; i++)
		arguments.words[arguments.word_count++] = argv[i];
	if (command->init != NULL)
		command->init(arguments.options);
	if (read_command_line(&arguments, argc, argv))
		code = command->run(&arguments);
out:
	options_release(&arguments);
	return code;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < all_command_count; i++)
		if (strcmp(name, all_commands[i]->name) == 0)
			return all_commands[i];
	return NULL;
}

int command_unknown(const char *name)
{
	enum { MOST_COMMANDS = 64 };
	const char *names[MOST_COMMANDS];

	assert(all_command_count <= MOST_COMMANDS);
	for (size_t i = 0; i < all_command_count; i++)
		names[i] = all_commands[i]->name;
	const char *nearest = lu_nearest_word(name, names, all_command_count);
	if (nearest != NULL)
		say_format(stderr, "landuse: '%s' is not a command, did you mean %s? (landuse --help lists them)\n",
			   name, nearest);
	else
		say_format(stderr, "landuse: '%s' is not a command (landuse --help lists them)\n", name);
	return EXIT_USAGE;
}
