/*
 * certificate.h: what a random check of a list says of the whole list: at least so many of it are real.
 *
 * Of 'all' members 'drawn' were looked at, drawn by chance without replacement, and 'wrong' of these are not real. The
 * limit is exact: the most wrong ones that all may have, so that finding as few as this would still happen in 1 of
 * 20 such draws (at 95 % confidence), by the hypergeometric distribution; of a long list that is the limit of C. J. Clopper
 * and E. S. Pearson (Biometrika 26, 1934). One wrong among 93 leaves 95 %, four among 181 as well.
 */
#ifndef LU_ACCURACY_CERTIFICATE_H
#define LU_ACCURACY_CERTIFICATE_H

#include <stdint.h>

/* How many are drawn unless somebody says otherwise. */
enum { LU_CERTIFICATE_SIZE = 93 };

/* The share of 'all' that is real at least. wrong <= drawn <= all; 'percent' is the confidence, 95. Any thread. */
double lu_certified_share(uint64_t all, uint64_t drawn, uint64_t wrong, double percent);

#endif
