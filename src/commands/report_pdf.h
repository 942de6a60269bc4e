/*
 * report_pdf.h: report.html printed: report.pdf, and every figure of charts/ as PNG beside its SVG.
 */
#ifndef LU_COMMANDS_REPORT_PDF_H
#define LU_COMMANDS_REPORT_PDF_H

#include "base/outputs.h"
#include "landuse/core.h"
#include "report/page.h"

/*
 * Print what lu_page_write has written into 'folder', durably, and add the names to 'outputs'. The same page, browser and fonts
 * give the same bytes. The folder's lock must be held: the browser has its profile there meanwhile. LU_ERROR_ARGUMENT: there is
 * no browser; LU_ERROR_IO: it fails.
 */
enum lu_status lu_report_print(const char *folder, const struct lu_charts *charts, const struct lu_hooks *hooks,
			       struct lu_outputs *outputs, struct lu_error *err);

#endif
