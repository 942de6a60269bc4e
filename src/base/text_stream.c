/*
 * text_stream.c: a FILE whose writes append to a buffer of ours, so that a failed one is an error of the FILE.
 */
#define _GNU_SOURCE /* fopencookie */
#include "base/text_stream.h"

#include <string.h>

#include "base/memory.h"

enum { FIRST_ROOM = 1024 };

/* The end of the text is kept room for. */
static ssize_t append(void *cookie, const char *bytes, size_t count)
{
	struct lu_text_stream *stream = cookie;
	const size_t needed = stream->length + count + 1;

	if (!stream->failed && needed > stream->room) {
		const size_t doubled = stream->room > 0 ? 2 * stream->room : FIRST_ROOM;
		const size_t room = needed > doubled ? needed : doubled;
		stream->failed = lu_grow(&stream->text, room, 1, stream->what, NULL) != LU_OK;
		stream->room = stream->failed ? stream->room : room;
	}
	/* 0, not -1, is what tells stdio of a failed write. */
	if (stream->failed)
		return 0;
	memcpy(stream->text + stream->length, bytes, count);
	stream->length += count;
	return (ssize_t)count;
}

static enum lu_status fail(struct lu_text_stream *stream, struct lu_error *err)
{
	lu_free(stream->text);
	*stream = (struct lu_text_stream){.what = stream->what};
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", stream->what);
}

enum lu_status lu_text_begin(struct lu_text_stream *stream, const char *what, struct lu_error *err)
{
	*stream = (struct lu_text_stream){.what = what};
	/* Room for the end of an empty text, which nothing is written of. */
	append(stream, "", 0);
	if (stream->failed)
		return fail(stream, err);
	stream->to = fopencookie(stream, "w", (cookie_io_functions_t){.write = append});
	return stream->to != NULL ? LU_OK : fail(stream, err);
}

enum lu_status lu_text_finish(struct lu_text_stream *stream, char **text, struct lu_error *err)
{
	*text = NULL;
	if (stream->to == NULL)
		return fail(stream, err);
	const bool printed = ferror(stream->to) == 0;
	const bool closed = fclose(stream->to) == 0;

	stream->to = NULL;
	if (stream->failed || !printed || !closed)
		return fail(stream, err);
	stream->text[stream->length] = '\0';
	*text = stream->text;
	stream->text = NULL;
	return LU_OK;
}
