/* http.c: by libcurl, where the build has it. */
#include "catalog/http.h"

#ifdef LU_WITH_CURL
#include <curl/curl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "catalog/token.h"
#include "raster/start.h"

/* How long a server may ask us to wait. */
static const double longest_wait_s = 60;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void wake(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct answer {
	char *text;
	size_t size, room, limit;
	bool too_large;
	const struct lu_hooks *hooks;
};

static size_t take(char *bytes, size_t one, size_t count, void *user)
{
	struct answer *answer = user;
	const size_t size = one * count;

	answer->too_large = size > answer->limit - answer->size;
	if (answer->too_large)
		return 0;
	if (answer->size + size + 1 > answer->room) {
		const size_t room = 2 * (answer->size + size) + 4096;
		if (lu_grow(&answer->text, room, 1, "a document", NULL) != LU_OK)
			return 0;
		answer->room = room;
	}
	memcpy(answer->text + answer->size, bytes, size);
	answer->size += size;
	answer->text[answer->size] = '\0';
	return size;
}

static int look_up(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct answer *answer = user;

	(void)a, (void)b, (void)c, (void)d;
	return lu_cancelled(answer->hooks);
}

/* False: stopped. */
static bool wait_for(double seconds, const struct lu_hooks *hooks)
{
	static const struct timespec step = {0, 50 * 1000 * 1000};

	for (double left = seconds; left > 0 && !lu_cancelled(hooks); left -= 0.05)
		nanosleep(&step, NULL);
	return !lu_cancelled(hooks);
}

static bool is_busy(CURLcode code, long answered)
{
	static const CURLcode broken[] = {CURLE_COULDNT_CONNECT,     CURLE_OPERATION_TIMEDOUT, CURLE_GOT_NOTHING,
					  CURLE_SEND_ERROR,          CURLE_RECV_ERROR,         CURLE_PARTIAL_FILE,
					  CURLE_COULDNT_RESOLVE_HOST};

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		if (code == broken[i])
			return true;
	return code == CURLE_OK &&
	       (answered == 429 || answered == 500 || answered == 502 || answered == 503 || answered == 504);
}

static void set_up(CURL *curl, const char *url, const char *body, struct curl_slist *headers, struct answer *answer,
		   char error[CURL_ERROR_SIZE])
{
	const char *bundle = lu_raster_setting("CURL_CA_BUNDLE");

	curl_easy_setopt(curl, CURLOPT_URL, url);
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 10L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "landuse");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, atol(lu_raster_setting("GDAL_HTTP_CONNECTTIMEOUT")));
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, atol(lu_raster_setting("GDAL_HTTP_LOW_SPEED_TIME")));
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, atol(lu_raster_setting("GDAL_HTTP_LOW_SPEED_LIMIT")));
	if (bundle[0] != '\0')
		curl_easy_setopt(curl, CURLOPT_CAINFO, bundle);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	if (body != NULL)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_up);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, answer);
}

static enum lu_status fail(const char *url, CURLcode code, long answered, int tries, const struct answer *answer,
			   const char *words, struct lu_error *err)
{
	if (lu_cancelled(answer->hooks))
		return lu_fail(err, LU_ERROR_CANCELLED, "stopped");
	if (answer->too_large)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: more than %zu MiB, no catalogue is so large", url,
			       answer->limit >> 20);
	if (code != CURLE_OK)
		return lu_fail(err, LU_ERROR_IO, "%s: does not come over the network: %s%s (try later)", url,
			       words[0] != '\0' ? words : curl_easy_strerror(code),
			       tries > 1 ? ", asked again and again" : "");
	if (answered == 401 || answered == 403)
		return lu_fail(err, LU_ERROR_IO, "%s: the server answered %ld: it wants to know who asks", url,
			       answered);
	return lu_fail(err, LU_ERROR_IO, "%s: the server answered %ld%s (%s)", url, answered,
		       tries > 1 ? ", asked again and again" : "",
		       answered == 404 ? "check the URL" : "try later, or look at it in a browser");
}

