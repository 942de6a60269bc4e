/*
 * evidence.h: what samples and a reference map say of the maps of a run that have just been written.
 */
#ifndef LU_COMMANDS_EVIDENCE_H
#define LU_COMMANDS_EVIDENCE_H

#include "accuracy/assessment.h"
#include "base/outputs.h"
#include "job/county.h"
#include "report/comparison.h"
#include "report/evidence.h"

/* Starts as {0}. */
struct lu_run_evidence {
	struct lu_assessed_map *maps; /* one for each of the job's 'accuracy' */
	size_t count;
	struct lu_comparison comparison;
	struct lu_evidence told; /* for the figures; points into the rest */
	char **paths; /* of maps, that those name */
	size_t path_count;
};

/* Read the maps in the output folder at the samples' places, and compare one with the reference. */
enum lu_status lu_run_evidence_find(const struct lu_county *county, const struct lu_hooks *hooks,
				    struct lu_run_evidence *out, struct lu_error *err);
void lu_run_evidence_release(struct lu_run_evidence *evidence);

#endif
