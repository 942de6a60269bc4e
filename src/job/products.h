/*
 * products.h: the rasters of a job: maps of each date, change of each pair.
 */
#ifndef LU_JOB_PRODUCTS_H
#define LU_JOB_PRODUCTS_H

#include "base/geometry.h"
#include "job/class_rows.h"
#include "job/county.h"
#include "job/manifest.h"

/* A class of a legend as maps and tables name it. */
struct lu_legend_class {
	uint16_t value;
	char *name;
	uint8_t red, green, blue;
};
struct lu_legend {
	struct lu_legend_class *classes;	/* ascending by value */
	size_t count;
};
enum lu_status lu_legend_of_scheme(const struct lu_scheme *scheme, struct lu_legend *out, struct lu_error *err);
/* Add a class, or keep the one that has the value already. */
enum lu_status lu_legend_add(struct lu_legend *legend, uint16_t value, const char *name, uint8_t red, uint8_t green,
			     uint8_t blue, struct lu_error *err);
const struct lu_legend_class *lu_legend_find(const struct lu_legend *legend, uint16_t value);
void lu_legend_release(struct lu_legend *legend);

/*
 * FOLDER/SUB/landuse.tif, confidence.tif and, where the job asks for it, probabilities.tif; 'sub' NULL
 * puts them right into 'folder'.
 */
enum lu_status lu_products_date(const char *folder, const char *sub, const struct lu_county *county, size_t date,
				const struct lu_store *store, const struct lu_legend *legend,
				struct lu_outputs *outputs, struct lu_error *err);

/*
 * FOLDER/NAME/change.tif from two streams of classes on 'frame'. 'metadata' is "KEY=VALUE" texts, NULL-terminated.
 */
enum lu_status lu_products_change(const char *folder, const char *name, const struct lu_frame *frame,
				  struct lu_class_rows earlier, struct lu_class_rows later,
				  const struct lu_legend *legend, const char *const *metadata,
				  struct lu_outputs *outputs, struct lu_error *err);

#endif
