/* job_template.c: a walk over the table of keys that writes a line a key, and what it means beside it. */
#include "job/job_template.h"

#include <string.h>

#include "base/error.h"

enum { MARGIN = 31, WIDTH = 118, MOST_TEXT = 700 };

struct template
{
	FILE *to;
	const struct lu_job_value *values; /* NULL: the keys' examples */
	size_t count;
};

const char *lu_job_key_usual(const struct lu_job_key *key, char buffer[32])
{
	buffer[0] = '\0';
	if (key->required)
		return buffer;
	if (key->usual != NULL)
		return key->usual;
	if (key->type == LU_KEY_NUMBER || key->type == LU_KEY_INTEGER)
		snprintf(buffer, 32, "%g", key->number);
	if (key->type == LU_KEY_BOOLEAN)
		return key->number != 0 ? "true" : "false";
	return key->type == LU_KEY_CHOICE ? key->words[(int)key->number] : buffer;
}

static bool is_leaf(const struct lu_job_key *key)
{
	return key->type != LU_KEY_MAPPING && key->type != LU_KEY_LIST;
}

static bool is_below(const char *path, const char *key)
{
	const size_t length = strlen(key);

	return strncmp(path, key, length) == 0 && (path[length] == '\0' || path[length] == '.' || path[length] == '[');
}

/* The value of a key, or of anything below it, in item 'item' of a list; NULL: none is known. */
static const struct lu_job_value *known(const struct template *template, const struct lu_job_key *key, size_t item)
{
	for (size_t i = 0; i < template->count; i++)
		if (template->values[i].item == item && is_below(template->values[i].path, key->path))
			return &template->values[i];
	return NULL;
}

/* " # TEXT", broken into lines that begin at the margin; 'column' is where the line stands. */
static void comment(FILE *to, int column, const char *text)
{
	fprintf(to, "%*s#", column < MARGIN ? MARGIN - column : 1, "");
	column = column < MARGIN ? MARGIN + 1 : column + 2;
	while (*text != '\0') {
		const int word = (int)strcspn(text, " ");
		if (column + 1 + word > WIDTH) {
			fprintf(to, "\n%*s#", MARGIN, "");
			column = MARGIN + 1;
		}
		column += fprintf(to, " %.*s", word, text);
		text += word + (text[word] == ' ');
	}
	fputc('\n', to);
}

static void print_section(const struct template *template, const char *section, int depth, size_t item, bool in_list);

/* One key; 'stated': its value stands there, else the line is a comment. */
static void print_key(const struct template *template, const struct lu_job_key *key, int depth, size_t item,
		      bool first_of_item, bool stated)
{
	const struct lu_job_value *value = template->values != NULL ? known(template, key, item) : NULL;
	const char *text = value != NULL ? value->text : key->example != NULL ? key->example : "";
	char buffer[32], meaning[MOST_TEXT];
	const char *otherwise = lu_job_key_usual(key, buffer);
	const bool tell =
		otherwise[0] != '\0' && (key->example == NULL || !is_leaf(key) || strcmp(otherwise, text) != 0);
	const int column = fprintf(template->to, "%s%*s%s%s:%s%s", stated ? "" : "# ", 2 * depth - 2 * first_of_item,
				   "", first_of_item ? "- " : "", lu_job_key_name(key), is_leaf(key) ? " " : "",
				   is_leaf(key) ? text : "");

	snprintf(meaning, sizeof(meaning), "%s%s%s%s%s%s%s", key->required ? "" : "(optional) ", key->meaning,
		 key->unit != NULL ? " (" : "", key->unit != NULL ? key->unit : "", key->unit != NULL ? ")" : "",
		 tell ? "; left out: " : "", tell ? otherwise : "");
	/* What a second date's keys mean the first one's have told. */
	if (value != NULL && value->note != NULL && is_leaf(key))
		comment(template->to, column, value->note);
	else if (item == 0)
		comment(template->to, column, meaning);
	else
		fputc('\n', template->to);
}

static void print_items(const struct template *template, const struct lu_job_key *key, int depth)
{
	char section[LU_JOB_SECTION];
	size_t item = 0;

	lu_job_key_section(key, section);
	do
		print_section(template, section, depth + 1 + (key->type == LU_KEY_LIST), item++,
			      key->type == LU_KEY_LIST);
	while (key->type == LU_KEY_LIST && template->values != NULL && known(template, key, item) != NULL);
	if (template->values == NULL && key->type == LU_KEY_LIST && key->example != NULL)
		fprintf(template->to, "%*s- %s\n", 2 * depth + 2, "", key->example);
}

/*
 * Keys without an example exclude another one's; of them only the page tells. A mapping without any value is a comment as a
 * whole, as are the keys of a list's later items.
 */
static void print_section(const struct template *template, const char *section, int depth, size_t item, bool in_list)
{
	const struct lu_job_key *keys[LU_JOB_SECTION_KEYS];
	const size_t count = lu_job_section_keys(section, keys);
	bool first = in_list;

	for (size_t k = 0; k < count; k++) {
		const struct lu_job_key *key = keys[k];
		const bool stated = template->values == NULL || known(template, key, item) != NULL;

		const bool shown =
			template->values == NULL ? key->example != NULL : stated || (key->example != NULL && item == 0);

		if (is_leaf(key) && !shown)
			continue;
		if (depth == 0 && k > 0 && (!is_leaf(key) || !is_leaf(keys[k - 1])))
			fputc('\n', template->to);
		/* In a list's item what is known leads, as its dash must not be in a comment. */
		print_key(template, key, depth, item, first, stated || (in_list && item > 0));
		first = false;
		if (!is_leaf(key))
			print_items(template, key, depth);
	}
}

void lu_job_template_print(FILE *to, const struct lu_job_value *values, size_t count)
{
	const struct template template = {to, values, count};

	print_section(&template, "", 0, 0, false);
}

void lu_job_example_print(FILE *to)
{
	const struct template template = {.to = to};

	print_section(&template, "", 0, 0, false);
}
