/*
 * svg.h: what pictures in SVG share.
 */
#ifndef LU_BASE_SVG_H
#define LU_BASE_SVG_H

#include <stdio.h>

/* 'text' with what XML would take for its own escaped, in an attribute, too, and U+FFFD for what it cannot hold. */
void lu_svg_text(FILE *to, const char *text);

#endif
