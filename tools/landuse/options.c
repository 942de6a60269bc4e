/* options.c: the walk over a subcommand's arguments. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

int usage_error(const struct command *command, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	say_format(stderr, "landuse %s: %s (landuse %s --help)\n", command->name, text, command->name);
	return EXIT_USAGE;
}

void print_page(const struct command *command)
{
	say(stdout, command->help);
	say(stdout, "2 an option or a path that was named is wrong or absent, 128 + n stopped by signal n\n");
}

struct options options_begin(const struct command *command, const struct option_spec *specs, size_t spec_count,
			     int argc, char **argv)
{
	return (struct options){
		.command = command, .specs = specs, .spec_count = spec_count, .argc = argc, .argv = argv, .at = 1};
}

static const struct option_spec *find_option(const struct options *options, const char *word, const char **attached)
{
	*attached = NULL;
	for (size_t i = 0; i < options->spec_count; i++) {
		const struct option_spec *spec = &options->specs[i];
		const size_t length = strlen(spec->name);
		if (strncmp(word, spec->name, length) == 0 && (word[length] == '\0' || word[length] == '=')) {
			if (word[length] == '=')
				*attached = word + length + 1;
			return spec;
		}
		if (spec->letter != 0 && word[0] == '-' && word[1] == spec->letter) {
			if (word[2] != '\0')
				*attached = word + 2;
			return spec;
		}
	}
	return NULL;
}

int options_next(struct options *options)
{
	const char *attached;

	if (options->at >= options->argc)
		return OPTION_END;
	const char *word = options->argv[options->at++];
	options->value = word;
	if (options->ended || word[0] != '-' || word[1] == '\0')
		return OPTION_POSITIONAL;
	if (strcmp(word, "--") == 0) {
		options->ended = true;
		return options_next(options);
	}
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
		print_page(options->command);
		exit(say_end(EXIT_DONE));
	}
	const struct option_spec *spec = find_option(options, word, &attached);
	if (spec == NULL) {
		usage_error(options->command, "unknown option '%s'", word);
		return OPTION_BAD;
	}
	if (!spec->takes_value) {
		if (attached != NULL) {
			usage_error(options->command, "%s takes no value", spec->name);
			return OPTION_BAD;
		}
		return spec->id;
	}
	if (attached == NULL && options->at >= options->argc) {
		usage_error(options->command, "%s needs a value", spec->name);
		return OPTION_BAD;
	}
	options->value = attached != NULL ? attached : options->argv[options->at++];
	return spec->id;
}

bool options_number(const struct options *options, const char *name, double low, double high, double *out)
{
	char *end;

	errno = 0;
	const double value = strtod(options->value, &end);
	if (end == options->value || *end != '\0' || errno != 0 || !(value >= low && value <= high)) {
		usage_error(options->command, "%s is '%s', it should be a number from %g to %g%s", name, options->value,
			    low, high, high <= 1 && (value > high || *end == '%') ? " (a share: 0.9 is 90 %)" : "");
		return false;
	}
	*out = value;
	return true;
}

bool options_integer(const struct options *options, const char *name, int low, int high, int *out)
{
	double value;

	if (!options_number(options, name, low, high, &value))
		return false;
	if (value != floor(value)) {
		usage_error(options->command, "%s is '%s', it should be a whole number", name, options->value);
		return false;
	}
	*out = (int)value;
	return true;
}

bool options_numbers(const struct options *options, const char *name, double *out, size_t most, size_t *count)
{
	const char *rest = options->value;

	*count = 0;
	while (*rest != '\0') {
		char *end;
		const double value = strtod(rest, &end);
		if (end == rest || *count == most || !isfinite(value)) {
			usage_error(options->command, "%s is '%s', it should be up to %zu numbers with commas between",
				    name, options->value, most);
			return false;
		}
		out[(*count)++] = value;
		rest = end + strspn(end, ", ");
	}
	return true;
}

bool options_range(const struct options *options, const char *name, double room[2], const double **range)
{
	size_t count;

	if (!options_numbers(options, name, room, 2, &count))
		return false;
	if (count != 2 || room[0] >= room[1]) {
		usage_error(options->command, "%s is '%s', it should be LOW,HIGH", name, options->value);
		return false;
	}
	*range = room;
	return true;
}

bool options_words(const struct options *options, const char *name, const char **out, size_t most, size_t *count)
{
	/* argv may be written to (C11 5.1.2.2.1); 'value' points into it. */
	char *rest = (char *)(uintptr_t)options->value;

	for (*count = 0;; rest++) {
		if (*count == most) {
			usage_error(options->command, "%s has more than %zu names", name, most);
			return false;
		}
		/* Blanks around a name, as after a comma, are not of it. */
		rest += strspn(rest, " \t");
		out[(*count)++] = rest;
		char *end = rest += strcspn(rest, ",");
		while (end > out[*count - 1] && (end[-1] == ' ' || end[-1] == '\t'))
			end--;
		const bool last = *rest == '\0';
		*end = '\0';
		if (out[*count - 1] == end) {
			usage_error(options->command, "%s should be names with commas between", name);
			return false;
		}
		if (last)
			return true;
	}
}

bool options_either(const struct options *options, const char *name, const char *a, const char *b, bool *second)
{
	if (strcmp(options->value, a) != 0 && strcmp(options->value, b) != 0) {
		usage_error(options->command, "%s is '%s', it should be %s or %s", name, options->value, a, b);
		return false;
	}
	*second = strcmp(options->value, b) == 0;
	return true;
}

static bool take_row(const struct options *options, const struct option_row *row)
{
	switch (row->kind) {
	case OPTION_TEXT:
		*(const char **)row->to = options->value;
		return true;
	case OPTION_TRUE:
	case OPTION_FALSE:
		*(bool *)row->to = row->kind == OPTION_TRUE;
		return true;
	case OPTION_INTEGER:
		return options_integer(options, row->name, (int)row->low, (int)row->high, row->to);
	case OPTION_NUMBER:
		return options_number(options, row->name, row->low, row->high, row->to);
	case OPTION_NUMBERS:
		return options_numbers(options, row->name, row->to, row->most, row->count);
	case OPTION_RANGE:
		return options_range(options, row->name, row->room, row->to);
	default:
		return options_either(options, row->name, row->words[0], row->words[1], row->to);
	}
}

bool options_take(const struct command *command, const struct option_row *rows, size_t row_count, int argc, char **argv,
		  const char **name)
{
	enum { MOST_ROWS = 64 };
	struct option_spec specs[MOST_ROWS];

	assert(row_count <= MOST_ROWS);
	for (size_t i = 0; i < row_count; i++)
		specs[i] =
			(struct option_spec){rows[i].name, rows[i].letter,
					     rows[i].kind != OPTION_TRUE && rows[i].kind != OPTION_FALSE, (int)i + 1};
	struct options options = options_begin(command, specs, row_count, argc, argv);

	*name = NULL;
	for (int id = options_next(&options); id != OPTION_END; id = options_next(&options)) {
		if (id == OPTION_BAD)
			return false;
		if (id != OPTION_POSITIONAL) {
			if (!take_row(&options, &rows[id - 1]))
				return false;
		} else if (*name != NULL) {
			usage_error(command, "'%s' is one name too many", options.value);
			return false;
		} else {
			*name = options.value;
		}
	}
	return true;
}
