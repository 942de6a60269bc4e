/*
 * file.c: durable files and folders over POSIX.
 *
 * The order that makes a rename durable: write, fsync the file, rename, fsync the folder.
 */
#define _GNU_SOURCE /* syncfs, getrandom */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/hooks.h"
#include "base/memory.h"

/* Between a temporary's stem and its digits: random ones, the system's, the process's. */
static const char temporary_mark[] = ".landuse-";
enum { RANDOM_DIGITS = 16, SYSTEM_DIGITS = 8, PROCESS_DIGITS = 8, LONGEST_STEM = 120 };

const char *lu_path_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

bool lu_name_is_system(const char *name)
{
	static const char *const names[] = {
		"__MACOSX",     "Thumbs.db",  "ehthumbs.db", "desktop.ini", "Icon\r",
		"$RECYCLE.BIN", "lost+found", "@eaDir",      "#recycle",    "System Volume Information"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	return name[0] == '.';
}

char *lu_path_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return lu_strdup(".");
	return lu_strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

char *lu_path_from(const char *folder, const char *path)
{
	size_t same = 0;
	char *back = lu_strdup(""), *way;

	for (size_t i = 0; folder[i] == path[i] && path[i] != '\0'; i++)
		if (path[i] == '/')
			same = i;
	if (strncmp(folder, path, strlen(folder)) == 0 && path[strlen(folder)] == '/') {
		lu_free(back);
		return lu_sprintf("./%s", path + strlen(folder) + 1);
	}
	for (const char *rest = folder + same; back != NULL && rest != NULL && *rest != '\0';
	     rest = strchr(rest + 1, '/')) {
		char *more = lu_sprintf("../%s", back);
		lu_free(back);
		back = more;
	}
	way = back != NULL ? lu_sprintf("%s%s", back, path + same + 1) : NULL;
	lu_free(back);
	return way;
}

char *lu_path_join(const char *folder, const char *name)
{
	if (name[0] == '/' || strcmp(folder, ".") == 0 || folder[0] == '\0')
		return lu_strdup(name);
	return lu_sprintf("%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
}

/* Without the kernel's random numbers (before it has any) the clock and the process tell names apart. */
static uint64_t random_bits(void)
{
	uint64_t bits = 0;

	if (getrandom(&bits, sizeof(bits), GRND_NONBLOCK) != (ssize_t)sizeof(bits)) {
		struct timespec now;
		clock_gettime(CLOCK_REALTIME, &now);
		bits = ((uint64_t)now.tv_sec << 32 ^ (uint64_t)now.tv_nsec) * 0x9e3779b97f4a7c15u ^ (uint64_t)getpid();
	}
	return bits;
}

/* Within which a process number means one process: this boot and this space of numbers. 0: not to be known. */
static uint32_t system_number;

static void find_system(void)
{
	char boot[64], space[64];
	const int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	const ssize_t read_boot = fd >= 0 ? read(fd, boot, sizeof(boot)) : -1;
	const ssize_t read_space = readlink("/proc/self/ns/pid", space, sizeof(space));

	if (fd >= 0)
		close(fd);
	if (read_boot > 0 && read_space > 0)
		system_number =
			(uint32_t)lu_checksum(lu_checksum(0, boot, (size_t)read_boot), space, (size_t)read_space);
}

static uint32_t this_system(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, find_system);
	return system_number;
}

char *lu_file_temporary(const char *path)
{
	const char *name = lu_path_name(path);
	const char *dot = strrchr(name, '.');
	const size_t stem = dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name);
	size_t shown = stem < LONGEST_STEM ? stem : LONGEST_STEM;

	/* A long name leaves no room for ours; it is cut between characters of UTF-8. */
	while (shown > 0 && shown < stem && ((unsigned char)name[shown] & 0xc0) == 0x80)
		shown--;
	return lu_sprintf("%.*s.%.*s%s%016llx-%08lx-%08lx.tmp%s", (int)(name - path), path, (int)shown, name,
			  temporary_mark, (unsigned long long)random_bits(), (unsigned long)this_system(),
			  (unsigned long)getpid(), name + stem);
}

/* "-" and 'count' hex digits at '*at', which moves on. */
static bool read_digits(const char **at, size_t count, unsigned long *number)
{
	char digits[RANDOM_DIGITS + 1] = {0};

	if (**at != '-' || strspn(*at + 1, "0123456789abcdef") != count)
		return false;
	memcpy(digits, *at + 1, count);
	*number = strtoul(digits, NULL, 16);
	*at += 1 + count;
	return true;
}

