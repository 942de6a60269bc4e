/*
 * changes.h: what a job has to do again, and why, a line each: the job and its inputs against what the former run noted of its own.
 *
 *	2011: a new date
 *	2006: its imagery is new
 *	change.rate: 0.02, it was 0.01
 *	2001: kept
 *	change 2001-2006: kept
 *	change 2001-2011: change.rate differs
 *
 * What is done rests on fingerprints (county.h, manifest.h, redo.h) and on the scores that are there; the lines tell it.
 */
#ifndef LU_RUNS_CHANGES_H
#define LU_RUNS_CHANGES_H

#include "job/county.h"
#include "runs/manifest_read.h"
#include "runs/redo.h"

struct json_t;

/* What a manifest notes of the job, for the next run to compare: an object under "basis". NULL: no memory. */
struct json_t *lu_changes_basis(const struct lu_county *county);

/* Are the scores of date 'i' in the output folder, whole? Their records are not looked at. */
bool lu_changes_kept(const struct lu_county *county, size_t i);

/*
 * '*text' (lu_free it), lines as above. 'former' is the manifest of the run before (NULL: there is none), 'exchanged' (may be
 * NULL) tells of each date whether its imagery was found to have other bytes, 'redo' (NULL: everything is
 * made, and nothing told of pairs) which pairs are kept. "" where nothing can be said: a first run.
 */
enum lu_status lu_changes_tell(const struct lu_county *county, const struct lu_manifest *former, const bool *exchanged,
			       struct lu_redo *redo, char **text, struct lu_error *err);

/*
 * By the sums of all inputs (one of each file of county->inputs): which dates have imagery whose bytes are not what 'former'
 * says that they were? For '--strict'; size, times and a sample of bytes are in the fingerprints anyway.
 */
enum lu_status lu_changes_exchanged(const struct lu_county *county, struct lu_manifest *former,
				    const struct lu_file_sum *sums, bool *exchanged, struct lu_error *err);

#endif
