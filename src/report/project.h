/*
 * project.h: county.qgz: the outputs as a QGIS project (3.22 and later) that is ready to be looked at.
 *
 * Groups of layers named by their dates, in the styles that the outputs carry themselves (.qml, layer_styles), the
 * significant changes and the candidates on top of the last map, the county's extent and CRS, a time for each map, and a
 * layout on A3. Paths are relative to the folder, which may be moved. The same outputs give the same bytes.
 */
#ifndef LU_REPORT_PROJECT_H
#define LU_REPORT_PROJECT_H

#include "report/page.h"

#define LU_PROJECT_NAME "county.qgz"

/* Write FOLDER/county.qgz durably, of those of the files that are layers. */
enum lu_status lu_project_write(const struct lu_page_files *files, struct lu_error *err);

#endif
