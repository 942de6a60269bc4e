"""make_stac.py RASTER FOLDER: cuts a raster into west.tif, east.tif, and writes a static STAC catalogue of them to FOLDER.

catalog.json -> naip/collection.json -> naip/ITEM.json, with items that lie elsewhere, of another year, and of another collection.
"""
import json
import os
import sys

from osgeo import gdal, osr

gdal.UseExceptions()
raster, folder = sys.argv[1:]
source = gdal.Open(raster)
width, height = source.RasterXSize, source.RasterYSize
to_degrees = osr.SpatialReference()
to_degrees.ImportFromEPSG(4326)
to_degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
os.makedirs(f"{folder}/naip", exist_ok=True)
os.makedirs(f"{folder}/other", exist_ok=True)


def write(name, value):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as to:
        json.dump(value, to, indent=1)


def outline(x0, x1):
    transform = osr.CoordinateTransformation(source.GetSpatialRef(), to_degrees)
    g = source.GetGeoTransform()
    ring = [(x0, 0), (x0, height), (x1, height), (x1, 0), (x0, 0)]
    return [list(transform.TransformPoint(g[0] + x * g[1], g[3] + y * g[5])[:2]) for x, y in ring]


def item(name, when, ring, href, collection="naip", **assets):
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    return {"type": "Feature", "stac_version": "1.0.0", "stac_extensions": [], "id": name, "collection": collection,
            "geometry": {"type": "Polygon", "coordinates": [ring]}, "bbox": [min(xs), min(ys), max(xs), max(ys)],
            "properties": {"datetime": when, "updated": "2020-01-02T03:04:05Z"},
            "links": [{"rel": "collection", "href": "collection.json"}],
            "assets": {"image": {"href": href, "type": "image/tiff; application=geotiff; profile=cloud-optimized", "roles": ["data"]},
                       "thumbnail": {"href": "thumb.jpg", "type": "image/jpeg", "roles": ["thumbnail"]}, **assets}}


half = width // 2
for name, x0, x1 in ("west", 0, half), ("east", half, width):
    gdal.Translate(f"{folder}/{name}.tif", source, srcWin=[x0, 0, x1 - x0, height])
far = [[x + 5, y] for x, y in outline(0, half)]
items = [item("m_west", "2009-07-01T16:00:00Z", outline(0, half), "../west.tif"),
         item("m_east", "2009-08-01T16:00:00Z", outline(half, width), "../east.tif"),
         item("m_far", "2009-07-01T16:00:00Z", far, "../gone.tif"),
         item("m_old", "2003-07-01T16:00:00Z", outline(0, half), "../gone.tif"),
         item("m_east", "2009-08-01T16:00:00Z", outline(half, width), "../east.tif")]
for number, one in enumerate(items):
    write(f"naip/{number}.json", one)
write("other/0.json", item("s2", "2009-07-01T16:00:00Z", outline(0, width), "../gone.tif", "other"))
for name, count in ("naip", len(items)), ("other", 1):
    write(f"{name}/collection.json",
          {"type": "Collection", "stac_version": "1.0.0", "id": name, "description": name, "license": "proprietary",
           "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}},
           "links": [{"rel": "root", "href": "../catalog.json"}] +
                    [{"rel": "item", "href": f"./{i}.json"} for i in range(count)]})
write("catalog.json", {"type": "Catalog", "stac_version": "1.0.0", "id": "root", "description": "test",
                       "links": [{"rel": "self", "href": "catalog.json"},
                                 {"rel": "child", "href": "./naip/collection.json"},
                                 {"rel": "child", "href": "other/collection.json"}]})
write("items.json", {"type": "FeatureCollection", "features": [items[0], items[1]], "links": []})
