/*
 * palette.h: the colours that a job gives to the classes of its scheme.
 *
 * The usual ones are the scheme's. Those of NLCD, which the shipped schemes have, are not for every eye: Developed and
 * Cultivated are nearly one colour to somebody who sees no red or no green. With 'colour_blind' any two classes of the
 * shipped schemes are 25 units of CIELAB apart or more, to the usual eye and to protanopes, deuteranopes and tritanopes
 * (9 with the usual palette).
 *
 * G. M. Machado, M. M. Oliveira, L. A. F. Fernandes: A Physiologically-based Model for Simulation of Color Vision
 * Deficiency. IEEE Transactions on Visualization and Computer Graphics 15(6), 2009.
 */
#ifndef LU_MODELS_PALETTE_H
#define LU_MODELS_PALETTE_H

#include <stddef.h>

#include "base/class.h"

enum lu_palette {
	LU_PALETTE_SCHEME, /* as the scheme says */
	LU_PALETTE_COLOUR_BLIND,
	LU_PALETTES,
};
extern const char *const lu_palette_names[LU_PALETTES + 1]; /* NULL at the end */

/*
 * Give 'count' classes their colours: by name those that the shipped schemes have, others the next of a list that goes as far
 * from all before as can be (16 of them, then again from the first). Any thread.
 */
void lu_palette_apply(enum lu_palette palette, struct lu_class *classes, size_t count);

#endif
