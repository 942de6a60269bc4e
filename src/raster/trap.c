/*
 * trap.c: catching what GDAL would print. See trap.h.
 */
#include "raster/trap.h"

#include <cpl_error.h>
#include <cpl_string.h>
#include <stdio.h>
#include <string.h>

/* One line: drivers put line feeds inside and at the end of their texts. */
static void copy_line(char *line, size_t size, const char *text)
{
	snprintf(line, size, "%s", text);
	for (char *c = line; *c != '\0'; c++) {
		if (*c == '\n' || *c == '\r' || *c == '\t')
			*c = ' ';
	}
	for (size_t n = strlen(line); n > 0 && (line[n - 1] == ' ' || line[n - 1] == '.'); n--)
		line[n - 1] = '\0';
}

static void CPL_STDCALL catch_message(CPLErr severity, CPLErrorNum number, const char *text)
{
	struct lu_trap *trap = CPLGetErrorHandlerUserData();
	const bool failure = severity >= CE_Failure;

	(void)number;
	if (severity == CE_Warning && trap->keeps) {
		char line[sizeof(trap->text)];

		copy_line(line, sizeof(line), text);
		trap->warnings = CSLAddString(trap->warnings, line);
	}
	if (severity < CE_Warning || trap->failed || (!failure && trap->text[0] != '\0'))
		return;
	trap->failed = failure;
	copy_line(trap->text, sizeof(trap->text), text);
}

void lu_trap_keep_warnings(struct lu_trap *trap)
{
	trap->keeps = true;
}

void lu_trap_set(struct lu_trap *trap)
{
	trap->keeps = false;
	trap->warnings = NULL;
	lu_trap_clear(trap);
	CPLPushErrorHandlerEx(catch_message, trap);
}

void lu_trap_drop(struct lu_trap *trap)
{
	CSLDestroy(trap->warnings);
	trap->warnings = NULL;
	CPLPopErrorHandler();
	CPLErrorReset();
}

void lu_trap_clear(struct lu_trap *trap)
{
	trap->failed = false;
	trap->text[0] = '\0';
	CSLDestroy(trap->warnings);
	trap->warnings = NULL;
}

const char *lu_trap_text(const struct lu_trap *trap, const char *otherwise)
{
	return trap->text[0] != '\0' ? trap->text : otherwise;
}
