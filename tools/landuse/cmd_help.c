/* cmd_help.c: landuse help [COMMAND] */
#include "commands.h"
#include "page.h"
#include "shared_options.h"
#include "tool.h"

struct request {
	const char *name, *shell;
	bool json, man, markdown;
};
#define AT(place) OPTION_OWN(struct request, place)

static const struct option rows[] = {
	{"COMMAND", NULL, OPTION_TEXT, .meaning = "whose page", AT(name), .positional = true,
	 .otherwise = "the list of commands", .thing = THING_COMMAND},
	{"json", NULL, OPTION_TRUE, NULL, "all commands with their options, types and defaults, for other programs",
	 AT(json)},
	{"man", NULL, OPTION_TRUE, NULL, "the page as man(7) has it", AT(man)},
	{"markdown", NULL, OPTION_TRUE, NULL, "all pages in Markdown", AT(markdown)},
	{"completion", NULL, OPTION_TEXT, "SHELL", "a script that lets bash or zsh complete command lines", AT(shell),
	 .choices = "bash|zsh"},
};

static int run(struct arguments *arguments)
{
	const struct request *request = arguments->options;
	const struct command *command = request->name != NULL ? command_find(request->name) : NULL;

	if (request->name != NULL && command == NULL)
		return command_unknown(request->name);
	if (request->shell != NULL)
		return page_completion(request->shell)
			       ? EXIT_DONE
			       : usage_error(&command_help, "--completion is '%s', it should be bash or zsh",
					     request->shell);
	if (request->json) {
		if (page_json())
			return EXIT_DONE;
		say(stderr, "landuse: out of memory: the commands as JSON\n");
		return EXIT_FAILED;
	}
	if (request->markdown) {
		page_tell(&page_markdown, NULL);
		for (size_t i = 0; i < all_command_count; i++)
			page_tell(&page_markdown, all_commands[i]);
		return EXIT_DONE;
	}
	page_tell(request->man ? &page_man : &page_text, command);
	return EXIT_DONE;
}

const struct command command_help = {
	"help",
	"the page of a command",
	.about = "Print the page of a command, as COMMAND --help does.",
	ROWS_OF(rows),
	sizeof(struct request),
	.notes = "In JSON an option or argument has its name; short, the form with one dash; type (flag, text, choice, "
		 "integer, number, "
		 "numbers, integers, range, words, list, argument); kind, what a text names (raster, vector, imagery, "
		 "table, file, "
		 "folder, model, scheme, command); value, the word that stands for its value; meaning; choices, and "
		 "whether they are open, so that other values may be right, too; least "
		 "and most of a "
		 "number; default, or otherwise, what holds without it; needs, an option that has to be there, too; "
		 "needed; written, "
		 "whether it is an output; job_key, the key of a job file for the same; group. What it does not have "
		 "is left out.",
	.examples = ". <(landuse help --completion bash)\n"
		    "landuse help --man run | man -l -",
	.run = run,
};
