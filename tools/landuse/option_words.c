/*
 * option_words.c: the library names a remedy by a member of its options (".map_field = NAME") or by a job's keys
 * ("range: [LOW, HIGH]"). On the command line they are options: "--map-field NAME", and where there is no job
 * "--range LOW,HIGH".
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* The members that the library's messages name; NULL: the option is called as the member is. Others stay as they are. */
static const struct {
	const char *member, *option;
} members[] = {{"augment", NULL},
	       {"backbone", NULL},
	       {"boundary", NULL},
	       {"by_number", NULL},
	       {"cache", NULL},
	       {"chip_px", "--chip"},
	       {"class_names", NULL},
	       {"class_weights", NULL},
	       {"dedupe_bits", "--dedupe"},
	       {"depth", NULL},
	       {"expected_accuracy", NULL},
	       {"gsd_m", "--gsd"},
	       {"head", NULL},
	       {"keep_agreement", NULL},
	       {"l2", NULL},
	       {"labels", "--dates"},
	       {"layer", NULL},
	       {"map_field", NULL},
	       {"mean", NULL},
	       {"min_valid", NULL},
	       {"minimum", "--min-per-stratum"},
	       {"overwrite", NULL},
	       {"pool_below", NULL},
	       {"precision", NULL},
	       {"reference_field", NULL},
	       {"rule", NULL},
	       {"sample_frac", NULL},
	       {"scheme", NULL},
	       {"split", NULL},
	       {"std", NULL},
	       {"stratum_field", NULL},
	       {"tables_only", NULL},
	       {"trees", NULL},
	       {"weights", NULL}};

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

/* Write the option for the member that 'text' begins with; how much of 'text' it took, 0: no member is there. */
static size_t put_member(struct words *words, const char *text)
{
	const size_t length = text[0] == '.' ? strspn(text + 1, "abcdefghijklmnopqrstuvwxyz0123456789_") : 0;
	const char *rest = text + 1 + length;

	/* A file may be called ".layer.tif". */
	if (length == 0 || (*rest != '\0' && strchr("./-", *rest) != NULL) || isalnum((unsigned char)*rest))
		return 0;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const char *member = members[i].member;

		if (strlen(member) != length || strncmp(text + 1, member, length) != 0)
			continue;
		if (members[i].option != NULL) {
			put_text(words, members[i].option);
		} else {
			put_text(words, "--");
			for (size_t k = 0; k < length; k++)
				put(words, member[k] == '_' ? '-' : member[k]);
		}
		return 1 + length + (strncmp(rest, " = ", 3) == 0 ? 2 : 0);
	}
	return 0;
}

/* The same for a key of a job. */
static size_t put_key(struct words *words, const char *text)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const size_t length = strlen(keys[i].key);

		if (strncmp(text, keys[i].key, length) != 0)
			continue;
		put_text(words, keys[i].option);
		if (keys[i].whole)
			return length;
		const char *value = text + length;
		const size_t size = keys[i].end == ' ' ? strcspn(value, " ,;)") : strcspn(value, "]}");
		for (size_t k = 0; k < size; k++)
			if (value[k] != ' ')
				put(words, value[k]);
		return length + size + (keys[i].end != ' ' && value[size] != '\0');
	}
	return 0;
}

static char *words_as_options(const char *text, bool has_job)
{
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

void say_words(FILE *to, const char *text, const char *end, bool has_job)
{
	char *words = words_as_options(text, has_job);

	say_format(to, "%s%s", words != NULL ? words : text, end);
	free(words);
}
