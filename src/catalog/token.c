/* token.c: the token that holds now, under a lock: threads that are refused at once run the program once. */
#include "catalog/token.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>

#include "base/memory.h"

struct lu_token {
	char *const *words; /* borrowed */
	size_t count;
	pthread_mutex_t lock; /* over what follows */
	unsigned number; /* how often the program was run */
	char *text; /* what it printed last */
};

static lu_token_runner run;

void lu_token_run_by(lu_token_runner runner)
{
	run = runner;
}

enum lu_status lu_token_new(char *const *words, size_t count, struct lu_token **out, struct lu_error *err)
{
	const enum lu_status status = lu_alloc(out, 1, sizeof(**out), "a token", err);

	if (status != LU_OK)
		return status;
	(*out)->words = words;
	(*out)->count = count;
	pthread_mutex_init(&(*out)->lock, NULL);
	return LU_OK;
}

void lu_token_free(struct lu_token *token)
{
	if (token == NULL)
		return;
	pthread_mutex_destroy(&token->lock);
	lu_free(token->text);
	lu_free(token);
}

/* One line of what a header or a URL may hold. */
static enum lu_status check(const struct lu_token *token, char *text, struct lu_error *err)
{
	size_t length = strlen(text);

	while (length > 0 && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	for (const char *at = text; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 127)
			length = 0;
	return length > 0 ? LU_OK
			  : lu_fail(err, LU_ERROR_IO,
				    "token_command: %s printed no token (one line: ?QUERY, NAME: VALUE, or a bearer "
				    "token)",
				    token->words[0]);
}

static enum lu_status renew(struct lu_token *token, struct lu_error *err)
{
	char *text = NULL;
	enum lu_status status;

	if (run == NULL)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "token_command: nobody here starts programs");
	LU_TRY(run(token->words, token->count, &text, err));
	LU_TRY(check(token, text, err));
	lu_free(token->text);
	token->text = text;
	text = NULL; /* now the token's */
	token->number++;
out:
	lu_free(text);
	return status;
}

enum lu_status lu_token_get(struct lu_token *token, unsigned *number, char **suffix, char **header,
			    struct lu_error *err)
{
	enum lu_status status = LU_OK;

	*suffix = *header = NULL;
	pthread_mutex_lock(&token->lock);
	if (token->number == 0 || *number == token->number)
		LU_TRY(renew(token, err));
	*number = token->number;
	if (token->text[0] == '?')
		*suffix = lu_strdup(token->text + 1);
	else
		*header = strstr(token->text, ": ") != NULL ? lu_strdup(token->text)
							    : lu_sprintf("Authorization: Bearer %s", token->text);
	if (*suffix == NULL && *header == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a token");
out:
	pthread_mutex_unlock(&token->lock);
	return status;
}

char *lu_token_sign(const char *url, const char *suffix)
{
	return suffix == NULL ? lu_strdup(url)
			      : lu_sprintf("%s%c%s", url, strchr(url, '?') != NULL ? '&' : '?', suffix);
}
