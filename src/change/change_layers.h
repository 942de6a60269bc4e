/*
 * change_layers.h: places to look at: GeoPackages of patches of significant change.
 */
#ifndef LU_CHANGE_CHANGE_LAYERS_H
#define LU_CHANGE_CHANGE_LAYERS_H

#include "change/change_rules.h"
#include "change/patch_pictures.h"
#include "maps/class_rows.h"

/* Of one pair: its flagged cells, its dates, and the maps of both for the surroundings. All borrowed. */
struct lu_change_layer_task {
	const char *folder, *name; /* FOLDER/NAME, which is there */
	const struct lu_frame *frame;
	const struct lu_legend *legend; /* class k of the detector is legend->classes[k] */
	const struct lu_change_keys *keys;
	const struct lu_scheme *scheme;
	const struct lu_flagged_cell *cells; /* of the pair, in row order */
	size_t cell_count;
	const char *earlier, *later;
	size_t dates[2]; /* their numbers */
	const struct lu_hooks *hooks;
	struct lu_class_rows before, after;
};

/* The layers of a pair, patches made and pictures wanted. */
struct lu_change_layers;
enum lu_status lu_change_layers_make(const struct lu_change_layer_task *task, struct lu_picture_book *book,
				     const struct lu_outputs *outputs, struct lu_change_layers **out,
				     struct lu_error *err);
void lu_change_layers_free(struct lu_change_layers *layers);

/*
 * The book's pictures are drawn:
 * FOLDER/NAME/LAYER.gpkg for each layer of the job, or new_development.gpkg (whatever became Developed) when
 * it names none and the scheme has that class: one polygon a patch, the most probable first, with
 *
 *	patch, earlier, later, from_code, from_name, to_code, to_name, cells, area_ha, probability,
 *	max_probability (P(changed) of its surest cell), around_earlier, around_later, before, after, review_status,
 *	remark
 *
 * where 'around' counts the classes of the 3 x 3 cells about the surest one ("Forest 5, Developed 4"), 'before' and
 * 'after' link pictures (patch_pictures.h), and the last two are for whoever checks the patch (review.h). QGIS
 * opens it with a form that shows the pictures.
 */
enum lu_status lu_change_layers_write(struct lu_change_layers *layers, struct lu_outputs *outputs,
				      struct lu_error *err);

/* The name of the job's layer 'i', or NULL after the last one. */
const char *lu_change_layer_name(const struct lu_change_keys *keys, const struct lu_scheme *scheme, size_t i);

/* The names in the job's layers are classes of the scheme? LU_ERROR_ARGUMENT when not. */
enum lu_status lu_change_layers_check(const struct lu_change_keys *keys, const struct lu_scheme *scheme,
				      struct lu_error *err);

#endif
