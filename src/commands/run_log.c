/* run_log.c: hooks around hooks; each line is written at once, so that a killed run's log is whole up to its last one. */
#include "commands/run_log.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"

struct lu_run_log {
	const struct lu_hooks *ear; /* the caller's; may be NULL */
	struct lu_hooks hooks; /* ours */
	char *kept; /* lines from before the file was there; NULL: none */
	int fd; /* -1: not open yet */
};

static void write_line(struct lu_run_log *log, const char *line)
{
	const char *rest = line;

	for (ssize_t done; *rest != '\0'; rest += done) {
		done = write(log->fd, rest, strlen(rest));
		if (done <=
		    0) /* a log that cannot be written ends no run: whoever writes an output tells of the disk */
			return;
	}
}

void lu_run_log_add(struct lu_run_log *log, const char *kind, const char *text)
{
	char stamp[32] = "?";
	const time_t now = time(NULL);
	struct tm clock;

	if (log == NULL)
		return;
	if (gmtime_r(&now, &clock) != NULL)
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &clock);
	char *safe = lu_text_printable(text);
	char *line = safe != NULL ? lu_sprintf("%s %s%s%s\n", stamp, kind, kind[0] != '\0' ? ": " : "", safe) : NULL;
	lu_text_free(safe);
	if (line != NULL && log->fd >= 0) {
		write_line(log, line);
	} else if (line != NULL) {
		char *more = lu_sprintf("%s%s", log->kept != NULL ? log->kept : "", line);
		if (more != NULL) {
			lu_free(log->kept);
			log->kept = more;
		}
	}
	lu_free(line);
}

static void on_log(void *user, enum lu_level level, const char *text)
{
	struct lu_run_log *log = user;

	if (level >= LU_LEVEL_INFO)
		lu_run_log_add(log, level == LU_LEVEL_WARNING ? "warning" : "", text);
	/* Not lu_log: whoever called here holds its lock. */
	if (log->ear != NULL && log->ear->log != NULL)
		log->ear->log(log->ear->user, level, text);
}

static void on_progress(void *user, const char *stage, uint64_t done, uint64_t total)
{
	const struct lu_hooks *ear = ((const struct lu_run_log *)user)->ear;

	if (ear != NULL && ear->progress != NULL)
		ear->progress(ear->user, stage, done, total);
}

static bool is_cancelled(void *user)
{
	return lu_cancelled(((struct lu_run_log *)user)->ear);
}

enum lu_status lu_run_log_new(const struct lu_hooks *ear, struct lu_run_log **out, const struct lu_hooks **hooks,
			      struct lu_error *err)
{
	struct lu_run_log *log;
	const enum lu_status status = lu_alloc(&log, 1, sizeof(*log), "a log", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	*log = (struct lu_run_log){
		.ear = ear,
		.hooks = {.log = on_log, .progress = on_progress, .cancelled = is_cancelled, .user = log},
		.fd = -1};
	*hooks = &log->hooks;
	*out = log;
	return LU_OK;
}

enum lu_status lu_run_log_open(struct lu_run_log *log, const char *folder, const char *name, struct lu_error *err)
{
	char *path = lu_path_join(folder, name);
	enum lu_status status;

	LU_TRY(path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	log->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (log->fd < 0)
		LU_TRY(lu_fail_errno(err, path, "write the log"));
	if (log->kept != NULL)
		write_line(log, log->kept);
	lu_free(log->kept);
	log->kept = NULL;
out:
	lu_free(path);
	return status;
}

void lu_run_log_free(struct lu_run_log *log)
{
	if (log == NULL)
		return;
	if (log->fd >= 0)
		close(log->fd);
	lu_free(log->kept);
	lu_free(log);
}
