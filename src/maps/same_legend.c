/* same_legend.c: names of classes compared with each other, word by word. See same_legend.h. */
#include "maps/same_legend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hooks.h"
#include "base/words.h"
#include "raster/map_classes.h"

enum { MOST_WORDS = 16, MOST_BYTES = 256 };

/* The words of a name, folded, without punctuation and without those that say nothing ("Barren Land"). */
struct words {
	char text[MOST_BYTES];
	const char *list[MOST_WORDS];
	size_t count;
};

static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 0xc0 && !(c >= 0x2010 && c <= 0x205e));
}

static size_t encode(uint32_t c, char *to)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	const size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	const unsigned heads[] = {0, 0xc0, 0xe0, 0xf0};

	to[0] = (char)(heads[more] | c >> (6 * more));
	for (size_t i = 1; i <= more; i++)
		to[i] = (char)(0x80 | ((c >> (6 * (more - i))) & 0x3f));
	return more + 1;
}

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

static void split(const char *name, struct words *out)
{
	static const char *const fillers[] = {"land", "area", "areas", "and",   "of",
					      "or",   "the",  "cover", "class", "type"};
	size_t used = 0, start = 0;
	bool begun = false;

	out->count = 0;
	for (bool more = true; more;) {
		const uint32_t c = lu_fold_next(&name, &begun);
		more = c != 0 && used + 8 < sizeof(out->text);
		if (more && is_letter(c)) {
			used += encode(c, out->text + used);
			continue;
		}
		if (used > start && out->count < MOST_WORDS) {
			out->text[used++] = '\0';
			if (!is_one_of(out->text + start, fillers, sizeof(fillers) / sizeof(fillers[0])))
				out->list[out->count++] = out->text + start;
		}
		start = used;
	}
}

static size_t letters(const char *word)
{
	size_t count = 0;

	for (; *word != '\0'; word++)
		count += ((unsigned char)*word & 0xc0) != 0x80;
	return count;
}

/* Words that turn a name into another class's: "Forest" is not "Not forest". */
static bool turns(const char *word)
{
	static const char *const words[] = {"no",    "non",  "not",  "without", "other", "former", "ex",
					    "nicht", "kein", "ohne", "sans",    "autre", "sin",    "otro"};

	return is_one_of(word, words, sizeof(words) / sizeof(words[0]));
}

/* One word, a shorter form of the other (Wood, Woodland; Crop, Crops), or a slip of the pen (Herbaceuous). */
static bool alike(const char *a, const char *b)
{
	enum { SHORTEST_STEM = 4, SHORT = 5, LONG = 8 };
	const char *shorter = strlen(a) <= strlen(b) ? a : b, *longer = shorter == a ? b : a;
	const size_t count = letters(shorter);

	if (strncmp(longer, shorter, strlen(shorter)) == 0)
		return count >= SHORTEST_STEM || strcmp(longer + strlen(shorter), "") == 0 ||
		       (count > 2 && strcmp(longer + strlen(shorter), "s") == 0);
	return a[0] == b[0] && lu_word_distance(a, b) <= (count >= LONG ? 2u : count >= SHORT ? 1u : 0u);
}

/* How many words of 'a' have one like them in 'b'; '*turned': one that has none turns the name. */
static size_t shared(const struct words *a, const struct words *b, bool *turned)
{
	size_t count = 0;

	for (size_t i = 0; i < a->count; i++) {
		bool found = false;
		for (size_t k = 0; k < b->count && !found; k++)
			found = alike(a->list[i], b->list[k]);
		*turned = *turned || (!found && turns(a->list[i]));
		count += found;
	}
	return count;
}

enum likeness { SAME, VARIANT, OTHER };

static enum likeness compare(const char *name_a, const char *name_b)
{
	struct words a, b;
	bool turned = false, same = true;

