/*
 * say.c: text on its way to stdout and stderr: names out of files cannot steer the terminal, and what could not be
 * written is told.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

static int stdout_errno;	/* of the first write to stdout that failed */

void say_begin(void)
{
	/* Else the first file that is opened would take the number of a stream that is closed, and results would go into it. */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* The code point of the UTF-8 sequence at 'text' and its bytes; -1 and 1 byte where it is none. */
static long code_point(const unsigned char *text, int *bytes)
{
	static const long least[] = {0, 0, 0x80, 0x800, 0x10000};
	const int size = text[0] < 0x80 ? 1 : text[0] >> 5 == 6 ? 2 : text[0] >> 4 == 14 ? 3 : text[0] >> 3 == 30 ? 4 : 0;
	long code = size == 1 ? text[0] : text[0] & (0x7f >> size);

	*bytes = 1;
	if (size == 0)
		return -1;
	for (int i = 1; i < size; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return -1;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < least[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return -1;
	*bytes = size;
	return code;
}

/* Would a terminal obey it? Control characters, and those that turn the direction of what follows. */
static bool is_command(long code)
{
	return code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

/* 'text' with what a terminal would obey spelt out; the caller frees it. NULL when memory is out. */
static char *spelt_out(const char *text)
{
	const unsigned char *from = (const unsigned char *)text;
	char *out = NULL;
	size_t size;
	FILE *memory = open_memstream(&out, &size);

	while (memory != NULL && *from != '\0') {
		int bytes;
		const long code = code_point(from, &bytes);
		/* This form is JSON's, too: there it stands for the same character. */
		if (code < 0)
			fprintf(memory, "\\x%02x", *from);
		else if (code != '\n' && code != '\t' && is_command(code))
			fprintf(memory, "\\u%04lx", (unsigned long)code);
		else
			fwrite(from, 1, (size_t)bytes, memory);
		from += bytes;
	}
	if (memory == NULL || fclose(memory) != 0) {
		free(out);
		return NULL;
	}
	return out;
}

void say(FILE *to, const char *text)
{
	char *safe = spelt_out(text);

	errno = 0;
	/* stderr has no buffer: a line that goes out in one piece is not mixed with another program's. */
	fputs(safe != NULL ? safe : "(out of memory)", to);
	if (to == stdout && ferror(stdout) && stdout_errno == 0)
		stdout_errno = errno;
	free(safe);
}

void say_format(FILE *to, const char *format, ...)
{
	va_list arguments;
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);

	if (memory == NULL)
		return;
	va_start(arguments, format);
	vfprintf(memory, format, arguments);
	va_end(arguments);
	if (fclose(memory) == 0)
		say(to, text);
	free(text);
}

int say_end(int code)
{
	const bool failed_before = ferror(stdout) != 0;

	errno = 0;
	const bool failed = fflush(stdout) != 0 || failed_before;
	int reason = stdout_errno != 0 ? stdout_errno : errno;
	/* Some file systems tell only here. */
	const bool closed = fclose(stdout) == 0;
	if (!failed && closed)
		return code;
	reason = reason != 0 ? reason : errno;
	fprintf(stderr, "landuse: cannot write to stdout: %s\n", reason != 0 ? strerror(reason) : "some of it is lost");
	return code == EXIT_DONE ? EXIT_FAILED : code;
}
