/* option_words.c: small words of a command line: "3/8", a shard, and "none" or a number, nodata. */
#include "landuse/types.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static bool whole_at(const char *text, int *number, char **end)
{
	const unsigned long value = strtoul(text, end, 10);

	*number = (int)value;
	return text[0] >= '0' && text[0] <= '9' && value < INT_MAX;
}

enum lu_status lu_shard_parse(const char *text, int *number, int *count, struct lu_error *err)
{
	char *end;
	int at, of = 0;
	bool sound = whole_at(text, &at, &end);

	if (sound && *end == '/')
		sound = whole_at(end + 1, &of, &end) && of > 0;
	if (!sound || *end != '\0')
		return lu_fail(err, LU_ERROR_ARGUMENT, ".shard = %.100s: I/N is expected, such as 0/8", text);
	*number = at;
	*count = of;
	return LU_OK;
}

enum lu_status lu_nodata_parse(const char *text, struct lu_nodata *out, struct lu_error *err)
{
	char *end;

	*out = (struct lu_nodata){.rule = LU_NODATA_NONE};
	if (strcmp(text, "none") == 0)
		return LU_OK;
	*out = (struct lu_nodata){.rule = LU_NODATA_VALUE, .value = strtod(text, &end)};
	return end != text && *end == '\0'
		       ? LU_OK
		       : lu_fail(err, LU_ERROR_ARGUMENT, "nodata: '%.100s' is not a number (expected a number or none)",
				 text);
}
