/* signed.c: callbacks that hand on to /vsicurl/, and once more after a refusal. See signed.h. */
/* GDAL's VSIStatBufL is glibc's struct stat64, which only this macro shows; S_IFREG wants the other. */
#define _LARGEFILE64_SOURCE
#define _XOPEN_SOURCE 700
#include "raster/signed.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <cpl_vsi_error.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "raster/start.h"

enum { LONGEST_REASON = 256 };

struct known {
	char *path;
	lu_signer signer;
	void *user;
};

/* Constant while files are read. */
static struct known *known;
static size_t known_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* A file that is open. */
struct handle {
	const struct known *what;
	unsigned number; /* of the signature that it was opened with; 0: none yet */
	VSILFILE *file;
	vsi_l_offset at, size;
};

static const struct known *find(const char *path)
{
	for (size_t i = 0; i < known_count; i++)
		if (strcmp(known[i].path, path) == 0)
			return &known[i];
	return NULL;
}

/* A header goes by a file in memory: /vsicurl? takes no other. Its name tells the signature, so that none is mixed up. */
static char *name_with_header(const struct known *what, const char *name, const char *header, unsigned number)
{
	char file[96];

	if (header == NULL)
		return lu_strdup(name);
	snprintf(file, sizeof(file), "/vsimem/landuse_header_%p_%u", what->user, number);
	VSILFILE *to = VSIFOpenL(file, "wb");
	if (to == NULL)
		return NULL;
	const size_t length = strlen(header);
	const bool whole = VSIFWriteL(header, 1, length, to) == length;
	char *url = CPLEscapeString(name + strlen("/vsicurl/"), -1, CPLES_URL);
	char *text = VSIFCloseL(to) == 0 && whole ? lu_sprintf("/vsicurl?header_file=%s&url=%s", file, url) : NULL;
	CPLFree(url);
	return text;
}

/* Why it failed. A URL in it is told without its query, which may be what signs it. */
static void keep_reason(char why[LONGEST_REASON], const char *text)
{
	size_t length = 0;
	bool query = false;

	for (; *text != '\0' && length + 1 < LONGEST_REASON; text++) {
		query = (query || *text == '?') && *text != ' ';
		if (!query)
			why[length++] = *text;
	}
	why[length] = '\0';
}

/* Open by the present signature, or where that is '*number' already by a new one. NULL: 'why'. */
static VSILFILE *open_signed(const struct known *what, unsigned *number, char why[LONGEST_REASON])
{
	char *name = NULL, *header = NULL, *whole = NULL;
	struct lu_error err = {0};
	VSILFILE *file = NULL;

	if (what->signer(what->user, what->path, number, &name, &header, &err) != LU_OK) {
		snprintf(why, LONGEST_REASON, "%.250s", err.text);
		return NULL;
	}
	whole = name_with_header(what, name, header, *number);
	if (whole != NULL) {
		VSICurlPartialClearCache(whole); /* or what a refusal taught would hold on */
		VSIErrorReset();
		file = VSIFOpenExL(whole, "rb", TRUE);
	}
	if (file == NULL)
		keep_reason(why, VSIGetLastErrorMsg());
	lu_free(whole);
	lu_free(name);
	lu_free(header);
	return file;
}

static bool size_of(VSILFILE *file, vsi_l_offset *size)
{
	if (VSIFSeekL(file, 0, SEEK_END) != 0)
		return false;
	*size = VSIFTellL(file);
	return VSIFSeekL(file, 0, SEEK_SET) == 0;
}

/* What GDAL says on the way is not heard: it has signed names, and a refusal is none of the reader's business. */
static bool open_twice(struct handle *handle)
{
	char why[LONGEST_REASON] = "";
	bool open;

	CPLPushErrorHandler(CPLQuietErrorHandler);
	handle->file = open_signed(handle->what, &handle->number, why);
	if (handle->file == NULL)
		handle->file = open_signed(handle->what, &handle->number, why);
	open = handle->file != NULL && size_of(handle->file, &handle->size);
	CPLPopErrorHandler();
	if (!open) {
		CPLError(CE_Failure, CPLE_OpenFailed, "%s", why);
		VSIError(VSIE_HttpError, "%s", why);
	}
	return open;
}

