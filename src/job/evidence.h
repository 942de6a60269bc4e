/*
 * evidence.h: what a job's maps are compared with: labelled samples (accuracy:), and a map of others (reference:).
 *
 * Whether they fit is found before any pixel is scored; what they say, when the maps are there (commands/evidence.h).
 */
#ifndef LU_JOB_EVIDENCE_H
#define LU_JOB_EVIDENCE_H

#include "base/hash.h"
#include "job/county.h"

/*
 * Fill county->samples and reference_codes; 'folder' is the job file's. The errors of lu_sample_fit, and LU_ERROR_ARGUMENT: two samples of one map, or of a pair of dates
 * that the job does not compare; a reference that is no raster of classes, or not told in the maps' scheme.
 */
enum lu_status lu_evidence_check(struct lu_county *county, const char *folder, const struct lu_hooks *hooks,
				 struct lu_error *err);

/* The files, into county->inputs. */
enum lu_status lu_evidence_inputs(struct lu_county *county, struct lu_error *err);

/* Part of the fingerprint of the outputs: what is taken from the samples, and the state of the reference's files. */
void lu_evidence_hash(const struct lu_county *county, struct lu_sha256 *hash);

/* The scheme by which the reference's codes are merged, a name or file; NULL: it has the maps' codes. The county's own. */
const char *lu_evidence_scheme(const struct lu_county *county);

#endif
