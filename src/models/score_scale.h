/*
 * score_scale.h: one scale for the answers of any network, so that change is judged alike whatever its temperature.
 *
 * Scores of change are log-odds made of a network's answers at two dates. How far those of a change lie from those of a
 * chip that stayed as it is depends on how sure of itself the network is; the experience in change/two_groups.c is in units of
 * the shipped one's. So each package keeps a factor for its logits, found once, on the chips that it was validated on:
 *
 *	stayed		a chip beside itself: its score is log(d / (1 - d)), d = 1 - sum p^2
 *	changed		two chips of different classes: d = 1 - sum p q
 *
 * With the factor the median of the second is LU_SCORE_GAP above that of the first. A network whose answers are drawn
 * together by a temperature of 2 gets twice the factor, and is judged by the same scores as before.
 */
#ifndef LU_MODELS_SCORE_SCALE_H
#define LU_MODELS_SCORE_SCALE_H

#include <stddef.h>

#include "base/error.h"

/* Where the constants of change/two_groups.c were found: the shipped networks' own on their validation chips. */
#define LU_SCORE_GAP 12.0

/* Where model.json keeps it, in 'properties'. */
#define LU_SCORE_SCALE_KEY "landuse:score_scale"

/* Networks that are hopeless or never wrong are not stretched without end. */
#define LU_SCORE_SCALE_LEAST 0.2
#define LU_SCORE_SCALE_MOST 5.0

/*
 * The factor for 'n' rows of 'classes' logits whose true classes are 'truth'; 1 where there are too few to tell (fewer than
 * 20 chips, or one class). Draws with a fixed seed. LU_ERROR_MEMORY. Any thread.
 */
enum lu_status lu_score_scale(const double *logits, const size_t *truth, size_t n, size_t classes, double *scale,
			      struct lu_error *err);

#endif
