/* words.c: names folded character by character, and distances between words. See words.h. */
#include "base/words.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "base/error.h"

static locale_t unicode;
static pthread_once_t unicode_once = PTHREAD_ONCE_INIT;

/* Not the caller's locale: a name means the same wherever a job runs. Where the system has none, ASCII is folded. */
static void open_unicode(void)
{
	static const char *const names[] = {"C.UTF-8", "C.utf8", "en_US.UTF-8"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && unicode == (locale_t)0; i++)
		unicode = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
}

static uint32_t fold_case(uint32_t character)
{
	if (character < 128)
		return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
	pthread_once(&unicode_once, open_unicode);
	if (unicode == (locale_t)0)
		return character;
	/* Up and down again: some letters have two small forms (sigma). */
	return (uint32_t)towlower_l(towupper_l((wint_t)character, unicode), unicode);
}

static uint32_t decode(const char **at)
{
	const unsigned char *byte = (const unsigned char *)*at;
	const int more = byte[0] >= 0xf0 && byte[0] < 0xf8 ? 3 : byte[0] >= 0xe0 ? 2 : byte[0] >= 0xc2 ? 1 : 0;
	uint32_t character = more == 0 ? byte[0] : byte[0] & (0x3fu >> more);

	for (int i = 1; i <= more; i++) {
		if ((byte[i] & 0xc0) != 0x80 || byte[0] >= 0xf8) {
			*at += 1; /* Latin-1 */
			return byte[0];
		}
		character = character << 6 | (byte[i] & 0x3f);
	}
	*at += more + 1;
	return character;
}

/* The letter with the accent that stands behind it, or 0. */
static uint32_t compose(uint32_t letter, uint32_t accent)
{
	static const struct {
		uint16_t accent;
		const char *letters;
		uint16_t composed[6];
	} table[] = {{0x300, "aeiou", {0xe0, 0xe8, 0xec, 0xf2, 0xf9}},
		     {0x301, "aeiouy", {0xe1, 0xe9, 0xed, 0xf3, 0xfa, 0xfd}},
		     {0x302, "aeiou", {0xe2, 0xea, 0xee, 0xf4, 0xfb}},
		     {0x303, "ano", {0xe3, 0xf1, 0xf5}},
		     {0x308, "aeiouy", {0xe4, 0xeb, 0xef, 0xf6, 0xfc, 0xff}},
		     {0x30a, "au", {0xe5, 0x16f}},
		     {0x30c, "cszrne", {0x10d, 0x161, 0x17e, 0x159, 0x148, 0x11b}},
		     {0x327, "c", {0xe7}},
		     {0x328, "ae", {0x105, 0x119}}};

	for (size_t i = 0; letter < 128 && i < sizeof(table) / sizeof(table[0]); i++) {
		const char *found = table[i].accent == accent ? strchr(table[i].letters, (int)letter) : NULL;
		if (found != NULL)
			return table[i].composed[found - table[i].letters];
	}
	return 0;
}

static bool is_blank(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || c == 0x3000 || c == 0xfeff ||
	       (c >= 0x2000 && c <= 0x200b);
}

uint32_t lu_fold_next(const char **at, bool *begun)
{
	bool blank = false;

	while (**at != '\0') {
		const char *next = *at;
		uint32_t character = decode(&next);
		if (is_blank(character)) {
			blank = true;
			*at = next;
			continue;
		}
		if (blank && *begun)
			return ' '; /* and the character is met again */
		*at = next;
		*begun = true;
		character = fold_case(character);
		const uint32_t composed = *next != '\0' ? compose(character, decode(&next)) : 0;
		if (composed != 0)
			*at = next;
		return composed != 0 ? composed : character;
	}
	return 0;
}

bool lu_same_name(const char *a, const char *b)
{
	bool begun_a = false, begun_b = false;

	for (;;) {
		const uint32_t x = lu_fold_next(&a, &begun_a), y = lu_fold_next(&b, &begun_b);
		if (x != y)
			return false;
		if (x == 0)
			return true;
	}
}

static bool number_of(const char *text, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end != text && *end == '\0' && isfinite(*number);
}

bool lu_same_label(const char *a, const char *b)
{
	double x, y;

	return lu_same_name(a, b) || (number_of(a, &x) && number_of(b, &y) && x == y);
}

enum { LONGEST = 64 };

static size_t fold_word(const char *word, uint32_t folded[LONGEST])
{
	bool begun = false;

	for (size_t length = 0;; length++) {
		const uint32_t character = lu_fold_next(&word, &begun);
		if (character == 0)
			return length;
		if (length == LONGEST)
			return LONGEST + 1;
		folded[length] = character;
	}
}

/* Levenshtein distance over one row. */
size_t lu_word_distance(const char *word_a, const char *word_b)
{
	uint32_t a[LONGEST], b[LONGEST];
	uint8_t distance[LONGEST + 1][LONGEST + 1]; /* of the first i letters from the first j */
	const size_t length_a = fold_word(word_a, a), length_b = fold_word(word_b, b);

	if (length_a > LONGEST || length_b > LONGEST)
		return LONGEST + 1;
	for (size_t j = 0; j <= length_b; j++)
		distance[0][j] = (uint8_t)j;
	for (size_t i = 1; i <= length_a; i++) {
		distance[i][0] = (uint8_t)i;
		for (size_t j = 1; j <= length_b; j++) {
			const int replace = distance[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			const int insert = distance[i][j - 1] + 1, erase = distance[i - 1][j] + 1;
			int least = replace < insert ? replace : insert;

			least = erase < least ? erase : least;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    distance[i - 2][j - 2] + 1 < least)
				least = distance[i - 2][j - 2] + 1; /* two letters that changed places */
			distance[i][j] = (uint8_t)least;
		}
	}
	return distance[length_a][length_b];
}

const char *lu_name_list(const char *const *names, size_t count, char *buffer, size_t size)
{
	enum { TAIL = 32 }; /* for the number of those that do not fit */
	size_t used = 0;

	buffer[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		const char *between = i > 0 ? ", " : "";
		if (used + strlen(between) + strlen(names[i]) + TAIL > size) {
			snprintf(buffer + used, size - used, "%s... (%zu more)", between, count - i);
			break;
		}
		used += (size_t)snprintf(buffer + used, size - used, "%s%s", between, names[i]);
	}
	return buffer;
}

const char *lu_known_names(const char *name, const char *const *names, size_t count, char *buffer, size_t size)
{
	const char *nearest = lu_nearest_word(name, names, count);
	size_t used = 0;

	if (nearest != NULL)
		used = (size_t)snprintf(buffer, size, " (did you mean '%.60s'?)", nearest);
	used += (size_t)snprintf(buffer + used, size - used, "; it has: ");
	lu_name_list(names, count, buffer + used, size - used);
	return buffer;
}

bool lu_means_nothing(const char *text)
{
	static const char *const words[] = {"na", "n/a", "#n/a", "nan", "null", "none", "<na>", "<null>", "-", "?"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (lu_same_name(text, words[i]))
			return true;
	return false;
}
