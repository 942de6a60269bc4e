/*
 * elementwise.c: every operator that makes each output element from the elements at its place.
 *
 * One walk serves them all; an operator is a line in one of two tables. Numbers are computed in double
 * and rounded once to the element type: for + - * / and sqrt that is exactly the float32 result
 * (double has more than twice the digits). Integers are computed in 64 bits and wrap.
 */
#include <math.h>
#include <string.h>

#include "nn/ops/list.h"

/* Numbers an operator carries: attributes alpha, beta, gamma, or the bounds of Clip. */
struct params {
	double alpha, beta, gamma;
};

struct unary {
	const char *name;
	double (*number)(double x, const struct params *p);
	int64_t (*integer)(int64_t x); /* NULL: integers go through double */
	double alpha, beta, gamma; /* defaults of the attributes */
};

static double relu(double x, const struct params *p)
{
	(void)p;
	return x < 0 ? 0 : x;
}

static double leaky_relu(double x, const struct params *p)
{
	return x < 0 ? p->alpha * x : x;
}

static double elu(double x, const struct params *p)
{
	return x < 0 ? p->alpha * expm1(x) : x;
}

static double celu(double x, const struct params *p)
{
	return x < 0 ? p->alpha * expm1(x / p->alpha) : x;
}

static double selu(double x, const struct params *p)
{
	return p->gamma * (x > 0 ? x : p->alpha * expm1(x));
}

static double thresholded_relu(double x, const struct params *p)
{
	return x > p->alpha ? x : 0;
}

static double clip(double x, const struct params *p)
{
	x = x < p->alpha ? p->alpha : x;
	return x > p->beta ? p->beta : x;
}

static double sigmoid(double x, const struct params *p)
{
	(void)p;
	return 1 / (1 + exp(-x));
}

static double hard_sigmoid(double x, const struct params *p)
{
	double y = p->alpha * x + p->beta;

	y = y < 0 ? 0 : y;
	return y > 1 ? 1 : y;
}

static double hard_swish(double x, const struct params *p)
{
	const struct params sixth = {1.0 / 6, 0.5, 0};

	(void)p;
	return x * hard_sigmoid(x, &sixth);
}

static double softplus(double x, const struct params *p)
{
	(void)p;
	return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double mish(double x, const struct params *p)
{
	return x * tanh(softplus(x, p));
}

static double swish(double x, const struct params *p)
{
	return x / (1 + exp(-p->alpha * x));
}

static double softsign(double x, const struct params *p)
{
	(void)p;
	return x / (1 + fabs(x));
}

/* Gelu: x times the normal distribution function; 'alpha' is 1 for the tanh approximation. */
static double gelu(double x, const struct params *p)
{
	if (p->alpha != 0)
		return 0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)));
	return 0.5 * x * (1 + erf(x * 0.7071067811865476));
}

static double reciprocal(double x, const struct params *p)
{
	(void)p;
	return 1 / x;
}

static double negate(double x, const struct params *p)
{
	(void)p;
	return -x;
}

static double sign(double x, const struct params *p)
{
	(void)p;
	return x > 0 ? 1 : x < 0 ? -1 : x;
}

static double logical_not(double x, const struct params *p)
{
	(void)p;
	return x == 0;
}

#define LIBM(function)                                                                                                 \
	static double do_##function(double x, const struct params *p)                                                  \
	{                                                                                                              \
		(void)p;                                                                                               \
		return function(x);                                                                                    \
	}
LIBM(sqrt)
LIBM(exp)
LIBM(log)
LIBM(fabs)
LIBM(erf)
LIBM(tanh)
LIBM(floor)
LIBM(ceil)
LIBM(rint)

static int64_t wrap_abs(int64_t x)
{
	return x < 0 ? (int64_t)(0 - (uint64_t)x) : x;
}

static int64_t wrap_negate(int64_t x)
{
	return (int64_t)(0 - (uint64_t)x);
}

