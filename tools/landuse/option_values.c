/* option_values.c: the text of an option, read as its row asks and put where its row says. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "tool.h"

static void *place_of(const struct arguments *arguments, size_t offset)
{
	return (char *)arguments->options + offset;
}

/* Put a list that was made where its row says, in place of one that was there. */
static void put_list(const struct arguments *arguments, const struct option *row, void *list, size_t count)
{
	void **to = place_of(arguments, row->to);

	free(*to);
	*to = list;
	if (row->count > 0)
		*(size_t *)place_of(arguments, row->count) = count;
}

static bool no_memory(void)
{
	say(stderr, "landuse: out of memory: the command line\n");
	return false;
}

static bool read_number(const struct command *command, const struct option *row, const char *text, double *out)
{
	char *end;

	errno = 0;
	const double value = strtod(text, &end);
	if (end == text || *end != '\0' || errno != 0 || !(value >= row->low && value <= row->high)) {
		usage_error(command, "--%s is '%s', it should be a number from %g to %g%s", row->name, text, row->low,
			    row->high,
			    row->high <= 1 && (value > row->high || *end == '%') ? " (a share: 0.9 is 90 %)" : "");
		return false;
	}
	if (row->kind != OPTION_NUMBER && value != floor(value)) {
		usage_error(command, "--%s is '%s', it should be a whole number", row->name, text);
		return false;
	}
	*out = value;
	return true;
}

/* Numbers with commas or blanks between into a list that the caller frees. */
static bool read_numbers(const struct command *command, const struct option *row, const char *text, double **out,
			 size_t *count)
{
	const size_t most = row->kind == OPTION_RANGE ? 2 : row->most;
	double *list = malloc(most * sizeof(*list));

	*count = 0;
	if (list == NULL)
		return no_memory();
	for (const char *rest = text; *rest != '\0';) {
		char *end;
		const double value = strtod(rest, &end);
		if (end == rest || *count == most || !isfinite(value) ||
		    (row->kind == OPTION_INTEGERS && (value != floor(value) || fabs(value) > 1e9))) {
			usage_error(command, "--%s is '%s', it should be up to %zu %snumbers with commas between",
				    row->name, text, most, row->kind == OPTION_INTEGERS ? "whole " : "");
			free(list);
			return false;
		}
		list[(*count)++] = value;
		rest = end + strspn(end, ", ");
	}
	if (row->kind == OPTION_RANGE && (*count != 2 || list[0] >= list[1])) {
		usage_error(command, "--%s is '%s', it should be LOW,HIGH", row->name, text);
		free(list);
		return false;
	}
	*out = list;
	return true;
}

static bool take_numbers(const struct arguments *arguments, const struct option *row, const char *text)
{
	double *list = NULL;
	size_t count;

	if (!read_numbers(arguments->command, row, text, &list, &count))
		return false;
	/* None at all leaves the default. */
	if (count == 0) {
		free(list);
		list = NULL;
	}
	if (row->kind == OPTION_INTEGERS && list != NULL) {
		int *whole = malloc(count * sizeof(*whole));
		for (size_t i = 0; i < count && whole != NULL; i++)
			whole[i] = (int)list[i];
		free(list);
		if (whole == NULL)
			return no_memory();
		put_list(arguments, row, whole, count);
		return true;
	}
	put_list(arguments, row, list, count);
	return true;
}

/* Names with commas between. The list and the words are one piece of memory. */
static bool take_words(const struct arguments *arguments, const struct option *row, const char *text)
{
	size_t count = 1, filled = 0;

	for (const char *c = text; *c != '\0'; c++)
		count += *c == ',';
	if (row->most > 0 && count > row->most)
		return usage_error(arguments->command, "--%s has more than %zu names", row->name, row->most), false;
	char **list = malloc(count * sizeof(*list) + strlen(text) + 1);
	if (list == NULL)
		return no_memory();
	char *rest = (char *)(list + count);
	memcpy(rest, text, strlen(text) + 1);
	for (; filled < count; filled++) {
		/* Blanks around a name, as after a comma, are not of it. */
		rest += strspn(rest, " \t");
		char *end = rest + strcspn(rest, ","), *next = end + 1;
		while (end > rest && (end[-1] == ' ' || end[-1] == '\t'))
			end--;
		*end = '\0';
		if (end == rest)
			break;
		list[filled] = rest;
		rest = next;
	}
	if (filled < count) {
		usage_error(arguments->command, "--%s should be names with commas between", row->name);
		free(list);
		return false;
	}
	put_list(arguments, row, list, count);
	return true;
}

