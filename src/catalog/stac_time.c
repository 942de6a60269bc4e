/* stac_time.c: RFC 3339 to seconds and back, by the calendar's own arithmetic: no time zone of the machine is asked. */
#include "catalog/stac_time.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Days since 1970-01-01 of the Gregorian calendar (H. Hinnant, days_from_civil). */
static int64_t days_of(int64_t year, int month, int day)
{
	year -= month <= 2;
	const int64_t era = (year >= 0 ? year : year - 399) / 400;
	const int64_t of_era = year - era * 400;
	const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

/* 'count' digits at '*at', which moves behind them; -1: there are fewer. */
static int digits(const char **at, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return -1;
		value = value * 10 + (**at - '0');
	}
	return value;
}

/* "T12:00:00.5Z" behind a day. */
static bool read_clock(const char *at, int64_t day_s, struct lu_span *out)
{
	int offset = 0;

	if (*at != 'T' && *at != 't' && *at != ' ')
		return false;
	at++;
	const int hour = digits(&at, 2);
	if (*at++ != ':')
		return false;
	const int minute = digits(&at, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || *at++ != ':')
		return false;
	const int second = digits(&at, 2);
	if (second < 0 || second > 60)
		return false;
	if (*at == '.')
		for (at++; *at >= '0' && *at <= '9'; at++)
			;
	if (*at == '+' || *at == '-') {
		const int sign = *at++ == '-' ? -1 : 1;
		const int hours = digits(&at, 2);
		if (hours < 0 || *at++ != ':')
			return false;
		const int minutes = digits(&at, 2);
		if (minutes < 0)
			return false;
		offset = sign * (hours * 3600 + minutes * 60);
	} else if (*at == 'Z' || *at == 'z') {
		at++;
	} else {
		return false;
	}
	out->from = out->to = day_s + hour * 3600 + minute * 60 + second - offset;
	return *at == '\0';
}

/* A year, month, day or moment, from its first to its last second. */
static bool read_one(const char *text, struct lu_span *out)
{
	enum { DAY = 86400 };
	const char *at = text;
	const int year = digits(&at, 4);
	int month, day;

	if (year < 0)
		return false;
	if (*at == '\0') {
		*out = (struct lu_span){days_of(year, 1, 1) * DAY, days_of(year + 1, 1, 1) * DAY - 1};
		return true;
	}
	if (*at++ != '-' || (month = digits(&at, 2)) < 1 || month > 12)
		return false;
	if (*at == '\0') {
		const int64_t first = days_of(year, month, 1);
		*out = (struct lu_span){first * DAY, (first + month_days(year, month)) * DAY - 1};
		return true;
	}
	if (*at++ != '-' || (day = digits(&at, 2)) < 1 || day > month_days(year, month))
		return false;
	const int64_t day_s = days_of(year, month, day) * DAY;
	*out = (struct lu_span){day_s, day_s + DAY - 1};
	return *at == '\0' || read_clock(at, day_s, out);
}

bool lu_span_read(const char *text, struct lu_span *out)
{
	const char *slash = strchr(text, '/');
	struct lu_span ends[2] = {LU_SPAN_OPEN, LU_SPAN_OPEN};
	char first[64];

	if (slash == NULL)
		return read_one(text, out);
	if ((size_t)(slash - text) >= sizeof(first))
		return false;
	memcpy(first, text, (size_t)(slash - text));
	first[slash - text] = '\0';
	const bool open[2] = {strcmp(first, "..") == 0 || first[0] == '\0',
			      strcmp(slash + 1, "..") == 0 || slash[1] == '\0'};
	if ((open[0] && open[1]) || (!open[0] && !read_one(first, &ends[0])) ||
	    (!open[1] && !read_one(slash + 1, &ends[1])))
		return false;
	*out = (struct lu_span){ends[0].from, ends[1].to};
	return out->from <= out->to;
}

/* The day of the calendar (H. Hinnant, civil_from_days). */
static void print_moment(int64_t seconds, char *text, size_t size)
{
	const int64_t days = (seconds >= 0 ? seconds : seconds - 86399) / 86400, clock = seconds - days * 86400;
	const int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
	const int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	const int64_t of_year = of_era - (365 * year + year / 4 - year / 100), m = (5 * of_year + 2) / 153;
	const int64_t month = m < 10 ? m + 3 : m - 9;

	snprintf(text, size, "%04" PRId64 "-%02" PRId64 "-%02" PRId64 "T%02" PRId64 ":%02" PRId64 ":%02" PRId64 "Z",
		 year + era * 400 + (month <= 2), month, of_year - (153 * m + 2) / 5 + 1, clock / 3600, clock / 60 % 60,
		 clock % 60);
}

const char *lu_span_print(struct lu_span span, char text[LU_SPAN_TEXT])
{
	char from[160] = "..", to[160] = ".."; /* as long as six numbers of any size, which those here are not */

	if (span.from != INT64_MIN)
		print_moment(span.from, from, sizeof(from));
	if (span.to != INT64_MAX)
		print_moment(span.to, to, sizeof(to));
	snprintf(text, LU_SPAN_TEXT, "%.30s/%.30s", from, to);
	return text;
}

bool lu_spans_meet(struct lu_span a, struct lu_span b)
{
	return a.from <= b.to && b.from <= a.to;
}
