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
