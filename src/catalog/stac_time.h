/*
 * stac_time.h: times as STAC and people write them: a year, a month, a day, a moment of RFC 3339, and intervals of them.
 */
#ifndef LU_CATALOG_STAC_TIME_H
#define LU_CATALOG_STAC_TIME_H

#include <stdint.h>

#include "base/error.h"

/* Seconds of UTC since 1970 from the first to the last, both included. */
struct lu_span {
	int64_t from, to;
};

/* No beginning, no end: "..". */
#define LU_SPAN_OPEN ((struct lu_span){INT64_MIN, INT64_MAX})

/*
 * "2016", "2016-07", "2016-07-01", "2016-07-01T12:00:00Z" (or +02:00, and with a fraction of a second), and two of them with
 * '/' between, of which one may be "..". False for what is none of these, no day of the calendar, or ends before it begins.
 */
bool lu_span_read(const char *text, struct lu_span *out);

/* "2016-01-01T00:00:00Z/2016-12-31T23:59:59Z", as a search is asked. */
enum { LU_SPAN_TEXT = 64 };
const char *lu_span_print(struct lu_span span, char text[LU_SPAN_TEXT]);

bool lu_spans_meet(struct lu_span a, struct lu_span b);

#endif