static const struct unary unaries[] = {
	{"Relu", relu, NULL, 0, 0, 0},
	{"LeakyRelu", leaky_relu, NULL, 0.01f, 0, 0},
	{"Elu", elu, NULL, 1, 0, 0},
	{"Celu", celu, NULL, 1, 0, 0},
	{"Selu", selu, NULL, 1.67326319217681884765625, 0, 1.05070102214813232421875},
	{"ThresholdedRelu", thresholded_relu, NULL, 1, 0, 0},
	{"Clip", clip, NULL, 0, 0, 0},
	{"Sigmoid", sigmoid, NULL, 0, 0, 0},
	{"HardSigmoid", hard_sigmoid, NULL, 0.2f, 0.5, 0},
	{"HardSwish", hard_swish, NULL, 0, 0, 0},
	{"Softplus", softplus, NULL, 0, 0, 0},
	{"Softsign", softsign, NULL, 0, 0, 0},
	{"Mish", mish, NULL, 0, 0, 0},
	{"Swish", swish, NULL, 1, 0, 0},
	{"Gelu", gelu, NULL, 0, 0, 0},
	{"Erf", do_erf, NULL, 0, 0, 0},
	{"Tanh", do_tanh, NULL, 0, 0, 0},
	{"Sqrt", do_sqrt, NULL, 0, 0, 0},
	{"Exp", do_exp, NULL, 0, 0, 0},
	{"Log", do_log, NULL, 0, 0, 0},
	{"Neg", negate, wrap_negate, 0, 0, 0},
	{"Abs", do_fabs, wrap_abs, 0, 0, 0},
	{"Reciprocal", reciprocal, NULL, 0, 0, 0},
	{"Floor", do_floor, NULL, 0, 0, 0},
	{"Ceil", do_ceil, NULL, 0, 0, 0},
	{"Round", do_rint, NULL, 0, 0, 0},
	{"Sign", sign, NULL, 0, 0, 0},
	{"Not", logical_not, NULL, 0, 0, 0},
};

static const struct unary *find_unary(const char *name)
{
	for (size_t i = 0; i < sizeof(unaries) / sizeof(unaries[0]); i++)
		if (strcmp(unaries[i].name, name) == 0)
			return &unaries[i];
	return NULL;
}

/* The bounds of Clip: inputs since opset 11, attributes before. */
static struct params clip_params(const struct lu_call *call)
{
	struct params p = {-INFINITY, INFINITY, 0};

	if (call->node->opset < 11) {
		p.alpha = lu_node_float(call->node, "min", -INFINITY);
		p.beta = lu_node_float(call->node, "max", INFINITY);
		return p;
	}
	if (call->n_in > 1 && call->in[1] != NULL)
		p.alpha = lu_tensor_get(call->in[1], 0);
	if (call->n_in > 2 && call->in[2] != NULL)
		p.beta = lu_tensor_get(call->in[2], 0);
	return p;
}

static struct params unary_params(const struct lu_call *call, const struct unary *u)
{
	struct params p = {u->alpha, u->beta, u->gamma};

	if (u->number == clip)
		return clip_params(call);
	if (u->number == gelu) {
		p.alpha = strcmp(lu_node_string(call->node, "approximate", "none"), "tanh") == 0;
		return p;
	}
	if (lu_node_attribute(call->node, "alpha") != NULL)
		p.alpha = lu_node_float(call->node, "alpha", 0);
	if (lu_node_attribute(call->node, "beta") != NULL)
		p.beta = lu_node_float(call->node, "beta", 0);
	if (lu_node_attribute(call->node, "gamma") != NULL)
		p.gamma = lu_node_float(call->node, "gamma", 0);
	return p;
}

enum lu_status lu_rule_unary(struct lu_call *call, struct lu_error *err)
{
	for (int i = 1; i < call->n_in; i++)
		if (call->in[i] != NULL &&
		    (call->in[i]->type != call->in[0]->type || lu_shape_count(&call->in[i]->shape) != 1))
			return lu_call_fail(call, err, LU_ERROR_FORMAT,
					    "input %d must be one number of the image's type", i);
	lu_call_out(call, 0, call->in[0]->type, &call->in[0]->shape);
	return LU_OK;
}

