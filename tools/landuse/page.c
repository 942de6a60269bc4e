/* page.c: the parts of a page, in their order, from the rows of a command. */
#include "page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static const struct {
	const char *code, *meaning;
} exit_codes[] = {
	{"0", "done"},
	{"1", "failed"},
	{"2", "an option, a job key or a path that they name is wrong or absent"},
	{"3", "done, and an alarm of the job fired (landuse run)"},
	{"128 + n", "stopped by signal n (130: Ctrl-C)"},
};

static const struct {
	const char *name, *meaning;
} variables[] = {
	{"LANDUSE_DATA", "folder above models/ and config/, searched first"},
	{"LANDUSE_HISTORY", "file of the run history"},
	{"XDG_DATA_HOME", "where your own models and the run history are (default ~/.local/share), in landuse/"},
	{"XDG_CACHE_HOME", "where features of pictures are kept (default ~/.cache), in landuse/"},
	{"NO_COLOR", "no colours, whatever the terminal can do"},
	{"OMP_NUM_THREADS", "threads, where neither an option nor the job says how many"},
	{"GDAL_CACHEMAX, CPL_DEBUG, ...", "GDAL's own"},
};

const char *option_conditions(const struct command *command, const struct option *row, char *text, size_t size)
{
	char standard[200] = "";
	size_t used = 0;
	char value[120];
	const char *initial = option_default(command, row, value, sizeof(value));

	if (initial != NULL)
		snprintf(standard, sizeof(standard), "default%s %s", strchr(initial, ' ') != NULL ? ":" : "", initial);
	const char *parts[] = {row->needed != NULL && !row->positional ? "needed" : "",
			       row->needs != NULL ? "with --" : "",
			       row->kind == OPTION_LIST && !row->positional ? "may be repeated" : "", standard};

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i][0] == '\0' || used >= size)
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s%s%s", used == 0 ? " (" : "; ", parts[i],
					 i == 1 ? row->needs : "");
	}
	if (used > 0 && used < size)
		snprintf(text + used, size - used, ")");
	return text;
}

static void tell_row(const struct page_form *form, const struct command *command, const struct option *row, int width)
{
	char conditions[320], meaning[1600];
	const char *text = row->meaning != NULL ? row->meaning : "";
	const size_t first = strcspn(text, "\n");

	option_conditions(command, row, conditions, sizeof(conditions));
	snprintf(meaning, sizeof(meaning), "%.*s%s%s", (int)first, text, conditions, text + first);
	form->item(&(struct page_item){.brief = row->positional ? NULL : row->brief,
				       .name = row->name,
				       .value = row->positional ? NULL : option_value_word(row),
				       .meaning = meaning,
				       .is_option = !row->positional,
				       .width = width});
}

/* As wide as the widest of the rows, but for those that are much wider than others. */
static int width_of(const struct command *command, bool positional)
{
	enum { WIDEST = 24 };
	const struct option *row;
	int width = 0;

	for (size_t i = 0; (row = command_row(command, i)) != NULL; i++) {
		if (row->kind == OPTION_HEADING || row->positional != positional)
			continue;
		const char *value = positional ? NULL : option_value_word(row);
		const int length = (int)(strlen(row->name) + (row->positional ? 0 : 2) +
					 (row->brief != NULL ? strlen(row->brief) + 3 : 0) +
					 (value != NULL ? strlen(value) + 1 : 0));
		if (length <= WIDEST && length > width)
			width = length;
	}
	return width;
}

static void tell_rows(const struct page_form *form, const struct command *command, bool positional)
{
	const int width = width_of(command, positional);
	const struct option *row;
	bool headed = false;

	for (size_t i = 0; (row = command_row(command, i)) != NULL; i++) {
		if (row->kind == OPTION_HEADING ? positional : row->positional != positional)
			continue;
		if (!headed || row->kind == OPTION_HEADING)
			form->heading(row->kind == OPTION_HEADING ? row->name : positional ? "arguments" : "options");
		headed = true;
		if (row->kind != OPTION_HEADING)
			tell_row(form, command, row, width);
		else if (row->meaning != NULL)
			form->paragraph(row->meaning);
	}
}

