/* cmd_version.c: landuse version */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

static int run(struct arguments *arguments)
{
	(void)arguments;
	say_format(stdout, "landuse %s\n", lu_version());
	return EXIT_DONE;
}

const struct command command_version = {
	"version",
	"the version",
	.about = "Print the version.",
	.run = run,
};
