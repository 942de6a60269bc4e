/* test_token.c: a token is asked for when it is wanted, again when it was refused, and once for all who were refused at once. */
#include "catalog/token.h"

#include "base/memory.h"
#include "support/check.h"

static int runs;
static const char *printed;

static enum lu_status print_it(char *const *words, size_t count, char **text, struct lu_error *err)
{
	(void)words, (void)count;
	runs++;
	if (printed == NULL)
		return lu_fail(err, LU_ERROR_IO, "it ended with 1");
	*text = strstr(printed, "%d") != NULL ? lu_sprintf("?sv=1&sig=%d\n", runs) : lu_strdup(printed);
	return LU_OK;
}

static char *words[] = {(char *)(uintptr_t) "program"};

/* What is got by the number 'number', "suffix|header"; for lu_free. */
static char *get(struct lu_token *token, unsigned *number)
{
	char *suffix, *header;
	struct lu_error err = {0};

	check_ok(lu_token_get(token, number, &suffix, &header, &err), err);
	char *both = lu_sprintf("%s|%s", suffix != NULL ? suffix : "", header != NULL ? header : "");
	lu_free(suffix);
	lu_free(header);
	return both;
}

static void check_got(struct lu_token *token, unsigned *number, const char *expected)
{
	char *both = get(token, number);

	assert_string_equal(both, expected);
	lu_free(both);
}

static void it_is_renewed_once(void **state)
{
	(void)state;
	struct lu_token *token;
	struct lu_error err = {0};
	unsigned one = 0, other = 0;

	runs = 0;
	printed = "?sv=1&sig=%d\n";
	check_ok(lu_token_new(words, 1, &token, &err), err);
	assert_int_equal(runs, 0);
	check_got(token, &one, "sv=1&sig=1|");
	check_got(token, &other, "sv=1&sig=1|");
	assert_int_equal(runs, 1);
	/* Both are refused; the first to say so has it renewed, the other takes that. */
	check_got(token, &one, "sv=1&sig=2|");
	check_got(token, &other, "sv=1&sig=2|");
	assert_int_equal(runs, 2);
	assert_int_equal(one, other);
	lu_token_free(token);
}

static void what_it_may_be(void **state)
{
	(void)state;
	static const char *const cases[][2] = {{"?a=b", "a=b|"},
					       {"X-Api-Key: k\r\n", "|X-Api-Key: k"},
					       {"eyJ0eXAi.abc==\n\n", "|Authorization: Bearer eyJ0eXAi.abc=="}};
	static const char *const bad[] = {"", "\n", "two\nlines", "a: b\r\nc: d"};
	struct lu_token *token;
	struct lu_error err = {0};
	char *suffix, *header;
	unsigned number = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		printed = cases[i][0];
		number = 0;
		check_ok(lu_token_new(words, 1, &token, &err), err);
		check_got(token, &number, cases[i][1]);
		lu_token_free(token);
	}
	check_ok(lu_token_new(words, 1, &token, &err), err);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		printed = bad[i];
		number = 0;
		check_fails(lu_token_get(token, &number, &suffix, &header, &err), LU_ERROR_IO, err,
			    "program printed no token");
		assert_null(suffix);
		assert_null(header);
	}
	printed = NULL;
	check_fails(lu_token_get(token, &number, &suffix, &header, &err), LU_ERROR_IO, err, "it ended with 1");
	lu_token_free(token);
}

static void how_a_url_is_signed(void **state)
{
	(void)state;
	static const char *const cases[][3] = {{"https://e.com/a.tif", "s=1", "https://e.com/a.tif?s=1"},
					       {"https://e.com/a.tif?v=2", "s=1", "https://e.com/a.tif?v=2&s=1"},
					       {"https://e.com/a.tif", NULL, "https://e.com/a.tif"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *url = lu_token_sign(cases[i][0], cases[i][1]);
		assert_string_equal(url, cases[i][2]);
		lu_free(url);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_renewed_once), cmocka_unit_test(what_it_may_be),
					   cmocka_unit_test(how_a_url_is_signed)};

	lu_token_run_by(print_it);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
