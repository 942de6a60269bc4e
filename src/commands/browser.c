/* browser.c: Chromium by pipes 3 and 4: messages are JSON that end with a 0. See browser.h. */
#define _GNU_SOURCE /* nftw, memmem */
#include "commands/browser.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"

extern char **environ;

/* Chromium's ends of the pipes; ours lie above what a program may expect to be open. */
enum { ITS_IN = 3, ITS_OUT = 4, ABOVE = 10, PATIENCE_S = 300, PART = 65536, LAST_WORDS = 160, OPEN_FOLDERS = 16 };
/* In the folder that it works for. */
#define PROFILE ".landuse-browser"

struct lu_browser {
	pid_t child;
	int to, from; /* -1: not open */
	char *profile, *said; /* folder; file in it of what it complains of */
	const struct lu_hooks *hooks;
	char *text; /* received, and not yet understood */
	size_t size, room;
	int calls;
	char *session; /* of the page */
};

static enum lu_status no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a browser");
}

enum lu_status lu_browser_find(const char *what, char **program, struct lu_error *err)
{
	static const char *const names[] = {"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"};
	const char *path = getenv("PATH");

	*program = NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		for (const char *at = path != NULL ? path : ""; *at != '\0';) {
			const size_t length = strcspn(at, ":");
			char *file = lu_sprintf("%.*s/%s", (int)length, at, names[i]);
			if (file == NULL)
				return no_memory(err);
			if (length > 0 && lu_file_exists(file) && access(file, X_OK) == 0) {
				*program = file;
				return LU_OK;
			}
			lu_free(file);
			at += length + (at[length] == ':');
		}
	}
	return lu_fail(
		err, LU_ERROR_ARGUMENT,
		"%s: is printed by Chromium, and PATH has none (install chromium; report.html prints from any browser)",
		what);
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *at)
{
	(void)facts;
	(void)kind;
	(void)at;
	return remove(path);
}

/* What it complained of last, for the message of a failure. */
static const char *last_words(const struct lu_browser *browser, char words[LAST_WORDS])
{
	char *text = NULL;
	size_t size = 0;

	words[0] = '\0';
	if (lu_file_read(browser->said, 1 << 20, &text, &size, NULL) == LU_OK) {
		while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == ' '))
			text[--size] = '\0';
		const char *line = strrchr(text, '\n');
		snprintf(words, LAST_WORDS, ": %s", line != NULL ? line + 1 : text);
		for (char *c = words; *c != '\0'; c++)
			if ((unsigned char)*c < ' ')
				*c = ' ';
	}
	lu_free(text);
	return words;
}

static enum lu_status fail(const struct lu_browser *browser, const char *fact, struct lu_error *err)
{
	char words[LAST_WORDS];

	return lu_fail(err, LU_ERROR_IO, "chromium: %s%s (report.html prints from any browser)", fact,
		       last_words(browser, words));
}

static enum lu_status send_all(struct lu_browser *browser, const char *text, size_t size, struct lu_error *err)
{
	for (size_t done = 0; done < size;) {
		const ssize_t sent = send(browser->to, text + done, size - done, MSG_NOSIGNAL);
		if (sent < 0 && errno != EINTR)
			return fail(browser, "has ended before its work was done", err);
		done += sent > 0 ? (size_t)sent : 0;
	}
	return LU_OK;
}

/* Wait for more from it, a tenth of a second at a time: the caller may want to stop. */
static enum lu_status receive(struct lu_browser *browser, double until, struct lu_error *err)
{
	struct pollfd ready = {.fd = browser->from, .events = POLLIN};
	enum lu_status status;

	while (poll(&ready, 1, 100) == 0 || ready.revents == 0) {
		if (lu_cancelled(browser->hooks))
			return lu_fail(err, LU_ERROR_CANCELLED, "stopped");
		if (lu_seconds_now() > until)
			return fail(browser, "gave no answer for five minutes", err);
	}
	LU_TRY(lu_grow(&browser->text, browser->room < browser->size + PART ? 2 * browser->size + PART : browser->room,
		       1, "an answer", err));
	browser->room = browser->room < browser->size + PART ? 2 * browser->size + PART : browser->room;
	const ssize_t got = read(browser->from, browser->text + browser->size, PART);
	if (got == 0 || (got < 0 && errno != EINTR))
		status = fail(browser, "has ended before its work was done", err);
	browser->size += got > 0 ? (size_t)got : 0;
out:
	return status;
}

/* The next whole message, for json_decref. */
static enum lu_status next_message(struct lu_browser *browser, double until, json_t **message, struct lu_error *err)
{
	size_t looked = 0;
	const char *end;
	enum lu_status status = LU_OK;

