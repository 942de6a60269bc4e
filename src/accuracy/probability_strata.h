/*
 * probability_strata.h: a sample of change whose strata and guesses are made of P(changed).
 *
 * Most cells of a county surely did not change and a few surely did: labels count where it is open. Strata are bins of
 * P(changed), and with a class whose growth is asked for each bin three times: cells that the maps say it gained, that it
 * lost, and all others. What is estimated is y: 1 for a cell that changed; of a growth 1 for a cell that was gained, -1 for
 * one that was lost, else 0. Its spread in a stratum (Neyman allocation, W. G. Cochran: Sampling Techniques, 3rd ed., 1977,
 * 5.9) is guessed by P: S_h^2 = P (1 - P), of its cells' mean P. For the growth P of the other cells is halved: of changes
 * that the maps do not see, or see of other classes, as many may concern this one as not. P is taken between 1 in 200 and
 * 199 in 200 for sharing out: networks are surer of themselves than they should be, and what is drawn from where nothing can
 * happen finds nothing. What is promised takes P at its word, but for 0 %, which is less than a half: 1 in 1,000.
 */
#ifndef LU_ACCURACY_PROBABILITY_STRATA_H
#define LU_ACCURACY_PROBABILITY_STRATA_H

#include "accuracy/sample_design.h"

/* Strata and classes of 'design', whose growth class is set, from a census with bins. */
enum lu_status lu_probability_strata(const struct lu_census *census, struct lu_sample_design *design,
				     struct lu_error *err);

/* The strata's spreads. They may be of another kind. */
void lu_probability_spreads(struct lu_sample_design *design);

/*
 * Standard error, in hectares, of the growth or of the area that changed with the strata's samples, if the guesses hold:
 * A sqrt(sum W_h^2 (1 - n_h / N_h) S_h^2 / (n_h - 1)); 0 where a stratum that matters has fewer than two.
 */
double lu_probability_expected_ha(const struct lu_sample_design *design);

#endif
