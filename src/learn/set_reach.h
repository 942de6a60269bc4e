/*
 * set_reach.h: the reach of a model's training (models/reach.h) from the pictures of a labelled set.
 */
#ifndef LU_LEARN_SET_REACH_H
#define LU_LEARN_SET_REACH_H

#include "chipset/labelled_set.h"
#include "learn/score_pictures.h"
#include "models/reach.h"

struct lu_set_reach_task {
	const struct lu_classifier *classifier; /* its chip and bands */
	const struct lu_labelled_set *set;
	const size_t *chips; /* 'count' of the set's chips; those that cannot be read are passed over */
	const int *folds; /* of each, see lu_reach_find; NULL: five, of whole blocks */
	size_t count;
	enum lu_fit fit;
	const double *range;
	int threads;
	const struct lu_hooks *hooks;
};

/*
 * Of many chips a few thousand are looked at, evenly through the set. '*out' stays {0} where they are too few; else it is to
 * be released. The same for any number of threads.
 */
enum lu_status lu_set_reach(const struct lu_set_reach_task *task, struct lu_reach *out, struct lu_error *err);

#endif
