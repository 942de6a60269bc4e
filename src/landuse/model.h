/*
 * model.h: a model that looks at arrays, for programs that have imagery of their own in memory, cut to squares of the
 * model's ground.
 *
 *	struct lu_open_model *model = NULL;
 *	struct lu_model_options options;
 *	lu_model_options_init(&options);
 *	options.model = "aerial";
 *	options.scheme = "landcover-7";
 *	if (lu_model_open(&options, &model, &error) == LU_OK) {
 *		const struct lu_model_description *is = lu_model_describe(model);
 *		... pixels: n * is->side_px * is->side_px * is->bands bytes; probabilities: n * is->class_count floats
 *		if (lu_model_score(model, pixels, n, probabilities, &error) == LU_OK)
 *			... probabilities[i * is->class_count + k]: chip i shows is->class_names[k]
 *		lu_model_close(model);
 *	}
 *
 * Part of landuse.h: include that one. Opened once, a model does not change: any number of threads may score with one at
 * once, each call with threads of its own.
 */
#ifndef LANDUSE_MODEL_H
#define LANDUSE_MODEL_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lu_open_model;

struct lu_model_options {
	const char *model; /* a package's name or folder, or a .onnx file */
	/* A class scheme, "landcover-7" or a file, whose classes gather the model's: the probabilities are then its classes'. NULL:
	 * the model's own. */
	const char *scheme;
	/* Of a .onnx file alone: input = (value / 255 - mean) / std, one number or one a band; the classes. */
	const double *mean, *std;
	size_t mean_count, std_count;
	const char *const *class_names;
	size_t class_name_count;
	const char *output_name; /* which of its outputs; NULL: the first */
	enum lu_engine_id engine;
	enum lu_precision precision;
	int threads; /* of one call; 0: every core */
	const struct lu_hooks *hooks; /* copied; what 'user' points to must last until lu_model_close */
};
LU_API void lu_model_options_init(struct lu_model_options *options);

/* What a model is. Read only; the struct, its strings and arrays are the model's, and last as long as it does. */
struct lu_model_description {
	const char *name;
	int side_px; /* a chip is side_px x side_px pixels, */
	size_t bands; /* of so many bytes each, in the model's order: red, green, blue of the packages that come with landuse */
	double gsd_m; /* ground metres of such a pixel; 0: not known, of a .onnx file */
	double finest_gsd_m, coarsest_gsd_m; /* of imagery that the caller may resize to gsd_m; 0: not known */
	size_t class_count;
	const char *const *class_names; /* in the order of a chip's probabilities */
	bool independent; /* each class has a probability of its own, and they need not sum to 1 */
};

/*
 * Open a model into '*model', which is the caller's: lu_model_close. NULL on failure. LU_ERROR_ARGUMENT: nothing of that
 * name, or an option; LU_ERROR_FORMAT: damaged, or no network of chips; LU_ERROR_UNSUPPORTED: an operator that is not run here.
 */
LU_API enum lu_status lu_model_open(const struct lu_model_options *options, struct lu_open_model **model,
				    struct lu_error *err);
LU_API const struct lu_model_description *lu_model_describe(const struct lu_open_model *model);
/*
 * 'pixels' is count x side_px x side_px x bands, values 0 to 255 (NumPy: uint8, C order, bands last); 'probabilities'
 * becomes count x class_count, from 0 to 1, in the order of class_names. Both are the caller's, and nothing is kept; 'count' 0
 * does nothing. Every pixel counts as data: leave chips out that have none. A chip of anything gets an answer, noise too:
 * whether imagery looks like what the model has learned from, a run tells (landuse run --dry-run), not this. A chip's numbers are the same bits
 * in whatever company and with any number of threads, on one kind of processor; another engine, precision or processor
 * rounds otherwise. LU_ERROR_MISMATCH: the network's answers for a chip, told by its number, are no probabilities. On
 * failure 'probabilities' is partly written.
 */
LU_API enum lu_status lu_model_score(const struct lu_open_model *model, const uint8_t *pixels, size_t count,
				     float *probabilities, struct lu_error *err);
/* NULL does nothing. No call may be at work with the model. */
LU_API void lu_model_close(struct lu_open_model *model);

#ifdef __cplusplus
}
#endif
#endif
