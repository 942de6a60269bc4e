/*
 * inputs.h: the files that a command reads, compared with the names that it will write, and against themselves later.
 *
 * No command writes over a file that it reads. Files are known by device and inode, so another spelling of a path, a
 * link to a file and a second name of it are all seen. A name without a file on this machine (an address in the
 * network) is passed over: nobody writes there.
 */
#ifndef LU_BASE_INPUTS_H
#define LU_BASE_INPUTS_H

#include "base/error.h"

struct lu_input {
	char *path; /* as it was named */
	uint64_t device, inode;
	int64_t bytes, seconds, nanoseconds; /* size, and when it was last written */
	int64_t changed_seconds, changed_nanoseconds; /* when its name, rights or contents last changed */
};

/* Starts as {0}. */
struct lu_inputs {
	struct lu_input *files;
	size_t count, room;
};

/* Add the file that 'path' leads to now; NULL, folders, devices and what is not there are passed over. */
enum lu_status lu_inputs_add(struct lu_inputs *inputs, const char *path, struct lu_error *err);
/* Add 'path' and the files beside it whose names begin as its own does before the last dot: "net.onnx", "net.bin". */
enum lu_status lu_inputs_add_kin(struct lu_inputs *inputs, const char *path, struct lu_error *err);
/* Add what 'more' has. */
enum lu_status lu_inputs_add_all(struct lu_inputs *inputs, const struct lu_inputs *more, struct lu_error *err);
void lu_inputs_release(struct lu_inputs *inputs);

/* The names that a command writes, relative to its output folder: patterns of fnmatch(3). Starts as {0}. */
struct lu_output_names {
	char **patterns;
	size_t count;
};
/* Add one name, taken literally. */
enum lu_status lu_output_names_add(struct lu_output_names *names, struct lu_error *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Add FOLDER/PATTERN; 'folder' is taken literally ("" is the output folder itself). */
enum lu_status lu_output_names_match(struct lu_output_names *names, const char *folder, const char *pattern,
				     struct lu_error *err);
/* Whether 'path', relative to the output folder, is one of them. */
bool lu_output_names_hold(const struct lu_output_names *names, const char *path);
/*
 * Remove what dead processes left of these outputs in 'folder', which need not be there, and nothing else. For outputs in a
 * folder of the user's: one of our own is locked, and swept whole (lu_folder_sweep).
 */
void lu_output_names_sweep(const struct lu_output_names *names, const char *folder);
void lu_output_names_release(struct lu_output_names *names);

/*
 * LU_ERROR_ARGUMENT when a name in 'folder' is one of the files read: "F is read by this job and would be written
 * over". With a raster go the files beside it (beside.h). Call it before anything is written.
 */
enum lu_status lu_inputs_guard(const struct lu_inputs *inputs, const char *folder, const struct lu_output_names *names,
			       struct lu_error *err);

/*
 * LU_ERROR_MISMATCH when one of the files is another one now, or was written since it was added: what was read is then
 * a mixture of two.
 */
enum lu_status lu_inputs_unchanged(const struct lu_inputs *inputs, struct lu_error *err);

/* Is the file that 'path' leads to one of them? */
bool lu_inputs_hold(const struct lu_inputs *inputs, const char *path);

/* Is it still the file that was added? */
bool lu_input_unchanged(const struct lu_input *file);

/* Number and times of a file as it was when it was added: while they stay, so do its bytes. */
enum { LU_INPUT_STATE = 128 };
void lu_input_state(const struct lu_input *file, char text[LU_INPUT_STATE]);

#endif
