/*
 * town.c: the second layer of a scene: everything built, pavement before walls
 */
#include "town.h"

/* Where country roads show: water drowns them and wide pavement swallows them. */
static bool has_country_roads(enum sc_style style)
{
	return style != SC_RIVER && style != SC_FREEWAY && style != SC_PARKINGLOT && style != SC_INTERSECTION;
}

void sc_town_paint(const struct sc_scene *scene)
{
	for (int pass = 0; pass < 2; pass++) {
		for (int down = -1; down <= 1; down++) {
			for (int right = -1; right <= 1; right++) {
				const int row = scene->row + down, col = scene->col + right;
				const enum sc_style style = sc_scene_style(scene, row, col);
				const struct sc_frame frame = sc_frame_of(scene, row, col);

				if (pass) {
					sc_block_build(&frame, style);
					continue;
				}
				if (has_country_roads(style))
					sc_country_roads_paint(scene, row, col);
				sc_block_pave(&frame, style);
			}
		}
	}
}
