/*
 * browser.h: a Chromium of the user's, without a window, that prints pages: spoken to through two pipes by the Chrome DevTools
 * Protocol (https://chromedevtools.github.io/devtools-protocol). It has a profile of its own, which goes with it, and no network.
 */
#ifndef LU_COMMANDS_BROWSER_H
#define LU_COMMANDS_BROWSER_H

#include <stddef.h>

#include "base/error.h"
#include "landuse/core.h"

struct lu_browser;

/*
 * The program on PATH, for lu_free: chromium, chromium-browser, google-chrome, google-chrome-stable. LU_ERROR_ARGUMENT: there is
 * none; 'what' ("report.pdf") is what wants it.
 */
enum lu_status lu_browser_find(const char *what, char **program, struct lu_error *err);

/* Start it; its profile is a folder in 'scratch', a folder that is there and nobody else works in. LU_ERROR_IO: it cannot be started. 'hooks' may stop it. */
enum lu_status lu_browser_open(const char *program, const char *scratch, const struct lu_hooks *hooks,
			       struct lu_browser **out, struct lu_error *err);
/* Ends it, if need be by force, and removes its profile. NULL is allowed. */
void lu_browser_close(struct lu_browser *browser);

/* Show a file of this machine, until the script 'ready' says true. LU_ERROR_IO: it does not within five minutes; LU_ERROR_CANCELLED. */
enum lu_status lu_browser_show(struct lu_browser *browser, const char *path, const char *ready, struct lu_error *err);
/* What is shown, as PDF by its own style of print; '*bytes' for lu_free. It says no time. */
enum lu_status lu_browser_pdf(struct lu_browser *browser, char **bytes, size_t *size, struct lu_error *err);
/* Its upper left 'width' x 'height' CSS pixels as PNG of twice as many a side; '*bytes' for lu_free. */
enum lu_status lu_browser_png(struct lu_browser *browser, int width, int height, char **bytes, size_t *size,
			      struct lu_error *err);

#endif
