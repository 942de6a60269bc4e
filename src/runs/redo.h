/*
 * redo.h: which products of a job are in its folder already, as this run would make them.
 *
 * Each product has a fingerprint of all that it is made of:
 *
 *	map of a date		its scores, and the keys that touch maps
 *	change of two maps	the fingerprints of both
 *	what is judged		all maps, and the keys that touch change: each date helps to judge the others
 *	a picture		what it shows, and how (change/patch_pictures.h)
 *
 * Which product is made of what is said in the table of outputs (job/output_names.h), which key touches what in the table of keys
 * (job/job_keys.h). The manifest notes the fingerprint beside each file. A file is kept where the former manifest has
 * the same one and the file is there byte for byte; tables and the report are made by every run.
 */
#ifndef LU_RUNS_REDO_H
#define LU_RUNS_REDO_H

#include "base/outputs.h"
#include "job/county.h"
#include "runs/manifest_read.h"

struct lu_redo;

/* 'county' and 'former' (NULL: there was no run) must outlive it. 'keep' false: everything is made, and fingerprints are noted. */
enum lu_status lu_redo_new(const struct lu_county *county, const struct lu_manifest *former, bool keep,
			   struct lu_redo **out, struct lu_error *err);
void lu_redo_free(struct lu_redo *redo);

/* For struct lu_outputs; the redo's own. */
const struct lu_keeper *lu_redo_keeper(struct lu_redo *redo);

enum lu_redo_state {
	LU_REDO_KEPT,
	LU_REDO_NEW, /* the former run had no such file, or noted nothing of it */
	LU_REDO_OTHER, /* it was made of something else */
	LU_REDO_CHANGED, /* the file, or one that goes with it, is not as it was written */
	LU_REDO_GONE,
};

/* What of an output that is known by its path. Reads the file where all else speaks for it. */
enum lu_redo_state lu_redo_look(struct lu_redo *redo, const char *path);

/* For the manifest: what an output was made of, where anybody asked whether it is kept; and its sum, where it is. Else NULL. */
const char *lu_redo_made_of(const struct lu_redo *redo, const char *path);
const char *lu_redo_sum(const struct lu_redo *redo, const char *path);

#endif
