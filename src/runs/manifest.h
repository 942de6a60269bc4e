/*
 * manifest.h: what an output folder holds and what it came from, in manifest.json.
 *
 * It goes before the first output is replaced and is written last: a folder with a manifest is whole. Its fingerprint
 * covers everything that the outputs depend on, which is how `run --if-changed` knows that there is nothing to do.
 */
#ifndef LU_RUNS_MANIFEST_H
#define LU_RUNS_MANIFEST_H

#include <time.h>

#include "base/hash.h"
#include "base/outputs.h"
#include "job/county.h"
#include "runs/manifest_read.h"
#include "runs/redo.h"

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

/*
 * Take FOLDER/manifest.json away, durably: from here on its files are being replaced. '*former' is what it said (or what the
 * manifest said that a run withdrew which was stopped then), and NULL where there was none or one that is damaged.
 */
enum lu_status lu_manifest_withdraw(const char *folder, struct lu_manifest **former, struct lu_error *err);

/* What a run knows of itself. All borrowed. */
struct lu_manifest_run {
	const char *fingerprint;
	const char *const *command; /* as it was given: "landuse", "run", ... */
	size_t command_count;
	const char *versions; /* of the libraries: JSON */
	const struct lu_file_sum *sums; /* of the county's inputs; "": the file is another one since it was read */
	const struct lu_manifest_date *dates; /* one a date of the job */
	const struct lu_redo *redo; /* what outputs are made of, and which of them were kept */
	time_t started;
	double clock; /* lu_seconds_now at that moment */
};
struct lu_manifest_date {
	uint64_t chips; /* scored in this run */
	double seconds; /* that it took */
};

/* Hash the outputs and write FOLDER/manifest.json; what was withdrawn goes for good. */
enum lu_status lu_manifest_write(const char *folder, const struct lu_county *county, const struct lu_manifest_run *run,
				 const struct lu_outputs *outputs, struct lu_error *err);

/*
 * 'outputs' were made again, or for the first time, of what lies in 'folder': its manifest lists them as they are now, and is
 * otherwise as it was. LU_ERROR_FORMAT: there is no sound manifest.
 */
enum lu_status lu_manifest_renew(const char *folder, const struct lu_outputs *outputs, struct lu_error *err);

#endif
