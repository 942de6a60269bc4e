/* test_extent_svg.c: three dates of two classes, as lines at the places that the areas and the years give. */
#include "report/extent_svg.h"

#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "support/check.h"

/* 100 cells of 1 ha. Water has 20, 60, 40 as mapped; 20, 40, 40 smoothed in time. */
enum { CELLS = 100 };

static void fill(uint16_t *map, int water)
{
	for (int i = 0; i < CELLS; i++)
		map[i] = i < water ? 1 : 7;
}

struct sample {
	struct lu_date_statistics dates[3];
	struct lu_transition *tables[3], *trajectory;
	struct lu_county_statistics statistics;
};

static void sample_make(struct sample *s, const char *const labels[3])
{
	static const struct lu_class names[] = {
		{1, "Water & ice", 70, 107, 159}, {7, "Land", 250, 250, 200}, {9, "Never there", 0, 0, 0}};
	static const int mapped[] = {20, 60, 40}, smoothed[] = {20, 40, 40};
	struct lu_error err = {0};
	uint16_t a[CELLS], b[CELLS];
	double area_m2[CELLS];

	*s = (struct sample){0};
	for (int i = 0; i < CELLS; i++)
		area_m2[i] = 1e4;
	for (int d = 0; d < 3; d++) {
		check_ok(lu_transition_new(NULL, 0, &s->tables[d], &err), err);
		fill(a, mapped[d]);
		fill(b, smoothed[d]);
		check_ok(lu_transition_add(s->tables[d], a, b, area_m2, CELLS, &err), err);
		s->dates[d] =
			(struct lu_date_statistics){.label = labels[d], .map = s->tables[d], .in_time = s->tables[d]};
	}
	for (int i = 0; i < CELLS; i++)
		a[i] = i < 20 ? 2 : i < 40 ? 3 : 1;
	check_ok(lu_transition_new(NULL, 0, &s->trajectory, &err), err);
	check_ok(lu_transition_add(s->trajectory, a, a, area_m2, CELLS, &err), err);
	s->statistics = (struct lu_county_statistics){.county_name = "Lake <County>",
						      .has_areas = true,
						      .classes = names,
						      .class_count = 3,
						      .dates = s->dates,
						      .date_count = 3,
						      .trajectory = s->trajectory};
}

static void sample_release(struct sample *s)
{
	for (int d = 0; d < 3; d++)
		lu_transition_free(s->tables[d]);
	lu_transition_free(s->trajectory);
}

static char *drawn(const struct sample *s)
{
	char folder[] = "/tmp/landuse-extent-XXXXXX", *text;
	struct lu_error err = {0};
	size_t size;

	assert_non_null(mkdtemp(folder));
	char *path = lu_path_join(folder, "extent.svg");
	check_ok(lu_extent_svg_write(path, &s->statistics, &err), err);
	check_ok(lu_file_read(path, 1 << 20, &text, &size, &err), err);
	unlink(path);
	rmdir(folder);
	lu_free(path);
	check_fails(lu_extent_svg_write("/nonexistent/extent.svg", &s->statistics, &err), LU_ERROR_IO, err,
		    "extent.svg");
	return text;
}

static void check_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no '%s' in\n%s", part, text);
}

static void lines_lie_where_areas_and_years_say(void **state)
{
	(void)state;
	struct sample s;

	/* Of the axis' 300 px from 70 on, 2012 is at (2012 - 2010) / 10. Hectares 0 to 60 are 150 px, from 184 up. */
	sample_make(&s, (const char *const[]){"2010", "2012", "2020"});
	char *text = drawn(&s);
	check_has(text,
		  "stroke=\"#666\" stroke-width=\"1.5\" stroke-dasharray=\"5 4\" points=\"70,134 130,34 370,84\"");
	check_has(text, "stroke=\"rgb(70,107,159)\" stroke-width=\"2.5\" points=\"70,134 130,84 370,84\"");
	check_has(text, "Lake &lt;County>: area of every class, 2010 to 2020");
	check_has(text, "Water &amp; ice");
	check_has(text, "Unstable</tspan> 20 ha (20 %)");
	check_has(text, "Stable</tspan> 60 ha (60 %)");
	assert_null(strstr(text, "Never there"));
	/* A colour that paper would swallow is darkened. */
	assert_null(strstr(text, "rgb(250,250,200)"));
	char *again = drawn(&s);
	assert_string_equal(text, again);
	lu_free(again);
	lu_free(text);
	sample_release(&s);

	/* Labels that state no time: even distances. */
	sample_make(&s, (const char *const[]){"before", "between", "after"});
	text = drawn(&s);
	check_has(text, "points=\"70,134 220,84 370,84\"");
	lu_free(text);
	sample_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_lie_where_areas_and_years_say),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
