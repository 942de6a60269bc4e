/*
 * report_pages.h: what people open of outputs that are there: county.qgz, report.html with its figures, and both printed.
 */
#ifndef LU_COMMANDS_REPORT_PAGES_H
#define LU_COMMANDS_REPORT_PAGES_H

#include "base/outputs.h"
#include "landuse/core.h"
#include "report/page.h"

/*
 * Write them into the folder, durably, and add their names to 'outputs'. With 'printed' also report.pdf, and every figure of
 * charts/ as PNG beside its SVG: the same page, browser and fonts give the same bytes. The folder's lock must be held: the
 * browser has its profile there meanwhile. LU_ERROR_ARGUMENT: there is no browser; LU_ERROR_IO: it fails.
 */
enum lu_status lu_report_pages_write(const struct lu_page_files *files, bool printed, const struct lu_hooks *hooks,
				     struct lu_outputs *outputs, struct lu_error *err);

#endif
