/* peak.h: how much memory this process has held at most so far. */
#ifndef LU_BASE_PEAK_H
#define LU_BASE_PEAK_H

#include <stddef.h>

/* The peak resident memory in bytes, program and libraries included; 0 where the system does not tell. */
size_t lu_peak_bytes(void);

#endif
