/*
 * tool.h: what the subcommands share: options, the terminal, exit codes.
 */
#ifndef TOOL_H
#define TOOL_H

#include <stdio.h>

#include "landuse.h"

/* Documented in `landuse --help`. */
enum {
	EXIT_DONE = 0, /* done, or up to date */
	EXIT_FAILED = 1, /* reading, computing or writing failed: the message says why */
	EXIT_USAGE = 2, /* an option, a job key or a path that they name is wrong or absent */
	EXIT_SIGNAL = 128, /* and the number of the signal that asked to stop */
};

/* The last line of a command's page; 'done' and 'failed' say what 0 and 1 are for it. print_page adds the others. */
#define EXIT_CODES_HELP(done, failed) "exit codes: 0 " done ", 1 " failed ",\n"

/* A subcommand: its name, one line for the overview, its page, and its main. */
struct command {
	const char *name, *summary, *help;
	int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name */
};
/* The whole page to stdout. */
void print_page(const struct command *command);

extern const struct command command_run, command_info, command_classify, command_change, command_sample, command_tile,
	command_assess, command_label, command_compare, command_history, command_models;
extern const struct command command_evaluate, command_train, command_quantize;

/* One option of a subcommand. */
struct option_spec {
	const char *name; /* "--threads" */
	char letter; /* 'j', or 0 */
	bool takes_value;
	int id; /* what options_next returns; above 0 */
};

/*
 * A walk over argv: options in any place, "--name value", "--name=value", "-n value", "--" ends
 * them. Positional arguments come back as OPTION_POSITIONAL.
 */
enum { OPTION_END = 0, OPTION_POSITIONAL = -1, OPTION_BAD = -2 };
struct options {
	const struct command *command;
	const struct option_spec *specs;
	size_t spec_count;
	int argc;
	char **argv;
	int at;
	bool ended; /* "--" was seen */
	const char *value; /* of the option or positional just returned */
};
struct options options_begin(const struct command *command, const struct option_spec *specs, size_t spec_count,
			     int argc, char **argv);
/* Handles --help, which prints the page and exits 0; a bad option has been reported when OPTION_BAD comes. */
int options_next(struct options *options);

/* Whole or decimal numbers out of options->value; false after saying what is wrong. */
bool options_integer(const struct options *options, const char *name, int low, int high, int *out);
bool options_number(const struct options *options, const char *name, double low, double high, double *out);
/* Comma- or blank-separated numbers, at most 'most'; false after saying what is wrong. */
bool options_numbers(const struct options *options, const char *name, double *out, size_t most, size_t *count);

/* LOW,HIGH into 'room', at which '*range' then points; false after saying what is wrong. */
bool options_range(const struct options *options, const char *name, double room[2], const double **range);

/*
 * Comma-separated words, at most 'most', into 'out'; false after saying what is wrong. The commas in
 * argv become ends of texts, so the words live as long as argv.
 */
bool options_words(const struct options *options, const char *name, const char **out, size_t most, size_t *count);

/*
 * Options as a table: each names the variable that it sets. A command whose options only set
 * variables needs no walk of its own.
 */
enum option_kind {
	OPTION_TEXT, /* const char * */
	OPTION_TRUE,
	OPTION_FALSE, /* bool; the option takes no value */
	OPTION_INTEGER,
	OPTION_NUMBER, /* int, double; from 'low' to 'high' */
	OPTION_NUMBERS, /* double[most], and how many in '*count' */
	OPTION_RANGE, /* const double *: LOW,HIGH, kept in 'room' */
	OPTION_EITHER, /* bool: is it words[1]? */
};
struct option_row {
	const char *name;
	char letter;
	enum option_kind kind;
	void *to;
	double low, high;
	size_t most, *count;
	const char *words[2];
	double *room;
};
/* Walk over argv by a table; '*name' is the one positional argument. False after saying what is wrong. */
bool options_take(const struct command *command, const struct option_row *rows, size_t row_count, int argc, char **argv,
		  const char **name);

/* One of the two words 'a' and 'b'; '*second' says whether it is 'b'. False after saying what is wrong. */
bool options_either(const struct options *options, const char *name, const char *a, const char *b, bool *second);

/*
 * All that is said, on stdout and stderr: control characters (names come from files) are spelt out, but for \n and \t,
 * so that none of them steers the terminal.
 */
void say(FILE *to, const char *text);
void say_format(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* First of all, and last: 'code', or EXIT_FAILED after telling that stdout could not be written. */
void say_begin(void);
int say_end(int code);

/* "landuse run: TEXT (landuse run --help)" to stderr; returns EXIT_USAGE. */
int usage_error(const struct command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * The terminal: log lines and the progress bar go to stderr. The bar redraws at most six times a
 * second and only on a terminal; elsewhere a plain line appears every ten seconds. NO_COLOR and
 * dumb terminals are respected. Ctrl-C and TERM set a flag that the library asks for; the second one ends the program.
 */
enum verbosity { VERBOSITY_QUIET, VERBOSITY_NORMAL, VERBOSITY_DEBUG };
const struct lu_hooks *terminal_begin(enum verbosity verbosity);
/* For a command that takes no hooks: nothing would ask for the flag, so Ctrl-C and TERM end the program at once. */
void terminal_begin_short(void);
/* From now on the library's remedies, which are a job's keys, are told as options: the command has no job. */
void terminal_without_job(void);
/*
 * Say a text of the library's and 'end', with options in place of members, ".map_field = NAME" is "--map-field NAME", and where
 * there is no job in place of its keys, "range: [LOW, HIGH]" is "--range LOW,HIGH".
 */
void say_words(FILE *to, const char *text, const char *end, bool has_job);
/* Finish the bar's line. */
void terminal_end(void);
/* Print the failure, and return the exit code that goes with it. */
int terminal_fail(const struct lu_error *err);
/* How a command ends: 'text' to stdout (and freed) on LU_OK, else the failure; returns the exit code. */
int terminal_finish(enum lu_status status, char *text, const struct lu_error *err);

#endif
