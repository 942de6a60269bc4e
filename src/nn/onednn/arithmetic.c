/*
 * arithmetic.c: arithmetic of two operands by a loop of our own, where oneDNN has none or a slow one: operands of different
 * rank, of which either may be broadcast, in more dimensions than it knows, or views of other values.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include "nn/kernels/arithmetic_fp32.h"
#include "nn/onednn/parts.h"

struct state {
	struct lu_arithmetic arithmetic;
	const struct lu_fused *fused;
	int64_t count;
};

static enum lu_status run(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct state *s = step->state;
	float *y = session->memory[step->out[0]];

	(void)err;
	lu_arithmetic_run(&s->arithmetic, session->memory[step->in[0]], session->memory[step->in[1]], y);
	if (s->fused->activation != LU_ACTIVATION_NONE)
		lu_fused_apply(s->fused, y, NULL, s->count);
	return LU_OK;
}

static int kind_of(const struct lu_node *node)
{
	static const char *const names[] = {"Add", "Sub", "Mul", "Div"};

	for (int i = 0; i < 4; i++)
		if (lu_node_is(node, names[i]))
			return i;
	return -1;
}

/* An operand's stride on axis 'i' of the result. */
static int64_t stride_at(const struct lu_shape *shape, const struct lu_places *p, const struct lu_shape *out, int i)
{
	const int own = i - (out->rank - shape->rank);

	return own < 0 || shape->dim[own] == 1 ? 0 : p->strides[own];
}

enum lu_status lu_onednn_arithmetic(struct lu_lowering *l, const struct lu_node *node, bool *taken,
				    struct lu_error *err)
{
	struct lu_step step = {
		.what = node->name, .op = node->op->name, .kernel = "arithmetic", .scratch = -1, .run = run};
	const int kind = kind_of(node);
	struct lu_places p[2];
	enum lu_status status = LU_OK;
	struct state *s;
	int in[2], out;

	if (kind < 0 || node->n_in != 2 || node->opset < 7 || node->fused.addend >= 0 ||
	    l->graph->values[node->in[1]].tensor.type != LU_TYPE_FLOAT32)
		return LU_OK;
	step.shape = l->graph->values[node->out[0]].tensor.shape;
	LU_TRY(lu_lower_take(l, &s, 1, sizeof(*s), err));
	s->arithmetic.kind = (enum lu_arithmetic_kind)kind;
	s->fused = &node->fused;
	s->count = lu_shape_count(&step.shape);
	step.state = s;
	*taken = true;
	for (int i = 0; i < 2; i++) {
		LU_TRY(lu_onednn_find_places(l, node->in[i], &p[i], err));
		in[i] = p[i].buffer;
	}
	s->arithmetic.a_shift = p[0].shift;
	s->arithmetic.b_shift = p[1].shift;
	for (int i = 0; i < step.shape.rank; i++)
		lu_arithmetic_axis(&s->arithmetic, step.shape.dim[i],
				   stride_at(&l->graph->values[node->in[0]].tensor.shape, &p[0], &step.shape, i),
				   stride_at(&l->graph->values[node->in[1]].tensor.shape, &p[1], &step.shape, i));
	LU_TRY(lu_lower_output(l, node->out[0], &out, err));
	LU_TRY(lu_lower_step(l, &step, in, 2, &out, 1, err));
out:
	return status;
}

#endif
