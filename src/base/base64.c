/* base64.c: three bytes are four letters. */
#include "base/base64.h"

#include <limits.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/memory.h"

char *lu_base64(const char *prefix, const void *bytes, size_t size)
{
	const size_t before = strlen(prefix);
	char *text;

	if (size > INT_MAX / 2 || lu_alloc(&text, before + (size + 2) / 3 * 4 + 1, 1, "a text", NULL) != LU_OK)
		return NULL;
	memcpy(text, prefix, before);
	EVP_EncodeBlock((unsigned char *)text + before, bytes, (int)size);
	return text;
}

char *lu_base64_bytes(const char *text, size_t length, size_t *size)
{
	char *bytes = NULL;
	size_t filler = 0;

	*size = 0;
	if (length == 0 || length % 4 != 0 || length > INT_MAX ||
	    lu_alloc(&bytes, length / 4 * 3, 1, "bytes", NULL) != LU_OK)
		return NULL;
	while (filler < 2 && text[length - 1 - filler] == '=')
		filler++;
	if (EVP_DecodeBlock((unsigned char *)bytes, (const unsigned char *)text, (int)length) < 0) {
		lu_free(bytes);
		return NULL;
	}
	*size = length / 4 * 3 - filler;
	return bytes;
}
