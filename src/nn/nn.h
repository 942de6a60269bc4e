/*
 * nn.h: trained networks: an ONNX file becomes a graph, a graph a plan, a plan a session a thread.
 *
 *	lu_graph_load     what the file says, checked; nothing is computed yet
 *	lu_plan_build     shapes, folded constants, fused layers, packed weights, one memory plan
 *	lu_session_new    one thread's arena and handles
 *	lu_session_run    chips in, numbers out
 *
 * A graph and a plan do not change once made and may be shared by any number of threads; a plan
 * does not need its graph any longer. A session serves one thread at a time and needs its plan.
 * Everything here is single-threaded inside: run one session a thread to use more cores.
 */
#ifndef LU_NN_NN_H
#define LU_NN_NN_H

#include "base/hash.h"
#include "landuse/types.h"

struct lu_graph;
struct lu_plan;
struct lu_session;

/*
 * enum lu_precision is the arithmetic of a plan's convolutions and products. AUTO is FP32. BF16 keeps 8 bits of each number and
 * sums in float32, but runs inverted residuals as FP16 does, where the processor can; it needs engine onednn and
 * AVX512-BF16, and pays where there is AMX (without, it is half as fast as FP32). FP16 runs inverted residuals and
 * convolutions in half precision (11 bits of each number, up to 65504), but for those by groups and few outputs of
 * the image itself, and everything else as FP32; it needs engine onednn and AVX512-FP16. INT8 runs the quantised
 * layers of a network (between DequantizeLinear and QuantizeLinear) in integers, on engine onednn; each of their
 * results is within one step of what the file says. What no integer kernel fits, and every layer of a processor
 * without VNNI, is computed in float32; with AMX the layer that reads a chip's bytes as under BF16.
 * Under the others a quantised network runs in floats: its activations keep to the ranges that the file gives them and
 * are not rounded to its steps, which makes it as fast as the network it was made from and no further from it.
 */

/*
 * Is a precision worth its rounding on this engine (NULL: the best) and processor? FP16 where there is AVX512-FP16, BF16 where
 * there is AMX, INT8 on an engine of integers: its networks are made for them.
 */
bool lu_precision_pays(const char *engine, enum lu_precision precision);

/*
 * Read an ONNX file, and the files with external data that it names beside it. What is not valid is
 * LU_ERROR_FORMAT; a valid operator, attribute or element type that landuse does not run is
 * LU_ERROR_UNSUPPORTED, told by node and operator.
 */
enum lu_status lu_graph_load(const char *path, struct lu_graph **out, struct lu_error *err);

/* The same from memory; 'name' stands for the file in messages. External data is refused. 'bytes' is not kept. */
enum lu_status lu_graph_parse(const void *bytes, size_t size, const char *name, struct lu_graph **out,
			      struct lu_error *err);
void lu_graph_free(struct lu_graph *graph);

/*
 * What identifies a network: SHA-256 of the file, and of all that it names. Where its weights lie in files beside it,
 * 'all' is the digest of the lines "HEX  NAME" that sha256sum prints for the network and then for those files in order
 * of their names; of a network in one file it is that of the file.
 */
struct lu_onnx_digest {
	char file[LU_SHA256_HEX], all[LU_SHA256_HEX];
	size_t beside; /* how many files it names */
};
/* Fails where a file that the network names is not there or too short. A file that is no network is hashed alone. */
enum lu_status lu_onnx_digest(const char *path, struct lu_onnx_digest *out, struct lu_error *err);

/* Where the channels of a network's image are. */
enum lu_order {
	LU_ORDER_BY_SHAPE, /* seen from its shape: of a square image, the axis that is not as long as two others */
	LU_ORDER_CHANNELS_FIRST, /* batch x channels x height x width */
	LU_ORDER_CHANNELS_LAST, /* batch x height x width x channels, as TensorFlow lays it out */
};

/*
 * How a network that was loaded is met, before it is shared: the output that is used (NULL: the file's first) and where
 * the channels of its image are. An image of uint8 becomes one of float32 that is fed the same numbers, 0 to 255.
 * Chips are channels first in any case. LU_ERROR_ARGUMENT: no such output; LU_ERROR_MISMATCH: no image of that order.
 */
enum lu_status lu_graph_choose(struct lu_graph *graph, const char *output, enum lu_order order, struct lu_error *err);
/* What was chosen or seen. */
enum lu_order lu_graph_order(const struct lu_graph *graph);
/* Does the file take uint8? Then the plan's scale should be 1 and its offset 0. */
bool lu_graph_takes_bytes(const struct lu_graph *graph);