/* What the name of a temporary says. */
struct temporary_name {
	size_t stem; /* bytes of it, behind the first dot */
	unsigned long system, process; /* 0: of a version that did not say */
	const char *rest; /* behind ".tmp": the extension, and what a library added */
};

static bool read_temporary(const char *name, struct temporary_name *out)
{
	const char *mark = name[0] == '.' ? strstr(name, temporary_mark) : NULL;

	for (; mark != NULL; mark = strstr(mark + 1, temporary_mark)) {
		const char *at = mark + sizeof(temporary_mark) - 2; /* its "-" */
		unsigned long random;
		*out = (struct temporary_name){.stem = (size_t)(mark - name - 1)};
		if (!read_digits(&at, RANDOM_DIGITS, &random))
			continue;
		if (*at == '-' && (!read_digits(&at, SYSTEM_DIGITS, &out->system) ||
				   !read_digits(&at, PROCESS_DIGITS, &out->process)))
			continue;
		if (strncmp(at, ".tmp", 4) == 0 && (at[4] == '.' || at[4] == '\0' || at[4] == '-')) {
			out->rest = at + 4;
			return true;
		}
	}
	return false;
}

bool lu_file_is_temporary(const char *name)
{
	struct temporary_name facts;

	return read_temporary(name, &facts);
}

bool lu_file_is_leftover(const char *temporary, char **name)
{
	struct temporary_name facts;

	*name = NULL;
	if (!read_temporary(temporary, &facts) || facts.system == 0 || facts.system != this_system() ||
	    kill((pid_t)facts.process, 0) == 0 || errno != ESRCH)
		return false;
	/* What a library laid beside it is named with "-" (SQLite's journal) or one more extension, and goes with it. */
	const char *dot = facts.rest[0] == '.' ? strpbrk(facts.rest + 1, ".-") : facts.rest;
	const size_t extension = dot != NULL ? (size_t)(dot - facts.rest) : strlen(facts.rest);
	*name = lu_sprintf("%.*s%.*s", (int)facts.stem, temporary + 1, (int)extension, facts.rest);
	return *name != NULL;
}

int lu_file_new(const char *path)
{
	return open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
}

static enum lu_status sync_folder_of(const char *path, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	char *folder = lu_path_folder(path);

	if (folder == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		status = lu_fail_errno(err, folder, "open the folder");
	} else {
		/* Some network file systems cannot sync a folder; the file itself is already safe. */
		if (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP)
			status = lu_fail_errno(err, folder, "write the folder");
		close(fd);
	}
	lu_free(folder);
	return status;
}

