/*
 * words.h: names that people write: are two the same, and which known one was meant?
 *
 * Names are compared with each other folded: upper and lower case of every script are the same (FORÊT and Forêt), runs
 * of blanks are one blank, and those around a name are none. An accent may be part of its letter or stand behind it,
 * and bytes that are not UTF-8 are read as Latin-1, as older programs write it.
 */
#ifndef LU_BASE_WORDS_H
#define LU_BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The next folded character of '*at', which moves behind it; 0 at the end. Start with '*begun' false. */
uint32_t lu_fold_next(const char **at, bool *begun);

/* Do two names read the same, folded? */
bool lu_same_name(const char *a, const char *b);

/* The same; and numbers that are equal are one name ("4", "4.0"), as after a journey through a spreadsheet. */
bool lu_same_label(const char *a, const char *b);

/* Changes of one letter, or of two that changed places, from one folded word to the other; more than both are long where one has over 64. */
size_t lu_word_distance(const char *a, const char *b);

/* "Forest, Water, ... (12 more)": as many of 'count' names as fit into 'size' bytes; 'buffer' is returned. */
const char *lu_name_list(const char *const *names, size_t count, char *buffer, size_t size);

/*
 * What to add of a name that is none of 'count' known ones: " (did you mean 'Forest'?); it has: Forest, Water", or only what
 * there is. 'buffer', of 128 bytes or more, is returned.
 */
const char *lu_known_names(const char *name, const char *const *names, size_t count, char *buffer, size_t size);

/* What programs write where there is no value: R's NA, a spreadsheet's #N/A, NaN, NULL, None. */
bool lu_means_nothing(const char *text);

#endif