	*message = NULL;
	while ((end = browser->size > looked ? memchr(browser->text + looked, '\0', browser->size - looked) : NULL) ==
	       NULL) {
		looked = browser->size;
		LU_TRY(receive(browser, until, err));
	}
	const size_t length = (size_t)(end - browser->text);
	*message = json_loadb(browser->text, length, 0, NULL);
	browser->size -= length + 1;
	memmove(browser->text, end + 1, browser->size);
	if (*message == NULL)
		status = fail(browser, "gave an answer that is no JSON", err);
out:
	return status;
}

/* Call 'method' with 'parameters', which are taken over; '*result' (may be NULL) for json_decref. */
static enum lu_status call(struct lu_browser *browser, const char *method, json_t *parameters, json_t **result,
			   struct lu_error *err)
{
	const double until = lu_seconds_now() + PATIENCE_S;
	const int number = ++browser->calls;
	json_t *request = json_pack("{s:i, s:s, s:o, s:s*}", "id", number, "method", method, "params", parameters,
				    "sessionId", browser->session);
	json_t *message = NULL;
	char *text = request != NULL ? json_dumps(request, JSON_COMPACT) : NULL;
	enum lu_status status;

	LU_TRY(text != NULL ? LU_OK : no_memory(err));
	LU_TRY(send_all(browser, text, strlen(text) + 1, err));
	/* Events come in between. */
	do {
		json_decref(message);
		LU_TRY(next_message(browser, until, &message, err));
	} while (json_integer_value(json_object_get(message, "id")) != number);
	if (!json_is_object(json_object_get(message, "result"))) {
		char fact[120];
		snprintf(fact, sizeof(fact), "refuses %s", method);
		status = fail(browser, fact, err);
	} else if (result != NULL) {
		*result = json_incref(json_object_get(message, "result"));
	}
out:
	free(text);
	json_decref(request);
	json_decref(message);
	return status;
}

/* Its surroundings: our own, but for a home in its profile, and the time of Greenwich. */
static enum lu_status surroundings(const struct lu_browser *browser, char ***out, char **home, struct lu_error *err)
{
	static const char *const left_out[] = {"HOME=", "XDG_", "DBUS_", "TZ="};
	static char greenwich[] = "TZ=UTC";
	size_t count = 0, kept = 0;
	enum lu_status status;

	while (environ[count] != NULL)
		count++;
	LU_TRY(lu_alloc(out, count + 3, sizeof(**out), "an environment", err));
	for (size_t i = 0; i < count; i++) {
		bool keep = true;
		for (size_t k = 0; k < sizeof(left_out) / sizeof(left_out[0]); k++)
			keep = keep && strncmp(environ[i], left_out[k], strlen(left_out[k])) != 0;
		if (keep)
			(*out)[kept++] = environ[i];
	}
	*home = lu_sprintf("HOME=%s", browser->profile);
	LU_TRY(*home != NULL ? LU_OK : no_memory(err));
	(*out)[kept++] = *home;
	(*out)[kept] = greenwich;
out:
	return status;
}

static int spawn(struct lu_browser *browser, const char *program, char **words, char **env, const int ends[2])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int failure = posix_spawn_file_actions_init(&actions);

	if (failure != 0)
		return failure;
	failure = posix_spawnattr_init(&attributes);
	if (failure == 0) {
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
		posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
		posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, browser->said, O_WRONLY | O_CREAT | O_TRUNC,
						 0600);
		posix_spawn_file_actions_adddup2(&actions, ends[0], ITS_IN);
		posix_spawn_file_actions_adddup2(&actions, ends[1], ITS_OUT);
		/* A group of its own: it starts others, which end with it. */
		posix_spawnattr_setpgroup(&attributes, 0);
		posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
		failure = posix_spawn(&browser->child, program, &actions, &attributes, words, env);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return failure;
}

/* A pair of connected ends that lie above 3 and 4: the first is the browser's. */
static bool connect_ends(int *its, int *ours)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	*its = fcntl(pair[0], F_DUPFD_CLOEXEC, ABOVE);
	*ours = fcntl(pair[1], F_DUPFD_CLOEXEC, ABOVE);
	close(pair[0]);
	close(pair[1]);
	return *its >= 0 && *ours >= 0;
}

static enum lu_status start(struct lu_browser *browser, const char *program, struct lu_error *err)
{
	char *own = lu_sprintf("--user-data-dir=%s", browser->profile), *home = NULL, **env = NULL;
	/* Chromium does not sandbox what root runs; the page is ours, and may fetch nothing. */
	const char *const words[] = {program,
				     "--headless",
				     "--remote-debugging-pipe",
				     "--host-resolver-rules=MAP * ~NOTFOUND",
				     "--disable-background-networking",
				     "--disable-component-update",
				     "--disable-default-apps",
				     "--disable-dev-shm-usage",
				     "--disable-extensions",
				     "--disable-gpu",
				     "--disable-sync",
				     "--font-render-hinting=none",
				     "--hide-scrollbars",
				     "--lang=en-US",
				     "--no-first-run",
				     "--password-store=basic",
				     own,
				     geteuid() == 0 ? "--no-sandbox" : NULL,
				     NULL};
	int its[2] = {-1, -1}, failure;
	enum lu_status status;