enum lu_status lu_file_commit(const char *temporary, const char *path, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	const int fd = open(temporary, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return lu_fail_errno(err, temporary, "open the file just written");
	if (fsync(fd) != 0)
		status = lu_fail_errno(err, path, "write");
	close(fd);
	if (status == LU_OK && rename(temporary, path) != 0)
		status = lu_fail_errno(err, path, "put the finished file in place");
	if (status != LU_OK) {
		unlink(temporary);
		return status;
	}
	return sync_folder_of(path, err);
}

enum lu_status lu_file_place(const char *temporary, const char *path, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (rename(temporary, path) != 0) {
		status = lu_fail_errno(err, path, "put the finished file in place");
		unlink(temporary);
	}
	return status;
}

enum lu_status lu_folder_sync(const char *folder, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return lu_fail_errno(err, folder, "open the folder");
	if (syncfs(fd) != 0)
		status = lu_fail_errno(err, folder, "write the folder");
	close(fd);
	return status;
}

static enum lu_status write_all(int fd, const char *path, const char *bytes, size_t size, struct lu_error *err)
{
	while (size > 0) {
		const ssize_t written = write(fd, bytes, size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return lu_fail_errno(err, path, "write");
		bytes += written;
		size -= (size_t)written;
	}
	return LU_OK;
}

enum lu_status lu_file_write(const char *path, const void *bytes, size_t size, struct lu_error *err)
{
	enum lu_status status;
	char *temporary = lu_file_temporary(path);

	if (temporary == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	const int fd = lu_file_new(temporary);
	if (fd < 0) {
		status = lu_fail_errno(err, path, "write");
		goto out;
	}
	status = write_all(fd, path, bytes, size, err);
	if (close(fd) != 0 && status == LU_OK)
		status = lu_fail_errno(err, path, "write");
	if (status == LU_OK)
		status = lu_file_commit(temporary, path, err);
	else
		unlink(temporary);
out:
	lu_free(temporary);
	return status;
}

/* What stands at a path that is no regular file; NULL for one. */
static const char *other_kind(mode_t mode)
{
	return S_ISREG(mode)    ? NULL
	       : S_ISDIR(mode)  ? "a folder"
	       : S_ISFIFO(mode) ? "a pipe"
	       : S_ISSOCK(mode) ? "a socket"
				: "a device";
}

static enum lu_status not_regular(const char *path, mode_t mode, struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: is %s, a regular file is expected%s", path, other_kind(mode),
		       S_ISDIR(mode) ? "" : " (save it as a file first)");
}

enum lu_status lu_file_check(const char *path, struct lu_error *err)
{
	struct stat facts;

	if (stat(path, &facts) != 0 || S_ISDIR(facts.st_mode) || other_kind(facts.st_mode) == NULL)
		return LU_OK;
	return not_regular(path, facts.st_mode, err);
}

enum lu_status lu_file_open(const char *path, FILE **out, uint64_t *size, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	struct stat facts;
	/* A pipe without a writer would block here, and an endless device later: neither can be read twice or measured. */
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	*out = NULL;
	if (fd < 0)
		return lu_fail_open(err, path);
	if (fstat(fd, &facts) != 0) {
		status = lu_fail_errno(err, path, "open");
		goto out;
	}
	if (other_kind(facts.st_mode) != NULL)
		LU_TRY(not_regular(path, facts.st_mode, err));
	*out = fdopen(fd, "rb");
	if (*out == NULL)
		status = lu_fail_errno(err, path, "open");
out:
	if (status != LU_OK)
		close(fd);
	else if (size != NULL)
		*size = (uint64_t)facts.st_size;
	return status;
}

enum lu_status lu_file_read(const char *path, size_t limit, char **bytes, size_t *size, struct lu_error *err)
{
	enum lu_status status;
	FILE *file = NULL;
	char *text = NULL;
	size_t used = 0, room = 0;
	uint64_t length = 0;

	*bytes = NULL;
	*size = 0;
	status = lu_file_open(path, &file, &length, err);
	if (status != LU_OK)
		return status;
	if (length > limit) {
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: larger than the %zu bytes expected of such a file", path,
				 limit);
		goto out;
	}
	for (;;) {
		/* The length may have changed, and files of /proc have none: what is read counts. */
		if (room - used < 2) {
			room = room > 0 ? room * 2 : (size_t)length + 2;
			LU_TRY(lu_grow(&text, room, 1, path, err));
		}
		const size_t got = fread(text + used, 1, room - used - 1, file);
		used += got;
		if (used > limit) {
			status = lu_fail(err, LU_ERROR_FORMAT, "%s: larger than the %zu bytes expected of such a file",
					 path, limit);
			goto out;
		}
		if (got == 0)
			break;
	}
	if (ferror(file)) {
		status = lu_fail_errno(err, path, "read");
		goto out;
	}
	text[used] = '\0';
	*bytes = text;
	*size = used;
	text = NULL; /* now the caller's */
out:
	lu_free(text);
	fclose(file);
	return status;
}

bool lu_file_exists(const char *path)
{
	struct stat facts;

	return stat(path, &facts) == 0 && !S_ISDIR(facts.st_mode);
}

bool lu_folder_exists(const char *path)
{
	struct stat facts;

	return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

enum lu_status lu_folder_make(const char *path, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	char *partial = lu_strdup(path);

	if (partial == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	for (char *c = partial + 1; status == LU_OK; c++) {
		if (*c != '/' && *c != '\0')
			continue;
		const char kept = *c;
		*c = '\0';
		if (mkdir(partial, 0777) != 0 && errno != EEXIST)
			status = lu_fail_errno(err, partial, "make the folder");
		*c = kept;
		if (kept == '\0')
			break;
	}
	lu_free(partial);
	if (status == LU_OK && !lu_folder_exists(path))
		return lu_fail(err, LU_ERROR_IO, "%s: is a file, a folder is expected (name another output folder)",
			       path);
	if (status == LU_OK && access(path, W_OK | X_OK) != 0)
		return lu_fail_errno(err, path, "write into the folder");
	return status;
}

enum lu_status lu_folder_sweep(const char *path, struct lu_error *err)
{
	DIR *folder = opendir(path);

	if (folder == NULL)
		return lu_fail_errno(err, path, "read the folder");
	for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
		if (lu_file_is_temporary(entry->d_name))
			unlinkat(dirfd(folder), entry->d_name, 0);
	}
	closedir(folder);
	return LU_OK;
}

/* What stands in the lock file: one line, or nothing where nobody holds the lock. */
enum { LOCK_OWNER = 256 };

struct lu_lock {
	int fd;
	char former[LOCK_OWNER]; /* who died with it */
};

/* A file is anybody's to write: what is not one printable line is not repeated. */
static void read_owner(int fd, char owner[LOCK_OWNER])
{
	const ssize_t got = pread(fd, owner, LOCK_OWNER - 1, 0);

	owner[got > 0 ? got : 0] = '\0';
	owner[strcspn(owner, "\n")] = '\0';
	if (strncmp(owner, "process ", 8) != 0 || !lu_utf8_valid(owner))
		owner[0] = '\0';
}

static void write_owner(int fd)
{
	char text[LOCK_OWNER], host[65] = "?", started[32] = "?";
	const char *user = getenv("USER");
	const time_t now = time(NULL);
	struct tm clock;

	if (gethostname(host, sizeof(host)) != 0)
		snprintf(host, sizeof(host), "?");
	host[sizeof(host) - 1] = '\0';
	if (gmtime_r(&now, &clock) != NULL)
		strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &clock);
	const int length = snprintf(text, sizeof(text), "process %ld%s%.64s on %s, since %s\n", (long)getpid(),
				    user != NULL ? " of " : "", user != NULL ? user : "", host, started);
	/* For people only: a disk that is full, where the lock holds all the same, is told by whoever writes an output. */
	if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)length, 0) < 0)
		return;
}

