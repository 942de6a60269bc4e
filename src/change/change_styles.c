/* change_styles.c: the legend of change codes. */
#include "change/change_styles.h"

#include "base/memory.h"
#include "maps/transition.h"

/* One entry of the legend; its name is made here. */
static enum lu_status add_style(struct lu_change_styles *styles, const struct lu_class *from, const struct lu_class *to,
				struct lu_error *err)
{
	char *name = from == to ? lu_sprintf("%s, unchanged", to->name) : lu_sprintf("%s to %s", from->name, to->name);

	if (name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: class names");
	styles->names[styles->count] = name;
	struct lu_class *entry = &styles->entries[styles->count++];
	*entry = (struct lu_class){.value = lu_change_code(from->value, to->value),
				   .name = name,
				   .red = to->red,
				   .green = to->green,
				   .blue = to->blue};
	if (from == to) {
		entry->red = (uint8_t)(192 + to->red / 4);
		entry->green = (uint8_t)(192 + to->green / 4);
		entry->blue = (uint8_t)(192 + to->blue / 4);
	}
	return LU_OK;
}

enum lu_status lu_change_styles_make(const struct lu_legend *legend, bool unchanged, struct lu_change_styles *out,
				     struct lu_error *err)
{
	const size_t n = legend->count;
	enum lu_status status;

	*out = (struct lu_change_styles){0};
	LU_TRY(lu_alloc(&out->entries, n * n, sizeof(*out->entries), "colours", err));
	LU_TRY(lu_alloc(&out->names, n * n, sizeof(*out->names), "class names", err));
	for (size_t i = 0; i < n * n; i++) {
		const struct lu_class *from = &legend->classes[i / n], *to = &legend->classes[i % n];
		if ((unchanged || from != to) && from->value != legend->uncertain && to->value != legend->uncertain)
			LU_TRY(add_style(out, from, to, err));
	}
out:
	if (status != LU_OK)
		lu_change_styles_release(out);
	return status;
}

void lu_change_styles_release(struct lu_change_styles *styles)
{
	for (size_t i = 0; i < styles->count; i++)
		lu_free(styles->names[i]);
	lu_free(styles->names);
	lu_free(styles->entries);
	*styles = (struct lu_change_styles){0};
}
