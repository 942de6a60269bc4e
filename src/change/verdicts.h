/*
 * verdicts.h: what people wrote into a layer of candidates is kept when a job writes the layer again.
 *
 * The layer's fields 'checked' and 'remark' are filled in QGIS: days of somebody's work. A layer that holds any
 * moves aside, to NAME_checked.gpkg (NAME_checked_2.gpkg, ...), before a new one takes its name.
 */
#ifndef LU_CHANGE_VERDICTS_H
#define LU_CHANGE_VERDICTS_H

#include "base/hooks.h"
#include "raster/form.h"

#define LU_VERDICT_CHECKED "checked"
#define LU_VERDICT_REMARK "remark"

/* The values of 'checked'. */
enum { LU_VERDICT_CHANGE, LU_VERDICT_NO_CHANGE, LU_VERDICT_UNSURE, LU_VERDICT_CHOICES };
extern const struct lu_form_choice lu_verdict_choices[LU_VERDICT_CHOICES];

/*
 * Move FOLDER/NAME.gpkg aside if its layer NAME holds verdicts, or if it has no such layer; a warning to 'hooks' says where it went. LU_ERROR_BUSY
 * when another program has it open: what was typed there may not be in the file yet.
 */
enum lu_status lu_verdicts_keep(const char *folder, const char *name, const struct lu_hooks *hooks,
				struct lu_error *err);

#endif
