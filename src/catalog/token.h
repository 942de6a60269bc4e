/*
 * token.h: what a server wants to see of who asks: printed by a program of the user's, and again when it has expired.
 *
 * The program prints one line: "?sv=...&sig=..." goes behind each URL, "NAME: VALUE" is a header, anything else a bearer token.
 * It is run when a server is first asked, and once more when one refuses (401, 403). Nobody but the servers sees it: names in
 * messages, manifests and fingerprints are without it.
 */
#ifndef LU_CATALOG_TOKEN_H
#define LU_CATALOG_TOKEN_H

#include "base/error.h"

/* Run a program without a shell; '*text' is what it prints on its stdout, for lu_free. */
typedef enum lu_status (*lu_token_runner)(char *const *words, size_t count, char **text, struct lu_error *err);

/* Who runs them, as this room starts no program. Before the first token; once. */
void lu_token_run_by(lu_token_runner runner);

struct lu_token;

/* 'words' are borrowed. Nothing is run yet. Any thread may use a token. */
enum lu_status lu_token_new(char *const *words, size_t count, struct lu_token **out, struct lu_error *err);
void lu_token_free(struct lu_token *token);

/*
 * '*suffix' and '*header' (one of them NULL; both lu_free'd) as they are now, and '*number' which they are. Where '*number' is
 * that of the present ones already, they were refused, and the program is run again; 0: take what there is.
 */
enum lu_status lu_token_get(struct lu_token *token, unsigned *number, char **suffix, char **header,
			    struct lu_error *err);

/* 'url' with 'suffix' (NULL: none) behind it, joined as a query; lu_free it. NULL: no memory. */
char *lu_token_sign(const char *url, const char *suffix);

#endif
