/*
 * agreement.h: how many of a package's labels a faster precision keeps, as it was measured on real chips.
 *
 * model.json has it as property landuse:NAME_agreement, NAME being int8, bf16 or fp16: {"share", "chips", ...}. Precision
 * auto reads it; what is not recorded is not used by itself.
 */
#ifndef LU_MODELS_AGREEMENT_H
#define LU_MODELS_AGREEMENT_H

#include <jansson.h>

#include "nn/nn.h"

/* Labels that are the same as in float32, of how many chips; how many of these the model has learned from. */
struct lu_agreement {
	size_t same, of, in_training;
};

/* The share that the properties of a package's item record for a precision; 0: no record. */
double lu_agreement_read(const json_t *properties, enum lu_precision precision);

/* Does precision auto take it? int8 from 99 % on, bf16 and fp16 from 99.9 % on. */
bool lu_agreement_is_enough(double share, enum lu_precision precision);

/* Write 'agreement', of the package that 'set' was scored with, into 'folder'/model.json: replaced whole, or not at all. */
enum lu_status lu_agreement_record(const char *folder, enum lu_precision precision,
				   const struct lu_agreement *agreement, const char *set, struct lu_error *err);

/*
 * 'record' (taken over, also NULL) instead of all that the properties record: those of another network, made for
 * 'precision'. False: out of memory.
 */
bool lu_agreement_replace(json_t *properties, enum lu_precision precision, json_t *record);

#endif
