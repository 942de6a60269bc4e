/*
 * set_folder.h: the folder of a chip set: whose it is, and whether the work in it goes on.
 *
 *	DIR/set.json	what the chips come from; written first, so that a stopped run can go on
 *	DIR/SUB/rROW_cCOL.png	chips, each under its name only when it is whole
 *	DIR/index.gpkg, DIR/index.csv	what there is; index.csv is written last: with it the set is whole
 *
 * A folder that holds anything else, or chips of other imagery or options, is refused unless the
 * caller says overwrite. Then a former set is taken away; other files are left alone.
 */
#ifndef LU_CHIPSET_SET_FOLDER_H
#define LU_CHIPSET_SET_FOLDER_H

#include "base/inputs.h"

#define LU_SET_FACTS "set.json"
#define LU_SET_INDEX "index.csv"
#define LU_SET_PLACES "index.gpkg"

struct lu_set_folder;

/* LU_ERROR_ARGUMENT when a file that is read would be written over, or removed as a former set's chip. */
enum lu_status lu_set_folder_guard(const char *path, const struct lu_inputs *inputs, struct lu_error *err);

/*
 * Take the folder: make it, lock it, and compare what set.json holds with 'facts', the text that it
 * is to hold (which names every input and option that the chips depend on). '*resumed' says that the
 * chips in it are good. LU_ERROR_MISMATCH: not ours, or of another set; LU_ERROR_BUSY.
 */
enum lu_status lu_set_folder_open(const char *path, const char *facts, bool overwrite, struct lu_set_folder **out,
				  bool *resumed, struct lu_error *err);
/* The same refusals without touching the folder: for asking before long work whose result goes there. */
enum lu_status lu_set_folder_check(const char *path, const char *facts, bool overwrite, struct lu_error *err);
/* Drop the lock; what is written stays. NULL is fine. */
void lu_set_folder_close(struct lu_set_folder *folder);

/* The name of a chip's file within its subfolder, "r00012_c00345.png"; lu_free it. NULL when memory is out. */
char *lu_set_chip_name(int64_t row, int64_t col, const char *extension);

/* A class's name as a folder's: letters, digits, '.', '_' and '-' stay, other bytes become '_'; lu_free it. */
char *lu_set_class_folder(const char *class);

#endif
