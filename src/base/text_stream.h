/*
 * text_stream.h: text printed into memory. Print to a FILE, get the text: all of it, or LU_ERROR_MEMORY.
 *
 *	struct lu_text_stream stream;
 *	enum lu_status status = lu_text_begin(&stream, "the summary", err);
 *
 *	if (status != LU_OK)
 *		return status;
 *	fprintf(stream.to, ...);
 *	return lu_text_finish(&stream, text, err);
 *
 * open_memstream does not do here: where memory runs out in the middle, glibc's drops what comes after, and neither
 * ferror nor fclose tells.
 */
#ifndef LU_BASE_TEXT_STREAM_H
#define LU_BASE_TEXT_STREAM_H

#include <stdio.h>

#include "base/error.h"

/* Stays where it is from lu_text_begin to lu_text_finish. */
struct lu_text_stream {
	FILE *to; /* print here */
	const char *what; /* "the summary": in the message "out of memory: the summary" */
	char *text;
	size_t length, room;
	bool failed;
};

/* 'what' is borrowed. After LU_ERROR_MEMORY there is nothing to finish, though lu_text_finish may be called. */
enum lu_status lu_text_begin(struct lu_text_stream *stream, const char *what, struct lu_error *err);

/* '*text', for lu_free, is all that was printed, stream->length bytes and a NUL; or NULL, with LU_ERROR_MEMORY. */
enum lu_status lu_text_finish(struct lu_text_stream *stream, char **text, struct lu_error *err);

#endif
