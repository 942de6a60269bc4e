/* assess_text.c: an assessment for a person. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "accuracy/assessment.h"

/* Columns headed by names up to here, by codes beyond: a table of forty pairs of classes must stay a table. */
enum { MOST_NAMED = 9, MOST_HEAD = 20, LEAST_COLUMN = 9, MOST_NAME = 36 };

/* Characters, not bytes, of UTF-8. */
static int width_of(const char *text)
{
	int width = 0;

	for (; *text != '\0'; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

/* At most 'most' characters of 'text', at the right end of 'width' columns, or at the left end for a negative width. */
static void print_cell(FILE *to, const char *text, int width, int most)
{
	const int all = width_of(text), shown = all < most ? all : most;
	const int room = (width < 0 ? -width : width) - shown;
	int bytes = 0;

	for (int seen = 0; text[bytes] != '\0'; bytes++) {
		seen += ((unsigned char)text[bytes] & 0xc0) != 0x80;
		if (seen > shown)
			break;
	}
	fprintf(to, "%*s%.*s%*s", width > 0 && room > 0 ? room : 0, "", bytes, text, width < 0 && room > 0 ? room : 0,
		"");
}

static int name_width(const struct lu_assessment *a)
{
	int width = 12;

	for (size_t i = 0; i < a->count; i++) {
		const int name = width_of(a->classes[i].name);
		width = name > width ? name : width;
	}
	return width < MOST_NAME ? width : MOST_NAME;
}

/* A row's label: "402 Forest to Developed". */
static void print_class(FILE *to, const struct lu_assessment *a, const struct lu_assessed_class *class)
{
	if (class->value > 0)
		fprintf(to, "%5u ", class->value);
	print_cell(to, class->name, -name_width(a), MOST_NAME);
}

static int indent(const struct lu_assessment *a)
{
	return name_width(a) + (a->count > 0 && a->classes[0].value > 0 ? 6 : 0);
}

static int column_width(const struct lu_assessment *a, size_t j)
{
	int width = LEAST_COLUMN;

	if (a->count <= MOST_NAMED || a->classes[j].value == 0) {
		const int name = width_of(a->classes[j].name);
		width = name > MOST_HEAD ? MOST_HEAD : name > width ? name : width;
	}
	return width;
}

static void print_heads(FILE *to, const struct lu_assessment *a)
{
	fprintf(to, "%*s", indent(a), "");
	for (size_t j = 0; j < a->count; j++) {
		char number[16];
		snprintf(number, sizeof(number), "%u", a->classes[j].value);
		fputs("  ", to);
		print_cell(to, a->count <= MOST_NAMED || a->classes[j].value == 0 ? a->classes[j].name : number,
			   column_width(a, j), MOST_HEAD);
	}
	fprintf(to, "  %9s\n", "total");
}

static void print_total(FILE *to, const struct lu_assessment *a)
{
	fprintf(to, "%*s", indent(a) - name_width(a), "");
	print_cell(to, "total", -name_width(a), MOST_NAME);
}

static void print_counts(FILE *to, const struct lu_assessment *a)
{
	fputs("\nError matrix, sample counts (rows = map, columns = reference)\n", to);
	print_heads(to, a);
	for (size_t i = 0; i < a->count; i++) {
		print_class(to, a, &a->classes[i]);
		for (size_t j = 0; j < a->count; j++)
			fprintf(to, "  %*" PRIu64, column_width(a, j), a->counts[i * a->count + j]);
		fprintf(to, "  %9" PRIu64 "\n", a->classes[i].map_sample);
	}
	print_total(to, a);
	for (size_t j = 0; j < a->count; j++)
		fprintf(to, "  %*" PRIu64, column_width(a, j), a->classes[j].reference_sample);
	fprintf(to, "  %9" PRIu64 "\n", a->labelled);
}

static void print_proportions(FILE *to, const struct lu_assessment *a)
{
	fputs("\nError matrix, estimated proportions of area (rows = map, columns = reference)\n", to);
	print_heads(to, a);
	for (size_t i = 0; i < a->count; i++) {
		double sum = 0;
		print_class(to, a, &a->classes[i]);
		for (size_t j = 0; j < a->count; j++) {
			fprintf(to, "  %*.4f", column_width(a, j), a->proportions[i * a->count + j]);
			sum += a->proportions[i * a->count + j];
		}
		fprintf(to, "  %9.4f\n", sum);
	}
	print_total(to, a);
	for (size_t j = 0; j < a->count; j++)
		fprintf(to, "  %*.4f", column_width(a, j), a->classes[j].proportion.value);
	fprintf(to, "  %9.4f\n", 1.0);
}

/* "0.880  0.038  0.789 to 0.936": value, standard error, interval; "-" for what is not known. */
static void print_figure(FILE *to, struct lu_figure figure, int width, int decimals)
{
	if (figure.known)
		fprintf(to, "  %*.*f", width, decimals, figure.value);
	else
		fprintf(to, "  %*s", width, "-");
	if (figure.known && figure.se_known)
		fprintf(to, "  %*.*f", width, decimals, figure.se);
	else
		fprintf(to, "  %*s", width, "-");
	if (figure.bounded)
		fprintf(to, "  %*.*f to %*.*f", width, decimals, figure.within.low, width, decimals,
			figure.within.high);
	else
		fprintf(to, "  %*s to %*s", width, "-", width, "-");
}

/* The columns of a figure. */
static void print_figure_heads(FILE *to, const struct lu_assessment *a, const char *value, int width)
{
	char interval[32];

	snprintf(interval, sizeof(interval), "%g %% interval", a->intervals.percent);
	fprintf(to, "  %*s  %*s  ", width, value, width, "SE");
	print_cell(to, interval, 2 * width + 4, 2 * width + 4);
}

static void print_accuracies(FILE *to, const struct lu_assessment *a)
{
	double share;

	fprintf(to, "\nAccuracy (SE: standard error; %g %% intervals: ", a->intervals.percent);
	if (a->intervals.wald)
		fprintf(to, "Wald, %.5g SE either way)\n", lu_interval_reach(a->intervals.percent));
	else
		fputs("Wilson, gamma limits of omissions, MOVER)\n", to);
	fprintf(to, "overall");
	print_figure(to, a->overall, 7, 5);
	if (lu_assessment_uncertain(a, &share))
		fprintf(to,
			"\nof what is in a class  %7.5f (uncertain cells, %.2f %% of the area, count as not right "
			"above)",
			a->overall.value / (1 - share), 100 * share);
	fprintf(to, "\n\n%*s  %32s  %32s\n", indent(a), "", "user's accuracy", "producer's accuracy");
	fprintf(to, "%*s", indent(a), "");
	print_figure_heads(to, a, "value", 6);
	print_figure_heads(to, a, "value", 6);
	fputc('\n', to);
	for (size_t i = 0; i < a->count; i++) {
		print_class(to, a, &a->classes[i]);
		print_figure(to, a->classes[i].users, 6, 3);
		print_figure(to, a->classes[i].producers, 6, 3);
		fputc('\n', to);
	}
}

/* Classes whose interval may be too narrow. */
static void print_few(FILE *to, const struct lu_assessment *a)
{
	bool any = false;

	for (size_t i = 0; i < a->count; i++) {
		if (!lu_assessment_rests_on_few(a, i))
			continue;
		fprintf(to, "%s%s",
			any ? ", "
			    : "too narrow, perhaps (rare, and found at fewer than 3 places mapped as something else): ",
			a->classes[i].name);
		any = true;
	}
	if (any)
		fputc('\n', to);
}

static void print_areas(FILE *to, const struct lu_assessment *a)
{
	if (!a->has_areas) {
		fputs("\nProportion of area that truly is the class, with its standard error\n", to);
	} else {
		fputs("\nArea in hectares: mapped, and adjusted for the map's errors\n", to);
		fprintf(to, "%*s  %12s", indent(a), "", "mapped");
		print_figure_heads(to, a, "adjusted", 12);
		fprintf(to, "  %7s\n", "share");
	}
	for (size_t i = 0; i < a->count; i++) {
		const struct lu_assessed_class *class = &a->classes[i];
		print_class(to, a, class);
		if (a->has_areas && class->mapped_ha >= 0)
			fprintf(to, "  %12.2f", class->mapped_ha);
		else if (a->has_areas)
			fprintf(to, "  %12s", "-");
		if (a->has_areas) {
			print_figure(to, class->area_ha, 12, 2);
			fprintf(to, "  %7.4f\n", class->proportion.value);
		} else {
			print_figure(to, class->proportion, 7, 4);
			fputc('\n', to);
		}
	}
	if (a->has_areas) {
		print_total(to, a);
		fprintf(to, "  %12s  %12.2f\n", "", a->area_ha);
	}
	print_few(to, a);
}

static void print_table(FILE *to, const struct lu_assessment *a, const struct lu_assessed_table *table)
{
	fprintf(to, "\nAdjusted hectares: %s\n", table->title);
	fprintf(to, "%*s", indent(a), "");
	print_figure_heads(to, a, "adjusted", 12);
	fprintf(to, "  %7s\n", "share");
	for (size_t i = 0; i < table->count; i++) {
		print_cell(to, table->rows[i].name, -indent(a), MOST_NAME);
		print_figure(to, table->rows[i].area_ha, 12, 2);
		fprintf(to, "  %7.4f\n", table->rows[i].proportion.value);
	}
}

static void print_zone(FILE *to, const struct lu_assessment *a, const struct lu_assessed_zone *zone)
{
	fprintf(to, "\nZone %s: %.2f ha, %" PRIu64 " labelled places, %s\n", zone->name, zone->area_ha, zone->labelled,
		zone->synthetic ? "synthetic (if the map errs here as in the county, class by class)"
				: "post-stratified by the map's classes");
	fprintf(to, "%*s  %12s", indent(a), "", "mapped");
	print_figure_heads(to, a, "adjusted", 12);
	fputc('\n', to);
	for (size_t i = 0; i < a->count; i++) {
		if (zone->classes[i].mapped_ha == 0 && zone->classes[i].area_ha.value == 0)
			continue;
		print_class(to, a, &a->classes[i]);
		fprintf(to, "  %12.2f", zone->classes[i].mapped_ha);
		print_figure(to, zone->classes[i].area_ha, 12, 2);
		fputc('\n', to);
	}
	if (zone->unsampled_ha > 0)
		fprintf(to, "left out: %.2f ha of classes without a labelled place\n", zone->unsampled_ha);
}

static void print_kappa(FILE *to, const struct lu_assessment *a)
{
	if (!a->wants_kappa)
		return;
	fputs("\nKappa (it says nothing that accuracy and areas do not say better: Pontius & Millones 2011)\n", to);
	if (!a->simple) {
		fprintf(to, "of the estimated proportions");
		if (a->kappa.known)
			fprintf(to, "  %.4f\n", a->kappa.value);
		else
			fputs("  -\n", to);
	}
	fprintf(to, "of the counts%s", a->simple ? "" : ", as if they were a simple random sample's");
	print_figure(to, a->kappa_counts, 6, 4);
	fputc('\n', to);
}

/* "88 %", "0.3 %": as much of a share as a person reads. */
static void write_percent(char *text, size_t size, double share)
{
	const double percent = 100 * share;

	snprintf(text, size, percent > 0 && percent < 1 ? "%.1f %%" : "%.0f %%", percent);
}

/* "88 % (79 to 94)", or "-". */
static void print_share(FILE *to, struct lu_figure figure, int width)
{
	char value[16], text[48] = "-";

	if (figure.known) {
		write_percent(value, sizeof(value), figure.value);
		snprintf(text, sizeof(text), "%s", value);
	}
	if (figure.known && figure.bounded)
		snprintf(text, sizeof(text), "%s (%.0f to %.0f)", value, 100 * figure.within.low,
			 100 * figure.within.high);
	fprintf(to, "  %*s", width, text);
}

/* What there is of a class in truth: hectares, or its part of the ground. */
static void print_truth(FILE *to, const struct lu_assessment *a, const struct lu_assessed_class *class)
{
	char text[64] = "-";

	if (!a->has_areas) {
		print_share(to, class->proportion, 26);
		return;
	}
	if (class->area_ha.known && class->area_ha.bounded)
		snprintf(text, sizeof(text), "%.0f (%.0f to %.0f)", class->area_ha.value, class->area_ha.within.low,
			 class->area_ha.within.high);
	else if (class->area_ha.known)
		snprintf(text, sizeof(text), "%.0f", class->area_ha.value);
	if (class->mapped_ha >= 0)
		fprintf(to, "  %12.0f", class->mapped_ha);
	else
		fprintf(to, "  %12s", "-");
	fprintf(to, "  %26s", text);
}

/*
 * For who has to decide, and is no statistician: one sentence, and one table. Everything in it is in the tables behind it,
 * with more digits.
 */
static void print_plainly(FILE *to, const struct lu_assessment *a)
{
	char value[16];

	if (a->overall.known) {
		write_percent(value, sizeof(value), a->overall.value);
		fprintf(to,
			a->probability_sample ? "The map is right on %s of the ground"
					      : "The map is right at %s of the places looked at",
			value);
		if (a->overall.bounded)
			fprintf(to, "; we are %g %% sure that it is between %.0f and %.0f %%", a->intervals.percent,
				100 * a->overall.within.low, 100 * a->overall.within.high);
		fprintf(to, " (%" PRIu64 " places were checked).\n\n", a->labelled);
	}
	fprintf(to, "%*s", indent(a), "");
	if (a->has_areas)
		fprintf(to, "  %12s  %26s", "hectares", "hectares");
	else
		fprintf(to, "  %26s", "part of the ground");
	fprintf(to, "  %18s  %18s\n", "of what is mapped", "of what is there");
	fprintf(to, "%*s", indent(a), "");
	if (a->has_areas)
		fprintf(to, "  %12s", "on the map");
	fprintf(to, "  %26s  %18s  %18s\n", "in truth (between)", "so, is right", "the map has found");
	for (size_t i = 0; i < a->count; i++) {
		const struct lu_assessed_class *class = &a->classes[i];
		print_class(to, a, class);
		print_truth(to, a, class);
		print_share(to, class->users, 18);
		print_share(to, class->producers, 18);
		fputc('\n', to);
	}
	fputs("\nThe same with standard errors, and how it was found:\n\n", to);
}

static void print_source(FILE *to, const struct lu_assessment *a)
{
	if (a->map != NULL && a->sample != NULL)
		fprintf(to, "%s, compared with %s\n", a->map, a->sample);
	else
		fprintf(to, "%s\n", a->map != NULL ? a->map : a->sample);
	fprintf(to, "%" PRIu64 " places, %" PRIu64 " labelled", a->rows, a->labelled);
	if (a->unlabelled > 0)
		fprintf(to, ", %" PRIu64 " not labelled (left out)", a->unlabelled);
	if (a->outside > 0)
		fprintf(to, ", %" PRIu64 " where nothing is mapped (left out)", a->outside);
	if (a->contradicted > 0)
		fprintf(to, ", %" PRIu64 " with two labels that differ (left out)", a->contradicted);
	if (a->missing > 0)
		fprintf(to, ", %" PRIu64 " missing (left out)", a->missing);
	if (a->repeated > 0)
		fprintf(to, "; %" PRIu64 " rows repeat a place", a->repeated);
	if (a->simple)
		fputs("\nestimators: simple random sampling (Cochran 1977)\n", to);
	else if (a->estimator == LU_ESTIMATOR_STRATIFIED)
		fputs("\nestimators: strata are the map's classes (Olofsson et al. 2014)\n", to);
	else
		fputs("\nestimators: ratio, strata are not the map's classes (Stehman 2014)\n", to);
	if (a->helped)
		fputs("change in all and growth: model-assisted, by the probability of change that the sample was "
		      "drawn with\n",
		      to);
	if (!a->probability_sample)
		fputs("NOT A PROBABILITY SAMPLE: the places' chances of being chosen are not known, so these figures\n"
		      "describe these places; they hold for the map only as far as the places are as good as random.\n",
		      to);
	if (a->empty_strata > 0 && a->has_areas)
		fprintf(to,
			"%zu strata without a labelled place are left out: figures hold for %.2f ha, not for %.2f ha\n",
			a->empty_strata, a->area_ha, a->unsampled_ha);
	else if (a->empty_strata > 0)
		fprintf(to, "%zu strata without a labelled place are left out\n", a->empty_strata);
	if (a->single_strata > 0)
		fprintf(to,
			"%zu strata have one labelled place, which has no variance: figures that rest on them have no "
			"SE\n",
			a->single_strata);
}

/* What a check of flags certifies; a limit is rounded down. */
static void print_flags(FILE *to, const struct lu_assessment *a)
{
	if (a->flags.drawn == 0)
		return;
	fprintf(to,
		"\nFlags that are real: %" PRIu64 " of %" PRIu64 " drawn%s; of all %" PRIu64
		" at least %.1f %%, with %g %% confidence\n(exact limit, Clopper and Pearson 1934, of a list that "
		"ends)\n",
		a->flags.real, a->flags.drawn,
		a->unlabelled + a->missing + a->contradicted > 0 ? " (those without a label count as not real)" : "",
		a->flags.all, floor(1e3 * a->flags.at_least + 1e-9) / 10, a->intervals.percent);
}

void lu_assessment_print(FILE *to, const struct lu_assessment *assessment)
{
	print_plainly(to, assessment);
	print_source(to, assessment);
	print_counts(to, assessment);
	print_proportions(to, assessment);
	print_accuracies(to, assessment);
	print_flags(to, assessment);
	print_areas(to, assessment);
	for (size_t i = 0; i < assessment->table_count; i++)
		print_table(to, assessment, &assessment->tables[i]);
	for (size_t i = 0; i < assessment->zone_count; i++)
		print_zone(to, assessment, &assessment->zones[i]);
	fprintf(to,
		"\nDisagreement of area: %.4f = quantity %.4f + exchange %.4f + shift %.4f (Pontius & Santacruz "
		"2014)\n",
		assessment->disagreement.difference, assessment->disagreement.quantity,
		assessment->disagreement.exchange, assessment->disagreement.shift);
	print_kappa(to, assessment);
}