/* Ask until the answer is no "later" any more. */
static enum lu_status ask(CURL *curl, const struct lu_http_request *request, struct answer *answer, const char *words,
			  bool *refused, struct lu_error *err)
{
	const int retries = atoi(lu_raster_setting("GDAL_HTTP_MAX_RETRY"));
	double delay_s = strtod(lu_raster_setting("GDAL_HTTP_RETRY_DELAY"), NULL);

	for (int tries = 1;; tries++) {
		long answered = 0;
		curl_off_t after_s = 0;
		answer->size = 0;
		answer->too_large = false;
		const CURLcode code = curl_easy_perform(curl);
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answered);
#if LIBCURL_VERSION_NUM >= 0x074200
		curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &after_s);
#endif
		if (code == CURLE_OK && answered >= 200 && answered < 300)
			return LU_OK;
		*refused = code == CURLE_OK && (answered == 401 || answered == 403);
		if (answer->too_large || !is_busy(code, answered) || tries > retries ||
		    !wait_for(fmin(fmax(delay_s, (double)after_s), longest_wait_s), answer->hooks))
			return fail(request->url, code, answered, tries, answer, words, err);
		delay_s *= 2;
	}
}

/* Without the suffix at its end: it is told, and links are seen from there. */
static char *unsigned_url(const char *url, const char *suffix)
{
	const size_t length = strlen(url), end = suffix != NULL ? strlen(suffix) + 1 : 0;

	return suffix != NULL && length > end && strcmp(url + length - end + 1, suffix) == 0
		       ? lu_strndup(url, length - end)
		       : lu_strdup(url);
}

enum lu_status lu_http_get(const struct lu_http_request *request, size_t limit, char **text, size_t *size, char **url,
			   bool *refused, struct lu_error *err)
{
	struct answer answer = {.limit = limit, .hooks = request->hooks};
	const char *const lines[] = {"Accept: application/geo+json, application/json",
				     request->body != NULL ? "Content-Type: application/json" : NULL, request->header};
	char words[CURL_ERROR_SIZE] = "", *from = NULL, *signed_url = lu_token_sign(request->url, request->suffix);
	struct curl_slist *headers = NULL;
	CURL *curl = NULL;
	enum lu_status status = LU_OK;

	*text = *url = NULL;
	*size = 0;
	*refused = false;
	pthread_once(&once, wake);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]) && status == LU_OK; i++) {
		struct curl_slist *longer = lines[i] != NULL ? curl_slist_append(headers, lines[i]) : headers;
		if (longer == NULL && lines[i] != NULL)
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a request");
		else
			headers = longer;
	}
	LU_TRY(status);
	curl = curl_easy_init();
	if (curl == NULL || signed_url == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a request");
		goto out;
	}
	set_up(curl, signed_url, request->body, headers, &answer, words);
	LU_TRY(ask(curl, request, &answer, words, refused, err));
	curl_easy_getinfo(curl, CURLINFO_EFFECTIVE_URL, &from);
	*url = unsigned_url(from != NULL ? from : signed_url, request->suffix);
	*text = answer.text != NULL ? answer.text : lu_strdup("");
	*size = answer.size;
	answer.text = NULL; /* now the caller's */
	if (*url == NULL || *text == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a document");
out:
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	lu_free(signed_url);
	lu_free(answer.text);
	return status;
}

#else

enum lu_status lu_http_get(const struct lu_http_request *request, size_t limit, char **text, size_t *size, char **url,
			   bool *refused, struct lu_error *err)
{
	(void)limit;
	*refused = false;
	*text = *url = NULL;
	*size = 0;
	return lu_fail(err, LU_ERROR_UNSUPPORTED,
		       "%s: this landuse was built without libcurl and reads catalogues from files only (install "
		       "libcurl4-openssl-dev and build it again, or save the catalogue)",
		       request->url);
}

#endif
