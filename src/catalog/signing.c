/* signing.c: assets of items, read through raster/signed.h with the token that holds at the time. */
#include <string.h>

#include "base/memory.h"
#include "catalog/stac.h"
#include "catalog/token.h"
#include "raster/signed.h"

static enum lu_status sign(void *user, const char *path, unsigned *number, char **name, char **header,
			   struct lu_error *err)
{
	char *suffix = NULL;
	enum lu_status status;

	*name = NULL;
	LU_TRY(lu_token_get(user, number, &suffix, header, err));
	*name = lu_token_sign(path, suffix);
	if (*name == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: the name of an asset");
out:
	lu_free(suffix);
	return status;
}

enum lu_status lu_stac_sign(struct lu_stac_items *items, struct lu_token *token, struct lu_error *err)
{
	static const char web[] = "/vsicurl/";
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < items->count; i++) {
		struct lu_stac_item *item = &items->items[i];
		if (strncmp(item->name, web, strlen(web)) != 0)
			continue;
		char *name = lu_sprintf(LU_SIGNED_PREFIX "%s", item->name);
		if (name == NULL)
			return lu_fail(err, LU_ERROR_MEMORY, "out of memory: the name of an asset");
		status = lu_signed_add(item->name, sign, token, err);
		lu_free(item->name);
		item->name = name;
		LU_TRY(status);
	}
out:
	return status;
}

void lu_stac_unsign(struct lu_token *token)
{
	lu_signed_forget(token);
}
