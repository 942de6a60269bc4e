/*
 * feature_cache.h: features on disk, found again by the bytes of the picture that they are of.
 *
 * One folder for each way of making features (backbone, layer, fit, scaling); in it one file of
 * records, only ever added to: SHA-256 of the picture, pose, checksum, floats. A training that was
 * stopped goes on after its last whole record, another set with some of the same pictures shares
 * them, and what does not fit into memory stays in the mapped file.
 *
 * Invariant: a record counts only if its checksum is right; from the first that is not (a torn
 * write), the file is cut off.
 */
#ifndef LU_LEARN_FEATURE_CACHE_H
#define LU_LEARN_FEATURE_CACHE_H

#include "base/error.h"
#include "base/hash.h"

struct lu_feature_cache;

/*
 * Open or begin the cache in 'folder' for rows of 'features' floats. LU_ERROR_BUSY while another
 * process has it open; a file of another version or length of rows begins anew.
 */
enum lu_status lu_feature_cache_open(const char *folder, size_t features, const struct lu_hooks *hooks,
				     struct lu_feature_cache **out, struct lu_error *err);
void lu_feature_cache_close(struct lu_feature_cache *cache);

/* Add a row. Any thread, several at a time. It is found only after the next lu_feature_cache_map. */
enum lu_status lu_feature_cache_add(struct lu_feature_cache *cache, const char sha256[LU_SHA256_HEX], uint8_t pose,
				    const float *row, struct lu_error *err);

/* Map all records that there are. Rows found before are gone. One thread. */
enum lu_status lu_feature_cache_map(struct lu_feature_cache *cache, struct lu_error *err);

/* The row of a picture, or NULL. It is the cache's, until it is mapped again or closed. Any thread. */
const float *lu_feature_cache_find(const struct lu_feature_cache *cache, const char sha256[LU_SHA256_HEX],
				   uint8_t pose);

#endif
