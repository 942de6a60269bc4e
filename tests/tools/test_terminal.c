/* test_terminal.c: what the program says when a library ends it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "options.h"
#include "tool.h"

static void a_death_within_says_that_nothing_is_lost(void **state)
{
	char said[1024] = "";
	size_t length = 0;
	int ends[2], status = 0;
	ssize_t got;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	const pid_t child = fork();
	if (child == 0) {
		const struct arguments arguments = {.verbosity = VERBOSITY_QUIET};
		dup2(ends[1], STDERR_FILENO);
		terminal_begin(&arguments);
		abort();
	}
	assert_true(child > 0);
	close(ends[1]);
	while ((got = read(ends[0], said + length, sizeof(said) - 1 - length)) > 0)
		length += (size_t)got;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	/* 134 to a shell: whoever watches sees the signal. */
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	assert_non_null(strstr(said, "what is finished is not lost; run the same command again\n"));
	assert_ptr_equal(strchr(said, '\n'), said + length - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_death_within_says_that_nothing_is_lost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
