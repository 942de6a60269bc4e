/* page_markdown.c: the pages of all commands as docs/commands.md. */
#include <stdio.h>
#include <string.h>

#include "page.h"
#include "tool.h"

/* Text whose signs mean nothing. */
static void put(const char *text)
{
	while (*text != '\0') {
		const size_t plain = strcspn(text, "*_<\\`[");

		say_format(stdout, "%.*s", (int)plain, text);
		text += plain;
		if (*text != '\0')
			say_format(stdout, "\\%c", *text++);
	}
}

static void begin(const char *name, const char *summary)
{
	const char *command = strchr(name, ' ');

	if (command == NULL)
		say_format(stdout,
			   "# The commands of %s\n\n"
			   "Every command says the same with `--help`; `man landuse-run` and so on, too. (This page is "
			   "made by\n"
			   "`landuse help --markdown`.)\n\n",
			   name);
	else
		say_format(stdout, "\n## %s\n\n%s.\n\n", name, summary);
}

static void usage(const char *line, bool is_first, bool is_last)
{
	say_format(stdout, "%s%s\n%s", is_first ? "```\n" : "", line, is_last ? "```\n" : "");
}

static bool in_list;

static void heading(const char *text)
{
	say_format(stdout, "\n**%c%s**\n\n", text[0] >= 'a' && text[0] <= 'z' ? text[0] - 'a' + 'A' : text[0],
		   text + 1);
	in_list = true;
}

static void paragraph(const char *text)
{
	say(stdout, in_list ? "" : "\n");
	put(text);
	say(stdout, in_list ? "\n\n" : "\n");
}

static void verbatim(const char *line, bool is_first, bool is_last)
{
	say_format(stdout, "%s%s\n%s", is_first ? in_list ? "```\n" : "\n```\n" : "",
		   strncmp(line, "  ", 2) == 0 ? line + 2 : line, is_last ? "```\n" : "");
}

static void item(const struct page_item *item)
{
	say_format(stdout, "- `%s%s%s%s%s%s%s`: ", item->brief != NULL ? "-" : "",
		   item->brief != NULL ? item->brief : "", item->brief != NULL ? ", " : "", item->is_option ? "--" : "",
		   item->name, item->value != NULL ? " " : "", item->value != NULL ? item->value : "");
	for (const char *line = item->meaning; *line != '\0';) {
		char part[1600];
		const size_t length = strcspn(line, "\n");

		snprintf(part, sizeof(part), "%.*s", (int)length, line);
		say(stdout, line != item->meaning ? "  - " : "");
		put(part);
		say(stdout, "\n");
		line += length + (line[length] == '\n');
	}
}

static void end(void)
{
	in_list = false;
}

const struct page_form page_markdown = {begin, usage, heading, paragraph, verbatim, item, end};
