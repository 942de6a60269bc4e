/*
 * open_date.h: inside job/: one date of a county: its imagery, as the job names it or as a catalogue knows it.
 */
#ifndef LU_JOB_OPEN_DATE_H
#define LU_JOB_OPEN_DATE_H

#include "job/county.h"

/* Opens county->imagery[i], for which the model must be open; county->items[i] is what a catalogue said of it. */
enum lu_status lu_county_open_date(struct lu_county *county, size_t i, const struct lu_hooks *hooks,
				   struct lu_error *err);

#endif
