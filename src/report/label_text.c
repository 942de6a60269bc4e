/* label_text.c: the summary of a labelled set. See label_text.h. */
#include "report/label_text.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text_stream.h"

/* Codes named one by one; a raster that is no land-cover map at all would fill pages. */
enum { MOST_CODES = 20 };

static void write_unknown(FILE *to, const struct lu_reference *reference)
{
	int shown = 0, more = 0;
	char number[8];

	for (int code = 1; code <= UINT16_MAX; code++) {
		const uint64_t seen = lu_reference_seen(reference, (uint16_t)code);
		if (seen == 0 || lu_reference_class(reference, (uint16_t)code) != LU_SCHEME_UNKNOWN)
			continue;
		if (shown == MOST_CODES) {
			more++;
			continue;
		}
		fprintf(to, "%s%.60s (in %llu chip%s)", shown++ > 0 ? ", " : "",
			lu_reference_code(reference, (uint16_t)code, number), (unsigned long long)seen,
			seen == 1 ? "" : "s");
	}
	if (more > 0)
		fprintf(to, " and %d more", more);
}

char *lu_label_unknown_codes(const struct lu_reference *reference)
{
	struct lu_text_stream stream;
	char *text = NULL;

	if (lu_text_begin(&stream, "codes", NULL) == LU_OK) {
		write_unknown(stream.to, reference);
		lu_text_finish(&stream, &text, NULL);
	}
	return text;
}

static void write_classes(FILE *to, const struct lu_scheme *scheme, const struct lu_candidates *candidates,
			  const uint64_t *found, const double *weights)
{
	fprintf(to, "%-16s %9s %9s %9s %9s %9s%s\n", "class", "labelled", "kept", "train", "validate", "test",
		weights != NULL ? "    weight" : "");
	for (size_t k = 0; k < scheme->class_count; k++) {
		uint64_t kept = 0, of[LU_SPLIT_TEST + 1] = {0};
		for (size_t i = 0; i < candidates->count; i++) {
			if (candidates->items[i].class != (int)k)
				continue;
			kept++;
			of[candidates->items[i].split]++;
		}
		fprintf(to, "%-16s %9llu %9llu %9llu %9llu %9llu", scheme->classes[k].name,
			(unsigned long long)found[k], (unsigned long long)kept, (unsigned long long)of[LU_SPLIT_TRAIN],
			(unsigned long long)of[LU_SPLIT_VALIDATE], (unsigned long long)of[LU_SPLIT_TEST]);
		if (weights != NULL)
			fprintf(to, " %9.4f", weights[k]);
		fputc('\n', to);
	}
}

static void write_left_out(FILE *to, const struct lu_candidates *candidates, const struct lu_label_counts *counts)
{
	const struct {
		uint64_t count;
		const char *why;
	} reasons[] = {
		{candidates->fates[LU_FATE_MIXED], "mixed"},
		{candidates->fates[LU_FATE_LEFT_OUT], "of codes that the scheme leaves out"},
		{candidates->fates[LU_FATE_UNKNOWN], "of codes that the scheme does not know"},
		{candidates->fates[LU_FATE_NO_REFERENCE], "without reference"},
		{candidates->thin, "with too little data"},
		{counts->repeated, "like another"},
		{counts->capped, "over the cap"},
		{counts->between, "between splits"},
	};
	bool any = false;

	fputs("left out: ", to);
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].count == 0)
			continue;
		fprintf(to, "%s%llu %s", any ? ", " : "", (unsigned long long)reasons[i].count, reasons[i].why);
		any = true;
	}
	fputs(any ? "\n" : "none\n", to);
}

char *lu_label_text(const struct lu_scheme *scheme, const struct lu_reference *reference,
		    const struct lu_candidates *candidates, const uint64_t *found, const struct lu_groups *groups,
		    const struct lu_label_counts *counts)
{
	struct lu_text_stream stream;
	char *text = NULL, *unknown = lu_label_unknown_codes(reference);

	if (unknown != NULL && lu_text_begin(&stream, "the summary", NULL) == LU_OK) {
		write_classes(stream.to, scheme, candidates, found, counts->weights);
		write_left_out(stream.to, candidates, counts);
		if (unknown[0] != '\0')
			fprintf(stream.to, "codes that scheme %s does not know: %s\n", scheme->name, unknown);
		fprintf(stream.to, "%zu chips from %zu block%s", candidates->count, groups->count,
			groups->count == 1 ? "" : "s");
		lu_text_finish(&stream, &text, NULL);
	}
	lu_free(unknown);
	return text;
}
