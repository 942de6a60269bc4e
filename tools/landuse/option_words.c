/*
 * option_words.c: the library names a remedy by a job's keys ("range: [LOW, HIGH]"); a command without a job says it by
 * its options ("--range LOW,HIGH").
 */
#include <stdio.h>
#include <string.h>

#include "tool.h"

/* How a key with its value begins, what ends the value, and the option that it is. */
static const struct {
	const char *key, *option;
	char end;
	bool whole; /* the option takes no value */
} keys[] = {{"grid: {resolution: ", "--resolution ", '}', false},
	    {"grid: {crs: ", "--crs ", '}', false},
	    {"bands: [", "--bands ", ']', false},
	    {"range: [", "--range ", ']', false},
	    {"nodata: ", "--nodata ", ' ', false},
	    {"accept_gsd_mismatch: true", "--accept-gsd-mismatch", '\0', true}};

/* Write the option for the key that 'text' begins with; how much of 'text' it took, 0: no key is there. */
static size_t write_option(FILE *to, const char *text)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const size_t length = strlen(keys[i].key);

		if (strncmp(text, keys[i].key, length) != 0)
			continue;
		fputs(keys[i].option, to);
		if (keys[i].whole)
			return length;
		const char *value = text + length;
		const size_t size = keys[i].end == ' ' ? strcspn(value, " ,;)") : strcspn(value, "]}");
		for (size_t k = 0; k < size; k++)
			if (value[k] != ' ')
				fputc(value[k], to);
		return length + size + (keys[i].end != ' ' && value[size] != '\0');
	}
	return 0;
}

char *words_as_options(const char *text)
{
	bool word_begins = true;
	char *words = NULL;
	size_t size;
	FILE *to = open_memstream(&words, &size);

	while (to != NULL && *text != '\0') {
		const size_t taken = word_begins ? write_option(to, text) : 0;

		word_begins = taken == 0 && (*text == ' ' || *text == '(');
		if (taken == 0)
			fputc(*text, to);
		text += taken > 0 ? taken : 1;
	}
	if (to != NULL)
		fclose(to);
	return words;
}
