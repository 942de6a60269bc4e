/* hash.c: SHA-256 by libcrypto's EVP interface. */
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

struct lu_sha256 {
	EVP_MD_CTX *context;
};

enum lu_status lu_sha256_new(struct lu_sha256 **out, struct lu_error *err)
{
	struct lu_sha256 *hash;

	*out = NULL;
	const enum lu_status status = lu_alloc(&hash, 1, sizeof(*hash), "a hash", err);
	if (status != LU_OK)
		return status;
	hash->context = EVP_MD_CTX_new();
	if (hash->context == NULL || EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) != 1) {
		lu_sha256_free(hash);
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a hash");
	}
	*out = hash;
	return LU_OK;
}

void lu_sha256_add(struct lu_sha256 *hash, const void *bytes, size_t size)
{
	EVP_DigestUpdate(hash->context, bytes, size);
}

void lu_sha256_hex(struct lu_sha256 *hash, char hex[LU_SHA256_HEX])
{
	unsigned char digest[EVP_MAX_MD_SIZE] = {0};
	unsigned int size = 0;

	EVP_DigestFinal_ex(hash->context, digest, &size);
	for (size_t i = 0; i < (LU_SHA256_HEX - 1) / 2; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

void lu_sha256_free(struct lu_sha256 *hash)
{
	if (hash == NULL)
		return;
	EVP_MD_CTX_free(hash->context);
	lu_free(hash);
}

/* Eight bytes at a time. Each step is a bijection of the sum, so two texts that differ in one word differ in the end. */
uint64_t lu_checksum(uint64_t seed, const void *bytes, size_t size)
{
	const char *from = bytes;
	uint64_t sum = (14695981039346656037u ^ seed) * 1099511628211u;

	for (size_t i = 0; i < size; i += 8) {
		uint64_t word = 0;
		memcpy(&word, from + i, size - i < 8 ? size - i : 8);
		sum = (sum ^ word) * 1099511628211u;
		sum ^= sum >> 29;
	}
	return sum;
}

/* Pieces of a large file, spread from its first byte to its last: 1 MiB in 16 reads. A file of 4 MiB is read whole. */
enum { SAMPLE_PIECE = 65536, SAMPLE_PIECES = 16, SAMPLE_WHOLE = 64 };

enum lu_status lu_sha256_add_sample(struct lu_sha256 *hash, const char *path, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	unsigned char *bytes = NULL;
	struct stat facts;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == EACCES) /* what may not be read is not read from */
		return LU_OK;
	if (fd < 0)
		return lu_fail_errno(err, path, "open");
	LU_TRY(fstat(fd, &facts) == 0 ? lu_alloc(&bytes, SAMPLE_PIECE, 1, path, err)
				      : lu_fail_errno(err, path, "look at"));
	const int64_t size = (int64_t)facts.st_size;
	const bool whole = size <= (int64_t)SAMPLE_PIECE * SAMPLE_WHOLE;
	const int64_t pieces = whole ? (size + SAMPLE_PIECE - 1) / SAMPLE_PIECE : SAMPLE_PIECES;
	for (int64_t i = 0; i < pieces; i++) {
		const int64_t at = whole ? i * SAMPLE_PIECE : (size - SAMPLE_PIECE) * i / (SAMPLE_PIECES - 1);
		const ssize_t got = pread(fd, bytes, SAMPLE_PIECE, (off_t)at);
		if (got < 0) {
			status = lu_fail_errno(err, path, "read");
			goto out;
		}
		lu_sha256_add(hash, bytes, (size_t)got);
	}
out:
	lu_free(bytes);
	close(fd);
	return status;
}

enum lu_status lu_sha256_file(const char *path, char hex[LU_SHA256_HEX], struct lu_error *err)
{
	enum lu_status status;
	struct lu_sha256 *hash = NULL;
	FILE *file = NULL;
	unsigned char bytes[16384];
	size_t got;

	status = lu_file_open(path, &file, NULL, err);
	if (status != LU_OK)
		return status;
	LU_TRY(lu_sha256_new(&hash, err));
	while ((got = fread(bytes, 1, sizeof(bytes), file)) > 0)
		lu_sha256_add(hash, bytes, got);
	if (ferror(file))
		status = lu_fail_errno(err, path, "read");
	else
		lu_sha256_hex(hash, hex);
out:
	lu_sha256_free(hash);
	fclose(file);
	return status;
}