	if (lu_same_name(name_a, name_b))
		return SAME;
	split(name_a, &a);
	split(name_b, &b);
	if (a.count == 0 || b.count == 0)
		return OTHER;
	for (size_t i = 0; same && i < a.count; i++)
		same = a.count == b.count && strcmp(a.list[i], b.list[i]) == 0;
	if (same)
		return SAME;
	const size_t of_a = shared(&a, &b, &turned), of_b = shared(&b, &a, &turned);

	return (of_a == a.count || of_b == b.count) && !turned ? VARIANT : OTHER;
}

/* A name that says what the class is: not its number again, and not that it is none. */
static bool tells(const struct lu_class *class)
{
	char number[2][24];

	snprintf(number[0], sizeof(number[0]), "%u", class->value);
	snprintf(number[1], sizeof(number[1]), "class %u", class->value);
	return !lu_same_label(class->name, number[0]) && !lu_same_name(class->name, number[1]) &&
	       !lu_map_names_nothing(class->name);
}

/* Is 'value' called by what it is in 'legend'? */
static bool is_called(const struct lu_legend *legend, uint16_t value, const char *name)
{
	const struct lu_class *class = lu_legend_find(legend, value);

	return class != NULL && compare(class->name, name) == SAME;
}

static enum lu_status two_names(struct lu_legend_side a, const struct lu_class *x, struct lu_legend_side b,
				const struct lu_class *y, struct lu_error *err)
{
	return lu_fail(
		err, LU_ERROR_MISMATCH,
		"%s: another legend than %s: class %u is '%.60s' in %s and '%.60s' in %s (recode one of them, or "
		".by_number to go by the numbers alone)",
		b.from, a.from, x->value, x->name, a.from, y->name, b.from);
}

/* A class of the one under another number of the other, where neither legend has it twice. */
static enum lu_status check_elsewhere(struct lu_legend_side a, struct lu_legend_side b, struct lu_error *err)
{
	for (size_t i = 0; i < a.legend->count; i++) {
		const struct lu_class *x = &a.legend->classes[i];
		if (!tells(x) || is_called(b.legend, x->value, x->name))
			continue;
		for (size_t k = 0; k < b.legend->count; k++) {
			const struct lu_class *y = &b.legend->classes[k], *there;
			if (y->value == x->value || compare(x->name, y->name) != SAME ||
			    is_called(a.legend, y->value, y->name))
				continue;
			there = lu_legend_find(b.legend, x->value);
			if (there != NULL && tells(there))
				return two_names(a, x, b, there, err);
			return lu_fail(
				err, LU_ERROR_MISMATCH,
				"%s: another legend than %s: '%.60s' is class %u in %s and class %u in %s (recode "
				"one of them, or .by_number to go by the numbers alone)",
				b.from, a.from, x->name, x->value, a.from, y->value, b.from);
		}
	}
	return LU_OK;
}

enum lu_status lu_same_legend(struct lu_legend_side a, struct lu_legend_side b, const struct lu_hooks *hooks,
			      struct lu_error *err)
{
	char variants[300] = "";
	size_t used = 0, count = 0;
	enum lu_status status;

	LU_TRY(check_elsewhere(a, b, err));
	for (size_t i = 0; i < a.legend->count && status == LU_OK; i++) {
		const struct lu_class *x = &a.legend->classes[i], *y = lu_legend_find(b.legend, x->value);
		if (y == NULL || !tells(x) || !tells(y))
			continue;
		const enum likeness likeness = compare(x->name, y->name);
		if (likeness == OTHER)
			status = two_names(a, x, b, y, err);
		if (likeness != VARIANT || count++ > 2)
			continue;
		used += (size_t)snprintf(variants + used, sizeof(variants) - used, "%sclass %u is '%.40s' and '%.40s'",
					 count > 1 ? ", " : "", x->value, x->name, y->name);
	}
	if (status != LU_OK)
		goto out;
	if (count > 0)
		lu_log(hooks, LU_LEVEL_WARNING,
		       "%s and %s call classes by different names: %s%s; they are taken for the same (.by_number, if "
		       "they are)",
		       a.from, b.from, variants, count > 3 ? ", ..." : "");
out:
	return status;
}
