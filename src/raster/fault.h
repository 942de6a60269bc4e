/*
 * fault.h: inside raster/ only: the reason behind GDAL's words. On a full disk SQLite speaks of tables that are not there, and
 * a file cut short by a limit is "corrupt".
 */
#ifndef LU_RASTER_FAULT_H
#define LU_RASTER_FAULT_H

#include "raster/trap.h"

/* 'path' could not be written. Call it before what was written so far is removed. Returns LU_ERROR_IO. */
enum lu_status lu_fault_write(const char *path, const struct lu_trap *trap, struct lu_error *err);

/* Did an open fail because too many files are open already? */
bool lu_fault_too_many_files(const struct lu_trap *trap);

#endif
