/*
 * tool.h: what the subcommands share: text on its way out, the terminal, exit codes.
 */
#ifndef TOOL_H
#define TOOL_H

#include <stdio.h>

#include "options.h"

/* Documented in `landuse --help`. */
enum {
	EXIT_DONE = 0, /* done, or up to date */
	EXIT_FAILED = 1, /* reading, computing or writing failed: the message says why */
	EXIT_USAGE = 2, /* an option, a job key or a path that they name is wrong or absent */
	EXIT_ALARM = 3, /* done, and an alarm of the job fired */
	EXIT_SIGNAL = 128, /* and the number of the signal that asked to stop */
};

/*
 * All that is said, on stdout and stderr: control characters (names come from files) are spelt out, but for \n and \t,
 * so that none of them steers the terminal.
 */
void say(FILE *to, const char *text);
void say_format(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* First of all, and last: 'code', or EXIT_FAILED after telling that stdout could not be written. */
void say_begin(void);
int say_end(int code);

/* The command whose options stand for the members and keys that the library's messages name. */
void words_of_command(const struct command *command);
/*
 * Say a text of the library's and 'end', with options in place of members, ".map_field = NAME" is "--map-field NAME", and where
 * the command has no job in place of a job's keys, "range: [LOW, HIGH]" is "--range LOW,HIGH".
 */
void say_words(FILE *to, const char *text, const char *end);
/* The same as a text, to be freed; NULL where memory is out. */
char *words_as_options(const char *text);

/*
 * The terminal: log lines and the progress bar go to stderr. The bar redraws at most six times a
 * second and only on a terminal; elsewhere a plain line appears every ten seconds. NO_COLOR and
 * dumb terminals are respected. With --json-log events go there instead. Ctrl-C and TERM set a flag that the library asks for; the second one ends the program.
 */
const struct lu_hooks *terminal_begin(const struct arguments *arguments);
/* Has a signal asked to stop? 'user' is not used. */
bool terminal_stop_asked(void *user);
/* For a command that takes no hooks: nothing would ask for the flag, so Ctrl-C and TERM end the program at once. */
void terminal_begin_short(void);
/* Finish the bar's line. */
void terminal_end(void);
/* Print the failure, and return the exit code that goes with it. */
int terminal_fail(const struct lu_error *err);
/* The exit code that goes with a failure. */
int terminal_code(const struct lu_error *err);
/* How a command ends: 'text' to stdout (and freed) on LU_OK, else the failure; returns the exit code. */
int terminal_finish(enum lu_status status, char *text, const struct lu_error *err);
/* The same with another exit code than EXIT_DONE on LU_OK. */
int terminal_finish_with(int code, enum lu_status status, char *text, const struct lu_error *err);

/* What terminal_begin and terminal_finish do with --json-log: events on stderr, a JSON object a line. 'err' may be NULL. */
const struct lu_hooks *json_log_begin(const struct arguments *arguments);
void json_log_finish(int code, const char *summary, const struct lu_error *err);

/* landuse run and landuse merge: 'act' with the command's struct lu_run_options; returns the exit code. */
int run_job(struct arguments *arguments,
	    enum lu_status (*act)(const struct lu_run_options *, struct lu_run_summary *, struct lu_error *));

#endif
