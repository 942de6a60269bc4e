/*
 * engines.c: the engines of this build, best first; and plans for the one that is asked for.
 */
#include <string.h>

#include "nn/blas/engine.h"
#include "nn/engines/engines.h"
#include "nn/onednn/engine.h"

static const struct lu_engine *const engines[] = {
#ifdef LU_WITH_ONEDNN
	&lu_engine_onednn,
#endif
	&lu_engine_blas,
};
#define N_ENGINES (sizeof(engines) / sizeof(engines[0]))

const char *const *lu_engine_names(void)
{
	static const char *const names[] = {
#ifdef LU_WITH_ONEDNN
		"onednn",
#endif
		"blas",
		NULL,
	};

	return names;
}

bool lu_precision_pays(const char *engine, enum lu_precision precision)
{
	const struct lu_engine *e = lu_engine_find(engine);

	if (e == NULL || e->lacks == NULL || e->lacks(precision) != NULL)
		return false;
	return precision == LU_PRECISION_INT8 || (e->pace != NULL && e->pace(precision) > 1);
}

const struct lu_engine *lu_engine_find(const char *name)
{
	for (size_t i = 0; i < N_ENGINES; i++)
		if (name == NULL || strcmp(engines[i]->name, name) == 0)
			return engines[i];
	return NULL;
}

void lu_engine_facts(const char *name, struct lu_engine_facts *facts)
{
	*facts = (struct lu_engine_facts){.library = ""};
	lu_engine_find(name)->facts(facts);
}

enum lu_status lu_plan_build(const struct lu_graph *graph, const struct lu_plan_options *options, struct lu_plan **out,
			     struct lu_error *err)
{
	const struct lu_engine *engine = lu_engine_find(options->engine);

	*out = NULL;
	if (engine == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT, "no engine '%s' in this build (it has: %s%s%s)", options->engine,
			       lu_engine_names()[0], lu_engine_names()[1] != NULL ? ", " : "",
			       lu_engine_names()[1] != NULL ? lu_engine_names()[1] : "");
	return lu_plan_build_on(graph, engine, options, out, err);
}
