/*
 * describe.c: what a plan says of itself: facts, and a table for a person.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "nn/plan/engine.h"

struct text {
	char *bytes;
	size_t used, room;
	enum lu_status status;
	struct lu_error *err;
};

static void say(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct text *text, const char *format, ...)
{
	char line[640];
	va_list args;
	int length;

	if (text->status != LU_OK)
		return;
	va_start(args, format);
	length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (length < 0)
		return;
	if (length >= (int)sizeof(line))
		length = sizeof(line) - 1;
	if (text->used + (size_t)length + 1 > text->room) {
		text->room = text->room * 2 + sizeof(line);
		text->status = lu_grow(&text->bytes, text->room, 1, "a description", text->err);
		if (text->status != LU_OK)
			return;
	}
	memcpy(text->bytes + text->used, line, (size_t)length + 1);
	text->used += (size_t)length;
}

static double mib(uint64_t bytes)
{
	return (double)bytes / 1048576.0;
}

/* A line a step, numbered from 'number' on. */
static void say_steps(struct text *text, const struct lu_plan *plan, int number)
{
	char shape[LU_SHAPE_TEXT];

	for (int i = 0; i < plan->n_steps; i++) {
		const struct lu_step *step = &plan->steps[i];

		say(text, "%4d  %-28.28s %-20.20s %-20s %9.2f  %.60s\n", number + i, step->what, step->op,
		    lu_shape_text(&step->shape, shape), step->flop / plan->pass * 1e-6, step->kernel);
	}
}

enum lu_status lu_plan_describe(const struct lu_plan *plan, char **out, struct lu_error *err)
{
	const struct lu_graph *first = lu_plan_first(plan)->graph, *graph = plan->graph;
	struct text text = {.err = err};
	struct lu_plan_facts facts;
	char shape[LU_SHAPE_TEXT];

	*out = NULL;
	lu_plan_facts(plan, &facts);
	for (int i = 0; i < first->n_inputs; i++)
		say(&text, "%-12s%.200s (%s)\n", "input", first->values[first->inputs[i]].name,
		    lu_shape_text(&first->values[first->inputs[i]].tensor.shape, shape));
	for (int i = 0; i < graph->n_outputs; i++)
		say(&text, "%-12s%.200s (%s)\n", "output", graph->values[graph->outputs[i]].name,
		    lu_shape_text(&graph->values[graph->outputs[i]].tensor.shape, shape));
	if (plan->left_out != NULL && plan->left_out[0] != '\0')
		say(&text, "%-12sthe network has %s, too: only the one above is computed and used\n", "outputs",
		    plan->left_out);
	say(&text, "%-12s%s, %s\n", "engine", facts.engine, lu_choice_word(LU_CHOICE_PRECISION, facts.precision));
	say(&text, "%-12s%d chip%s a run%s\n", "batch", plan->batch, plan->batch == 1 ? "" : "s",
	    plan->pass < plan->batch ? ", one by one: this network mixes or fixes its batch axis"
	    : plan->front != NULL    ? "; the first layers take them one by one, which keeps their images in the cache"
				     : "");
	say(&text, "%-12s%zu\n", "layers", facts.layers);
	say(&text, "%-12s%llu\n", "parameters", (unsigned long long)facts.parameters);
	say(&text, "%-12s%.4f a chip\n", "GFLOP", facts.gflop_per_chip);
	say(&text, "%-12s%.2f MiB as the kernels want them (%.2f as float32), shared by all threads\n", "weights",
	    mib(facts.weight_bytes), mib(facts.parameters * sizeof(float)));
	say(&text, "%-12s%.2f MiB a thread\n", "arena", mib(facts.arena_bytes));
	say(&text, "\n%4s  %-28s %-20s %-20s %9s  %s\n", "step", "name", "operator", "result", "MFLOP", "kernel");
	if (plan->front != NULL)
		say_steps(&text, plan->front, 0);
	say_steps(&text, plan, plan->front != NULL ? plan->front->n_steps : 0);
	if (text.status != LU_OK) {
		lu_free(text.bytes);
		return text.status;
	}
	*out = text.bytes;
	return LU_OK;
}

void lu_plan_arithmetic(const struct lu_plan *plan, char text[LU_ARITHMETIC])
{
	snprintf(text, LU_ARITHMETIC, "%s %s %d", plan->engine->name,
		 lu_choice_word(LU_CHOICE_PRECISION, plan->precision), LU_NUMERICS_VERSION);
}

void lu_plan_facts(const struct lu_plan *plan, struct lu_plan_facts *facts)
{
	const struct lu_graph *graph = lu_plan_first(plan)->graph;
	const struct lu_value *in = &graph->values[graph->inputs[0]];
	const struct lu_value *out = &plan->graph->values[plan->graph->outputs[0]];
	const struct lu_shape *shape = &in->tensor.shape;
	double flop = 0;
	size_t layers = 0;

	for (const struct lu_plan *part = plan; part != NULL; part = part->front) {
		layers += (size_t)part->n_steps;
		for (int i = 0; i < part->n_steps; i++)
			flop += part->steps[i].flop / part->pass;
	}
	*facts = (struct lu_plan_facts){
		.engine = plan->engine->name,
		.precision = plan->precision,
		.batch = plan->batch,
		.channels = (int)shape->dim[1],
		.height = shape->rank > 3 ? (int)shape->dim[shape->rank - 2] : 1,
		.width = shape->rank > 2 ? (int)shape->dim[shape->rank - 1] : 1,
		.outputs = (size_t)lu_shape_count(&out->tensor.shape) / (size_t)plan->pass,
		.layers = layers,
		.parameters = plan->parameters,
		.gflop_per_chip = flop * 1e-9,
		.arena_bytes = lu_session_bytes(plan),
		.weight_bytes = plan->weight_bytes,
		.input_name = in->name,
		.output_name = out->name,
	};
}