static enum lu_status busy(const char *folder, int fd, struct lu_error *err)
{
	char owner[LOCK_OWNER];

	read_owner(fd, owner);
	return lu_fail(err, LU_ERROR_BUSY,
		       "%s: another landuse job is writing here%s%s%s (wait for it, or name another output folder)",
		       folder, owner[0] != '\0' ? " (" : "", owner, owner[0] != '\0' ? ")" : "");
}

enum lu_status lu_lock_take(const char *folder, struct lu_lock **out, struct lu_error *err)
{
	enum lu_status status;
	struct lu_lock *lock = NULL;
	char *path = lu_path_join(folder, LU_LOCK_NAME);

	*out = NULL;
	if (path == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	LU_TRY(lu_alloc(&lock, 1, sizeof(*lock), "a lock", err));
	lock->fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (lock->fd < 0) {
		status = lu_fail_errno(err, path, "make the lock file");
		goto out;
	}
	if (flock(lock->fd, LOCK_EX | LOCK_NB) != 0) {
		status = errno == EWOULDBLOCK ? busy(folder, lock->fd, err) : lu_fail_errno(err, path, "lock");
		close(lock->fd);
		goto out;
	}
	read_owner(lock->fd, lock->former);
	write_owner(lock->fd);
	*out = lock;
	lock = NULL; /* now the caller's */
out:
	lu_free(lock);
	lu_free(path);
	return status;
}

const char *lu_lock_taken_over(const struct lu_lock *lock)
{
	return lock->former[0] != '\0' ? lock->former : NULL;
}

enum lu_status lu_lock_wait(const char *folder, const char *what, const struct lu_hooks *hooks, struct lu_lock **out,
			    struct lu_error *err)
{
	const struct timespec pause = {.tv_nsec = 100000000};
	enum lu_status status;

	for (int tries = 0; (status = lu_lock_take(folder, out, err)) == LU_ERROR_BUSY; tries++) {
		if (tries == 0)
			lu_log(hooks, LU_LEVEL_WARNING, "%s: another landuse job is using %s; waiting for it to end",
			       folder, what);
		if (lu_cancelled(hooks))
			return lu_fail(err, LU_ERROR_CANCELLED, "stopped while another landuse job was using %s in %s",
				       what, folder);
		nanosleep(&pause, NULL);
	}
	return status;
}

void lu_lock_drop(struct lu_lock *lock)
{
	if (lock == NULL)
		return;
	/* Where that fails, the next holder says of this one that it died: of no weight. */
	if (ftruncate(lock->fd, 0) != 0)
		lock->former[0] = '\0';
	close(lock->fd); /* the file stays: removing it would race with the next holder */
	lu_free(lock);
}
