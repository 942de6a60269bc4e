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
	options->hooks = arguments->json_log ? json_log_begin(arguments) : terminal_begin(arguments->verbosity);
	const enum lu_status status = act(options, &summary, &err);
	const int code = status != LU_OK ? terminal_code(&err) : summary.alarms > 0 ? EXIT_ALARM : EXIT_DONE;
	if (arguments->json_log)
		json_log_finish(code, summary.text, status != LU_OK ? &err : NULL);
	if (status == LU_OK || !arguments->json_log)
		terminal_finish(status, summary.text, &err);
	return code;
}
