/* head.c: the table of heads. See head.h. */
#include "learn/head.h"

const struct lu_head_kind *lu_head_of(enum lu_head_form form)
{
	static const struct lu_head_kind *const kinds[] = {[LU_HEAD_AUTO] = &lu_head_logistic,
							   [LU_HEAD_LOGISTIC] = &lu_head_logistic,
							   [LU_HEAD_FOREST] = &lu_head_forest,
							   [LU_HEAD_FOREST_2017] = &lu_head_forest_2017};

	return kinds[form];
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
