/* checked_report.c: the review of a layer of candidates for a person and as JSON. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "accuracy/checked.h"
#include "base/interval.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "learn/metrics.h"

/* What follows from the reviews: shares of the patches that were called real or not. */
struct shares {
	uint64_t real, decided;
	double share;
	struct lu_interval within; /* Wilson's interval; 0 and 0 to 1 where nothing was decided */
	double least, most; /* if none of the unsure ones is real, and if all are */
};

static struct shares find_shares(const struct lu_checked_counts *counts)
{
	const uint64_t *by_status = counts->by_status, checked = lu_checked_count(counts);
	struct shares shares = {.real = by_status[LU_REVIEWED_CHANGE],
				.decided = by_status[LU_REVIEWED_CHANGE] + by_status[LU_REVIEWED_NO_CHANGE]};

	if (shares.decided > 0)
		shares.share = (double)shares.real / (double)shares.decided;
	shares.within = lu_wilson(shares.share, (double)shares.decided, LU_WILSON_Z95);
	if (checked > 0) {
		shares.least = (double)shares.real / (double)checked;
		shares.most = (double)(shares.real + by_status[LU_REVIEWED_UNSURE]) / (double)checked;
	}
	return shares;
}

static void print_row(FILE *to, const char *name, const struct lu_checked_counts *counts)
{
	fprintf(to, "%-32.32s %8" PRIu64 " %8" PRIu64, name, counts->patches, lu_checked_count(counts));
	for (int k = 0; k < LU_REVIEW_STATUSES; k++)
		fprintf(to, " %10" PRIu64, counts->by_status[k]);
	fputc('\n', to);
}

static void print_table(FILE *to, const struct lu_checked *checked)
{
	fprintf(to, "%-32s %8s %8s", "", "patches", "reviewed");
	for (int k = 0; k < LU_REVIEW_STATUSES; k++)
		fprintf(to, " %10s", lu_review_statuses[k].name);
	fputc('\n', to);
	for (size_t i = 0; i < checked->kind_count; i++)
		print_row(to, checked->kinds[i].name, &checked->kinds[i].counts);
	print_row(to, "all", &checked->all);
	if (!checked->has_areas)
		return;
	double sum = 0;
	for (int k = 0; k < LU_REVIEW_STATUSES; k++)
		sum += checked->all.by_status_ha[k];
	fprintf(to, "%-32s %8.2f %8.2f", "hectares", checked->all.patches_ha, sum);
	for (int k = 0; k < LU_REVIEW_STATUSES; k++)
		fprintf(to, " %10.2f", checked->all.by_status_ha[k]);
	fputc('\n', to);
}

static void print_shares(FILE *to, const struct lu_checked *checked)
{
	const struct shares shares = find_shares(&checked->all);
	const uint64_t unsure = checked->all.by_status[LU_REVIEWED_UNSURE];

	if (shares.decided == 0) {
		fputs("\nnone was called real or not\n", to);
		return;
	}
	fprintf(to, "\nreal: %" PRIu64 " of %" PRIu64 ", %.1f %%; 95 %% interval %.1f to %.1f %% (Wilson 1927)\n",
		shares.real, shares.decided, 100 * shares.share, 100 * shares.within.low, 100 * shares.within.high);
	if (unsure > 0)
		fprintf(to, "%" PRIu64 " unsure left out: %.1f %% if none of them is real, %.1f %% if all are\n",
			unsure, 100 * shares.least, 100 * shares.most);
	if (checked->has_probabilities)
		fprintf(to, "expected by their probabilities: %.1f of %" PRIu64 "\n", checked->decided_probability,
			shares.decided);
}

