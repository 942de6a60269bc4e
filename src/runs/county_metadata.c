/* county_metadata.c: where the maps of a job come from, as they say it of themselves. */
#include "runs/county_metadata.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "maps/normalise.h"
#include "models/legend.h"

/*
 * Where a map comes from. Names and sizes of the imagery, not times or folders: the same inputs give
 * the same bytes wherever they lie. The engine is in the manifest: both engines give the same maps.
 */
void lu_county_metadata(const struct lu_county *county, size_t date, struct lu_metadata *metadata)
{
	const struct lu_imagery *imagery = county->imagery[date];
	struct lu_plan_facts facts;
	char text[LU_METADATA_LENGTH] = "";

	lu_plan_facts(county->plan, &facts);
	lu_metadata_begin(metadata);
	lu_metadata_add(metadata, "LANDUSE_DATE", county->labels[date]);
	lu_metadata_add_model(metadata, county->model, county->scheme);
	lu_metadata_add(metadata, "LANDUSE_PRECISION", lu_choice_word(LU_CHOICE_PRECISION, facts.precision));
	snprintf(text, sizeof(text), "%.9g", county->job->min_confidence);
	if (county->job->min_confidence > 0)
		lu_metadata_add(metadata, LU_MIN_CONFIDENCE, text);
	text[0] = '\0';
	for (size_t i = 0; i < lu_imagery_count(imagery) && strlen(text) < LU_METADATA_LENGTH - 64; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i > 0 ? ", " : "",
			 lu_path_name(lu_imagery_path(imagery, i)));
	lu_metadata_add(metadata, "LANDUSE_INPUTS", text);
	if (lu_normaliser_date(county->normaliser, date) != NULL) {
		char normalised[128];
		const struct lu_normalise_keys *keys = &county->job->normalise;
		snprintf(normalised, sizeof(normalised), "to %s by %s", county->labels[keys->to],
			 lu_radiometry_methods[keys->method]);
		lu_metadata_add(metadata, "LANDUSE_NORMALISED", normalised);
	}
	snprintf(text, sizeof(text), "%zu files, %llu bytes", lu_imagery_count(imagery),
		 (unsigned long long)lu_imagery_bytes(imagery));
	lu_metadata_add(metadata, "LANDUSE_INPUTS_SIZE", text);
}