	LU_TRY(own != NULL ? LU_OK : no_memory(err));
	LU_TRY(surroundings(browser, &env, &home, err));
	if (!connect_ends(&its[0], &browser->to) || !connect_ends(&its[1], &browser->from))
		LU_TRY(lu_fail_errno(err, program, "make a pipe for"));
	failure = spawn(browser, program, (char **)(uintptr_t)words, env, its);
	if (failure != 0) {
		browser->child = 0;
		status = lu_fail(err, LU_ERROR_IO, "%s: cannot be started: %s", program, strerror(failure));
	}
out:
	for (int i = 0; i < 2; i++)
		if (its[i] >= 0)
			close(its[i]);
	lu_free(env);
	lu_free(home);
	lu_free(own);
	return status;
}

/* A page of its own, and a session with it. */
static enum lu_status attach(struct lu_browser *browser, struct lu_error *err)
{
	json_t *target = NULL, *session = NULL;
	enum lu_status status;

	LU_TRY(call(browser, "Target.createTarget", json_pack("{s:s}", "url", "about:blank"), &target, err));
	LU_TRY(call(browser, "Target.attachToTarget",
		    json_pack("{s:O, s:b}", "targetId", json_object_get(target, "targetId"), "flatten", 1), &session,
		    err));
	const char *name = json_string_value(json_object_get(session, "sessionId"));
	browser->session = name != NULL ? lu_strdup(name) : NULL;
	if (browser->session == NULL)
		status = fail(browser, "opens no page", err);
out:
	json_decref(target);
	json_decref(session);
	return status;
}

enum lu_status lu_browser_open(const char *program, const char *scratch, const struct lu_hooks *hooks,
			       struct lu_browser **out, struct lu_error *err)
{
	struct lu_browser *browser = NULL;
	char *folder = realpath(scratch, NULL);
	enum lu_status status;

