/*
 * training_chips.h: which pictures a model has learned from, by their bytes.
 *
 * landuse train writes the list into model.json as properties.landuse:training_chips: the first 16
 * hex digits of the SHA-256 of each picture, those that its backbone has learned from included. A chip in it says nothing about how well a model does
 * on ground that it has not seen.
 */
#ifndef LU_MODELS_TRAINING_CHIPS_H
#define LU_MODELS_TRAINING_CHIPS_H

#include "base/error.h"
#include "base/hash.h"
#include "models/model.h"

enum { LU_TRAINING_CHIP_DIGITS = 16 };

struct lu_training_chips {
	uint64_t *keys; /* ascending */
	size_t count;
};

/* The list of the model's package, or of the one that a bare network lies in; empty where there is none. */
enum lu_status lu_training_chips_read(const struct lu_model *model, struct lu_training_chips *out,
				      struct lu_error *err);
void lu_training_chips_release(struct lu_training_chips *chips);

/* Is the picture with this SHA-256 among them? False for an empty text. */
bool lu_training_chips_have(const struct lu_training_chips *chips, const char *sha256);

#endif
