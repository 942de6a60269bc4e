/* classed_labels.c: the value that somebody's label means. See classed.h. */
#include "accuracy/classed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/words.h"
#include "maps/transition.h"

enum { MOST_LISTED = 64, LIST = 400 };

static enum lu_status unknown_label(const struct lu_classed *classed, const char *label, struct lu_error *err)
{
	const char *names[MOST_LISTED];
	size_t count = 0;
	char list[LIST];

	while (count < classed->legend.count && count < MOST_LISTED) {
		names[count] = classed->legend.classes[count].name;
		count++;
	}
	if (lu_means_nothing(label))
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "'%s' is not a class of the map (where there is no label, leave the field empty: in R "
			       "write.csv(..., na = \"\"))",
			       label);
	if (count == 0)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "'%s': the map does not name its classes (label by number, or .scheme = NAME)", label);
	return lu_fail(err, LU_ERROR_ARGUMENT, "'%.200s' is not a class of the map%s", label,
		       lu_known_names(label, names, count, list, sizeof(list)));
}

/* "Forest to Developed", and of a class that stayed "Forest to Forest" as well as "Forest, unchanged". */
static bool is_pair(const struct lu_class *before, const struct lu_class *after, const char *label,
		    enum lu_status *status, struct lu_error *err)
{
	char *name = lu_sprintf("%s to %s", before->name, after->name);
	char *stayed = before == after ? lu_sprintf("%s%s", after->name, LU_UNCHANGED) : NULL;
	const bool same =
		(name != NULL && lu_same_name(name, label)) || (stayed != NULL && lu_same_name(stayed, label));

	if (name == NULL || (before == after && stayed == NULL))
		*status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: class names");
	lu_free(name);
	lu_free(stayed);
	return same;
}

/* The value of the class, or with 'pairs' of the change, that has the label for its name; 0: there is none. */
static enum lu_status find_name(const struct lu_classed *classed, const char *label, bool pairs, uint16_t *value,
				struct lu_error *err)
{
	const struct lu_legend *legend = &classed->legend;
	enum lu_status status = LU_OK;

	*value = 0;
	for (size_t i = 0; i < legend->count && *value == 0; i++)
		if (lu_same_label(legend->classes[i].name, label))
			*value = legend->classes[i].value;
	for (size_t i = 0; pairs && i < legend->count && *value == 0 && status == LU_OK; i++)
		for (size_t j = 0; j < legend->count && *value == 0 && status == LU_OK; j++)
			if (is_pair(&legend->classes[i], &legend->classes[j], label, &status, err))
				*value = lu_change_code(legend->classes[i].value, legend->classes[j].value);
	return status;
}

/* Does the legend have the class, or both classes of a change? */
static bool is_number_of(const struct lu_classed *classed, uint16_t value)
{
	uint16_t before = value, after = value;

	if (classed->change)
		lu_change_decode(value, &before, &after);
	return lu_legend_find(&classed->legend, before) != NULL && lu_legend_find(&classed->legend, after) != NULL;
}

enum lu_status lu_classed_find(const struct lu_classed *classed, const char *label, uint16_t *value,
			       struct lu_error *err)
{
	uint16_t named;
	char *end;
	const double number = strtod(label, &end);
	const bool is_number = end != label && *end == '\0';
	enum lu_status status = find_name(classed, label, classed->change && !is_number, &named, err);

	if (status != LU_OK)
		return status;
	*value = named;
	/* A field of numbers may arrive as "4", or as "4.0" after a journey through a spreadsheet. */
	if (!is_number)
		return named != 0 ? LU_OK : unknown_label(classed, label, err);
	if (!(number >= 0 && number <= UINT16_MAX && number == floor(number)))
		return named != 0 ? LU_OK
		       : lu_means_nothing(label)
			       ? unknown_label(classed, label, err)
			       : lu_fail(err, LU_ERROR_ARGUMENT, "'%s' is not the number of a class", label);
	const uint16_t numbered = classed->change ? lu_change_canonical((uint16_t)number) : (uint16_t)number;
	/* Classes called by the codes of another map: "41" is the class of that name, unless there is a class 41. */
	const bool both = named != 0 && named != numbered && is_number_of(classed, numbered);
	if (named == 0 || (both && classed->by_number))
		*value = numbered;
	if (both && !classed->by_number)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"'%s' is the name of class %u and the number of another (.scheme = NAME with other names, or "
			".by_number if labels are numbers)",
			label, named);
	return LU_OK;
}
