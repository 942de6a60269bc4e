/* main.c: the landuse program: finds the subcommand, prints the overview. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "page.h"
#include "tool.h"

static int command_of(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	if (name == NULL) {
		say(stderr, "usage: landuse COMMAND [options]\n\n");
		for (size_t i = 0; i < all_command_count; i++)
			say_format(stderr, "  %-10s %s\n", all_commands[i]->name, all_commands[i]->summary);
		say(stderr, "\nlanduse COMMAND --help tells more.\n");
		return EXIT_USAGE;
	}
	/* As every program has them, too. */
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = command_help.name;
	if (strcmp(name, "--version") == 0)
		name = command_version.name;
	const struct command *command = command_find(name);
	return command != NULL ? command_start(command, argc - 1, argv + 1) : command_unknown(name);
}

int main(int argc, char **argv)
{
	say_begin();
	/* A file that would grow above its limit is a write that fails, and is told like any other. */
	signal(SIGXFSZ, SIG_IGN);
	for (int i = 1; i < argc; i++) {
		if (!lu_utf8_valid(argv[i])) {
			say_format(stderr,
				   "landuse: '%s' is not UTF-8, as names in jobs and outputs are (rename the file)\n",
				   argv[i]);
			return say_end(EXIT_USAGE);
		}
	}
	return say_end(command_of(argc, argv));
}
