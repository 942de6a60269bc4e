/* page_json.c: every command with its rows, for forms and other programs: `landuse help --json`. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "tool.h"

static const char *const kinds[OPTION_KINDS] = {
	[OPTION_TEXT] = "text",        [OPTION_TRUE] = "flag",       [OPTION_FALSE] = "flag",
	[OPTION_EITHER] = "choice",    [OPTION_INTEGER] = "integer", [OPTION_COUNT] = "integer",
	[OPTION_NUMBER] = "number",    [OPTION_NUMBERS] = "numbers", [OPTION_INTEGERS] = "integers",
	[OPTION_RANGE] = "range",      [OPTION_WORDS] = "words",     [OPTION_LIST] = "list",
	[OPTION_OPERAND] = "argument", [OPTION_QUIET] = "flag",      [OPTION_VERBOSE] = "flag",
	[OPTION_HELP] = "flag",        [OPTION_JSON_LOG] = "flag",   [OPTION_CHOICE] = "text",
	[OPTION_PARSED] = "text",
};

static const char *const things[OPTION_THINGS] = {
	[THING_RASTER] = "raster", [THING_VECTOR] = "vector", [THING_IMAGERY] = "imagery",
	[THING_TABLE] = "table",   [THING_FILE] = "file",     [THING_FOLDER] = "folder",
	[THING_MODEL] = "model",   [THING_SCHEME] = "scheme", [THING_COMMAND] = "command",
};

static void set_text(json_t *object, const char *key, const char *text)
{
	if (text != NULL)
		json_object_set_new(object, key, json_string(text));
}

/* "resize|crop" as a list. */
static json_t *choices_of(const struct option *row)
{
	json_t *list = json_array();

	for (const char *choice = option_choices(row); choice != NULL;) {
		const size_t length = strcspn(choice, "|");
		json_array_append_new(list, json_stringn(choice, length));
		choice = choice[length] == '|' ? choice + length + 1 : NULL;
	}
	return list;
}

static const char *member_of(const struct option *row)
{
	const char *last = row->member != NULL ? strrchr(row->member, '.') : NULL;

	return last != NULL ? last + 1 + strspn(last + 1, " ") : row->member;
}

/* An option, or a positional argument; what a row does not have is left out. */
static json_t *row_json(const struct command *command, const struct option *row, const char *group)
{
	json_t *object = json_object();
	char value[120];

	set_text(object, "name", row->name);
	set_text(object, "short", row->brief);
	set_text(object, "type", kinds[row->kind]);
	set_text(object, "kind", things[row->thing]);
	set_text(object, "value", row->positional ? NULL : option_value_word(row));
	set_text(object, "meaning", row->meaning);
	if (option_choices(row) != NULL) {
		json_object_set_new(object, "choices", choices_of(row));
		json_object_set_new(object, "open", json_boolean(row->open));
	}
	if (row->kind == OPTION_INTEGER || row->kind == OPTION_COUNT || row->kind == OPTION_NUMBER) {
		json_object_set_new(object, "least", json_real(row->low));
		json_object_set_new(object, "most", json_real(row->high));
	}
	if (row->kind == OPTION_LIST || row->kind == OPTION_WORDS || row->kind == OPTION_NUMBERS ||
	    row->kind == OPTION_INTEGERS) {
		json_object_set_new(object, "least_values", json_integer((json_int_t)row->least));
		if (row->most > 0)
			json_object_set_new(object, "most_values", json_integer((json_int_t)row->most));
	}
	/* A value may be typed in its place; words may not. */
	const char *initial = option_default(command, row, value, sizeof(value));
	set_text(object, initial == value ? "default" : "otherwise", initial);
	set_text(object, "needs", row->needs);
	json_object_set_new(object, "needed", json_boolean(row->needed != NULL));
	json_object_set_new(object, "written", json_boolean(row->made));
	set_text(object, "job_key", row->key);
	set_text(object, "member", member_of(row));
	set_text(object, "group", group);
	return object;
}

static json_t *command_json(const struct command *command)
{
	json_t *object = json_object(), *arguments = json_array(), *options = json_array();
	const char *group = NULL;
	const struct option *row;

	for (size_t i = 0; (row = command_row(command, i)) != NULL; i++) {
		if (row->kind == OPTION_HEADING)
			group = row->name;
		else if (row->positional)
			json_array_append_new(arguments, row_json(command, row, NULL));
		else
			json_array_append_new(options, row_json(command, row, group));
	}
	set_text(object, "name", command->name);
	set_text(object, "summary", command->summary);
	set_text(object, "description", command->about);
	set_text(object, "notes", command->notes);
	set_text(object, "examples", command->examples);
	json_object_set_new(object, "arguments", arguments);
	json_object_set_new(object, "options", options);
	return object;
}

bool page_json(void)
{
	json_t *root = json_object(), *commands = json_array();

	set_text(root, "version", lu_version());
	for (size_t i = 0; i < all_command_count; i++)
		json_array_append_new(commands, command_json(all_commands[i]));
	json_object_set_new(root, "commands", commands);
	char *text = json_dumps(root, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(12));
	json_decref(root);
	if (text == NULL)
		return false;
	say(stdout, text);
	say(stdout, "\n");
	free(text);
	return true;
}