/* Lines of 'text' one by one; 'is_last' of the last. */
static void tell_lines(const char *text, const char *before,
		       void (*tell)(const char *line, bool is_first, bool is_last))
{
	for (const char *line = text; *line != '\0';) {
		const size_t length = strcspn(line, "\n");
		char whole[512];

		snprintf(whole, sizeof(whole), "%s%.*s", before, (int)length, line);
		tell(whole, line == text, line[length] == '\0' || line[length + 1] == '\0');
		line += length + (line[length] == '\n');
	}
}

/* Paragraphs with a blank line between; what begins with a blank stays as it is. */
static void tell_text(const struct page_form *form, const char *text)
{
	while (text != NULL && *text != '\0') {
		const char *end = strstr(text, "\n\n");
		const size_t length = end != NULL ? (size_t)(end - text) : strlen(text);
		char *part = malloc(length + 1);

		if (part == NULL)
			return;
		memcpy(part, text, length);
		part[length] = '\0';
		if (part[0] == ' ')
			tell_lines(part, "", form->verbatim);
		else
			form->paragraph(part);
		free(part);
		text = end != NULL ? end + 2 : NULL;
	}
}

/* "[options] -o DIR IMAGE...": what a command cannot do without. */
static void write_usage(const struct command *command, char *text, size_t size)
{
	size_t used = (size_t)snprintf(text, size, "[options]");

	for (size_t i = 0; i < command->row_count; i++) {
		const struct option *row = &command->rows[i];

		if (option_is_named(row) && row->needed != NULL)
			used += (size_t)snprintf(text + used, size - used, " %s%s %s", row->brief != NULL ? "-" : "--",
						 row->brief != NULL ? row->brief : row->name, option_value_word(row));
	}
	for (size_t i = 0; i < command->row_count; i++) {
		const struct option *row = &command->rows[i];

		if (row->positional)
			used += (size_t)snprintf(text + used, size - used, row->needed != NULL ? " %s%s" : " [%s%s]",
						 row->name, row->kind == OPTION_LIST ? "..." : "");
	}
}

static void tell_exit_codes(const struct page_form *form, const struct command *command)
{
	form->heading("exit codes");
	for (size_t i = 0; i < sizeof(exit_codes) / sizeof(exit_codes[0]); i++) {
		const char *own = command == NULL ? NULL : i == 0 ? command->done : i == 1 ? command->failed : NULL;

		if (command != NULL && strcmp(exit_codes[i].code, "3") == 0 && (own = command->alarmed) == NULL)
			continue;
		form->item(&(struct page_item){.name = exit_codes[i].code,
					       .meaning = own != NULL ? own : exit_codes[i].meaning,
					       .width = (int)strlen("128 + n")});
	}
}

static void tell_overview(const struct page_form *form)
{
	int width = 0;

	form->begin("landuse", "land-use maps and change statistics from aerial imagery");
	form->usage("landuse COMMAND [options]", true, false);
	form->usage("landuse COMMAND --help", false, false);
	form->usage("landuse --version", false, true);
	form->heading("commands");
	for (size_t i = 0; i < all_command_count; i++)
		width = (int)strlen(all_commands[i]->name) > width ? (int)strlen(all_commands[i]->name) : width;
	for (size_t i = 0; i < all_command_count; i++)
		form->item(&(struct page_item){
			.name = all_commands[i]->name, .meaning = all_commands[i]->summary, .width = width});
	tell_exit_codes(form, NULL);
	form->heading("environment");
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		form->item(&(struct page_item){.name = variables[i].name,
					       .meaning = variables[i].meaning,
					       .width = (int)strlen("OMP_NUM_THREADS")});
	form->end();
}

void page_tell(const struct page_form *form, const struct command *command)
{
	char name[64], before[72], usage[512];

	if (command == NULL) {
		tell_overview(form);
		return;
	}
	snprintf(name, sizeof(name), "landuse %s", command->name);
	snprintf(before, sizeof(before), "%s ", name);
	write_usage(command, usage, sizeof(usage));
	form->begin(name, command->summary);
	tell_lines(command->usage != NULL ? command->usage : usage, before, form->usage);
	tell_text(form, command->about);
	tell_rows(form, command, true);
	tell_rows(form, command, false);
	if (command->notes != NULL) {
		form->heading("notes");
		tell_text(form, command->notes);
	}
	if (command->examples != NULL) {
		form->heading("examples");
		tell_lines(command->examples, "  ", form->verbatim);
	}
	tell_exit_codes(form, command);
	form->end();
}

void page_print(const struct command *command)
{
	page_tell(&page_text, command);
}
