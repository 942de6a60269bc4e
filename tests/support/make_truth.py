# make_truth.py: FOLDER [CELLS]: truth_2015.tif and truth_2023.tif, seven classes in patches, and county.gpkg that cuts them.
import sys

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
folder, n = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 80
rng = np.random.default_rng(11)
crs = osr.SpatialReference()
crs.ImportFromEPSG(26986)
patch = 4
shares = [0.06, 0.2, 0.02, 0.4, 0.05, 0.07, 0.2]
values = rng.choice(np.arange(1, 8), (n // patch + 1, n // patch + 1), p=shares)
values = np.repeat(np.repeat(values, patch, 0), patch, 1)[:n, :n].astype("u1")
later = values.copy()
later[(rng.random((n, n)) < 0.06) & (values != 2)] = 2
for year, data in ((2015, values), (2023, later)):
    raster = gdal.GetDriverByName("GTiff").Create(f"{folder}/truth_{year}.tif", n, n, 1, gdal.GDT_Byte)
    raster.SetProjection(crs.ExportToWkt())
    raster.SetGeoTransform((200000, 100, 0, 900000, 0, -100))
    raster.GetRasterBand(1).SetNoDataValue(0)
    raster.GetRasterBand(1).WriteArray(data)
    del raster
outline = ogr.GetDriverByName("GPKG").CreateDataSource(f"{folder}/county.gpkg")
layer = outline.CreateLayer("county", crs, ogr.wkbPolygon)
x, y, s = 200000, 900000, n * 100
corners = [(0.03, 0.02), (0.98, 0.05), (0.93, 0.97), (0.5, 0.9), (0.04, 0.99)]
ring = ",".join(f"{x + a * s} {y - b * s}" for a, b in corners + corners[:1])
feature = ogr.Feature(layer.GetLayerDefn())
feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON(({ring}))"))
layer.CreateFeature(feature)
