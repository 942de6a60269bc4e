/* cmd_init.c: landuse init FOLDER */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

#define AT(place) OPTION_AT(struct lu_init_options, place)

static void init(void *options)
{
	lu_init_options_init(options);
}

static const struct option rows[] = {
	{"FOLDER", NULL, OPTION_TEXT, .meaning = "where imagery and, if there is one, a boundary lie", AT(folder),
	 .positional = true, .least = 1, .needed = "name a folder with imagery", .thing = THING_FOLDER},
	{"output", "o", OPTION_TEXT, "JOB.yaml", "the job file to write", AT(job),
	 .otherwise = "county.yaml in the folder", .thing = THING_FILE, .made = true},
};

static int run(struct arguments *arguments)
{
	struct lu_error err = {0};
	char *text = NULL;

	terminal_begin_short();
	const enum lu_status status = lu_init(arguments->options, &text, &err);
	return terminal_finish(status, text, &err);
}

const struct command command_init = {
	"init",
	"write a job file to start from, of what lies in a folder",
	.about = "Look at the imagery and the polygons in a folder and write a commented job file to start from: a "
		 "date for "
		 "each year or ISO date in the names of folders and files (naip_2016/, m_42071_ne_20160701.tif), the "
		 "model "
		 "whose imagery was nearest to this resolution, and the boundary that lies on the imagery, one called "
		 "county or "
		 "boundary first. Every other key stands there as a comment. What was found and is not used is told in "
		 "the "
		 "file.\n\n"
		 "A file that is there is never written over.",
	ROWS_OF(rows),
	sizeof(struct lu_init_options),
	.init = init,
	.examples = "landuse init counties/middlesex\n"
		    "landuse run --dry-run counties/middlesex/county.yaml",
	.run = run,
};
