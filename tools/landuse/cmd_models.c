/* cmd_models.c: landuse models [list|verify|add] */
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const char help[] =
	"usage: landuse models [--json] [list]\n"
	"       landuse models verify [NAME...]\n"
	"       landuse models add PATH...\n"
	"\n"
	"Model packages (folders with model.onnx and model.json). 'list' shows those on the search path and\n"
	"whether each is whole; 'verify' holds them against the SHA-256 in their model.json (all of them,\n"
	"or those named, by name or folder): one flipped byte is found; 'add' verifies a package and copies\n"
	"it, whole or not at all, to where jobs find it by name.\n"
	"\n"
	"The search path: $LANDUSE_DATA/models; your own models, in $XDG_DATA_HOME/landuse or\n"
	"~/.local/share/landuse; where landuse is installed. 'add' copies to $LANDUSE_DATA/models where that\n"
	"is set, else to your own. A package that an earlier one of the same name hides is shown so.\n"
	"\n"
	"options:\n"
	"  --json         list: machine-readable\n"
	"  -h, --help     this page\n"
	"\n"
	"example: landuse models add ~/roofs && landuse run --dry-run county.yaml   # with model: roofs\n"
	"\n" EXIT_CODES_HELP("done", "failed (a package is damaged or missing)");

/* Verify or add each of 'names'; the first failure's exit code, after all have been tried. */
static int each(enum lu_status (*act)(const char *, char **, struct lu_error *), char **names, int count)
{
	int code = EXIT_DONE;

	for (int i = 0; i < count; i++) {
		struct lu_error err = {0};
		char *text = NULL;
		if (act(names[i], &text, &err) != LU_OK) {
			const int failed = terminal_fail(&err);
			code = code == EXIT_DONE ? failed : code;
		} else {
			say_words(stdout, text, "", true);
		}
		lu_text_free(text);
	}
	return code;
}

static int whole_path(enum lu_status status, char *text, const struct lu_error *err)
{
	if (text != NULL)
		say(stdout, text);
	lu_text_free(text);
	return status == LU_OK ? EXIT_DONE : terminal_fail(err);
}

static int run(int argc, char **argv)
{
	enum { JSON = 1 };
	static const struct option_spec specs[] = {{"--json", 0, false, JSON}};
	struct options options = options_begin(&command_models, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);
	struct lu_error err = {0};
	bool json = false;
	char *text = NULL;
	int words = 0;

	for (int id = options_next(&options); id != OPTION_END; id = options_next(&options)) {
		if (id == JSON)
			json = true;
		else if (id == OPTION_POSITIONAL)
			argv[words++] = argv[options.at - 1]; /* words move to the front; argv[0] is done with */
		else
			return EXIT_USAGE;
	}
	const char *verb = words > 0 ? argv[0] : "list";
	terminal_begin_short();
	if (strcmp(verb, "list") == 0 && words <= 1) {
		const enum lu_status status = lu_models_list(json, &text, &err);
		return whole_path(status, text, &err);
	}
	if (strcmp(verb, "verify") == 0 && words == 1) {
		const enum lu_status status = lu_models_verify(NULL, &text, &err);
		return whole_path(status, text, &err);
	}
	if (strcmp(verb, "verify") == 0)
		return each(lu_models_verify, argv + 1, words - 1);
	if (strcmp(verb, "add") == 0 && words > 1)
		return each(lu_models_add, argv + 1, words - 1);
	if (strcmp(verb, "add") == 0)
		return usage_error(&command_models, "name the package's folder");
	return usage_error(&command_models, "'%s' should be list, verify or add", verb);
}

const struct command command_models = {"models", "list, verify and add model packages", help, run};