void lu_kernel_unary(struct lu_call *call)
{
	const struct unary *u = find_unary(call->node->op->name);
	const struct params p = unary_params(call, u);
	const struct lu_tensor *x = call->in[0];
	int64_t count = lu_shape_count(&x->shape);

	if (x->type != LU_TYPE_FLOAT32 && u->integer != NULL)
		for (int64_t i = 0; i < count; i++)
			lu_tensor_set_int(call->out[0], i, u->integer(lu_tensor_get_int(x, i)));
	else
		for (int64_t i = 0; i < count; i++)
			lu_tensor_set(call->out[0], i, u->number(lu_tensor_get(x, i), &p));
}

/* Operators that fold any number of operands, first to last: a two-operand one is the case of two. */
struct nary {
	const char *name;
	double (*number)(double a, double b);
	int64_t (*integer)(int64_t a, int64_t b);
	bool mean; /* divide by the number of operands */
	bool makes_bool;
};

static double add(double a, double b)
{
	return a + b;
}

static double subtract(double a, double b)
{
	return a - b;
}

static double multiply(double a, double b)
{
	return a * b;
}

static double divide(double a, double b)
{
	return a / b;
}

/* numpy's maximum and minimum: NaN wins. */
static double maximum(double a, double b)
{
	return a > b || isnan(a) ? a : b;
}

static double minimum(double a, double b)
{
	return a < b || isnan(a) ? a : b;
}

static double prelu(double x, double slope)
{
	return x < 0 ? x * slope : x;
}

