/*
 * hash.h: SHA-256 (FIPS 180-4), by OpenSSL's libcrypto: a file's identity in model packages and manifests.
 */
#ifndef LU_BASE_HASH_H
#define LU_BASE_HASH_H

#include "base/error.h"

#define LU_SHA256_HEX 65 /* 64 hex digits and the 0 */

struct lu_sha256;
enum lu_status lu_sha256_new(struct lu_sha256 **out, struct lu_error *err);
void lu_sha256_add(struct lu_sha256 *hash, const void *bytes, size_t size);
/* Finish and write the lower-case hex digits; the hash is then only good for lu_sha256_free. */
void lu_sha256_hex(struct lu_sha256 *hash, char hex[LU_SHA256_HEX]);
void lu_sha256_free(struct lu_sha256 *hash);

/* 64 bits that any flipped bit or torn write changes, after FNV-1a: for our own work files; nobody's forgery is found. */
uint64_t lu_checksum(uint64_t seed, const void *bytes, size_t size);

/*
 * Add bytes from all over the file at 'path' (all of them where it is small): a file delivered again under the same name,
 * size and time is told from the former one, at the price of a few short reads however large it is.
 */
enum lu_status lu_sha256_add_sample(struct lu_sha256 *hash, const char *path, struct lu_error *err);
struct lu_file_sum {
	char hex[LU_SHA256_HEX]; /* "": not known */
};
enum lu_status lu_sha256_file(const char *path, char hex[LU_SHA256_HEX], struct lu_error *err);

#endif
