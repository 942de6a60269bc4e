/*
 * ring_area.c: choosing the plane, and the shoelace formula in it.
 */
#include "grid/ring_area.h"

#include <math.h>

static const double radian = 3.14159265358979323846 / 180.0;

double lu_unwrap_degrees(double degrees, double near)
{
	const double d = degrees - near;

	if (fabs(d) <= 180.0)
		return degrees;
	return degrees - 360.0 * floor((d + 180.0) / 360.0);
}

/* Snyder's q: the area between the equator and a latitude, over a^2/2 and a radian of longitude. */
static double authalic_q(double sine, double e)
{
	if (e < 1e-9)
		return 2.0 * sine;
	return (1.0 - e * e) * (sine / (1.0 - e * e * sine * sine) + atanh(e * sine) / e);
}

/* q at the pole less q at the latitude that is 'colatitude' (degrees) from it, without the loss of digits near it. */
static double authalic_q_from_pole(double colatitude, double e)
{
	const double half = sin(colatitude / 2.0 * radian), c = 2.0 * half * half, sine = 1.0 - c;

	if (e < 1e-9)
		return 2.0 * c;
	return c * (1.0 + e * e * sine) / (1.0 - e * e * sine * sine) +
	       (1.0 - e * e) * atanh(e * c / (1.0 - e * e * sine)) / e;
}

void lu_equal_area_project(double a_m, double f, struct lu_point *lonlat_deg, size_t count)
{
	const double e = sqrt(f * (2.0 - f));

	for (size_t i = 0; i < count; i++) {
		lonlat_deg[i].x = a_m * lonlat_deg[i].x * radian;
		lonlat_deg[i].y = a_m / 2.0 * authalic_q(sin(lonlat_deg[i].y * radian), e);
	}
}

/* About one of the poles, seen from above it, so that rings keep their direction. */
static void project_polar(double a_m, double f, bool north, struct lu_point *lonlat_deg, size_t count)
{
	const double e = sqrt(f * (2.0 - f));

	for (size_t i = 0; i < count; i++) {
		const double lon = lonlat_deg[i].x * radian, lat = north ? lonlat_deg[i].y : -lonlat_deg[i].y;
		const double r = a_m * sqrt(fmax(authalic_q_from_pole(90.0 - lat, e), 0.0));

		lonlat_deg[i] = (struct lu_point){r * sin(lon), north ? -r * cos(lon) : r * cos(lon)};
	}
}

static double shoelace(const struct lu_point *p, size_t count)
{
	double twice = 0.0;

	for (size_t k = 1; k + 1 < count; k++)
		twice += (p[k].x - p[0].x) * (p[k + 1].y - p[0].y) - (p[k + 1].x - p[0].x) * (p[k].y - p[0].y);
	return twice / 2.0;
}

double lu_ring_area(double a_m, double f, struct lu_point *lonlat_deg, size_t count, bool counter_clockwise)
{
	double south = 90.0, north = -90.0, mean = 0.0;

	if (count < 3)
		return 0.0;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			lonlat_deg[i].x = lu_unwrap_degrees(lonlat_deg[i].x, lonlat_deg[i - 1].x);
		south = fmin(south, lonlat_deg[i].y);
		north = fmax(north, lonlat_deg[i].y);
		mean += lonlat_deg[i].y / (double)count;
	}
	const bool round_a_pole = fabs(lonlat_deg[0].x - lonlat_deg[count - 1].x) > 180.0;

	if (!round_a_pole && (north > LU_POLAR_DEGREES) == (south < -LU_POLAR_DEGREES)) {
		lu_equal_area_project(a_m, f, lonlat_deg, count);
		return shoelace(lonlat_deg, count);
	}
	const double earth = 2.0 * radian * 180.0 * a_m * a_m * authalic_q(1.0, sqrt(f * (2.0 - f)));

	project_polar(a_m, f, round_a_pole ? mean >= 0.0 : north > LU_POLAR_DEGREES, lonlat_deg, count);
	const double area = shoelace(lonlat_deg, count);
	if (round_a_pole && (area > 0.0) != counter_clockwise)
		return counter_clockwise ? area + earth : area - earth;
	return area;
}