/* For what the share holds. */
static void print_part(FILE *to, const struct lu_checked *checked)
{
	const uint64_t count = lu_checked_count(&checked->all);

	if (checked->part == LU_CHECKED_ALL)
		fputs("All of the list was reviewed: the share is its own, and no sample's. The interval is for lists "
		      "like it.\n",
		      to);
	else if (checked->part == LU_CHECKED_FIRST)
		fprintf(to,
			"NOT A PROBABILITY SAMPLE: these are the first %" PRIu64
			" of a list that has the most probable first. The\n"
			"figures are of these; expect fewer of the others to be real.\n",
			count);
	else
		fputs("NOT A PROBABILITY SAMPLE, unless chance alone chose which were reviewed: the list has the most "
		      "probable\n"
		      "first, and what somebody picks from it is not like the rest.\n",
		      to);
	if (checked->part == LU_CHECKED_SOME && checked->has_probabilities)
		fprintf(to, "Mean probability of those reviewed %.3f, of the whole list %.3f.\n",
			checked->checked_probability / (double)count,
			checked->list_probability / (double)checked->all.patches);
	fputs("Change that was never flagged is in no such list: landuse sample of the change raster finds how much.\n",
	      to);
}

enum lu_status lu_checked_text(const struct lu_checked *checked, char **text, struct lu_error *err)
{
	struct lu_text_stream stream;
	const enum lu_status status = lu_text_begin(&stream, "the summary", err);

	if (status != LU_OK)
		return status;
	fprintf(stream.to, "%s\n\n", checked->path);
	print_table(stream.to, checked);
	print_shares(stream.to, checked);
	print_part(stream.to, checked);
	return lu_text_finish(&stream, text, err);
}

/* Keys of the review status, in the order of lu_review_statuses. */
static const char *const keys[LU_REVIEW_STATUSES] = {"change", "no_change", "unsure"};

static json_t *counts_json(const struct lu_checked *checked, const struct lu_checked_counts *counts)
{
	const struct shares shares = find_shares(counts);
	json_t *object = json_pack("{s:I, s:I}", "patches", (json_int_t)counts->patches, "checked",
				   (json_int_t)lu_checked_count(counts));

	for (int k = 0; k < LU_REVIEW_STATUSES; k++)
		json_object_set_new(object, keys[k], json_integer((json_int_t)counts->by_status[k]));
	if (checked->has_areas) {
		json_object_set_new(object, "patches_ha", json_real(counts->patches_ha));
		for (int k = 0; k < LU_REVIEW_STATUSES; k++) {
			char key[32];
			snprintf(key, sizeof(key), "%s_ha", keys[k]);
			json_object_set_new(object, key, json_real(counts->by_status_ha[k]));
		}
	}
	/* A share of nothing is not known. */
	json_object_set_new(object, "real",
			    shares.decided > 0
				    ? json_pack("{s:I, s:f, s:[f, f]}", "of", (json_int_t)shares.decided, "share",
						shares.share, "wilson_95", shares.within.low, shares.within.high)
				    : json_null());
	return object;
}

enum lu_status lu_checked_json(const struct lu_checked *checked, char **text, struct lu_error *err)
{
	static const char *const parts[] = {
		[LU_CHECKED_ALL] = "all", [LU_CHECKED_FIRST] = "first", [LU_CHECKED_SOME] = "some"};
	json_t *root = counts_json(checked, &checked->all), *kinds = json_array();
	char *dumped = NULL;

	for (size_t i = 0; i < checked->kind_count; i++) {
		json_t *kind = counts_json(checked, &checked->kinds[i].counts);
		json_object_set_new(kind, "name", json_string(checked->kinds[i].name));
		json_array_append_new(kinds, kind);
	}
	json_object_set_new(root, "candidates", json_string(checked->path));
	json_object_set_new(root, "part_checked", json_string(parts[checked->part]));
	if (checked->has_probabilities)
		json_object_set_new(root, "expected_real", json_real(checked->decided_probability));
	if (json_object_set_new(root, "kinds", kinds) == 0)
		dumped = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	json_decref(root);
	*text = dumped != NULL ? lu_sprintf("%s\n", dumped) : NULL;
	free(dumped);
	return *text != NULL ? LU_OK
			     : lu_fail(err, LU_ERROR_MEMORY, "%s: out of memory, or a name in it is not UTF-8",
				       checked->path);
}
