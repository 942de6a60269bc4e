/*
 * job_keys.h: the keys of a job file, one row each: how a value is written, what holds without one, what it means, and
 * what has to be made again when it changes.
 *
 * Said once, in job_key_table.c. From the rows come the reading of job files (job_file.c), the fingerprints of scores and
 * outputs, the settings that a plan tells, docs/job-file.md and config/job.yaml (tests/job/test_job_pages.c).
 */
#ifndef LU_JOB_JOB_KEYS_H
#define LU_JOB_JOB_KEYS_H

#include <stdio.h>

#include "base/hash.h"
#include "base/yaml.h"

struct lu_job; /* job_file.h */

/* How a value is written, and what it is in C. */
enum lu_key_type {
	LU_KEY_MAPPING, /* keys below it: "grid" has "grid.crs" */
	LU_KEY_LIST, /* of such mappings, as an array of structs and their number: "dates" has "dates[].bands" */
	LU_KEY_TEXT, /* char *; NULL: none */
	LU_KEY_NAME, /* char *, a name that may be a path */
	LU_KEY_PATH, /* char *, seen from the job file's folder */
	LU_KEY_TEXTS, /* char ** and their number: a text, or a list of texts */
	LU_KEY_PATHS,
	LU_KEY_NUMBER, /* double, from 'low' to 'high' */
	LU_KEY_PAIR, /* double[2], and whether it is there */
	LU_KEY_INTEGER, /* int, from 'low' to 'high' */
	LU_KEY_INTEGERS, /* int * and their number */
	LU_KEY_BOOLEAN, /* bool */
	LU_KEY_CHOICE, /* an enum: the number of one of 'words' */
	LU_KEY_DATE, /* size_t: the number of one of the job's dates */
};

/* What has to be made again when a value changes: each with all that stands below it. */
enum lu_key_makes {
	LU_MAKES_NOTHING = 0, /* the outputs would be the same */
	LU_MAKES_SCORES = 1, /* the network has to see a date again */
	LU_MAKES_MAPS = 2, /* from scores that may be there */
	LU_MAKES_CHANGE = 4, /* what is judged by the scores of all dates: significance, patches, trajectories */
	LU_MAKES_FIGURES = 8, /* tables and report; which files there are */
	LU_MAKES_OUTPUTS = LU_MAKES_MAPS | LU_MAKES_CHANGE | LU_MAKES_FIGURES,
};

/* A value, where it is written; 'job' is read as far as the rows above. */
struct lu_key_place {
	const struct lu_job *job;
	struct lu_yaml_at section, value; /* the mapping it stands in; itself, with node 0 where it is left out */
};

struct lu_job_key {
	const char *path; /* "change.layers[].name" */
	const char *formerly; /* the own name that it had before: refused, with the new one */
	enum lu_key_type type;
	enum lu_key_makes makes;
	/*
	 * The fingerprint is of what the key leads to (a file's content, the grid), and county.c or manifest.c adds that;
	 * otherwise it is of the value, and nobody need do anything.
	 */
	bool found;
	bool required;
	bool or_mapping; /* a value that may be a mapping in its place, with the keys below it: "imagery" has "imagery.stac" */
	bool off; /* a mapping that, left out, leaves out all that its keys are about */
	size_t at; /* offset in struct lu_job, or in the struct of the list's items */
	size_t count_at; /* of lists: a size_t */
	size_t has_at; /* a bool that tells whether the value is stated; 0: there is none */
	size_t item_size;
	const char *item; /* "a date" */
	double low, high; /* both 0: any number */
	double number; /* what holds when it is left out; of a bool, 0 is false */
	const char *const *words; /* of a choice, NULL at the end */
	const char *unit;
	const char *usual; /* what holds when it is left out, in words; NULL: 'number', or nothing */
	const char *example; /* a value; of a list, further items */
	const char *meaning; /* one line */
	/* A mapping's other form, one word, which this puts into 'in'; false: it should be 'form'. */
	bool (*short_form)(const char *word, void *in);
	const char *form;
	/* What type and range do not say; called wherever the mapping that the key stands in is stated. 'in' is the struct. */
	enum lu_status (*check)(struct lu_key_place place, void *in, struct lu_error *err);
};

/* All rows, in the order of the pages. */
const struct lu_job_key *lu_job_keys(size_t *count);

/* The key's own name, behind its section's: "name". */
const char *lu_job_key_name(const struct lu_job_key *key);

/* The section of the keys below a mapping ("grid") or in a list's items ("dates[]"); the whole job is "". */
enum { LU_JOB_SECTION = 80, LU_JOB_SECTION_KEYS = 48 };
const char *lu_job_key_section(const struct lu_job_key *key, char buffer[LU_JOB_SECTION]);

/* The keys of a section; their number. */
size_t lu_job_section_keys(const char *section, const struct lu_job_key *keys[LU_JOB_SECTION_KEYS]);

/* Put what holds without a value into the struct 'in'. */
void lu_job_key_default(const struct lu_job_key *key, void *in);

/* Add the values by which something of 'makes' (one or several) has to be made again, where they are not found. */
void lu_job_keys_hash(const struct lu_job *job, unsigned makes, struct lu_sha256 *hash);

/*
 * "  min_valid: 0.8", a line for each setting that is not the usual one, 'heading' before the first. What leads to files,
 * grid and network is not told.
 */
void lu_job_settings_print(FILE *to, const struct lu_job *job, const char *heading);

/* Free all that a key of the job holds. */
void lu_job_keys_release(struct lu_job *job);

#endif
