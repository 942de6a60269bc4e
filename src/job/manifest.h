/*
 * manifest.h: what an output folder holds and what it came from, in manifest.json.
 *
 * It goes before the first output is replaced and is written last: a folder with a manifest is whole. Its fingerprint
 * covers everything that the outputs depend on, which is how `run --if-changed` knows that there is nothing to do.
 */
#ifndef LU_JOB_MANIFEST_H
#define LU_JOB_MANIFEST_H

#include "base/outputs.h"
#include "job/county.h"

/* Fingerprint of a whole job. */
enum lu_status lu_manifest_fingerprint(const struct lu_county *county, char hex[LU_SHA256_HEX], struct lu_error *err);

/*
 * True when FOLDER/manifest.json has this fingerprint and every file that it lists is there as it was written, byte for
 * byte. People and QGIS write into three kinds, which need only be sound: GeoPackages (reviews of candidates), the
 * style of a map, and the table of statistics beside it. Else 'why' (512 bytes) says what is not as it was, or is ""
 * where there is no manifest or one of other inputs or options.
 */
enum { LU_MANIFEST_WHY = 512 };
bool lu_manifest_current(const char *folder, const char *fingerprint, char why[LU_MANIFEST_WHY]);

/*
 * LU_ERROR_ARGUMENT when FOLDER/manifest.json vouches for a file that is one of 'names': it is a run's, and somebody else
 * would write over it.
 */
enum lu_status lu_manifest_guard(const char *folder, const struct lu_output_names *names, struct lu_error *err);

/* Remove FOLDER/manifest.json, durably: from here on its files are being replaced. */
enum lu_status lu_manifest_withdraw(const char *folder, struct lu_error *err);

/* Hash the outputs and write FOLDER/manifest.json. */
enum lu_status lu_manifest_write(const char *folder, const struct lu_county *county, const char *fingerprint,
				 const struct lu_outputs *outputs, struct lu_error *err);

#endif
