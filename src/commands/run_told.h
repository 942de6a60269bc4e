/*
 * run_told.h: what a run says of itself when its outputs are whole, to a person and to a program.
 */
#ifndef LU_COMMANDS_RUN_TOLD_H
#define LU_COMMANDS_RUN_TOLD_H

#include "change/new_patches.h"
#include "commands/pipeline.h"
#include "job/county.h"
#include "runs/manifest.h"

/* Where processor time went, in seconds of all threads. */
struct lu_run_stats {
	double reading, network; /* as of lu_score */
	double writing; /* scores, maps, tables, sums of files */
};

/* All borrowed. */
struct lu_run_told {
	const struct lu_county *county;
	const struct lu_pipeline *pipeline;
	const struct lu_manifest_date *dates; /* what each took */
	const struct lu_new_patches *news;
	const char *alarms; /* a line each */
	size_t fired;
	uint64_t chips;
	double scoring_seconds, seconds;
	const struct lu_run_stats *stats; /* NULL: not asked for */
};

/* "done: 2 of 2 dates classified, 43 outputs, 1 alarm": the last line; lu_free it. */
enum lu_status lu_run_tell_end(const struct lu_run_told *told, char **line, struct lu_error *err);

/* The whole summary; lu_free '*text'. */
enum lu_status lu_run_tell(const struct lu_run_told *told, bool json, char **text, struct lu_error *err);

/* A text that is no such summary, a plan, as a member of a JSON object; or with "" that all is up to date. Replaces '*text'. */
enum lu_status lu_run_wrap(const char *member, const char *output, char **text, struct lu_error *err);

/* Before outputs are replaced, and after: patches of the job's layers that the former run had, and those of this one. */
struct lu_manifest;
enum lu_status lu_run_news_remember(const struct lu_county *county, const struct lu_manifest *former,
				    struct lu_new_patches *out, struct lu_error *err);
enum lu_status lu_run_news_find(const struct lu_county *county, struct lu_new_patches *out, struct lu_error *err);

#endif
