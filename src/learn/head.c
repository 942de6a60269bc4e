/* head.c: the table of heads. See head.h. */
#include "learn/head.h"

#include <string.h>

static const struct lu_head_kind *const kinds[] = {&lu_head_logistic, &lu_head_forest, &lu_head_forest_2017};

enum lu_status lu_head_find(const char *name, const struct lu_head_kind **out, struct lu_error *err)
{
	*out = name == NULL ? kinds[0] : NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && *out == NULL; i++)
		if (strcmp(name, kinds[i]->name) == 0)
			*out = kinds[i];
	return *out != NULL ? LU_OK
			    : lu_fail(err, LU_ERROR_ARGUMENT,
				      ".head is '%s', it should be logistic, forest or forest-2017", name);
}

enum lu_status lu_head_fit(const struct lu_head_kind *kind, const struct lu_head_task *task, struct lu_head *out,
			   struct lu_error *err)
{
	*out = (struct lu_head){.kind = kind, .class_count = task->rows->class_count};
	const enum lu_status status = kind->fit(task, out, err);
	if (status != LU_OK)
		lu_head_release(out);
	return status;
}

void lu_head_release(struct lu_head *head)
{
	if (head->kind != NULL)
		head->kind->release(head);
	*head = (struct lu_head){0};
}
