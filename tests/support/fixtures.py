"""Small rasters and layers for the shell tests: sourced by Python with PYTHONPATH=tests/support.

Every file is drawn from arguments and seeds alone, so a test that fails can be made again by hand.
"""
import os

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()
osr.UseExceptions()
TYPES = {"uint8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16, "int16": gdal.GDT_Int16, "uint32": gdal.GDT_UInt32,
         "float32": gdal.GDT_Float32}
# Geotransforms: where a map of 30 m cells and where imagery of 0.3 m lie when a test does not care.
MAP_PLACE = (1882125, 30, 0, 2389155, 0, -30)
MAP_CRS = "EPSG:5070"
IMAGE_PLACE = (200000, 0.3, 0, 900000, 0, -0.3)
IMAGE_CRS = "EPSG:26986"


def reference(crs):
    """A spatial reference from an EPSG number or any text that PROJ takes; x before y."""
    out = osr.SpatialReference()
    out.SetFromUserInput(crs if isinstance(crs, str) else f"EPSG:{crs}")
    out.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return out


def make_folder(path):
    if os.path.dirname(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)


def raster(path, cells, crs=MAP_CRS, place=MAP_PLACE, nodata=None, names=None, colours=None, options=(), metadata=None,
           driver="GTiff"):
    """Write rows x columns, or bands x rows x columns. 'colours' are GCI_ constants, one a band."""
    cells = np.asarray(cells)
    cells = cells[None] if cells.ndim == 2 else cells
    make_folder(path)
    bands, height, width = cells.shape
    out = gdal.GetDriverByName(driver).Create(path, width, height, bands, TYPES[str(cells.dtype)], list(options))
    out.SetGeoTransform(place)
    if crs is not None:
        out.SetProjection(reference(crs).ExportToWkt())
    if metadata:
        out.SetMetadata(metadata)
    for band in range(bands):
        if nodata is not None:
            out.GetRasterBand(band + 1).SetNoDataValue(nodata)
        if colours:
            out.GetRasterBand(band + 1).SetColorInterpretation(colours[band])
    if names:
        out.GetRasterBand(1).SetCategoryNames(names)
    out.WriteArray(cells)


def layer(path, shapes, crs=MAP_CRS, fields=None, driver="GPKG", name=None):
    """Write shapes (WKT, or bytes of WKB) with the columns of 'fields': {name: [a value a shape]}."""
    make_folder(path)
    out = ogr.GetDriverByName(driver).CreateDataSource(path)
    sheet = out.CreateLayer(name or os.path.splitext(os.path.basename(path))[0], reference(crs), ogr.wkbUnknown)
    kinds = {str: ogr.OFTString, int: ogr.OFTInteger64, float: ogr.OFTReal}
    for key, values in (fields or {}).items():
        kind = next((type(value) for value in values if value is not None), str)
        sheet.CreateField(ogr.FieldDefn(key, kinds[kind]))
    for i, shape in enumerate(shapes):
        row = ogr.Feature(sheet.GetLayerDefn())
        for key, values in (fields or {}).items():
            if values[i] is not None:
                row[key] = values[i]
        make = ogr.CreateGeometryFromWkb if isinstance(shape, bytes) else ogr.CreateGeometryFromWkt
        row.SetGeometry(make(shape))
        sheet.CreateFeature(row)


def box(left, top, right, bottom, place=MAP_PLACE):
    """A closed ring as WKT, "(x y, ...)", in metres right of and below the corner of 'place'."""
    x0, x1, y0, y1 = place[0] + left, place[0] + right, place[3] - top, place[3] - bottom
    return f"({x0} {y0},{x1} {y0},{x1} {y1},{x0} {y1},{x0} {y0})"


def two_maps(seed=1, classes=(1, 2, 3, 7), size=(30, 40), change=0.2):
    """Classes of an earlier and a later date, a share of whose cells were drawn again."""
    random = np.random.default_rng(seed)
    before = random.choice(classes, size).astype(np.uint8)
    after = np.where(random.random(size) < change, random.choice(classes, size), before).astype(np.uint8)
    return before, after
