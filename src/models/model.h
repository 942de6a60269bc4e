/*
 * model.h: a model package, the folder models/NAME with model.onnx and model.json.
 *
 * model.json is a STAC Item with the machine-learning-model extension (mlm 1.5). What the network
 * expects of a pixel is read from it and never assumed: chip size, bands, the scaling of 0..255
 * values, ground sample distance, and the classes in the order of the output. The ONNX file must
 * have the SHA-256 that the item states; where its weights lie beside it, one that covers them too. A package whose task is feature-extraction has no classes:
 * it is what landuse train puts heads on.
 */
#ifndef LU_MODELS_MODEL_H
#define LU_MODELS_MODEL_H

#include "base/error.h"
#include "base/hash.h"
#include "base/inputs.h"
#include "models/reach.h"
#include "nn/nn.h"

/* The factor that a package bears between its resolution and the imagery's where model.json tells no range. */
#define LU_GSD_USUAL 2.0

struct lu_model {
	char *folder, *name, *architecture, *license;
	char *onnx_path, *default_scheme;
	char *onnx_href, *scheme_href; /* the same as model.json writes them; NULL: not written */
	char sha256[LU_SHA256_HEX]; /* of the network and the files that it names: lu_onnx_digest */
	bool uncovered; /* what model.json states is of model.onnx alone, and its weights lie beside it */
	int chip_px; /* the network's input is chip_px x chip_px; 0: not known yet, of a bare file */
	double gsd_m; /* ground metres of a pixel of its input: chips are brought to it */
	/* Resolutions of the imagery whose chips, so brought, it has learnt from: finest and coarsest detail shown. */
	double gsd_range[2];
	/* Values that became 0 and 255 in chips with more than 8 bits when it was trained; 'ranged' false: no word of it. */
	bool ranged;
	double range[2];
	char *output; /* the network's output that is used; NULL: its first */
	enum lu_order order; /* of its image, as model.json says; once it is read, as it is */
	bool bytes; /* model.json says that it takes uint8 */
	size_t bands;
	char **band_names; /* one a band; NULL entries: not named */
	float *scale, *offset; /* input = value * scale[band] + offset[band], value in 0..255 */
	char **classes;
	size_t class_count;
	double *confusion; /* class_count x class_count counts of held-out chips, rows = predicted; NULL: no record */
	size_t features; /* numbers a chip, of a package that makes features and has no classes; else 0 */
	double agreement[LU_PRECISIONS]; /* by precision: the share of labels kept, see agreement.h; 0: no record */
	double score_scale; /* brings its answers to the scale on which change is judged, see score_scale.h; 0: no record */
	struct lu_reach reach; /* what its training chips look like; count 0: no record */
	bool logits; /* the output is named "logits": softmax is still to be applied */
	enum lu_ending ending; /* of the network, once it is read: see answers.h */
};

/*
 * Open the package at 'folder' and check the network's hash (LU_ERROR_FORMAT when a byte differs).
 */
enum lu_status lu_model_read(const char *folder, struct lu_model **out, struct lu_error *err);

/* Add what is read of the package: model.json, the network and its weights beside it. */
enum lu_status lu_model_inputs(const struct lu_model *model, struct lu_inputs *inputs, struct lu_error *err);

/*
 * What '*range' pictures with more than 8 bits are read by: 'asked', else the package's own, else NULL. LU_ERROR_ARGUMENT:
 * 'asked' is no {low, high}.
 */
enum lu_status lu_model_range(const struct lu_model *model, const double *asked, const double **range,
			      struct lu_error *err);

/*
 * LU_ERROR_FORMAT, with the digest to state, where model.json's is of the network's file alone and nothing states what
 * its weights should be. Such a model runs, with a warning (lu_model_warn): its maps carry the digest of everything.
 */
enum lu_status lu_model_need_covered(const struct lu_model *model, struct lu_error *err);
void lu_model_warn(const struct lu_model *model, const struct lu_hooks *hooks);

/* LU_ERROR_ARGUMENT, with what to do, when the package makes features and no classes. */
enum lu_status lu_model_need_classes(const struct lu_model *model, struct lu_error *err);

/*
 * What 'auto' means for this model on this engine (NULL: the best) and processor: of the faster precisions one that
 * keeps enough labels by model.json's own record (agreement.h), else float32.
 */
enum lu_precision lu_model_precision(const struct lu_model *model, enum lu_precision asked, const char *engine);

/*
 * Which of its bands (from 0) show as red, green and blue: those of these names, or else the first three, or the
 * first one alone where it takes fewer.
 */
void lu_model_colours(const struct lu_model *model, size_t colours[3]);

/*
 * Read the model's network (lu_graph_load), with its output and the order of its image chosen. LU_ERROR_MISMATCH where it
 * is not as model.json says, LU_ERROR_ARGUMENT where a bare file has no such output.
 */
enum lu_status lu_model_graph(struct lu_model *model, struct lu_graph **out, struct lu_error *err);
/* The same for a graph of it that was read some other way, of which 'output' is wanted (NULL: the first). */
enum lu_status lu_model_choose(struct lu_model *model, struct lu_graph *graph, const char *output,
			       struct lu_error *err);

/*
 * Plan a network for chips of this model, which are bytes (chips/cut.h): lu_plan_build, with the model's scaling in
 * place of that in 'options'. LU_ERROR_MISMATCH: 'graph' takes another number of channels than the model has bands, or
 * chips of another size (where the model has one: chip_px is not 0).
 */
enum lu_status lu_model_plan(const struct lu_model *model, const struct lu_graph *graph,
			     const struct lu_plan_options *options, struct lu_plan **out, struct lu_error *err);

void lu_model_free(struct lu_model *model);

#endif