/* What the last layers of a network make of its numbers. */
enum lu_ending {
	LU_ENDING_OPEN, /* anything: logits, as a rule */
	LU_ENDING_SOFTMAX, /* probabilities that sum to 1 */
	LU_ENDING_SIGMOID, /* each from 0 to 1 by itself */
};
/* Of the first output; steps that hand numbers on (Cast, Reshape, Clip, ...) are looked through. */
enum lu_ending lu_graph_ending(const struct lu_graph *graph);

/* Channels of the network's image as the file says; 0 where it leaves them open or has no such input. */
int lu_graph_channels(const struct lu_graph *graph);

struct lu_plan_options {
	const char *engine; /* one of lu_engine_names(); NULL: the best that is built */
	enum lu_precision precision;
	int batch; /* chips a run; 0: as many as suit the network, see lu_plan_build */
	/*
	 * One a channel, copied; both NULL: chips are float32. Else chips are uint8, and the network's numbers
	 * (float)pixel * scale + offset: the first step makes them, or the first layer does without.
	 */
	const float *scale, *offset;
	/*
	 * INT8 only: the layer that reads the image in float32 where the file has it so, and not in bf16 on processors that are
	 * faster so (AMX). For whoever measures what rounding to integers costs.
	 */
	bool exact_image;
};

/*
 * Make a graph ready to run for one input image (batch x channels, or with width, or with height and width; float32
 * or uint8 in the file, see lu_graph_choose, whatever chips are)
 * and one float32 output, the file's first or the one that was chosen. Its batch axis is set to options->batch whatever the file says; where
 * the network cannot be proved to treat chips one by one, chips are run one by one.
 *
 * By rule (batch 0), a batch is the smallest power of two, up to 32, at which streaming the weights once a
 * run costs no more than streaming the activations of one chip a few times: MobileNetV2 runs 1, ResNet-20 4,
 * ResNet-18 16, AlexNet 32. Where the first layers' images are large beside their weights, those layers then run chip by chip, and
 * the others a batch at a time. Results depend on none of this.
 */
enum lu_status lu_plan_build(const struct lu_graph *graph, const struct lu_plan_options *options, struct lu_plan **out,
			     struct lu_error *err);
void lu_plan_free(struct lu_plan *plan);

/* Strings belong to the plan. Sizes of the input that the network does not have are 1. */
struct lu_plan_facts {
	const char *engine;
	enum lu_precision precision;
	int batch;
	int channels, height, width; /* one chip in */
	size_t outputs; /* numbers out, per chip */
	size_t layers; /* steps that compute, after fusion */
	uint64_t parameters; /* elements of the file's weights that the output depends on */
	double gflop_per_chip; /* of convolutions and matrix products; a multiply-add counts two */
	size_t arena_bytes; /* per session: what lies between steps, and a batch of chips */
	size_t weight_bytes; /* shared by all sessions of the plan */
	const char *input_name, *output_name;
};
void lu_plan_facts(const struct lu_plan *plan, struct lu_plan_facts *facts);

/*
 * One more whenever a plan gives other numbers for the same file and pixels than it did, beyond rounding. 2: a quantised
 * network in floats is held to its ranges, and no longer rounded to its steps.
 */
enum { LU_NUMERICS_VERSION = 2 };
/*
 * Engine, precision and LU_NUMERICS_VERSION, "onednn fp32 2": what a plan's answers depend on beside file and pixels. Part of
 * the fingerprint of everything that is kept and made from answers, so that nothing is resumed half old, half new.
 */
enum { LU_ARITHMETIC = 64 };
void lu_plan_arithmetic(const struct lu_plan *plan, char text[LU_ARITHMETIC]);

/* A table for a person: inputs, outputs, totals, then a line a layer with its kernel. lu_free '*text'. */
enum lu_status lu_plan_describe(const struct lu_plan *plan, char **text, struct lu_error *err);

/* One per thread; owns its arena. The weights stay in the plan, which must outlive the session. */
enum lu_status lu_session_new(const struct lu_plan *plan, struct lu_session **out, struct lu_error *err);

/*
 * Run 'n' chips, 1 to the plan's batch: 'input' is n x channels x height x width, of float32 or, where the plan was made
 * with a scale, of uint8; 'output' n x outputs.
 * The result of a chip has the same bits in whatever batch, full or short, and at whatever place it
 * travels. landuse allocates nothing and takes no lock here.
 */
enum lu_status lu_session_run(struct lu_session *session, int n, const void *input, float *output,
			      struct lu_error *err);
void lu_session_free(struct lu_session *session);

/* The engines of this build, best first, NULL-terminated. */
const char *const *lu_engine_names(void);

/* The library that an engine runs on: "oneDNN", "2.6.0", and the processor that it computes for here: "AVX512 with AMX". */
struct lu_engine_facts {
	const char *library;
	char version[24];
	char processor[32];
};
/* Of one of lu_engine_names(). */
void lu_engine_facts(const char *name, struct lu_engine_facts *facts);

#endif
