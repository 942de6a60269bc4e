/* zip.c: a local header, the bytes, the central directory, its end. See zip.h. */
#include "base/zip.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"

enum { LOCAL = 30, CENTRAL = 46, END = 22, FIRST_DAY = 0x21 /* 1980-01-01 */, VERSION = 20, UTF8 = 1 << 11 };

static uint32_t crc32_of(const uint8_t *bytes, size_t size)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < size; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (0xEDB88320U & (0U - (crc & 1U)));
	}
	return ~crc;
}

/* 'count' bytes of 'value', the lowest first. */
static uint8_t *put(uint8_t *to, uint32_t value, int count)
{
	for (int i = 0; i < count; i++)
		*to++ = (uint8_t)(value >> (8 * i));
	return to;
}

/* What both headers say of the member, from the version needed to the length of the extra field. */
static uint8_t *put_facts(uint8_t *to, uint32_t crc, uint32_t size, uint32_t name_length)
{
	to = put(to, VERSION, 2);
	to = put(to, UTF8, 2);
	to = put(to, 0, 2); /* stored */
	to = put(to, 0, 2); /* midnight */
	to = put(to, FIRST_DAY, 2);
	to = put(to, crc, 4);
	to = put(to, size, 4);
	to = put(to, size, 4);
	to = put(to, name_length, 2);
	return put(to, 0, 2);
}

enum lu_status lu_zip_write(const char *path, const char *name, const void *bytes, size_t size, struct lu_error *err)
{
	const uint32_t length = (uint32_t)strlen(name), stored = (uint32_t)size;
	const size_t total = LOCAL + CENTRAL + END + 2 * (size_t)length + size;
	uint8_t *archive = NULL, *to;
	enum lu_status status;

	if (total > UINT32_MAX)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: more than 4 GB", path);
	LU_TRY(lu_alloc(&archive, total, 1, path, err));
	const uint32_t crc = crc32_of(bytes, size);
	to = put(archive, 0x04034b50, 4);
	to = put_facts(to, crc, stored, length);
	memcpy(to, name, length);
	to += length;
	memcpy(to, bytes, size);
	to += size;
	const uint32_t directory = (uint32_t)(to - archive);
	to = put(to, 0x02014b50, 4);
	to = put(to, VERSION, 2);
	to = put_facts(to, crc, stored, length);
	to = put(to, 0, 4); /* no comment, first disk */
	to = put(to, 0, 2); /* attributes: none */
	to = put(to, 0, 4);
	to = put(to, 0, 4); /* the local header is at the beginning */
	memcpy(to, name, length);
	to += length;
	to = put(to, 0x06054b50, 4);
	to = put(to, 0, 4);
	to = put(to, 1, 2);
	to = put(to, 1, 2);
	to = put(to, CENTRAL + length, 4);
	to = put(to, directory, 4);
	to = put(to, 0, 2);
	LU_TRY(lu_file_write(path, archive, (size_t)(to - archive), err));
out:
	lu_free(archive);
	return status;
}
