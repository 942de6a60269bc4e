/*
 * chart_parts.h: inside report/ only: what the figures share: names and colours of classes, numbers as people read them, text
 * and places in SVG. Coordinates have one decimal and are written by integers, so that locales and libms agree.
 */
#ifndef LU_REPORT_CHART_PARTS_H
#define LU_REPORT_CHART_PARTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/area_unit.h"

struct lu_chart_class {
	int value;
	const char *name; /* the statistics' */
	char colour[8]; /* "#1f78b4" */
};

/* What a figure is drawn from. */
struct lu_chart_source {
	const json_t *statistics; /* statistics.json */
	const struct lu_chart_class *classes; /* in the scheme's order, then the uncertain cells where there are such */
	size_t count;
	int uncertain; /* the value that is no class; -1: there is none */
	enum lu_area_unit unit; /* areas are told in it */
};

/* A figure draws itself whole; 'pair' is NULL where it is of all dates. */
typedef void lu_chart_draw(FILE *to, const struct lu_chart_source *source, const json_t *pair);
lu_chart_draw lu_chart_areas, lu_chart_confidence, lu_chart_gains, lu_chart_flows, lu_chart_matrix;

/* The class that has 'value'; NULL: the scheme has none. */
const struct lu_chart_class *lu_chart_class_of(const struct lu_chart_source *source, int value);

/* "2010_2016": a pair in a file's name and in an id, whatever its labels hold; for lu_free. NULL: no memory. */
char *lu_chart_pair_id(const json_t *pair);

/* Members of JSON that may be missing: 0 and "". */
double lu_chart_figure(const json_t *object, const char *key);
const char *lu_chart_word(const json_t *object, const char *key);

/* "1,234.5", "−12"; an area given in hectares, in the source's unit with three figures or so, 'sign' with "+" before gains. */
enum { LU_CHART_TEXT = 48 };
const char *lu_chart_number(char text[LU_CHART_TEXT], double value, int digits);
const char *lu_chart_area(char text[LU_CHART_TEXT], const struct lu_chart_source *source, double hectares, bool sign);

/* 1, 2 or 5 times a power of ten: the step of an axis up to 'most' with two to five marks. */
double lu_chart_step(double most);

/* The head of a figure: its size, the county and 'what' as its title, a smaller line, and the words for who cannot see it. */
void lu_chart_begin(FILE *to, const struct lu_chart_source *source, int width, int height, const char *what,
		    const char *below, const char *said);
void lu_chart_end(FILE *to);

/* One line of text; 'anchor' is "start", "middle" or "end"; of more than 'most' letters the last ones become "…". */
void lu_chart_text(FILE *to, double x, double y, const char *anchor, const char *text, int most);
/* KEY="12.5", after a space. */
void lu_chart_at(FILE *to, const char *key, double value);
/* The words that a pointer on the mark before shows: <title> of what is open. */
void lu_chart_tip(FILE *to, const char *text);

#endif
