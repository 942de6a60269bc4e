/*
 * fuzz_counts.c: any byte sequence given as a count matrix (CSV) gives figures or a one-line error, within bounded memory.
 *
 * Once as a simple random sample, and once with the same bytes as the table of areas. Shares are shares and add up to 1, and
 * text and JSON are made of them.
 */
#include "in_memory.h"

#include "accuracy/assess.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Not written as "outside": a share that is no number is none, too. */
static void check_share(struct lu_figure figure)
{
	if (figure.known && !(figure.value >= 0 && figure.value <= 1 + 1e-9))
		abort();
	if (figure.known && figure.se_known && !(figure.se >= 0))
		abort();
}

static void tell(const struct lu_assessment *a)
{
	char *text = NULL;
	size_t length;
	struct lu_error err = {0};
	FILE *to = open_memstream(&text, &length);

	double whole = 0;

	check_share(a->overall);
	for (size_t k = 0; k < a->count * a->count; k++)
		whole += a->proportions[k];
	if (!(whole > 1 - 1e-6 && whole < 1 + 1e-6))
		abort();
	for (size_t i = 0; i < a->count; i++) {
		check_share(a->classes[i].proportion);
		check_share(a->classes[i].users);
		check_share(a->classes[i].producers);
	}
	if (to == NULL)
		abort();
	lu_assessment_print(to, a);
	fclose(to);
	free(text);
	text = NULL;
	if (lu_assessment_json(a, &text, &err) != LU_OK)
		check_refusal(&err);
	lu_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *path = in_memory(bytes, size);

	for (int with_areas = 0; with_areas < 2; with_areas++) {
		const struct lu_assess_task task = {.counts = path, .areas = with_areas ? path : NULL};
		struct lu_assessment assessment = {.intervals = {.percent = 95}};
		struct lu_error err = {0};

		if (lu_assess_counts(&task, &assessment, &err) == LU_OK)
			tell(&assessment);
		else
			check_refusal(&err);
		lu_assessment_release(&assessment);
	}
	return 0;
}
