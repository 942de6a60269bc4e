/*
 * file.h: durable files and folders.
 *
 * An output appears under its name only when it is whole: it is written under a temporary name in
 * the same folder, fsync'ed and renamed. A crash leaves at most a temporary file, which the next job
 * on that folder removes, or the next command that writes that file. Temporary names say that they are landuse's and hold 64 random bits: no file of
 * anybody else is taken for one, and no link can be laid where one is about to be made.
 */
#ifndef LU_BASE_FILE_H
#define LU_BASE_FILE_H

#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

/*
 * A new temporary name for 'path' (same folder, same extension: ".NAME.landuse-RANDOM-SYSTEM-PROCESS.tmp.EXT", RANDOM
 * being 16 hex digits and the others, which tell whose it is, 8); lu_free it. NULL when memory is out.
 */
char *lu_file_temporary(const char *path);
/* Whether a file of this name (without its folder) is such a temporary, or what a library laid beside one. */
bool lu_file_is_temporary(const char *name);
/*
 * Whether it is such a file and its process, one of this system, is dead; '*name' is then the name that it was to take
 * (lu_free it; of a long one the beginning). A process number given anew makes it no leftover: it is then found later.
 */
bool lu_file_is_leftover(const char *temporary, char **name);
/* Make a file that is not there yet, to read and write; -1 and errno else. Links are not followed. */
int lu_file_new(const char *path);
/* fsync 'temporary', rename it to 'path', fsync the folder. On failure the temporary is removed. */
enum lu_status lu_file_commit(const char *temporary, const char *path, struct lu_error *err);
/*
 * The same for one of many files: whole under its name, but safe from a power cut only after lu_folder_sync. A disk
 * that takes a quarter of a second for each fsync takes it once.
 */
enum lu_status lu_file_place(const char *temporary, const char *path, struct lu_error *err);
/* Make all that was placed in 'folder' safe. */
enum lu_status lu_folder_sync(const char *folder, struct lu_error *err);
/* Write 'size' bytes to 'path' durably, as above. */
enum lu_status lu_file_write(const char *path, const void *bytes, size_t size, struct lu_error *err);
/*
 * Open a regular file to read; '*size' (may be NULL) is its length now. Never blocks: a pipe, a device or a folder in
 * its place is LU_ERROR_ARGUMENT. Every file that a person names is opened here or in lu_file_read. fclose it.
 */
enum lu_status lu_file_open(const char *path, FILE **out, uint64_t *size, struct lu_error *err);
/*
 * For readers that open files by themselves (GDAL): LU_ERROR_ARGUMENT where 'path' is a pipe, a socket or a device, at
 * which they would wait for ever. A folder, a name that is no path and one where nothing is are theirs to judge.
 */
enum lu_status lu_file_check(const char *path, struct lu_error *err);
/* Read a whole file of at most 'limit' bytes; '*bytes' is followed by a 0 byte and is lu_free'd by the caller. */
enum lu_status lu_file_read(const char *path, size_t limit, char **bytes, size_t *size, struct lu_error *err);
bool lu_file_exists(const char *path);
bool lu_folder_exists(const char *path);

/* Make 'path' and its parents. Fails clearly when it is a file or cannot be written. */
enum lu_status lu_folder_make(const char *path, struct lu_error *err);
/* Remove the temporary files that a killed job left in 'path', and nothing else; the folder's lock must be held. */
enum lu_status lu_folder_sweep(const char *path, struct lu_error *err);

/*
 * The exclusive lock of an output folder (flock on PATH/.landuse.lock). A second holder, in this or
 * another process, gets LU_ERROR_BUSY, with the holder's name and start as the file says them. The kernel drops it when the
 * process dies: what the file then still says is whose lock was taken over.
 */
#define LU_LOCK_NAME ".landuse.lock"
struct lu_lock;
enum lu_status lu_lock_take(const char *folder, struct lu_lock **out, struct lu_error *err);
/*
 * The same for a folder that several jobs may well want ('what', such as "the feature cache"): wait for the other holder, with
 * one warning that says so. LU_ERROR_CANCELLED when the hooks ask for it.
 */
enum lu_status lu_lock_wait(const char *folder, const char *what, const struct lu_hooks *hooks, struct lu_lock **out,
			    struct lu_error *err);
/* "process 4711 of ann on host, since 2026-01-01T00:00:00Z", who held it last and died; NULL: nobody. The lock's own. */
const char *lu_lock_taken_over(const struct lu_lock *lock);
void lu_lock_drop(struct lu_lock *lock);

/* 'folder'/'name'; lu_free it. An absolute or "/vsi" name is returned as it is. NULL when memory is out. */
char *lu_path_join(const char *folder, const char *name);
/* The folder part of 'path' ("." when it has none); lu_free it. */
char *lu_path_folder(const char *path);
/* The way from 'folder' to 'path' ("./a", "../b/c"), both absolute and without links; lu_free it. NULL when memory is out. */
char *lu_path_from(const char *folder, const char *path);
/* Points at the last component of 'path'. */
const char *lu_path_name(const char *path);
/*
 * Does a system leave files or folders of this name beside people's own? Hidden ones (.DS_Store, ._photo.jpg), __MACOSX,
 * Thumbs.db, desktop.ini, and the like, in any case of letters.
 */
bool lu_name_is_system(const char *name);

#endif
