/*
 * svg.h: what pictures in SVG share.
 */
#ifndef LU_BASE_SVG_H
#define LU_BASE_SVG_H

#include <stdio.h>

/* 'text' with what XML would take for its own escaped, in an attribute, too, and U+FFFD for what it cannot hold. */
void lu_svg_text(FILE *to, const char *text);

/* 'value' with one decimal, none where it is 0, by integers: no locale has a say. Magnitudes below 1e17. */
void lu_svg_tenths(FILE *to, double value);

#endif
