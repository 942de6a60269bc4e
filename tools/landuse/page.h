/*
 * page.h: what a command takes and does, told from its rows (options.h): on a terminal, as a man page, in docs/commands.md, as
 * JSON for other programs, and to the shells that complete a command line. Everything goes to stdout.
 */
#ifndef PAGE_H
#define PAGE_H

#include "options.h"

/* An option, a positional argument, a command: each line of 'meaning' is one of its own. */
struct page_item {
	const char *brief, *name; /* "j", "threads"; a name alone stands as it is */
	const char *value;
	const char *meaning;
	bool is_option;
	int width; /* of the column that names the items, for forms that have columns */
};

/* How one form of a page writes its parts; texts have no line breaks but where said. */
struct page_form {
	void (*begin)(const char *name, const char *summary); /* name: "landuse", "landuse run" */
	void (*usage)(const char *line, bool is_first, bool is_last);
	void (*heading)(const char *text); /* "options" */
	void (*paragraph)(const char *text);
	void (*verbatim)(const char *line, bool is_first, bool is_last);
	void (*item)(const struct page_item *item);
	void (*end)(void);
};

extern const struct page_form page_text, page_man, page_markdown;

/* The page of a command, or with NULL the overview. */
void page_tell(const struct page_form *form, const struct command *command);
/* The same as text for a terminal of 80 columns: --help. */
void page_print(const struct command *command);

/* The words after an option's meaning: " (with --zones; default 1)", or "". 'text' is returned. */
const char *option_conditions(const struct command *command, const struct option *row, char *text, size_t size);

/* Every command with its rows, as JSON; false where memory is out. */
bool page_json(void);
/* The completion of "bash" or "zsh"; false: of no other shell. */
bool page_completion(const char *shell);

#endif