static void *open_file(void *user, const char *path, const char *access)
{
	struct handle *handle;

	(void)user;
	if (strchr(access, 'w') != NULL || strchr(access, '+') != NULL || find(path) == NULL ||
	    lu_alloc(&handle, 1, sizeof(*handle), "an open file", NULL) != LU_OK)
		return NULL;
	handle->what = find(path);
	if (open_twice(handle))
		return handle;
	if (handle->file != NULL)
		VSIFCloseL(handle->file);
	lu_free(handle);
	return NULL;
}

static int stat_file(void *user, const char *path, VSIStatBufL *out, int flags)
{
	struct handle handle = {.what = find(path)};

	(void)user, (void)flags;
	memset(out, 0, sizeof(*out));
	if (handle.what == NULL || !open_twice(&handle)) {
		if (handle.file != NULL)
			VSIFCloseL(handle.file);
		return -1;
	}
	VSIFCloseL(handle.file);
	out->st_mode = S_IFREG;
	out->st_size = (off64_t)handle.size;
	return 0;
}

static vsi_l_offset tell(void *file)
{
	return ((struct handle *)file)->at;
}

static int seek(void *file, vsi_l_offset offset, int whence)
{
	struct handle *handle = file;

	handle->at = whence == SEEK_SET ? offset : whence == SEEK_CUR ? handle->at + offset : handle->size + offset;
	return 0;
}

static size_t read_once(struct handle *handle, void *bytes, size_t size)
{
	return handle->file != NULL && VSIFSeekL(handle->file, handle->at, SEEK_SET) == 0
		       ? VSIFReadL(bytes, 1, size, handle->file)
		       : 0;
}

static size_t read_file(void *file, void *bytes, size_t one, size_t count)
{
	struct handle *handle = file;
	const vsi_l_offset left = handle->at < handle->size ? handle->size - handle->at : 0;
	const size_t wanted = one * count < left ? one * count : (size_t)left;

	char why[LONGEST_REASON] = "";

	CPLPushErrorHandler(CPLQuietErrorHandler);
	size_t got = read_once(handle, bytes, wanted);
	if (got < wanted) {
		if (handle->file != NULL)
			VSIFCloseL(handle->file);
		handle->file = open_signed(handle->what, &handle->number, why);
		CPLErrorReset();
		got = read_once(handle, bytes, wanted);
		if (got < wanted && handle->file != NULL)
			keep_reason(why, CPLGetLastErrorMsg());
	}
	CPLPopErrorHandler();
	if (got < wanted)
		CPLError(CE_Failure, CPLE_FileIO, "%s", why);
	handle->at += got;
	return one > 0 ? got / one : 0;
}

static int is_at_end(void *file)
{
	const struct handle *handle = file;

	return handle->at >= handle->size;
}

static int close_file(void *file)
{
	struct handle *handle = file;

	if (handle->file != NULL)
		VSIFCloseL(handle->file);
	lu_free(handle);
	return 0;
}

static void install(void)
{
	VSIFilesystemPluginCallbacksStruct *callbacks = VSIAllocFilesystemPluginCallbacksStruct();

	callbacks->stat = stat_file;
	callbacks->open = open_file;
	callbacks->tell = tell;
	callbacks->seek = seek;
	callbacks->read = read_file;
	callbacks->eof = is_at_end;
	callbacks->close = close_file;
	VSIInstallPluginHandler(LU_SIGNED_PREFIX, callbacks);
	VSIFreeFilesystemPluginCallbacksStruct(callbacks);
}

enum lu_status lu_signed_add(const char *path, lu_signer signer, void *user, struct lu_error *err)
{
	enum lu_status status;

	lu_raster_start(0);
	pthread_once(&once, install);
	LU_TRY(lu_grow(&known, known_count + 1, sizeof(*known), "signed files", err));
	known[known_count] = (struct known){lu_strdup(path), signer, user};
	if (known[known_count].path == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: signed files");
	known_count++;
out:
	return status;
}

void lu_signed_forget(const void *user)
{
	size_t kept = 0;

	for (size_t i = 0; i < known_count; i++) {
		if (known[i].user == user)
			lu_free(known[i].path);
		else
			known[kept++] = known[i];
	}
	known_count = kept;
	if (kept == 0) {
		lu_free(known);
		known = NULL;
	}
}
