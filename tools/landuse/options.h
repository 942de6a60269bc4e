/*
 * options.h: what each command takes, said once.
 *
 * A row is an option or a positional argument. From the rows of a command come the reading of its command line, its page
 * (--help), its man page, its part of docs/commands.md, the completion of the shells, `landuse help --json`, and the option
 * that stands for a member which a message of the library names.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdarg.h>

#include "landuse.h"

/* How a value is read, and what it is read into. */
enum option_kind {
	OPTION_HEADING, /* no option: 'name' heads those that follow, and 'meaning' is said of all of them */
	OPTION_TEXT, /* const char * */
	OPTION_TRUE,
	OPTION_FALSE, /* bool; takes no value */
	OPTION_EITHER, /* bool: is it the second of the two 'choices'? */
	OPTION_CHOICE, /* an enum of the library, by the words of 'choice' */
	OPTION_PARSED, /* whatever 'parse' makes of the text */
	OPTION_INTEGER, /* int */
	OPTION_COUNT, /* uint64_t */
	OPTION_NUMBER, /* double */
	OPTION_NUMBERS, /* const double *, and how many in 'count' */
	OPTION_INTEGERS, /* const int *, likewise */
	OPTION_RANGE, /* const double *: LOW,HIGH */
	OPTION_WORDS, /* const char *const *, and how many: with commas between */
	OPTION_LIST, /* the same, one a time: such an option may be repeated */
	OPTION_OPERAND, /* the value is the next positional argument */
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_JSON_LOG, /* how much and in which form is said meanwhile */
	OPTION_HELP,
	OPTION_KINDS, /* how many there are */
};

/* What a text names: shells complete it so, and a form of a GIS asks for it so. */
enum option_thing {
	THING_WORD,
	THING_RASTER,
	THING_VECTOR,
	THING_IMAGERY, /* a raster, a folder of them, a pattern */
	THING_TABLE,
	THING_FILE,
	THING_FOLDER,
	THING_MODEL,
	THING_SCHEME,
	THING_COMMAND,
	OPTION_THINGS,
};

struct option {
	const char *name; /* "threads"; of a positional argument "IMAGE" */
	const char *brief; /* "j" for -j, "co" for GDAL's -co; or NULL */
	enum option_kind kind;
	const char *value; /* what stands for its value on pages; NULL: the choices, or nothing */
	const char *meaning; /* one sentence without a full stop; after \n a line of its own */
	/* Where it goes in the command's struct, and the member's name there; OPTION_AT. */
	size_t to;
	const char *member;
	size_t count; /* of a list: where its length goes; 0: nowhere */
	size_t has; /* a bool that becomes true with it; 0: none */
	double low, high; /* of numbers */
	size_t least, most; /* how many a list or a positional argument takes; 'most' 0: any number, of a text one */
	const char *choices; /* "resize|crop"; the values it takes, */
	bool open; /* or some of them */
	enum lu_choice choice; /* of OPTION_CHOICE */
	/*
	 * Of OPTION_PARSED: the text into the member 'to' of the command's struct 'options'; and what is to be released of it, or
	 * NULL.
	 */
	enum lu_status (*parse)(const char *text, void *to, void *options, struct lu_error *err);
	void (*release)(void *to);
	const char *
		otherwise; /* what holds without it, for a reader, where that is no value of the struct (option_default) */
	const char *needed; /* what to say where it is left out; NULL: it may be */
	const char *needs; /* the option without which it is of no use, or NULL */
	const char *key; /* of a job file, for the same; "grid.crs", of each date "dates[].bands" */
	enum option_thing thing;
	bool made; /* a file or folder that is written */
	bool positional;
};

/* Where a row's value goes: a member of struct 'type', which may lie in a struct within. */
#define OPTION_AT(type, place) .to = offsetof(type, place), .member = #place
/* The same of a member that the library does not know, and so never names. */
#define OPTION_OWN(type, place) .to = offsetof(type, place)

/* A number of landuse.h as text. */
#define OPTION_TEXT_OF(...) OPTION_WORDS_OF(__VA_ARGS__)
#define OPTION_WORDS_OF(...) #__VA_ARGS__

/* A command: what it takes, its page, and what it does. */
struct arguments;
struct command {
	const char *name;
	const char *summary; /* one line for the overview */
	const char *usage; /* what may follow "landuse NAME ", a line each; NULL: made from the rows */
	/* Paragraphs with a blank line between; lines that begin with a blank stay as they are. */
	const char *about;
	const struct option *rows;
	size_t row_count;
	size_t size; /* of the struct that the rows go into */
	void (*init)(void *options); /* the struct as the library has it where nothing is said; NULL: zeroed */
	const char *notes; /* paragraphs after the options, or NULL */
	const char *examples; /* command lines, or NULL */
	const char *done, *failed; /* what exit codes 0 and 1 are; NULL: done, failed */
	const char *alarmed; /* what 3 is; NULL: it has none */
	bool has_job; /* a message that names a key of a job means the job */
	int (*run)(struct arguments *arguments);
};

enum verbosity { VERBOSITY_QUIET, VERBOSITY_NORMAL, VERBOSITY_DEBUG };

/* A command line that was read. Texts are argv's own. */
enum { MOST_ROWS = 64 };
struct arguments {
	const struct command *command;
	void *options; /* the command's struct */
	bool given[MOST_ROWS]; /* which rows were named */
	enum verbosity verbosity;
	bool json_log;
	const char **operands; /* the positional arguments in their order, already dealt to their rows */
	size_t operand_count;
	const char **words; /* the whole command line, "landuse" first */
	size_t word_count;
};

/* Read a command line and do what it asks for; argv[0] is the command's name. Returns the exit code. */
int command_start(const struct command *command, int argc, char **argv);

/* Was option 'name' given? */
bool option_given(const struct arguments *arguments, const char *name);
/* Was any option given that is none of these (the last is NULL), nor --quiet or --verbose? */
bool option_given_beside(const struct arguments *arguments, const char *const *names);

/* Row 'index' of a command, of which the last is --help; NULL after it. */
const struct option *command_row(const struct command *command, size_t index);
/* What follows the option: "N", "resize|crop"; NULL where nothing does. */
const char *option_value_word(const struct option *row);
/* The words that it takes, "resize|crop"; NULL: any. */
const char *option_choices(const struct option *row);
/*
 * What holds without it: the value that the command's struct begins with, as a command line would say it, or else the row's
 * words. NULL: there is nothing to say. 'text' may be returned.
 */
const char *option_default(const struct command *command, const struct option *row, char *text, size_t size);
/* Is it a row that stands on the command line with dashes? */
bool option_is_named(const struct option *row);

/* Read 'text' as 'row' asks, into the command's struct; false after saying what is wrong. */
bool option_read(struct arguments *arguments, const struct option *row, const char *text);
/* OPTION_PARSED: forms that several commands have. */
enum lu_status parse_cell(const char *text, void *to, void *options, struct lu_error *err);
enum lu_status parse_nodata(const char *text, void *to, void *options, struct lu_error *err);

/* Free what option_read has made. */
void options_release(struct arguments *arguments);

/* "landuse run: TEXT (landuse run --help)" to stderr; returns EXIT_USAGE. */
int usage_error(const struct command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Every command, in the order of the overview. */
extern const struct command *const all_commands[];
extern const size_t all_command_count;
/* The command of this name, or NULL. */
const struct command *command_find(const char *name);
/* Say that there is none, and which may be meant; returns EXIT_USAGE. */
int command_unknown(const char *name);

#endif
