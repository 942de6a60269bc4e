/* href.c: RFC 3986's reference resolution, as much as links of catalogues need. */
#include "catalog/href.h"

#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"

/* The length of "https" in "https://..."; 0: there is no scheme. */
static size_t scheme_length(const char *href)
{
	const size_t length = strspn(href, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

	return length > 1 && strncmp(href + length, "://", 3) == 0 ? length : 0;
}

static bool has_scheme(const char *href, const char *scheme)
{
	const size_t length = strlen(scheme);

	return scheme_length(href) == length && strncasecmp(href, scheme, length) == 0;
}

bool lu_href_is_url(const char *href)
{
	return has_scheme(href, "http") || has_scheme(href, "https");
}

/* Take "./" and, of URLs, "NAME/../" out of the path that begins at 'path', in place. */
static void take_dots_out(char *path, bool url)
{
	char *end = path + strcspn(path, "?#"), *to = path;

	for (char *at = path; at < end;) {
		const size_t length = strcspn(at, "/?#");
		const bool slash = at[length] == '/';
		if (length == 1 && at[0] == '.') {
			at += 1 + slash;
			continue;
		}
		if (url && length == 2 && at[0] == '.' && at[1] == '.') {
			if (to > path)
				for (to--; to > path && to[-1] != '/'; to--)
					;
			at += 2 + slash;
			continue;
		}
		memmove(to, at, length + slash);
		to += length + slash;
		at += length + slash;
	}
	memmove(to, end, strlen(end) + 1);
}

char *lu_href_join(const char *base, const char *href)
{
	char *joined, *path;

	if (scheme_length(href) > 0)
		return lu_strdup(href);
	if (!lu_href_is_url(base)) {
		char *folder = lu_path_folder(base);
		joined = folder != NULL ? lu_path_join(folder, href) : NULL;
		lu_free(folder);
		if (joined != NULL)
			take_dots_out(joined + (joined[0] == '/'), false);
		return joined;
	}
	const size_t scheme = scheme_length(base) + 3, host = scheme + strcspn(base + scheme, "/?#");
	const size_t query = host + strcspn(base + host, "?#");
	if (strncmp(href, "//", 2) == 0)
		return lu_sprintf("%.*s%s", (int)scheme - 2, base, href);
	if (href[0] == '?')
		return lu_sprintf("%.*s%s", (int)query, base, href);
	size_t folder = host;
	for (size_t i = host; i < query && href[0] != '/'; i++)
		folder = base[i] == '/' ? i : folder;
	joined = lu_sprintf("%.*s%s%s", (int)folder, base, href[0] == '/' ? "" : "/", href);
	path = joined != NULL ? joined + host : NULL;
	if (path != NULL)
		take_dots_out(path + 1, true);
	return joined;
}

enum lu_status lu_href_name(const char *base, const char *href, char **name, struct lu_error *err)
{
	static const struct {
		const char *scheme, *system;
	} systems[] = {{"s3", "/vsis3/"}, {"gs", "/vsigs/"}, {"az", "/vsiaz/"}, {"oss", "/vsioss/"}};
	const size_t scheme = scheme_length(href);

	*name = NULL;
	if (lu_href_is_url(href)) {
		*name = lu_sprintf("/vsicurl/%s", href);
	} else if (scheme == 0 || has_scheme(href, "file")) {
		const char *path = scheme == 0 ? href : href + scheme + 3;
		if (lu_href_is_url(base))
			return lu_fail(err, LU_ERROR_FORMAT, "leads to a file of this machine, %s: expected a URL",
				       path);
		*name = lu_strdup(path);
	} else {
		for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
			if (has_scheme(href, systems[i].scheme))
				*name = lu_sprintf("%s%s", systems[i].system, href + scheme + 3);
		if (*name == NULL && scheme > 2)
			return lu_fail(err, LU_ERROR_UNSUPPORTED,
				       "is at %s: expected http, https, s3, gs, az, oss or a file", href);
	}
	return *name != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the name of an asset");
}
