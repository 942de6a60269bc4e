/* main.c: the landuse program: finds the subcommand, prints the overview. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const struct command *const commands[] = {&command_run,    &command_classify, &command_change, &command_sample,
						 &command_train,  &command_evaluate, &command_assess, &command_compare,
						 &command_info,   &command_tile,     &command_label,  &command_history,
						 &command_models, &command_quantize};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void print_overview(FILE *to)
{
	say(to, "landuse: land-use maps and change statistics from aerial imagery\n\n"
		"usage: landuse COMMAND [options]\n\ncommands:\n");
	for (int i = 0; i < COMMANDS; i++)
		say_format(to, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	say(to,
	    "\n  landuse COMMAND --help   the command's own page\n"
	    "  landuse --version        the version\n\n"
	    "exit codes: 0 done or up to date, 1 reading, computing or writing failed, 2 an option, a key of the job\n"
	    "file or a path that they name is wrong or absent, 128 + n stopped by signal n (130: Ctrl-C)\n"
	    "environment: LANDUSE_DATA (folder above models/ and config/), LANDUSE_HISTORY (file of the run history),\n"
	    "XDG_DATA_HOME, NO_COLOR, OMP_NUM_THREADS, GDAL's own\n");
}

static int command_of(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	if (name == NULL) {
		print_overview(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
		for (int i = 0; argc > 2 && i < COMMANDS; i++) {
			if (strcmp(argv[2], commands[i]->name) == 0) {
				print_page(commands[i]);
				return EXIT_DONE;
			}
		}
		print_overview(stdout);
		return EXIT_DONE;
	}
	if (strcmp(name, "--version") == 0) {
		say_format(stdout, "landuse %s\n", lu_version());
		return EXIT_DONE;
	}
	for (int i = 0; i < COMMANDS; i++)
		if (strcmp(name, commands[i]->name) == 0)
			return commands[i]->run(argc - 1, argv + 1);
	say_format(stderr, "landuse: '%s' is not a command (landuse --help lists them)\n", name);
	return EXIT_USAGE;
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
