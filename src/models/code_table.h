/*
 * code_table.h: what the codes of other people's land-cover and land-use data count as.
 *
 * A table turns a code, a number or a word, into an NLCD code, which class schemes know, or straight into a class of
 * the scheme. What it leaves out, it leaves out in writing.
 */
#ifndef LU_MODELS_CODE_TABLE_H
#define LU_MODELS_CODE_TABLE_H

#include "models/scheme.h"

struct lu_code_entry {
	char *code; /* as data have it */
	int nlcd; /* 0: 'class' says it */
	char *class; /* NULL: 'nlcd' says it, or with nlcd 0 the code is left out */
};

struct lu_code_table {
	char *path, *name, *title;
	int version;
	struct lu_code_entry *entries;
	size_t count;
};

enum lu_status lu_code_table_read(const char *path, struct lu_code_table **out, struct lu_error *err);
void lu_code_table_free(struct lu_code_table *table);

/*
 * The index of the scheme's class that 'code' counts as, LU_SCHEME_LEFT_OUT or LU_SCHEME_UNKNOWN. Words are the same in
 * upper and lower case; "4.0" is 4. A class that the scheme does not have is not known.
 */
int lu_code_table_class(const struct lu_code_table *table, const struct lu_scheme *scheme, const char *code);

/* The index of the scheme's class that has 'label' for its name or value, or LU_SCHEME_UNKNOWN. */
int lu_scheme_class_of_label(const struct lu_scheme *scheme, const char *label);

#endif
