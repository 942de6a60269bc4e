/*
 * chip_facts.h: what a chip set comes from, as the JSON object in its set.json.
 */
#ifndef LU_CHIPSET_CHIP_FACTS_H
#define LU_CHIPSET_CHIP_FACTS_H

#include <jansson.h>

#include "chipset/chip_source.h"

/*
 * Kind ("tile", "label"), landuse's version, imagery and its fingerprint, chip_px, stride_px, gsd_m,
 * crs, bands, min_valid, format. A new reference; NULL when memory is out. The caller adds its own.
 */
json_t *lu_chip_facts(const char *kind, const struct lu_chip_source *source, const char *format);

/* The object as text (lu_free it), with a new line at the end; takes 'facts' over, which may be NULL. */
enum lu_status lu_chip_facts_text(json_t *facts, char **text, struct lu_error *err);

#endif
