/* cmd_version.c: landuse version */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

struct request {
	bool json;
};

static const struct option rows[] = {
	{"json", NULL, OPTION_TRUE, NULL, "the same as JSON", OPTION_OWN(struct request, json)},
};

static int run(struct arguments *arguments)
{
	const struct request *request = arguments->options;
	struct lu_error err = {0};
	char *text = NULL;

	terminal_begin_short();
	const enum lu_status status = lu_versions(request->json, &text, &err);
	return terminal_finish(status, text, &err);
}

const struct command command_version = {
	"version",
	"the version, its engines and libraries",
	.about = "Print the version of landuse; of each engine the library and the processor that it computes for "
		 "here; and the "
		 "versions of GDAL and PROJ. landuse --version does the same.",
	ROWS_OF(rows),
	sizeof(struct request),
	.run = run,
};
