/* fault.c: asking the system why GDAL failed. See fault.h. */
#include "raster/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

/* What is left of a disk that filled up: less than a block of what was being written. */
#define FULL_DISK_BYTES (1 << 20)

static bool disk_is_full(const char *path)
{
	char *folder = lu_path_folder(path);
	struct statvfs disk;
	const bool full = folder != NULL && statvfs(folder, &disk) == 0 && disk.f_blocks > 0 &&
			  (uint64_t)disk.f_bavail * disk.f_frsize < FULL_DISK_BYTES;

	lu_free(folder);
	return full;
}

bool lu_fault_too_many_files(const struct lu_trap *trap)
{
	if (strstr(trap->text, strerror(EMFILE)) != NULL || strstr(trap->text, strerror(ENFILE)) != NULL)
		return true;
	const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd < 0 && (errno == EMFILE || errno == ENFILE);
}

enum lu_status lu_fault_write(const char *path, const struct lu_trap *trap, struct lu_error *err)
{
	struct rlimit limit;

	if (lu_fault_too_many_files(trap)) {
		errno = EMFILE;
		return lu_fail_errno(err, path, "write");
	}
	if (strstr(trap->text, strerror(EDQUOT)) != NULL) {
		errno = EDQUOT;
		return lu_fail_errno(err, path, "write");
	}
	if (disk_is_full(path)) {
		errno = ENOSPC;
		return lu_fail_errno(err, path, "write");
	}
	/* GDAL does not keep EFBIG; who sets a limit is told of it. */
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
		return lu_fail(
			err, LU_ERROR_IO,
			"%s: cannot be written: is it larger than the %llu bytes that a file may have here? (raise "
			"ulimit -f; what was found: %.200s)",
			path, (unsigned long long)limit.rlim_cur, lu_trap_text(trap, "nothing"));
	return lu_fail(err, LU_ERROR_IO,
		       "%s: cannot be written: %s (check the folder, its permissions and the free space)", path,
		       lu_trap_text(trap, "unknown reason"));
}
