/* run_job.c: how the commands that make a job's outputs say what happens, and end. */
#include "tool.h"

int run_job(struct arguments *arguments,
	    enum lu_status (*act)(const struct lu_run_options *, struct lu_run_summary *, struct lu_error *))
{
	struct lu_run_options *options = arguments->options;
	struct lu_run_summary summary = {0};
	struct lu_error err = {0};

	options->command = arguments->words;
	options->command_count = arguments->word_count;
	options->hooks = terminal_begin(arguments);
	const enum lu_status status = act(options, &summary, &err);
	return terminal_finish_with(summary.alarms > 0 ? EXIT_ALARM : EXIT_DONE, status, summary.text, &err);
}
