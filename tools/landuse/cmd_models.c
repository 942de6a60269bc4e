/* cmd_models.c: landuse models [list|verify|add] */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "shared_options.h"
#include "tool.h"

struct request {
	const char *verb;
	const char *const *names;
	size_t name_count;
	bool json;
};
#define AT(place) OPTION_OWN(struct request, place)

static void init(void *options)
{
	((struct request *)options)->verb = "list";
}

static const struct option rows[] = {
	{"WORD", NULL, OPTION_TEXT, .meaning = "list, verify or add", AT(verb), .positional = true,
	 .choices = "list|verify|add"},
	{"NAME", NULL, OPTION_LIST, .meaning = "packages by name or folder; of add, the folders", AT(names),
	 .count = offsetof(struct request, name_count), .positional = true, .thing = THING_MODEL},
	{"json", NULL, OPTION_TRUE, NULL, "list: machine-readable", AT(json)},
};

/* Verify or add each of the names; the first failure's exit code, after all have been tried. */
static int each(enum lu_status (*act)(const char *, char **, struct lu_error *), const struct request *request)
{
	int code = EXIT_DONE;

	for (size_t i = 0; i < request->name_count; i++) {
		struct lu_error err = {0};
		char *text = NULL;
		if (act(request->names[i], &text, &err) != LU_OK) {
			const int failed = terminal_fail(&err);
			code = code == EXIT_DONE ? failed : code;
		} else {
			say_words(stdout, text, "");
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

static int run(struct arguments *arguments)
{
	const struct request *request = arguments->options;
	const char *verb = request->verb;
	struct lu_error err = {0};
	char *text = NULL;

	terminal_begin_short();
	if (strcmp(verb, "list") == 0 && request->name_count == 0) {
		const enum lu_status status = lu_models_list(request->json, &text, &err);
		return whole_path(status, text, &err);
	}
	if (strcmp(verb, "verify") == 0 && request->name_count == 0) {
		const enum lu_status status = lu_models_verify(NULL, &text, &err);
		return whole_path(status, text, &err);
	}
	if (strcmp(verb, "verify") == 0)
		return each(lu_models_verify, request);
	if (strcmp(verb, "add") == 0 && request->name_count > 0)
		return each(lu_models_add, request);
	if (strcmp(verb, "add") == 0)
		return usage_error(&command_models, "name the package's folder");
	return usage_error(&command_models, "'%s' should be list, verify or add", verb);
}

const struct command command_models = {
	"models",
	"list, verify and add model packages",
	.usage = "[--json] [list]\n"
		 "verify [NAME...]\n"
		 "add PATH...",
	.about = "Model packages (folders with model.onnx and model.json). 'list' shows those on the search path and "
		 "whether "
		 "each is whole; 'verify' compares them with the SHA-256 in their model.json (all of them, or those "
		 "named, by "
		 "name or folder): one flipped byte is found; 'add' verifies a package and copies it, whole or not at "
		 "all, to "
		 "where jobs find it by name.\n\n"
		 "The search path: $LANDUSE_DATA/models; your own models, in $XDG_DATA_HOME/landuse or "
		 "~/.local/share/landuse; "
		 "where landuse is installed. 'add' copies to $LANDUSE_DATA/models where that is set, else to your "
		 "own. A "
		 "package that an earlier one of the same name hides is shown so.",
	ROWS_OF(rows),
	sizeof(struct request),
	.init = init,
	.examples = "landuse models add ~/roofs\n"
		    "landuse models verify aerial-21",
	.failed = "failed (a package is damaged or missing)",
	.has_job = true,
	.run = run,
};
