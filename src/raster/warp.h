/*
 * warp.h: inside raster/ only: a member resampled to the grid on the fly, by GDAL's warper.
 *
 * Two warped VRTs lie over the open member. One resamples the selected bands bilinearly (with a
 * kernel that widens when the grid is coarser than the image, so nothing aliases), leaving out
 * pixels that are not data, so that nodata's colour never bleeds into its neighbours. The other
 * looks up, by nearest neighbour, whether the place itself is data: the bilinear kernel alone
 * would let data grow by half a pixel into its holes.
 *
 * The transformer is approximate, within 0.05 pixels of the source. Its interpolation depends on
 * where a block begins, so blocks are always read whole: the same grid gives the same bytes,
 * whichever windows are asked for in whichever order.
 */
#ifndef LU_RASTER_WARP_H
#define LU_RASTER_WARP_H

#include "base/geometry.h"
#include "raster/member.h"
#include "raster/placement.h"
#include "raster/trap.h"

struct lu_warp;

/* 'dataset' (GDALDatasetH) is the open member; it stays the caller's and must outlive the warp. One thread. */
enum lu_status lu_warp_new(void *dataset, const struct lu_member *member, const char *member_crs,
			   const struct lu_selection *selection, const struct lu_placement *placement,
			   const struct lu_frame *grid, struct lu_warp **out, struct lu_error *err);
void lu_warp_free(struct lu_warp *warp);

/* As lu_source_read; 'trap' is the caller's, set, and catches what GDAL says. */
enum lu_status lu_warp_read(struct lu_warp *warp, struct lu_rect rect, void *raw, uint8_t *valid,
			    const struct lu_trap *trap, struct lu_error *err);

#endif
