/* date_notes.c: notes compared with each other behind the name of the file that they begin with. */
#include "grid/date_notes.h"

#include <stdio.h>
#include <string.h>

#include "grid/date_labels.h"

/* "b2.tif (and 3 more): CAUSE" */
static const char *cause_of(const char *note)
{
	const char *colon = strstr(note, ": ");

	return colon != NULL ? colon + 2 : note;
}

static bool has_cause(const struct lu_imagery *imagery, const char *cause)
{
	enum lu_level level;
	const char *note;

	for (size_t k = 0; (note = lu_imagery_note(imagery, k, &level)) != NULL; k++)
		if (strcmp(cause_of(note), cause) == 0)
			return true;
	return false;
}

void lu_date_notes_tell(const char *const *labels, struct lu_imagery *const *imagery, size_t count,
			const struct lu_hooks *hooks)
{
	for (size_t i = 0; i < count; i++) {
		char buffer[LU_DATE_ABOUT], others[200];
		const char *about = lu_date_about(labels, count, i, buffer), *note;
		enum lu_level level;

		for (size_t k = 0; (note = lu_imagery_note(imagery[i], k, &level)) != NULL; k++) {
			bool told = false;
			size_t length = 0;
			others[0] = '\0';
			for (size_t j = 0; j < i; j++)
				told = told || has_cause(imagery[j], cause_of(note));
			for (size_t j = i + 1; j < count && length < sizeof(others); j++)
				if (has_cause(imagery[j], cause_of(note)))
					length += (size_t)snprintf(others + length, sizeof(others) - length, "%s%s",
								   length == 0 ? "; the same of " : ", ", labels[j]);
			if (!told)
				lu_log(hooks, level, "%s%s%s", about, note, others);
		}
	}
}
