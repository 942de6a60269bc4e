/*
 * option_defaults.c: what holds where an option is not given: the value that its member has when the library has written the
 * struct, as text. So no default is said here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

/* The value at 'at' as a command line would say it; false: it is 0 or nothing, which the row's own words tell of. */
static bool tell_value(const struct option *row, const void *at, char *text, size_t size)
{
	int length = 0, whole;

	switch (row->kind) {
	case OPTION_TEXT:
		if (*(const char *const *)at != NULL)
			length = snprintf(text, size, "%s", *(const char *const *)at);
		break;
	case OPTION_EITHER: {
		const char *bar = strchr(row->choices, '|');
		length = *(const bool *)at ? snprintf(text, size, "%s", bar + 1)
					   : snprintf(text, size, "%.*s", (int)(bar - row->choices), row->choices);
		break;
	}
	case OPTION_CHOICE:
		memcpy(&whole, at, sizeof(whole));
		if (lu_choice_word(row->choice, whole) != NULL)
			length = snprintf(text, size, "%s", lu_choice_word(row->choice, whole));
		break;
	case OPTION_INTEGER:
		if (*(const int *)at > 0)
			length = snprintf(text, size, "%d", *(const int *)at);
		break;
	case OPTION_COUNT:
		if (*(const uint64_t *)at > 0)
			length = snprintf(text, size, "%llu", (unsigned long long)*(const uint64_t *)at);
		break;
	case OPTION_NUMBER:
		if (*(const double *)at > 0)
			length = snprintf(text, size, "%g", *(const double *)at);
		break;
	default:
		break;
	}
	return length > 0;
}

const char *option_default(const struct command *command, const struct option *row, char *text, size_t size)
{
	/* A number that counts only where it is given has no default. */
	char *options = row->otherwise == NULL && row->has == 0 ? calloc(1, command->size + 1) : NULL;
	bool told = false;

	if (options != NULL) {
		if (command->init != NULL)
			command->init(options);
		told = tell_value(row, options + row->to, text, size);
	}
	free(options);
	return told ? text : row->otherwise;
}
