/*
 * class_folders.h: inside a labelled set: SET/CLASS/picture.jpg, or SET/train/CLASS/picture.jpg, become its chips.
 */
#ifndef LU_CHIPSET_CLASS_FOLDERS_H
#define LU_CHIPSET_CLASS_FOLDERS_H

#include "chipset/labelled_set.h"

/* Read the folders below set->path; what is passed over is counted. Fails as lu_labelled_set_read does. */
enum lu_status lu_class_folders_read(struct lu_labelled_set *set, struct lu_error *err);

#endif
