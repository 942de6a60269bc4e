/*
 * sample.h: statistics of a small county, for tests of what is told of them.
 */
#ifndef LU_TESTS_SAMPLE_H
#define LU_TESTS_SAMPLE_H

#include "report/statistics_files.h"
#include "support/check.h"

/* Two dates of six cells in a county of 5.5 cells of 1 ha; one cell is cut, one is not mapped later. */
static const uint16_t first[] = {1, 1, 4, 4, 4, 7};
static const uint16_t second[] = {1, 2, 4, 1, 4, 0};
static const double area_m2[] = {10000, 10000, 5000, 10000, 10000, 10000};

struct sample {
	struct lu_transition *maps[2], *change;
	struct lu_frame cells;
	struct lu_class names[3];
	struct lu_date_statistics dates[2];
	struct lu_pair_statistics pair;
	struct lu_county_statistics statistics;
};

static inline void sample_make(struct sample *s)
{
	struct lu_error err = {0};

	memset(s, 0, sizeof(*s));
	check_ok(lu_transition_new(NULL, 0, &s->maps[0], &err), err);
	check_ok(lu_transition_new(NULL, 0, &s->maps[1], &err), err);
	check_ok(lu_transition_new(NULL, 0, &s->change, &err), err);
	check_ok(lu_transition_add(s->maps[0], first, first, area_m2, 6, &err), err);
	check_ok(lu_transition_add(s->maps[1], second, second, area_m2, 6, &err), err);
	check_ok(lu_transition_add(s->change, first, second, area_m2, 6, &err), err);
	s->cells = (struct lu_frame){.transform = {1e6, 100, 0, 2e6, 0, -100}, .width = 3, .height = 2};
	s->names[0] = (struct lu_class){.value = 1, .name = "Water"};
	s->names[1] = (struct lu_class){.value = 2, .name = "Developed, \"any\""};
	s->names[2] = (struct lu_class){.value = 4, .name = "Forest"};
	s->dates[0] = (struct lu_date_statistics){.label = "2001", .map = s->maps[0], .mean_confidence = 0.9};
	s->dates[1] = (struct lu_date_statistics){.label = "2011/07", .map = s->maps[1], .mean_confidence = -1};
	s->pair = (struct lu_pair_statistics){.earlier = 0, .later = 1, .transition = s->change};
	s->statistics = (struct lu_county_statistics){
		.software_version = "0.1.0",
		.county_name = "Hampshire",
		.has_areas = true,
		.county_area_m2 = 55000.0055,
		.crs = "NAD83 / Conus Albers (EPSG:5070)",
		.cells = &s->cells,
		.chip_px = 224,
		.stride_px = 224,
		.scheme_name = "landcover-7",
		.scheme_version = 1,
		.model_name = "tiny",
		.model_sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		.classes = s->names,
		.class_count = 3,
		.dates = s->dates,
		.date_count = 2,
		.pairs = &s->pair,
		.pair_count = 1,
	};
}

static inline void sample_release(struct sample *s)
{
	lu_transition_free(s->maps[0]);
	lu_transition_free(s->maps[1]);
	lu_transition_free(s->change);
}

#endif
