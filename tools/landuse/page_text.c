/* page_text.c: a page for a terminal of 80 columns. */
#include <stdio.h>
#include <string.h>

#include "page.h"
#include "tool.h"

enum { COLUMNS = 80 };

/* The words of 'text' in lines that begin at column 'indent'; the first line has 'used' columns already. */
static void wrap(const char *text, int indent, int used)
{
	int column = used;

	while (*text != '\0') {
		const int length = (int)strcspn(text, " \n");

		if (length > 0) {
			const bool begins = column <= indent;
			if (!begins && column + 1 + length > COLUMNS) {
				say_format(stdout, "\n%*s", indent, "");
				column = indent;
			} else if (!begins) {
				say(stdout, " ");
				column++;
			}
			say_format(stdout, "%.*s", length, text);
			column += length;
		}
		text += length;
		if (*text == '\n') {
			say_format(stdout, "\n%*s", indent, "");
			column = indent;
		}
		text += *text != '\0';
	}
	say(stdout, "\n");
}

static void begin(const char *name, const char *summary)
{
	say_format(stdout, "%s: %s\n\n", name, summary);
}

static void usage(const char *line, bool is_first, bool is_last)
{
	(void)is_last;
	say(stdout, is_first ? "usage: " : "       ");
	wrap(line, 11, 7);
}

static bool headed; /* the last thing was a heading */

static void heading(const char *text)
{
	say_format(stdout, "\n%s:\n", text);
	headed = true;
}

static void paragraph(const char *text)
{
	say(stdout, headed ? "" : "\n");
	headed = false;
	wrap(text, 0, 0);
}

static void verbatim(const char *line, bool is_first, bool is_last)
{
	(void)is_first;
	(void)is_last;
	say_format(stdout, "%s\n", line);
}

static void item(const struct page_item *item)
{
	char term[160];
	const int indent = item->width + 4;

	snprintf(term, sizeof(term), "%s%s%s%s%s%s%s", item->brief != NULL ? "-" : "",
		 item->brief != NULL ? item->brief : "", item->brief != NULL ? ", " : "", item->is_option ? "--" : "",
		 item->name, item->value != NULL ? " " : "", item->value != NULL ? item->value : "");
	say_format(stdout, "  %-*s", item->width, term);
	if ((int)strlen(term) > item->width)
		say_format(stdout, "\n%*s", indent, "");
	else
		say(stdout, "  ");
	wrap(item->meaning, indent, indent);
	headed = false;
}

static void end(void)
{
}

const struct page_form page_text = {begin, usage, heading, paragraph, verbatim, item, end};
