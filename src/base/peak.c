/*
 * peak.c: VmHWM of /proc/self/status. See peak.h.
 *
 * Not getrusage: its peak outlives exec, so that a small program begun by a large one has the large one's.
 */
#include "base/peak.h"

#include <stdio.h>

size_t lu_peak_bytes(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];
	unsigned long kilobytes = 0;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "VmHWM: %lu kB", &kilobytes) == 1)
			break;
	if (file != NULL)
		fclose(file);
	return (size_t)kilobytes << 10;
}
