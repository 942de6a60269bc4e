/*
 * template.h: inside report/ only: a text with {{NAME}} where something goes.
 */
#ifndef LU_REPORT_TEMPLATE_H
#define LU_REPORT_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct lu_template_value {
	const char *name;
	const char *text; /* what goes there; NULL: nothing */
	bool markup; /* it is XML or HTML itself; else what these would take for their own is escaped */
};

/* 'text' with every place filled; one that no value is for becomes nothing. What is put in is not looked at again. */
void lu_template_put(FILE *to, const char *text, const struct lu_template_value *values, size_t count);

#endif
