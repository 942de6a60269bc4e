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

static int stdout_errno; /* of the first write to stdout that failed */

void say_begin(void)
{
	/* Else the first file that is opened would take the number of a stream that is closed, and results would go into it. */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void say(FILE *to, const char *text)
{
	char *safe = lu_text_printable(text);

	errno = 0;
	/* stderr has no buffer: a line that goes out in one piece is not mixed with another program's. */
	fputs(safe != NULL ? safe : "(out of memory)", to);
	if (to == stdout && ferror(stdout) && stdout_errno == 0)
		stdout_errno = errno;
	lu_text_free(safe);
}

void say_format(FILE *to, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	const int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	char *text = length >= 0 ? malloc((size_t)length + 1) : NULL;
	if (text != NULL) {
		va_start(arguments, format);
		vsnprintf(text, (size_t)length + 1, format, arguments);
		va_end(arguments);
	}
	say(to, text != NULL ? text : "(out of memory)\n");
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
