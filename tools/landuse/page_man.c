/* page_man.c: a page as man(7) has them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "page.h"
#include "tool.h"

/* Text that groff shows as it is: its own signs are escaped, and no line begins with a request. */
static void put(const char *text)
{
	static const char signs[] = "-\\'~^`";
	static const char *const as[] = {"\\-", "\\e", "\\(aq", "\\(ti", "\\(ha", "\\(ga"};

	if (text[0] == '.')
		say(stdout, "\\&");
	while (*text != '\0') {
		const size_t plain = strcspn(text, signs);

		say_format(stdout, "%.*s", (int)plain, text);
		text += plain;
		if (*text != '\0')
			say(stdout, as[strchr(signs, *text++) - signs]);
	}
}

static void put_line(const char *text)
{
	put(text);
	say(stdout, "\n");
}

static void put_capitals(const char *text)
{
	char capitals[64];
	size_t length = 0;

	for (; *text != '\0' && length + 1 < sizeof(capitals); text++)
		capitals[length++] = (char)toupper((unsigned char)*text);
	capitals[length] = '\0';
	put(capitals);
}

static bool is_overview, is_described, in_options; /* of the page that is written */

static void describe(void)
{
	if (!is_described)
		say(stdout, ".SH DESCRIPTION\n");
	is_described = true;
}

static void begin(const char *name, const char *summary)
{
	char file[64], *blank;

	snprintf(file, sizeof(file), "%s", name);
	blank = strchr(file, ' ');
	if (blank != NULL)
		*blank = '-';
	is_overview = blank == NULL;
	is_described = in_options = false;
	say(stdout, ".TH \"");
	put_capitals(file);
	say_format(stdout, "\" 1 \"\" \"landuse %s\" \"landuse manual\"\n.SH NAME\n", lu_version());
	put(file);
	say(stdout, " \\- ");
	put_line(summary);
}

static void usage(const char *line, bool is_first, bool is_last)
{
	say(stdout, is_first ? ".SH SYNOPSIS\n.nf\n" : "");
	put_line(line);
	say(stdout, is_last ? ".fi\n" : "");
}

static void heading(const char *text)
{
	static const char *const own[] = {"arguments", "options", "notes", "examples", "commands", "environment"};
	bool is_own = strcmp(text, "exit codes") == 0;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		is_own = is_own || strcmp(text, own[i]) == 0;
	/* Groups of options are parts of one section. */
	if (!is_own && !in_options)
		say(stdout, ".SH OPTIONS\n");
	in_options = !is_own;
	is_described = true;
	say(stdout, is_own ? ".SH \"" : ".SS \"");
	if (strcmp(text, "exit codes") == 0)
		say(stdout, "EXIT STATUS");
	else if (is_own)
		put_capitals(text);
	else
		put(text);
	say(stdout, "\"\n");
}

static void paragraph(const char *text)
{
	describe();
	say(stdout, ".PP\n");
	put_line(text);
}

static void verbatim(const char *line, bool is_first, bool is_last)
{
	describe();
	say(stdout, is_first ? ".PP\n.nf\n" : "");
	put_line(line);
	say(stdout, is_last ? ".fi\n" : "");
}

static void item(const struct page_item *item)
{
	say(stdout, ".TP\n");
	if (item->brief != NULL) {
		say(stdout, "\\fB\\-");
		put(item->brief);
		say(stdout, "\\fR, ");
	}
	say(stdout, item->is_option ? "\\fB\\-\\-" : "\\fB");
	put(item->name);
	say(stdout, "\\fR");
	if (item->value != NULL) {
		say(stdout, " \\fI");
		put(item->value);
		say(stdout, "\\fR");
	}
	say(stdout, "\n");
	for (const char *line = item->meaning; *line != '\0';) {
		char part[1600];
		const size_t length = strcspn(line, "\n");

		snprintf(part, sizeof(part), "%.*s", (int)length, line);
		say(stdout, line != item->meaning ? ".br\n" : "");
		put_line(part);
		line += length + (line[length] == '\n');
	}
}

static void end(void)
{
	const char *between = "";

	say(stdout, ".SH \"SEE ALSO\"\n");
	if (!is_overview) {
		say(stdout, "\\fBlanduse\\fR(1)\n");
		return;
	}
	for (size_t i = 0; i < all_command_count; i++) {
		say_format(stdout, "%s\\fBlanduse\\-%s\\fR(1)", between, all_commands[i]->name);
		between = ",\n";
	}
	say(stdout, "\n.PP\nProgrammers: the headers \\fIlanduse.h\\fR and \\fIlanduse/*.h\\fR are the contract of "
		    "each function of "
		    "the library; examples in C and Python are in share/landuse/docs/library.md. All pages: "
		    "share/landuse/docs/index.md.\n");
}

const struct page_form page_man = {begin, usage, heading, paragraph, verbatim, item, end};
