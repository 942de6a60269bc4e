/*
 * time_products.h: what three dates or more say together, as rasters.
 */
#ifndef LU_CHANGE_TIME_PRODUCTS_H
#define LU_CHANGE_TIME_PRODUCTS_H

#include "change/trajectory_rows.h"

struct lu_time_products;

/*
 * Begin
 *
 * FOLDER/LABEL/landuse_consistent.tif	the class by the sequence; cells not mapped at the date stay so
 * FOLDER/trajectory.tif		1 stable, 2 one change, 3 unstable, 4 several changes; 0: not mapped at two dates
 * FOLDER/year_of_change.tif		the year of the date at which the sequence first differs, 0 elsewhere; left
 *					out when a label does not begin with a year
 *
 * add every row of trajectories, finish. 'task' must outlive the products.
 */
enum lu_status lu_time_products_begin(const struct lu_time_task *task, const struct lu_outputs *outputs,
				      struct lu_time_products **out, struct lu_error *err);
enum lu_status lu_time_products_add(struct lu_time_products *products, const struct lu_trajectory_rows *trajectories,
				    struct lu_error *err);
enum lu_status lu_time_products_finish(struct lu_time_products *products, struct lu_outputs *outputs,
				       struct lu_error *err);
void lu_time_products_free(struct lu_time_products *products);

#endif
