/*
 * terminal.c: log lines and the progress bar on stderr, and Ctrl-C.
 *
 *	2023  [################............]  57 %  1204 of 2100, 310/s, 3 s left
 */
#define _GNU_SOURCE /* SIGWINCH-free ioctl constants */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"

enum { BAR_WIDTH = 28, LEAST_BAR = 6 };
static const double redraw_seconds = 1.0 / 6, plain_seconds = 10;

static volatile sig_atomic_t stop_asked; /* the number of the signal that did, or 0 */
static volatile double stop_asked_at; /* touched by the handler alone */

static struct {
	enum verbosity verbosity;
	bool tells_events; /* json_log.c speaks instead */
	bool is_terminal, has_color, bar_shown;
	bool told, complete; /* of this stage: a plain line was written; the one for its end, too */
	char stage[64];
	double stage_start, last_drawn;
	uint64_t stage_first; /* 'done' when the stage began: resumed work is not this run's rate */
	uint64_t stage_done;
} terminal;

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void on_signal(int number)
{
	const double now = seconds_now();

	/* A second one is meant: the default action ends the program at once. timeout(1) sends its one signal twice. */
	if (stop_asked && now - stop_asked_at > 0.05) {
		signal(number, SIG_DFL);
		raise(number);
		return;
	}
	stop_asked_at = stop_asked ? stop_asked_at : now;
	stop_asked = number;
}

static void clear_bar(void)
{
	if (terminal.bar_shown)
		fputs("\r\033[K", stderr);
	terminal.bar_shown = false;
}

static void on_log(void *user, enum lu_level level, const char *text)
{
	(void)user;
	if (terminal.verbosity == VERBOSITY_QUIET && level < LU_LEVEL_WARNING)
		return;
	if (terminal.verbosity != VERBOSITY_DEBUG && level == LU_LEVEL_DEBUG)
		return;
	clear_bar();
	if (level == LU_LEVEL_WARNING)
		fputs(terminal.has_color ? "\033[33mwarning:\033[0m " : "warning: ", stderr);
	say_words(stderr, text, "\n");
}

static void write_duration(char *text, size_t size, double seconds)
{
	if (seconds < 90)
		snprintf(text, size, "%.0f s", seconds);
	else if (seconds < 5400)
		snprintf(text, size, "%.0f min", seconds / 60);
	else
		snprintf(text, size, "%.1f h", seconds / 3600);
}

static int terminal_columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* One line: of what there is to tell, as much as fits beside a bar, and without a bar where none fits. */
static void draw_bar(const char *stage, double share, const char *const *tails, int tail_count)
{
	const int columns = terminal_columns() - 1;

	fputs("\r\033[K", stderr);
	terminal.bar_shown = true;
	for (int i = 0; i < tail_count; i++) {
		const int room = columns - (int)(strlen(stage) + strlen("  []  57 %  ") + strlen(tails[i]));
		const int width = room < BAR_WIDTH ? room : BAR_WIDTH;
		char bar[BAR_WIDTH + 1];

		if (width < LEAST_BAR)
			continue;
		for (int k = 0; k < width; k++)
			bar[k] = k < share * width ? '#' : '.';
		bar[width] = '\0';
		say_format(stderr, "%s  [%s] %3.0f %%  %s", stage, bar, 100 * share, tails[i]);
		return;
	}
	char line[128];
	snprintf(line, sizeof(line), "%3.0f %%  %s", 100 * share, stage);
	say_format(stderr, "%.*s", columns, line);
}

static void draw(const char *stage, uint64_t done, uint64_t total, double now)
{
	char left[32] = "", counts[96], rates[64];
	const double share = total > 0 ? (double)done / (double)total : 1;
	const double elapsed = now - terminal.stage_start;
	const double rate = elapsed > 0 ? (double)(done - terminal.stage_first) / elapsed : 0;

	if (rate > 0 && done < total) {
		char duration[24];
		write_duration(duration, sizeof(duration), (double)(total - done) / rate);
		snprintf(left, sizeof(left), ", %s left", duration);
	}
	snprintf(rates, sizeof(rates), "%.0f/s%s", rate, left);
	snprintf(counts, sizeof(counts), "%llu of %llu, %s", (unsigned long long)done, (unsigned long long)total,
		 rates);
	if (!terminal.is_terminal) {
		say_format(stderr, "%s: %llu of %llu (%.0f %%), %s\n", stage, (unsigned long long)done,
			   (unsigned long long)total, 100 * share, rates);
		return;
	}
	const char *const tails[] = {counts, rates, left[0] != '\0' ? left + 2 : ""};
	draw_bar(stage, share, tails, 3);
}

