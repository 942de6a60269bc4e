/*
 * classifier.h: a model ready to look at pictures: a package, or a bare ONNX file with its facts told
 * by options.
 */
#ifndef LU_MODELS_CLASSIFIER_H
#define LU_MODELS_CLASSIFIER_H

#include "models/model.h"
#include "landuse/core.h"
#include "nn/nn.h"

struct lu_classifier_options {
	const char *model; /* a package's name or folder, or a .onnx file */
	/* For a .onnx file only: input = (value / 255 - mean) / std, one entry or one a band. */
	const double *mean, *std; /* NULL: 0.5, that is value / 127.5 - 1, with a warning; not for a file of uint8 */
	size_t mean_count, std_count;
	const char *const *class_names; /* in the order of the output; NULL: "0", "1", ... */
	size_t class_name_count;
	const char *output_name; /* of a file with several outputs; NULL: the first */
	/* Features instead of classes: the network is cut at 'layer' (NULL: see lu_onnx_cut). */
	bool features;
	const char *layer;
	const char *engine; /* NULL: the best */
	enum lu_precision precision; /* AUTO: see lu_model_precision */
	const struct lu_hooks *hooks;
};

struct lu_classifier {
	struct lu_model *model; /* of a bare file: name, hash, scaling, classes; folder NULL */
	struct lu_plan *plan;
	char *layer; /* where it was cut; NULL */
	int batch; /* chips a run */
	size_t outputs; /* numbers a chip */
	bool bare;
};

/*
 * Open, plan and check. LU_ERROR_ARGUMENT: options that do not fit the network (counts of means or
 * names; options of a bare file for a package; no such layer); LU_ERROR_MISMATCH: a network that does
 * not take square pictures, or a package that does not fit its network.
 */
enum lu_status lu_classifier_open(const struct lu_classifier_options *options, struct lu_classifier *out,
				  struct lu_error *err);
void lu_classifier_close(struct lu_classifier *classifier);

#endif
