/*
 * detect.h: which cells changed between two dates, how surely, and which of them to flag.
 *
 *	class shares	of this county, by EM over the answers		change/prior.h
 *	chain		of all dates, so that each date helps to judge	change/timeline.h
 *			the others: log-odds that two dates differ
 *	scores		of neighbouring dates: these odds, and how far	change/movement.h
 *			the two answers moved
 *	two groups	what the county's own scores say of a score	change/two_groups.h
 *	chain		once more, with each cell's steps as just told:
 *			all pairs, sequences of classes
 *	flags		as many cells as keep the expected part of	change/fdr.h
 *			false flags at the rate asked for
 *
 * All but the flags is fitted once a job, to a sample of cells. It streams by rows, draws with a fixed seed and fits a step in
 * one thread, so it gives the same bytes on any number of threads.
 */
#ifndef LU_CHANGE_DETECT_H
#define LU_CHANGE_DETECT_H

#include "change/fdr.h"
#include "change/timelines.h"
#include "change/two_groups.h"

/* What a job may say of change. */
struct lu_detect_options {
	double false_discovery_rate; /* 0 < rate < 1: expect at most this part of the flags to be false */
	double min_probability; /* 0..1: flag no cell below this P(changed) */
	double rate; /* the part of cells that changes from one date to the next; 0: not stated, estimated */
	const double *allow; /* classes x classes, see lu_timeline_prior; NULL: every change is ordinary */
	int threads; /* that fit the chain; 0: one */
};

struct lu_detector;

/*
 * Fit the chain to the sample of 'timelines' (borrowed; every row of it has been added), of two dates or more; 'trained'
 * (classes, copied) are the class shares that the network was trained under. LU_ERROR_MEMORY.
 */
enum lu_status lu_detector_new(struct lu_timelines *timelines, const double *trained,
			       const struct lu_detect_options *options, struct lu_detector **out, struct lu_error *err);
void lu_detector_free(struct lu_detector *detector);

/* The same detector for another thread to begin pairs with; 'detector' must outlive it. */
enum lu_status lu_detector_twin(const struct lu_detector *detector, struct lu_detector **out, struct lu_error *err);

/* What was decided for one pair of dates; lu_detection_release it. */
struct lu_detection {
	size_t earlier, later; /* dates */
	uint64_t cells; /* mapped at both */
	double likeness; /* see change/likeness.h; NAN: not known */
	bool refused; /* it is below LU_LEAST_LIKENESS: nothing is flagged */
	bool is_own; /* told by 'groups': dates between the two cannot tell; else by the chain's steps */
	struct lu_two_groups groups;
	struct lu_fdr_choice choice;
	double rate; /* the part of the cells that changed, found or not; NAN: refused, as what is expected of the choice */
	double seen; /* what is seen of change as cells of two classes show it, for 1 seen of change as whole cells do */
	double within, beyond; /* sums of P(changed) over cells that may be flagged, and over others */
	struct lu_fdr *fdr; /* between begin and choose */
};

/*
 * Fit what the sample says of the pair 'earlier' < 'later', add every row once, then choose the threshold. Pairs may be
 * added to side by side: one pass over the scores does for all of them. Release '*out' also after a failure.
 * 'may' (one a column; NULL: all) says which cells may be flagged: the rate asked for holds among these, and what is found
 * is a part of the change of all.
 */
enum lu_status lu_detector_begin(struct lu_detector *detector, size_t earlier, size_t later, struct lu_detection *out,
				 struct lu_error *err);
enum lu_status lu_detector_add(struct lu_detector *detector, struct lu_detection *detection, int64_t row,
			       const bool *may, struct lu_error *err);
void lu_detector_choose(const struct lu_detector *detector, struct lu_detection *detection);

void lu_detection_release(struct lu_detection *detection);

/* One cell's answer. Classes are indices from 0. */
struct lu_detected {
	float changed; /* P(changed); negative: not mapped at both dates */
	bool flagged;
	uint16_t from, to; /* the most probable pair of different classes */
};

/* One row: 'cells' takes the timelines' columns. */
enum lu_status lu_detector_row(struct lu_detector *detector, const struct lu_detection *detection, int64_t row,
			       struct lu_detected *cells, struct lu_error *err);

/*
 * One row's most probable sequences of classes by the chain of all dates, in which a cell turns from one date to the next
 * where the pair of these dates finds that it more probably changed than not: paths[col * dates + date] is an
 * index from 0, or LU_NOT_MAPPED at a date at which the cell was not mapped.
 */
#define LU_NOT_MAPPED UINT16_MAX
enum lu_status lu_detector_paths(struct lu_detector *detector, int64_t row, uint16_t *paths, struct lu_error *err);

#endif
