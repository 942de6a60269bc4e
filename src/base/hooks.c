/* hooks.c: the caller's ear, one thread at a time. */
#include "base/hooks.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

static pthread_mutex_t talking = PTHREAD_MUTEX_INITIALIZER; /* held while a hook other than 'cancelled' runs */

void lu_log(const struct lu_hooks *hooks, enum lu_level level, const char *format, ...)
{
	if (hooks == NULL || hooks->log == NULL)
		return;
	char text[1024];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	pthread_mutex_lock(&talking);
	hooks->log(hooks->user, level, text);
	pthread_mutex_unlock(&talking);
}

void lu_progress(const struct lu_hooks *hooks, const char *stage, uint64_t done, uint64_t total)
{
	if (hooks == NULL || hooks->progress == NULL)
		return;
	pthread_mutex_lock(&talking);
	hooks->progress(hooks->user, stage, done, total);
	pthread_mutex_unlock(&talking);
}

bool lu_cancelled(const struct lu_hooks *hooks)
{
	return hooks != NULL && hooks->cancelled != NULL && hooks->cancelled(hooks->user);
}
