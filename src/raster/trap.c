/*
 * trap.c: catching what GDAL would print. See trap.h.
 */
#include "raster/trap.h"

#include <cpl_error.h>
#include <stdio.h>
#include <string.h>

static void CPL_STDCALL catch_message(CPLErr severity, CPLErrorNum number, const char *text)
{
	struct lu_trap *trap = CPLGetErrorHandlerUserData();
	const bool failure = severity >= CE_Failure;

	(void)number;
	if (severity < CE_Warning || trap->failed || (!failure && trap->text[0] != '\0'))
		return;
	trap->failed = failure;
	snprintf(trap->text, sizeof(trap->text), "%s", text);
	/* One line: drivers put line feeds inside and at the end of their texts. */
	for (char *c = trap->text; *c != '\0'; c++) {
		if (*c == '\n' || *c == '\r' || *c == '\t')
			*c = ' ';
	}
	for (size_t n = strlen(trap->text); n > 0 && (trap->text[n - 1] == ' ' || trap->text[n - 1] == '.'); n--)
		trap->text[n - 1] = '\0';
}

void lu_trap_set(struct lu_trap *trap)
{
	lu_trap_clear(trap);
	CPLPushErrorHandlerEx(catch_message, trap);
}

void lu_trap_drop(struct lu_trap *trap)
{
	(void)trap;
	CPLPopErrorHandler();
	CPLErrorReset();
}

void lu_trap_clear(struct lu_trap *trap)
{
	trap->failed = false;
	trap->text[0] = '\0';
}

const char *lu_trap_text(const struct lu_trap *trap, const char *otherwise)
{
	return trap->text[0] != '\0' ? trap->text : otherwise;
}
