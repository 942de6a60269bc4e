/*
 * evidence_json.h: inside report/ only: assessments and comparisons as JSON objects, for json_decref.
 */
#ifndef LU_REPORT_EVIDENCE_JSON_H
#define LU_REPORT_EVIDENCE_JSON_H

#include <jansson.h>

#include "report/evidence.h"

/* Clear '*ok' when memory is out, or a name is not UTF-8. */
json_t *lu_assessment_object(const struct lu_assessment *assessment, bool *ok);
json_t *lu_comparison_object(const struct lu_comparison *comparison, bool *ok);

/* "accuracy", a list, and "reference", as far as they are there, into statistics.json. */
void lu_evidence_add(json_t *statistics, const struct lu_evidence *evidence, bool *ok);

#endif
