/*
 * scene.h: one cell being drawn: where it is, what is around it, and the canvas
 *
 * The painters (ground, town, plants) each add their layer of all nine cells around the one in the middle, clipped to the
 * canvas. Since a layer depends on the world and never on which chip asks, neighbouring chips meet without a seam.
 */
#ifndef SC_SCENE_H
#define SC_SCENE_H

#include "canvas.h"
#include "flight.h"
#include "land.h"

struct sc_scene {
	const struct sc_land *land;
	const struct sc_flight *flight;
	int date;
	int row, col; /* of the middle cell */
	struct sc_canvas *canvas;
};

static inline enum sc_style sc_scene_style(const struct sc_scene *scene, int row, int col)
{
	return sc_land_style(scene->land, scene->date, row, col);
}

/* The first layer: grass, soil, crops, sand, water and forest floor, with wavering borders between cells. */
void sc_ground_paint(const struct sc_scene *scene);

/* The second: roads, pavement and markings, then houses, halls and cars with their shadows. */
void sc_town_paint(const struct sc_scene *scene);

/* The third: bushes and tree crowns with their shadows. */
void sc_plants_paint(const struct sc_scene *scene);

#endif
