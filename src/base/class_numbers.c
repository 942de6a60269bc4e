/* class_numbers.c: "0.9" or "Forest=0.95,402=0.6": numbers of classes as people write them, into a list. */
#include "landuse/types.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

/* A finite number at 'text' with a comma or the end behind it; '*end' is behind the number. */
static bool number_at(const char *text, double *number, char **end)
{
	*number = strtod(text, end);
	return *end != text && (**end == ',' || **end == '\0') && isfinite(*number);
}

/* One entry at '*at', which moves behind it and its comma. A name ends at the first '=' that a number follows. */
static bool take(char **at, struct lu_class_number *out)
{
	char *end, *equals = strchr(*at, '=');

	*out = (struct lu_class_number){0};
	if (!number_at(*at, &out->number, &end)) {
		while (equals != NULL && !number_at(equals + 1, &out->number, &end))
			equals = strchr(equals + 1, '=');
		if (equals == NULL || equals == *at)
			return false;
		*equals = '\0';
		out->name = *at;
	}
	*at = end + (*end == ',');
	return true;
}

enum lu_status lu_class_numbers_parse(const char *text, struct lu_class_number **out, size_t *count,
				      struct lu_error *err)
{
	const size_t size = strlen(text) + 1;
	struct lu_class_number *list = NULL;
	size_t room = 1, found = 0;

	for (const char *c = text; *c != '\0'; c++)
		room += *c == ',';
	/* The names lie behind the list, in one piece of memory. */
	const size_t extra = (size + sizeof(*list) - 1) / sizeof(*list);
	const enum lu_status status = lu_alloc(&list, room + extra, sizeof(*list), "numbers of classes", err);
	if (status != LU_OK)
		return status;
	char *at = memcpy(list + room, text, size);
	do {
		if (take(&at, &list[found++]))
			continue;
		lu_free(list);
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "'%.200s' should be a number, or CLASS=NUMBER with commas between", text);
	} while (*at != '\0');
	*out = list;
	*count = found;
	return LU_OK;
}

void lu_class_numbers_free(struct lu_class_number *numbers)
{
	lu_free(numbers);
}