static void on_progress(void *user, const char *stage, uint64_t done, uint64_t total)
{
	const double now = seconds_now();
	(void)user;

	if (terminal.verbosity == VERBOSITY_QUIET)
		return;
	/* The same stage of the next date starts from the beginning. */
	if (strcmp(stage, terminal.stage) != 0 || done < terminal.stage_done) {
		if (terminal.bar_shown)
			fputc('\n', stderr);
		terminal.bar_shown = terminal.told = terminal.complete = false;
		snprintf(terminal.stage, sizeof(terminal.stage), "%s", stage);
		terminal.stage_start = terminal.last_drawn = now;
		terminal.stage_first = terminal.stage_done = done;
		if (!terminal.is_terminal)
			return;
	}
	terminal.stage_done = done;
	const double pause = terminal.is_terminal ? redraw_seconds : plain_seconds;
	/* A log has no line of a stage that was over before its first one was due, and one for the end of the others. */
	const bool ends = done >= total && !terminal.complete && (terminal.is_terminal || terminal.told);
	if ((now - terminal.last_drawn < pause || terminal.complete) && !ends)
		return;
	terminal.told = true;
	terminal.complete = done >= total;
	terminal.last_drawn = now;
	draw(stage, done, total, now);
	fflush(stderr);
}

/* A library of C++ (GDAL, PROJ) that gets no memory, or finds itself broken, says so and ends the program. */
static void on_abort(int number)
{
	static const char text[] =
		"landuse: ended from within, as said above (a library that gets no memory does so): what is "
		"finished is not lost; run the same command again\n";

	(void)number; /* abort() goes on when this returns */
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		return;
}

bool terminal_stop_asked(void *user)
{
	(void)user;
	return stop_asked != 0;
}

void terminal_begin_short(void)
{
	const char *kind = getenv("TERM"), *no_color = getenv("NO_COLOR");

	terminal.verbosity = VERBOSITY_NORMAL;
	terminal.is_terminal = isatty(STDERR_FILENO) && kind != NULL && strcmp(kind, "dumb") != 0;
	terminal.has_color = terminal.is_terminal && (no_color == NULL || no_color[0] == '\0');
}

const struct lu_hooks *terminal_begin(const struct arguments *arguments)
{
	static const struct lu_hooks hooks = {.log = on_log, .progress = on_progress, .cancelled = terminal_stop_asked};
	const struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	const struct sigaction aborted = {.sa_handler = on_abort, .sa_flags = (int)SA_RESETHAND};
	struct sigaction hangup;

	terminal_begin_short();
	terminal.verbosity = arguments->verbosity;
	terminal.tells_events = arguments->json_log;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGABRT, &aborted, NULL);
	/* nohup(1) has it ignored. */
	if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &action, NULL);
	return arguments->json_log ? json_log_begin(arguments) : &hooks;
}

void terminal_end(void)
{
	if (terminal.bar_shown)
		fputc('\n', stderr);
	terminal.bar_shown = false;
}

int terminal_code(const struct lu_error *err)
{
	if (err->status == LU_ERROR_CANCELLED && stop_asked != 0)
		return EXIT_SIGNAL + stop_asked;
	return err->status == LU_ERROR_ARGUMENT ? EXIT_USAGE : EXIT_FAILED;
}

int terminal_fail(const struct lu_error *err)
{
	terminal_end();
	fputs(terminal.has_color ? "\033[31mlanduse:\033[0m " : "landuse: ", stderr);
	say_words(stderr, err->text, "\n");
	return terminal_code(err);
}

int terminal_finish_with(int code, enum lu_status status, char *text, const struct lu_error *err)
{
	if (status != LU_OK)
		code = terminal_code(err);
	if (terminal.tells_events)
		json_log_finish(code, text, status != LU_OK ? err : NULL);
	if (status != LU_OK)
		return terminal.tells_events ? code : terminal_fail(err);
	terminal_end();
	say_words(stdout, text, "");
	lu_text_free(text);
	return code;
}

int terminal_finish(enum lu_status status, char *text, const struct lu_error *err)
{
	return terminal_finish_with(EXIT_DONE, status, text, err);
}