static int64_t add_int(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t subtract_int(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int64_t multiply_int(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a * (uint64_t)b);
}

/* Division by zero is undefined in ONNX; 0 here. INT64_MIN / -1 wraps. */
static int64_t divide_int(int64_t a, int64_t b)
{
	return b == 0 ? 0 : b == -1 ? (int64_t)(0 - (uint64_t)a) : a / b;
}

/* The remainder of the divisor's sign, as Python has it; of the dividend's with the attribute fmod, as C has it. */
static int64_t modulo_int(int64_t a, int64_t b)
{
	const int64_t rest = b == 0 || b == -1 ? 0 : a % b;

	return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

static int64_t remainder_int(int64_t a, int64_t b)
{
	return b == 0 || b == -1 ? 0 : a % b;
}

static int64_t maximum_int(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t minimum_int(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t power_int(int64_t a, int64_t b)
{
	uint64_t result = 1, base = (uint64_t)a;

	if (b < 0)
		return a == 1 ? 1 : a == -1 ? (b & 1 ? -1 : 1) : 0;
	for (; b; b >>= 1, base *= base)
		if (b & 1)
			result *= base;
	return (int64_t)result;
}

/* Comparisons, of floats and of integers. */
#define COMPARISON(name, is)                                                                                           \
	static double name(double a, double b)                                                                         \
	{                                                                                                              \
		return a is b;                                                                                         \
	}                                                                                                              \
	static int64_t name##_int(int64_t a, int64_t b)                                                                \
	{                                                                                                              \
		return a is b;                                                                                         \
	}
COMPARISON(equal, ==)
COMPARISON(greater, >)
COMPARISON(less, <)
COMPARISON(greater_equal, >=)
COMPARISON(less_equal, <=)
#undef COMPARISON

static int64_t and_int(int64_t a, int64_t b)
{
	return a && b;
}

static int64_t or_int(int64_t a, int64_t b)
{
	return a || b;
}

static const struct nary naries[] = {
	{"Add", add, add_int, false, false},
	{"Sub", subtract, subtract_int, false, false},
	{"Mul", multiply, multiply_int, false, false},
	{"Div", divide, divide_int, false, false},
	{"Pow", pow, power_int, false, false},
	{"Mod", NULL, modulo_int, false, false}, /* of floats only with fmod */
	{"Min", minimum, minimum_int, false, false},
	{"Max", maximum, maximum_int, false, false},
	{"Sum", add, add_int, false, false},
	{"Mean", add, add_int, true, false},
	{"PRelu", prelu, NULL, false, false},
	{"Equal", equal, equal_int, false, true},
	{"Greater", greater, greater_int, false, true},
	{"Less", less, less_int, false, true},
	{"GreaterOrEqual", greater_equal, greater_equal_int, false, true},
	{"LessOrEqual", less_equal, less_equal_int, false, true},
	{"And", NULL, and_int, false, true},
	{"Or", NULL, or_int, false, true},
};

static const struct nary *find_nary(const struct lu_node *node)
{
	static const struct nary remainder = {"Mod", fmod, remainder_int, false, false};
	const char *name = node->op->name;

	if (lu_node_is(node, "Mod") && lu_node_int(node, "fmod", 0))
		return &remainder;
	for (size_t i = 0; i < sizeof(naries) / sizeof(naries[0]); i++)
		if (strcmp(naries[i].name, name) == 0)
			return &naries[i];
	return NULL;
}

/*
 * The shape an operand broadcasts with. Before opset 7 'broadcast' and 'axis' said where the second
 * operand's dimensions stand in the first's; the same is had by appending ones.
 */
static struct lu_shape operand_shape(const struct lu_call *call, int i)
{
	struct lu_shape shape = call->in[i]->shape;
	int rank = call->in[0]->shape.rank;
	bool prelu = lu_node_is(call->node, "PRelu"); /* its slopes always belonged to the channels */
	int64_t axis = lu_node_int(call->node, "axis", prelu ? 1 : rank - shape.rank);

	if (i == 0 || call->node->opset >= 7 || (!prelu && !lu_node_int(call->node, "broadcast", 0)))
		return shape;
	if (axis < 0)
		axis += rank;
	while (shape.rank + axis < rank && shape.rank < LU_MAX_RANK)
		shape.dim[shape.rank++] = 1;
	return shape;
}

enum lu_status lu_rule_nary(struct lu_call *call, struct lu_error *err)
{
	const struct nary *op = find_nary(call->node);
	struct lu_shape out = call->in[0]->shape;
	bool mixed = op->number == pow; /* the exponent may be of another type */
	enum lu_status status;

	for (int i = 0; i < call->n_in; i++) {
		struct lu_shape shape;

		if (call->in[i] == NULL)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "input %d is left out", i);
		if (call->in[i]->type != call->in[0]->type && !mixed)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "operands are %s and %s",
					    lu_type_name(call->in[0]->type), lu_type_name(call->in[i]->type));
		if (call->in[i]->type != LU_TYPE_FLOAT32 && op->integer == NULL)
			return lu_call_check(call, i, LU_TYPE_FLOAT32, 0, LU_MAX_RANK, err);
		if (call->in[i]->type == LU_TYPE_FLOAT32 && op->number == NULL)
			return lu_call_check(call, i, lu_node_is(call->node, "Mod") ? LU_TYPE_INT64 : LU_TYPE_BOOL, 0,
					     LU_MAX_RANK, err);
		shape = operand_shape(call, i);
		status = lu_call_broadcast(call, &out, &shape, &out, err);
		if (status != LU_OK)
			return status;
	}
	lu_call_out(call, 0, op->makes_bool ? LU_TYPE_BOOL : call->in[0]->type, &out);
	return LU_OK;
}

void lu_broadcast_strides(const struct lu_shape *shape, const struct lu_shape *out, int64_t stride[LU_MAX_RANK])
{
	int64_t own[LU_MAX_RANK];
	int lead = out->rank - shape->rank;

	lu_shape_strides(shape, own);
	for (int i = 0; i < out->rank; i++)
		stride[i] = i < lead || shape->dim[i - lead] == 1 ? 0 : own[i - lead];
}

void lu_walk_start(struct lu_walk *walk, const struct lu_shape *shape)
{
	memset(walk, 0, sizeof(*walk));
	walk->shape = *shape;
}

void lu_walk_step(struct lu_walk *walk)
{
	for (int axis = walk->shape.rank - 1; axis >= 0; axis--) {
		walk->at[axis]++;
		for (int i = 0; i < walk->operands; i++)
			walk->offset[i] += walk->stride[i][axis];
		if (walk->at[axis] < walk->shape.dim[axis])
			return;
		for (int i = 0; i < walk->operands; i++)
			walk->offset[i] -= walk->at[axis] * walk->stride[i][axis];
		walk->at[axis] = 0;
	}
}

/* out = op(out, operand), or out = operand for the first. */
static void fold_operand(struct lu_call *call, const struct nary *op, int operand)
{
	const struct lu_tensor *x = call->in[operand], *first = call->in[0];
	struct lu_tensor *y = call->out[0];
	const struct lu_shape shape = operand_shape(call, operand);
	bool integers = x->type != LU_TYPE_FLOAT32 && first->type != LU_TYPE_FLOAT32;
	int64_t count = lu_shape_count(&y->shape);
	/* The first fold reads operand 0 directly: where a bool comes out, 'out' cannot hold the way there. */
	const struct lu_tensor *left = operand == 1 ? first : y;
	struct lu_walk walk;

	lu_walk_start(&walk, &y->shape);
	walk.operands = 2;
	lu_broadcast_strides(&left->shape, &y->shape, walk.stride[0]);
	lu_broadcast_strides(&shape, &y->shape, walk.stride[1]);
	for (int64_t i = 0; i < count; i++, lu_walk_step(&walk)) {
		if (integers)
			lu_tensor_set_int(y, i,
					  op->integer(lu_tensor_get_int(left, walk.offset[0]),
						      lu_tensor_get_int(x, walk.offset[1])));
		else
			lu_tensor_set(
				y, i,
				op->number(lu_tensor_get(left, walk.offset[0]), lu_tensor_get(x, walk.offset[1])));
	}
}

void lu_kernel_nary(struct lu_call *call)
{
	const struct nary *op = find_nary(call->node);
	int64_t count = lu_shape_count(&call->out[0]->shape);
	size_t bytes;

	if (call->n_in == 1 && lu_shape_bytes(&call->in[0]->shape, call->in[0]->type, &bytes) && bytes)
		memcpy(call->out[0]->data, call->in[0]->data, bytes);
	for (int i = 1; i < call->n_in; i++)
		fold_operand(call, op, i);
	for (int64_t i = 0; i < count && op->mean; i++)
		lu_tensor_set(call->out[0], i, lu_tensor_get(call->out[0], i) / call->n_in);
}

/* Where: condition ? a : b, all three broadcast. */
enum lu_status lu_rule_where(struct lu_call *call, struct lu_error *err)
{
	enum lu_status status;
	struct lu_shape out;

	LU_TRY(lu_call_check(call, 0, LU_TYPE_BOOL, 0, LU_MAX_RANK, err));
	if (call->in[1]->type != call->in[2]->type)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "operands are of different types");
	LU_TRY(lu_call_broadcast(call, &call->in[0]->shape, &call->in[1]->shape, &out, err));
	LU_TRY(lu_call_broadcast(call, &out, &call->in[2]->shape, &out, err));
	lu_call_out(call, 0, call->in[1]->type, &out);
out:
	return status;
}

void lu_kernel_where(struct lu_call *call)
{
	struct lu_tensor *y = call->out[0];
	size_t size = lu_type_size(y->type);
	int64_t count = lu_shape_count(&y->shape);
	struct lu_walk walk;

	lu_walk_start(&walk, &y->shape);
	walk.operands = 3;
	for (int i = 0; i < 3; i++)
		lu_broadcast_strides(&call->in[i]->shape, &y->shape, walk.stride[i]);
	for (int64_t i = 0; i < count; i++, lu_walk_step(&walk)) {
		int from = ((const uint8_t *)call->in[0]->data)[walk.offset[0]] ? 1 : 2;

		memcpy((char *)y->data + (size_t)i * size,
		       (const char *)call->in[from]->data + (size_t)walk.offset[from] * size, size);
	}
}
