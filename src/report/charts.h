/*
 * charts.h: the report's figures, drawn once: they stand in report.html and lie in charts/ as SVG.
 *
 * They are made of statistics.json and of the colours that the maps have. Same figures, same bytes.
 */
#ifndef LU_REPORT_CHARTS_H
#define LU_REPORT_CHARTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/outputs.h"

#define LU_CHARTS_FOLDER "charts"

/* What there is of all dates, and of a pair; the file is charts/NAME.svg, charts/NAME_EARLIER_LATER.svg. */
extern const char *const lu_chart_names[]; /* ends with NULL, as the next one */
extern const char *const lu_chart_pair_names[];

struct lu_drawn_chart {
	const char *name; /* of the lists above */
	size_t pair; /* its number in the statistics, of those of a pair */
	char *file; /* "charts/gains_2010_2016.svg" */
	char *svg;
};
struct lu_charts {
	struct lu_drawn_chart *charts;
	size_t count;
};

/*
 * Draw all of them into '*out', for lu_charts_release also after a failure. 'statistics' is statistics.json, 'colours' [{"value",
 * "colour"}] of the maps (NULL: they are not known). LU_ERROR_MEMORY.
 */
enum lu_status lu_charts_draw(const json_t *statistics, const json_t *colours, struct lu_charts *out,
			      struct lu_error *err);
void lu_charts_release(struct lu_charts *charts);

/* Write them durably into 'folder'. */
enum lu_status lu_charts_write(const char *folder, const struct lu_charts *charts, struct lu_error *err);

#endif