	*out = NULL;
	if (folder == NULL)
		return lu_fail_errno(err, scratch, "find");
	LU_TRY(lu_alloc(&browser, 1, sizeof(*browser), "a browser", err));
	*browser = (struct lu_browser){.to = -1, .from = -1, .hooks = hooks};
	browser->profile = lu_path_join(folder, PROFILE);
	browser->said = lu_path_join(folder, PROFILE "/said");
	LU_TRY(browser->profile != NULL && browser->said != NULL ? LU_OK : no_memory(err));
	/* A browser that was killed left one. */
	nftw(browser->profile, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
	if (mkdir(browser->profile, 0700) != 0)
		LU_TRY(lu_fail_errno(err, browser->profile, "make"));
	LU_TRY(start(browser, program, err));
	LU_TRY(attach(browser, err));
	*out = browser;
	browser = NULL; /* now the caller's */
out:
	lu_browser_close(browser);
	free(folder);
	return status;
}

void lu_browser_close(struct lu_browser *browser)
{
	if (browser == NULL)
		return;
	if (browser->child > 0) {
		kill(-browser->child, SIGKILL);
		while (waitpid(browser->child, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (browser->to >= 0)
		close(browser->to);
	if (browser->from >= 0)
		close(browser->from);
	if (browser->profile != NULL)
		nftw(browser->profile, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
	lu_free(browser->profile);
	lu_free(browser->said);
	lu_free(browser->session);
	lu_free(browser->text);
	lu_free(browser);
}

/* "file:///a%20b": every byte that a URL may not have as it is, by its number. */
static char *url_of(const char *path)
{
	static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~/";
	char *url;
	size_t at;

	if (lu_alloc(&url, 3 * strlen(path) + 8, 1, "a path", NULL) != LU_OK)
		return NULL;
	at = (size_t)sprintf(url, "file://");
	for (; *path != '\0'; path++)
		at += (size_t)sprintf(url + at, strchr(plain, *path) != NULL ? "%c" : "%%%02X", (unsigned char)*path);
	return url;
}

enum lu_status lu_browser_show(struct lu_browser *browser, const char *path, const char *ready, struct lu_error *err)
{
	const double until = lu_seconds_now() + PATIENCE_S;
	char *whole = realpath(path, NULL), *url = whole != NULL ? url_of(whole) : NULL;
	json_t *result = NULL;
	bool shown = false;
	enum lu_status status;

	LU_TRY(url != NULL ? LU_OK : lu_fail_errno(err, path, "find"));
	LU_TRY(call(browser, "Page.navigate", json_pack("{s:s}", "url", url), &result, err));
	if (json_object_get(result, "errorText") != NULL)
		LU_TRY(fail(browser, "does not open the page", err));
	while (!shown) {
		json_decref(result);
		result = NULL;
		LU_TRY(call(browser, "Runtime.evaluate",
			    json_pack("{s:s, s:b}", "expression", ready, "returnByValue", 1), &result, err));
		shown = json_is_true(json_object_get(json_object_get(result, "result"), "value"));
		if (!shown && lu_seconds_now() > until)
			LU_TRY(fail(browser, "does not finish drawing the page", err));
		if (!shown)
			poll(NULL, 0, 50);
	}
out:
	json_decref(result);
	lu_free(url);
	free(whole);
	return status;
}

/* Member "data" of an answer, as bytes. */
static enum lu_status take_bytes(const struct lu_browser *browser, const json_t *result, char **bytes, size_t *size,
				 struct lu_error *err)
{
	const json_t *data = json_object_get(result, "data");

	*bytes = json_is_string(data) ? lu_base64_bytes(json_string_value(data), json_string_length(data), size) : NULL;
	return *bytes != NULL ? LU_OK : fail(browser, "gives back nothing", err);
}

/* The two times that a PDF says become one that is always the same, digit for digit: nothing else in it moves. */
static void drop_times(char *bytes, size_t size)
{
	static const char *const keys[] = {"/CreationDate (D:", "/ModDate (D:"};
	static const char day[] = "20000101000000";

	for (int i = 0; i < 2; i++) {
		char *at = memmem(bytes, size, keys[i], strlen(keys[i]));
		const size_t before = at != NULL ? (size_t)(at - bytes) + strlen(keys[i]) : size;
		if (before + strlen(day) <= size)
			memcpy(bytes + before, day, strlen(day));
	}
}

/*
 * Parts of a tagged PDF are called "(node00000292)", counted by the browser from a start that differs from run to run: the
 * least becomes 0.
 */
static void count_from_nought(char *bytes, size_t size)
{
	enum { FRONT = 5, DIGITS = 8 };
	unsigned long least = ULONG_MAX;

	for (int write = 0; write < 2; write++) {
		for (char *at = bytes; (at = memmem(at, size - (size_t)(at - bytes), "(node", FRONT)) != NULL;
		     at += FRONT) {
			char digits[DIGITS + 1] = "";
			if (size - (size_t)(at - bytes) <= FRONT + DIGITS || at[FRONT + DIGITS] != ')')
				continue;
			memcpy(digits, at + FRONT, DIGITS);
			if (strspn(digits, "0123456789") != DIGITS)
				continue;
			const unsigned long number = strtoul(digits, NULL, 10);
			least = number < least ? number : least;
			if (write == 0)
				continue;
			snprintf(digits, sizeof(digits), "%08lu", (number - least) % 100000000);
			memcpy(at + FRONT, digits, DIGITS);
		}
	}
}

enum lu_status lu_browser_pdf(struct lu_browser *browser, char **bytes, size_t *size, struct lu_error *err)
{
	static const char foot[] = "<div style=\"width:100%;font-size:8px;text-align:center;color:#4a5565\">"
				   "<span class=\"pageNumber\"></span> / <span class=\"totalPages\"></span></div>";
	json_t *result = NULL;
	enum lu_status status;

	LU_TRY(call(browser, "Page.printToPDF",
		    json_pack("{s:b, s:b, s:b, s:s, s:s, s:b, s:b}", "printBackground", 1, "preferCSSPageSize", 1,
			      "displayHeaderFooter", 1, "headerTemplate", "<span></span>", "footerTemplate", foot,
			      "generateTaggedPDF", 1, "generateDocumentOutline", 1),
		    &result, err));
	LU_TRY(take_bytes(browser, result, bytes, size, err));
	drop_times(*bytes, *size);
	count_from_nought(*bytes, *size);
out:
	json_decref(result);
	return status;
}

enum lu_status lu_browser_png(struct lu_browser *browser, int width, int height, char **bytes, size_t *size,
			      struct lu_error *err)
{
	json_t *result = NULL;
	enum lu_status status;

	LU_TRY(call(browser, "Emulation.setDeviceMetricsOverride",
		    json_pack("{s:i, s:i, s:i, s:b}", "width", width, "height", height, "deviceScaleFactor", 2,
			      "mobile", 0),
		    NULL, err));
	LU_TRY(call(browser, "Page.captureScreenshot", json_pack("{s:s}", "format", "png"), &result, err));
	LU_TRY(take_bytes(browser, result, bytes, size, err));
out:
	json_decref(result);
	return status;
}
