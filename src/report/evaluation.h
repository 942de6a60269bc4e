/*
 * evaluation.h: what landuse evaluate found, and the forms it is told in.
 *
 * Confusion matrices have rows = map (predicted) and columns = reference, and say so wherever they
 * are printed.
 */
#ifndef LU_REPORT_EVALUATION_H
#define LU_REPORT_EVALUATION_H

#include "chipset/labelled_set.h"
#include "learn/metrics.h"
#include "learn/score_pictures.h"
#include "models/agreement.h"
#include "models/class_view.h"

/* The same chips in one view. */
struct lu_evaluation_view {
	struct lu_class_view view;
	struct lu_metrics metrics;
	size_t *chips; /* metrics.n chips: index into the set */
	size_t *reference, *predicted;
	float *confidence;
	size_t left_out; /* chips whose class this view leaves unmapped */
	bool has_blocks; /* some chips share a block: then */
	struct lu_by_blocks by_blocks;
	double ece_by_chance; /* that as many chips would show if every one meant what it says */
};

struct lu_evaluation {
	const struct lu_model *model; /* borrowed */
	const struct lu_labelled_set *set; /* borrowed */
	enum lu_split split; /* NONE: every chip */
	enum lu_fit fit;
	const double *range; /* of chips with more than 8 bits, the option's or the model's; NULL: none */
	struct lu_evaluation_view *views; /* the first is the one that is told first */
	size_t view_count;
	size_t unreadable;
	size_t copies; /* chips with the bytes of another before them */
	size_t in_training; /* chips that the model has learned from */
	bool balanced; /* every class has about the same number of chips */
	double seconds, chips_per_second; /* decoding included */
	enum lu_precision precision; /* what the model ran in */
	struct lu_agreement agreement; /* with float32; of: 0 where that was not asked for */
	double exact_accuracy; /* of the first view in float32, where there is an agreement */
};

/*
 * Is every class that has chips within 10 % of the others? Then the shares of classes are the
 * collector's and not the ground's, and overall accuracy is no map's.
 */
bool lu_evaluation_balanced(const struct lu_metrics *metrics);
/* Sentence 'i' of what a reader must know of the figures, or NULL after the last; lu_free it. */
char *lu_evaluation_note(const struct lu_evaluation *evaluation, size_t i);

/* The three forms for stdout; lu_free '*text'. */
enum lu_status lu_evaluation_text(const struct lu_evaluation *evaluation, char **text, struct lu_error *err);
enum lu_status lu_evaluation_json(const struct lu_evaluation *evaluation, char **text, struct lu_error *err);
enum lu_status lu_evaluation_csv(const struct lu_evaluation *evaluation, char **text, struct lu_error *err);

/*
 * The files of -o: evaluation.json, per_class.csv, and for each view confusion.csv, confusion.svg
 * (further views with their name: confusion_developed-3.svg), mistakes.csv and mistakes.svg of the first.
 */
enum lu_status lu_evaluation_names(struct lu_output_names *names, struct lu_error *err);
enum lu_status lu_evaluation_write(const struct lu_evaluation *evaluation, const char *folder, struct lu_error *err);

/* A confusion picture; lu_free '*svg'. */
enum lu_status lu_confusion_svg(const struct lu_evaluation_view *view, char **svg, struct lu_error *err);

/*
 * The surest mistakes of the first view as a picture, mistakes.svg, each with the number that it has
 * in mistakes.csv. Without a mistake the table is empty and there is no picture.
 */
enum lu_status lu_contact_sheet(const struct lu_evaluation *evaluation, const char *folder, struct lu_error *err);

#endif
