/*
 * job_template.h: a job file written for a person to go on from: values where they are known, and every other key of the table
 * as a comment that says what it is for.
 */
#ifndef LU_JOB_JOB_TEMPLATE_H
#define LU_JOB_JOB_TEMPLATE_H

#include <stdio.h>

#include "job/job_keys.h"

/* A value that is known of a key. */
struct lu_job_value {
	const char *path; /* the key's: "dates[].imagery" */
	size_t item; /* of a list: whose, from 0 */
	const char *text; /* as YAML writes it (lu_yaml_words) */
	const char *note; /* beside it, in the place of what the key means; NULL: that */
};

/* What holds where a key is left out, in words; "" where it must be there. */
const char *lu_job_key_usual(const struct lu_job_key *key, char buffer[32]);

/* The keys of a job with these values; those without one are comments, two characters in front of what they would be. */
void lu_job_template_print(FILE *to, const struct lu_job_value *values, size_t count);

/* The same with every key's example for its value: config/job.yaml. */
void lu_job_example_print(FILE *to);

#endif
