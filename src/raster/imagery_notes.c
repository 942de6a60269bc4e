/*
 * imagery_notes.c: what a user should be told of a date's imagery: how its files are read where that is not plain.
 */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "raster/bands.h"
#include "raster/blank.h"
#include "raster/imagery_internal.h"

enum lu_status lu_imagery_add_note(struct lu_imagery *imagery, enum lu_level level, char *text, struct lu_error *err)
{
	if (text == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory for a warning");
	if (imagery->note_count >= LU_NOTES_MAX) {
		lu_free(text);
		return LU_OK;
	}
	imagery->notes[imagery->note_count] = text;
	imagery->note_levels[imagery->note_count++] = level;
	return LU_OK;
}

const char *lu_imagery_note(const struct lu_imagery *imagery, size_t i, enum lu_level *level)
{
	if (i >= imagery->note_count)
		return NULL;
	*level = imagery->note_levels[i];
	return imagery->notes[i];
}

/* The first member of which 'holds' is true, and a text for how many more there are; NULL: none. */
static const struct lu_member *find_members(const struct lu_imagery *imagery, bool (*holds)(const struct lu_member *),
					    char more[48])
{
	const struct lu_member *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < imagery->count; i++) {
		if (!holds(&imagery->members[i]))
			continue;
		first = first == NULL ? &imagery->members[i] : first;
		count++;
	}
	more[0] = '\0';
	if (count > 1)
		snprintf(more, 48, " (and %zu more)", count - 1);
	return first;
}

static bool has_false_alpha(const struct lu_member *member)
{
	return member->false_alpha > 0;
}

static bool has_wedge(const struct lu_member *member)
{
	return member->wedge.cells != NULL;
}

static bool is_by_tag(const struct lu_member *member)
{
	return member->order == LU_ORDER_BY_TAG;
}

static bool is_doubtful(const struct lu_member *member)
{
	return member->order == LU_ORDER_DOUBTFUL;
}

/* "red, green, blue": the names that the bands should have; lu_free it. */
static char *names_of(const struct lu_selection *selection)
{
	char *all = lu_strdup("");

	for (size_t i = 0; i < selection->count && all != NULL; i++) {
		char *longer = lu_sprintf("%s%s%s", all, i > 0 ? ", " : "", selection->names[i]);

		lu_free(all);
		all = longer;
	}
	return all;
}

static enum lu_status note_bands(struct lu_imagery *imagery, struct lu_error *err)
{
	const struct lu_selection *selection = &imagery->selection;
	const struct lu_member *first = &imagery->members[0], *member;
	enum lu_status status = LU_OK;
	char more[48];

	if (selection->listed || selection->names == NULL)
		return LU_OK;
	member = find_members(imagery, is_by_tag, more);
	if (member != NULL) {
		char *names = names_of(selection), *list = lu_bands_list(member->bands, selection->count);
		char *text = names == NULL || list == NULL ? NULL
							   : lu_sprintf("%s%s: %s are taken for %s, as the file says",
									member->path, more, list, names);
		lu_free(names);
		lu_free(list);
		status = lu_imagery_add_note(imagery, LU_LEVEL_INFO, text, err);
	}
	member = status == LU_OK ? find_members(imagery, is_doubtful, more) : NULL;
	if (member != NULL) {
		char *names = names_of(selection), *list = lu_bands_list(member->bands, selection->count);
		char *text =
			names == NULL || list == NULL
				? NULL
				: lu_sprintf("%s%s: its bands are %s; the model takes %s and is given %s (set bands "
					     "where these are others)",
					     member->path, more, member->tags, names, list);
		lu_free(names);
		lu_free(list);
		status = lu_imagery_add_note(imagery, LU_LEVEL_WARNING, text, err);
	}
	for (size_t i = 1; i < imagery->count && status == LU_OK; i++) {
		member = &imagery->members[i];
		if (memcmp(member->bands, first->bands, selection->count * sizeof(*member->bands)) != 0)
			return lu_imagery_add_note(imagery, LU_LEVEL_WARNING,
						   lu_sprintf("%s has bands %s and %s has bands %s: each is read in "
							      "its own order (set bands where "
							      "that is wrong)",
							      first->path, first->tags, member->path, member->tags),
						   err);
	}
	return status;
}

/* So many files of a date are looked into for fill. */
enum { MOST_LOOKS = 16 };

/* Fill that would be classified; a caller who says that all is data knows. */
static enum lu_status note_blank(struct lu_imagery *imagery, struct lu_error *err)
{
	const size_t step = (imagery->count + MOST_LOOKS - 1) / MOST_LOOKS;

	for (size_t i = 0; i < imagery->count && imagery->selection.rule != LU_NODATA_NONE; i += step) {
		const struct lu_member *member = &imagery->members[i];
		const struct lu_blank blank = lu_blank_look(member, &imagery->selection);
		char remedy[96] = "mark it first with nearblack -setmask";

		if (!blank.found || (has_wedge(member) && blank.value == member->wedge.value))
			continue;
		if (blank.exact)
			snprintf(remedy, sizeof(remedy), "nodata: %.9g leaves it out", blank.value);
		return lu_imagery_add_note(
			imagery, LU_LEVEL_WARNING,
			lu_sprintf(
				"%s: has places of nothing but %s, which look like fill and would be classified (%s)",
				member->path, lu_blank_name(blank.value), remedy),
			err);
	}
	return LU_OK;
}

enum lu_status lu_imagery_find_notes(struct lu_imagery *imagery, struct lu_error *err)
{
	char more[48];
	const struct lu_member *member = find_members(imagery, has_false_alpha, more);
	enum lu_status status = LU_OK;

	if (member != NULL)
		LU_TRY(lu_imagery_add_note(imagery, LU_LEVEL_WARNING,
					   lu_sprintf("%s%s: band %d is tagged alpha but looks like a colour (near "
						      "infrared?): it is taken for "
						      "one and hides no pixel (nodata: none says the same)",
						      member->path, more, member->false_alpha),
					   err));
	member = find_members(imagery, has_wedge, more);
	if (member != NULL)
		LU_TRY(lu_imagery_add_note(
			imagery, LU_LEVEL_WARNING,
			lu_sprintf("%s%s: nothing but %s in its corners, without a nodata value: taken "
				   "for no data (nodata: none takes it for ground)",
				   member->path, more, lu_blank_name(member->wedge.value)),
			err));
	LU_TRY(note_blank(imagery, err));
	LU_TRY(note_bands(imagery, err));
	LU_TRY(lu_imagery_note_mixture(imagery, err));
out:
	return status;
}

char *lu_imagery_band_text(const struct lu_imagery *imagery)
{
	const struct lu_member *member = &imagery->members[0];
	char *list = lu_bands_list(member->bands, imagery->selection.count);
	char *text =
		list != NULL ? lu_sprintf("bands %.*s of %s", (int)strlen(list) - 2, list + 1, member->tags) : NULL;

	lu_free(list);
	return text;
}

const char *lu_imagery_validity(const struct lu_imagery *imagery)
{
	static const char *const words[] = {[LU_VALID_ALL] = NULL,
					    [LU_VALID_MASK] = "hidden by an alpha or mask band",
					    [LU_VALID_NODATA] = "of the nodata value"};

	return words[imagery->members[0].validity];
}
