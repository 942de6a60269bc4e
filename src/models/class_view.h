/*
 * class_view.h: one way to group classes: the model's own, or those of a coarser scheme.
 *
 * The same run of a network is reported in several views. A view's probability is the sum over the
 * model classes that it gathers; a set's class finds its place by name, as a class of the view or
 * as a model class that the view gathers.
 */
#ifndef LU_MODELS_CLASS_VIEW_H
#define LU_MODELS_CLASS_VIEW_H

#include "models/model.h"
#include "models/regroup.h"

struct lu_class_view {
	char *name; /* the scheme's, or the model's */
	char **classes;
	size_t class_count;
	struct lu_regroup *regroup; /* model classes to view classes; NULL: as they are */
	int *of_set; /* for each of the set's classes: the view's class, -1: none of them */
	bool complete; /* every class of the set is known to the view, if only as unmapped */
	char *unknown; /* the first that is not; NULL */
};

/* 'scheme' NULL is the model's own classes; else a scheme's name or path. Release also after a failure. */
enum lu_status lu_class_view_make(const struct lu_model *model, const char *scheme, char *const *set_classes,
				  size_t set_class_count, struct lu_class_view *out, struct lu_error *err);
void lu_class_view_release(struct lu_class_view *view);

/* The view's most probable class and its probability, from the model's 'scores'; 'sums' is scratch (class_count). */
size_t lu_class_view_best(const struct lu_class_view *view, const float *scores, float *sums, float *confidence);

#endif
