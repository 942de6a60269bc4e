/* test_palette.c: classes of the shipped schemes are told apart by every eye, as Machado's model of 2009 sees them. */
#include "models/palette.h"

#include <math.h>
#include <string.h>

#include "models/scheme.h"
#include "support/check.h"

/* Severity 1 of protanomaly, deuteranomaly and tritanomaly, on linear RGB (table 1 of the paper). */
static const double eyes[4][3][3] = {
	{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};
static const double to_xyz[3][3] = {
	{0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}};

static double linear(uint8_t value)
{
	const double c = value / 255.0;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double f(double t)
{
	return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

/* CIELAB of a class's colour as eye 'e' sees it. */
static void seen(const struct lu_class *class, int e, double lab[3])
{
	const double rgb[3] = {linear(class->red), linear(class->green), linear(class->blue)};
	double part[3], at[3];

	for (int i = 0; i < 3; i++) {
		part[i] = 0;
		for (int k = 0; k < 3; k++)
			part[i] += eyes[e][i][k] * rgb[k];
		part[i] = fmin(fmax(part[i], 0), 1);
	}
	for (int i = 0; i < 3; i++) {
		const double white = to_xyz[i][0] + to_xyz[i][1] + to_xyz[i][2];
		at[i] = f((to_xyz[i][0] * part[0] + to_xyz[i][1] * part[1] + to_xyz[i][2] * part[2]) / white);
	}
	lab[0] = 116 * at[1] - 16;
	lab[1] = 500 * (at[0] - at[1]);
	lab[2] = 200 * (at[1] - at[2]);
}

static double least_distance(const struct lu_class *classes, size_t count)
{
	double least = 1e9;

	for (int e = 0; e < 4; e++)
		for (size_t i = 0; i < count; i++)
			for (size_t k = 0; k < i; k++) {
				double a[3], b[3];
				seen(&classes[i], e, a);
				seen(&classes[k], e, b);
				least = fmin(least,
					     sqrt(pow(a[0] - b[0], 2) + pow(a[1] - b[1], 2) + pow(a[2] - b[2], 2)));
			}
	return least;
}

static void every_eye(void **state)
{
	static const char *const names[] = {"landcover-7", "landcover-8", "azure-6", "developed-3"};
	struct lu_error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct lu_scheme *scheme;
		char path[96];
		snprintf(path, sizeof(path), "config/schemes/%s.yaml", names[i]);
		check_ok(lu_scheme_read(path, &scheme, &err), err);
		const struct lu_class first = scheme->classes[0];
		lu_palette_apply(LU_PALETTE_SCHEME, scheme->classes, scheme->class_count);
		assert_int_equal(scheme->classes[0].red, first.red);
		if (strcmp(names[i], "landcover-8") == 0)
			assert_true(least_distance(scheme->classes, scheme->class_count) < 10);
		lu_palette_apply(LU_PALETTE_COLOUR_BLIND, scheme->classes, scheme->class_count);
		const double least = least_distance(scheme->classes, scheme->class_count);
		if (least < 25)
			fail_msg("%s: two classes are %.1f apart", names[i], least);
		lu_scheme_free(scheme);
	}
}

/* Classes of one's own: each a colour, also where there are more than colours. */
static void classes_of_ones_own(void **state)
{
	struct lu_class classes[30];

	(void)state;
	for (size_t i = 0; i < 30; i++)
		classes[i] = (struct lu_class){.value = (uint16_t)(i + 1), .name = i == 3 ? "Water" : "Something"};
	lu_palette_apply(LU_PALETTE_COLOUR_BLIND, classes, 30);
	assert_true(least_distance(classes, 12) > 14);
	assert_int_equal(classes[3].blue, 0xa6);
	assert_true(classes[0].red == classes[17].red && classes[0].blue == classes[17].blue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_eye), cmocka_unit_test(classes_of_ones_own)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
