/*
 * option_words.c: the library names a remedy by a member of its options (".map_field = NAME") or by a job's keys
 * ("range: [LOW, HIGH]"). On the command line they are options: "--map-field NAME", and where there is no job
 * "--range LOW,HIGH". The rows of the command at hand say which; of members that it has not, those of the others.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "tool.h"

/* Whose words are said. */
static const struct command *spoken;

void words_of_command(const struct command *command)
{
	spoken = command;
}

/* A text that grows; NULL while it is empty. */
struct words {
	char *text;
	size_t length, room;
	bool failed;
};

static void put(struct words *words, char c)
{
	if (words->length + 1 >= words->room) {
		const size_t room = 2 * words->room + 256;
		char *text = words->failed ? NULL : realloc(words->text, room);

		words->failed = text == NULL;
		if (words->failed)
			return;
		words->text = text;
		words->room = room;
	}
	words->text[words->length++] = c;
	words->text[words->length] = '\0';
}

static void put_text(struct words *words, const char *text)
{
	for (; *text != '\0'; text++)
		put(words, *text);
}

/* Is 'name', of 'length', the last part of a row's member ("chips.min_valid")? */
static bool is_member(const struct option *row, const char *name, size_t length)
{
	const char *last = row->member != NULL ? strrchr(row->member, '.') : NULL;
	const char *own = last != NULL ? last + 1 + strspn(last + 1, " ") : row->member;

	return own != NULL && option_is_named(row) && strlen(own) == length && strncmp(own, name, length) == 0;
}

static const char *option_of_member(const struct command *command, const char *name, size_t length)
{
	for (size_t i = 0; i < command->row_count; i++)
		if (is_member(&command->rows[i], name, length))
			return command->rows[i].name;
	return NULL;
}

/* Write the option for the member that 'text' begins with; how much of 'text' it took, 0: no member is there. */
static size_t put_member(struct words *words, const char *text)
{
	const size_t length = text[0] == '.' ? strspn(text + 1, "abcdefghijklmnopqrstuvwxyz0123456789_") : 0;
	const char *rest = text + 1 + length, *option = NULL;

	/* A file may be called ".layer.tif", and ends in ".json" more often than anyone means that member. */
	if (length == 0 || (*rest != '\0' && strchr("./-", *rest) != NULL) || isalnum((unsigned char)*rest) ||
	    (length == 4 && strncmp(text, ".json", 5) == 0))
		return 0;
	if (spoken != NULL)
		option = option_of_member(spoken, text + 1, length);
	for (size_t i = 0; option == NULL && i < all_command_count; i++)
		option = option_of_member(all_commands[i], text + 1, length);
	if (option == NULL)
		return 0;
	put_text(words, "--");
	put_text(words, option);
	return 1 + length + (strncmp(rest, " = ", 3) == 0 ? 2 : 0);
}

/* How a row's key begins in a text: "nodata: ", "bands: [", "grid: {crs: ", "accept_gsd_mismatch: true". */
static void begin_key(const struct option *row, char *text, size_t size)
{
	const char *key = row->key, *last = strrchr(key, '.');
	const bool is_list = row->kind == OPTION_RANGE || row->kind == OPTION_INTEGERS || row->kind == OPTION_NUMBERS;
	const char *value = row->kind == OPTION_TRUE ? "true" : is_list ? "[" : "";

	/* Messages about a date name its keys alone. */
	if (last != NULL && last[-1] == ']')
		snprintf(text, size, "%s: %s", last + 1, value);
	else if (last != NULL)
		snprintf(text, size, "%.*s: {%s: %s", (int)(last - key), key, last + 1, value);
	else
		snprintf(text, size, "%s: %s", key, value);
}

/* The same as put_member for a key of a job. */
static size_t put_key(struct words *words, const char *text)
{
	for (size_t i = 0; i < spoken->row_count; i++) {
		const struct option *row = &spoken->rows[i];
		char begin[96];

		if (row->key == NULL)
			continue;
		begin_key(row, begin, sizeof(begin));
		const size_t length = strlen(begin);
		if (strncmp(text, begin, length) != 0)
			continue;
		put_text(words, "--");
		put_text(words, row->name);
		if (row->kind == OPTION_TRUE)
			return length;
		put(words, ' ');
		const char *value = text + length, closes = begin[length - 1] == '['     ? ']'
							    : strchr(begin, '{') != NULL ? '}'
											 : '\0';
		const size_t size = closes != '\0' ? strcspn(value, "]}") : strcspn(value, " ,;)");
		for (size_t k = 0; k < size; k++)
			if (value[k] != ' ')
				put(words, value[k]);
		return length + size + (closes != '\0' && value[size] != '\0');
	}
	return 0;
}

char *words_as_options(const char *text)
{
	const bool has_job = spoken == NULL || spoken->has_job;
	struct words words = {0};
	bool word_begins = true;

	while (*text != '\0') {
		size_t taken = word_begins ? put_member(&words, text) : 0;

		if (taken == 0 && word_begins && !has_job)
			taken = put_key(&words, text);
		word_begins = taken == 0 && (*text == ' ' || *text == '(');
		if (taken == 0)
			put(&words, *text);
		text += taken > 0 ? taken : 1;
	}
	if (!words.failed)
		return words.text;
	free(words.text);
	return NULL;
}

void say_words(FILE *to, const char *text, const char *end)
{
	char *words = words_as_options(text);

	say_format(to, "%s%s", words != NULL ? words : text, end);
	free(words);
}