static bool add_to_list(const struct arguments *arguments, const struct option *row, const char *text)
{
	void **to = place_of(arguments, row->to);
	size_t *count = place_of(arguments, row->count);

	if (row->most > 0 && *count == row->most)
		return usage_error(arguments->command, "at most %zu --%s", row->most, row->name), false;
	const char **list = realloc(*to, (*count + 1) * sizeof(*list));
	if (list == NULL)
		return no_memory();
	list[(*count)++] = text;
	*to = list;
	return true;
}

static bool take_either(const struct arguments *arguments, const struct option *row, const char *text)
{
	const char *second = strchr(row->choices, '|') + 1;
	const int length = (int)(second - row->choices) - 1;
	const bool is_first = strlen(text) == (size_t)length && strncmp(text, row->choices, (size_t)length) == 0;

	if (!is_first && strcmp(text, second) != 0)
		return usage_error(arguments->command, "--%s is '%s', it should be %.*s or %s", row->name, text, length,
				   row->choices, second),
		       false;
	*(bool *)place_of(arguments, row->to) = !is_first;
	return true;
}

/* A word or a form of the library's, which says what is wrong with it. */
static bool take_library(const struct arguments *arguments, const struct option *row, const char *text)
{
	void *to = place_of(arguments, row->to);
	struct lu_error err = {0};
	enum lu_status status;

	if (row->kind == OPTION_CHOICE) {
		int value = 0;
		status = lu_choice_parse(row->choice, text, &value, &err);
		if (status == LU_OK)
			memcpy(to, &value, sizeof(value));
	} else {
		if (row->release != NULL)
			row->release(to);
		status = row->parse(text, to, arguments->options, &err);
	}
	if (status != LU_OK)
		terminal_fail(&err);
	return status == LU_OK;
}

static bool take_number(const struct arguments *arguments, const struct option *row, const char *text)
{
	double value;

	if (!read_number(arguments->command, row, text, &value))
		return false;
	if (row->kind == OPTION_INTEGER)
		*(int *)place_of(arguments, row->to) = (int)value;
	else if (row->kind == OPTION_COUNT)
		*(uint64_t *)place_of(arguments, row->to) = (uint64_t)value;
	else
		*(double *)place_of(arguments, row->to) = value;
	return true;
}

enum lu_status parse_cell(const char *text, void *to, void *options, struct lu_error *err)
{
	(void)options;
	return lu_cell_parse(text, to, err);
}

enum lu_status parse_nodata(const char *text, void *to, void *options, struct lu_error *err)
{
	(void)options;
	return lu_nodata_parse(text, to, err);
}

bool option_read(struct arguments *arguments, const struct option *row, const char *text)
{
	if (row->has > 0)
		*(bool *)place_of(arguments, row->has) = true;
	switch (row->kind) {
	case OPTION_TEXT:
		*(const char **)place_of(arguments, row->to) = text;
		return true;
	case OPTION_TRUE:
	case OPTION_FALSE:
		*(bool *)place_of(arguments, row->to) = row->kind == OPTION_TRUE;
		return true;
	case OPTION_EITHER:
		return take_either(arguments, row, text);
	case OPTION_CHOICE:
	case OPTION_PARSED:
		return take_library(arguments, row, text);
	case OPTION_INTEGER:
	case OPTION_COUNT:
	case OPTION_NUMBER:
		return take_number(arguments, row, text);
	case OPTION_NUMBERS:
	case OPTION_INTEGERS:
	case OPTION_RANGE:
		return take_numbers(arguments, row, text);
	case OPTION_WORDS:
		return take_words(arguments, row, text);
	case OPTION_LIST:
		return add_to_list(arguments, row, text);
	case OPTION_QUIET:
		arguments->verbosity = VERBOSITY_QUIET;
		return true;
	case OPTION_VERBOSE:
		arguments->verbosity = VERBOSITY_DEBUG;
		return true;
	case OPTION_JSON_LOG:
		arguments->json_log = true;
		return true;
	default:
		return true;
	}
}

void options_release(struct arguments *arguments)
{
	for (size_t i = 0; arguments->options != NULL && i < arguments->command->row_count; i++) {
		const struct option *row = &arguments->command->rows[i];

		if (row->kind >= OPTION_NUMBERS && row->kind <= OPTION_LIST)
			free(*(void **)place_of(arguments, row->to));
		else if (row->release != NULL)
			row->release(place_of(arguments, row->to));
	}
	free(arguments->options);
	free(arguments->operands);
	free(arguments->words);
}
