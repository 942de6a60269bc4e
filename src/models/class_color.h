/*
 * class_color.h: a colour for a class that has none of its own.
 */
#ifndef LU_MODELS_CLASS_COLOR_H
#define LU_MODELS_CLASS_COLOR_H

#include <stddef.h>

/*
 * Six hex digits and the 0 into 'hex', for class 'name', the 'i'-th of a model: NLCD's colour where the
 * name is one of landuse's schemes, else one that differs from its neighbours'. Any thread.
 */
void lu_class_color(const char *name, size_t i, char hex[7]);

#endif
