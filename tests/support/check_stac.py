"""check_stac.py FOLDER: is FOLDER/stac what STAC 1.0.0 and the extensions that it names ask for, and true of the files?

Members by the published specifications, every link and file there, checksums by hashlib, places by GDAL, classes by the palette.
"""
import datetime
import hashlib
import json
import os
import re
import sys
import urllib.parse
import urllib.request

from osgeo import gdal, osr

gdal.UseExceptions()
folder = sys.argv[1]
root = os.path.join(folder, "stac")
EXTENSIONS = "https://stac-extensions.github.io/"
seen = set()


def load(path):
    assert os.path.isfile(path), f"{path} is not there"
    seen.add(os.path.normpath(path))
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def check_links(value, path):
    for link in value["links"]:
        assert isinstance(link["rel"], str) and link["rel"], path
        assert "://" not in link["href"] and not link["href"].startswith("/"), f"{path}: {link} is not relative"
        assert os.path.isfile(os.path.join(os.path.dirname(path), link["href"])), f"{path}: {link} leads nowhere"
    rels = [link["rel"] for link in value["links"]]
    assert rels.count("root") == 1, path
    return rels


def check_assets(value, path):
    for name, asset in value["assets"].items():
        assert isinstance(asset["roles"], list) and asset["roles"], path
        href = urllib.request.url2pathname(urllib.parse.urlparse(asset["href"]).path) if asset["href"].startswith("file:///") else asset["href"]
        file = os.path.normpath(os.path.join(os.path.dirname(path), href))
        model = any(role.startswith("mlm:") for one in value["assets"].values() for role in one["roles"])
        assert model or not os.path.relpath(file, folder).startswith(".."), f"{path}: {file} is elsewhere"
        with open(file, "rb") as f:
            data = f.read()
        if "file:checksum" in asset:
            assert asset["file:checksum"] == "1220" + hashlib.sha256(data).hexdigest(), f"{path}: {name}"
            assert asset["file:size"] == len(data), f"{path}: {name}"
        elif model:
            assert "mlm:model" not in asset["roles"], f"{path}: a network without its checksum"
        else:
            assert file.endswith((".gpkg", ".qgz", ".html", ".qml", ".aux.xml", ".vat.dbf", ".vat.cpg")), file


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def check_classes(classes, path):
    assert classes and len({c["value"] for c in classes}) == len(classes), path
    for one in classes:
        assert isinstance(one["value"], int) and re.fullmatch("[0-9A-Za-z-_]+", one["name"]), one
        assert re.fullmatch("[0-9A-F]{6}", one["color_hint"]) and one["title"], one


def check_place(item, raster, path):
    p = item["properties"]
    g = raster.GetGeoTransform()
    assert p["proj:shape"] == [raster.RasterYSize, raster.RasterXSize], path
    assert p["proj:transform"] == [g[1], g[2], g[0], g[4], g[5], g[3]], path
    crs = osr.SpatialReference()
    if p["proj:epsg"] is not None:
        crs.ImportFromEPSG(p["proj:epsg"])
    else:
        crs.ImportFromWkt(p["proj:wkt2"])
    assert crs.IsSame(raster.GetSpatialRef(), ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES"]), path
    x0, y0, x1, y1 = item["bbox"]
    ring = item["geometry"]["coordinates"][0]
    assert item["geometry"]["type"] == "Polygon" and ring[0] == ring[-1] and len(ring) > 4, path
    assert all(x0 <= x <= x1 and y0 <= y <= y1 for x, y in ring), f"{path}: the geometry leaves the bbox"
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))
    assert area > 0, f"{path}: clockwise"
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    for s in (degrees, crs):
        s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    transform = osr.CoordinateTransformation(raster.GetSpatialRef(), degrees)
    for c, r in ((0, 0), (0, 1), (1, 0), (1, 1)):
        x = g[0] + c * raster.RasterXSize * g[1]
        y = g[3] + r * raster.RasterYSize * g[5]
        lon, lat, _ = transform.TransformPoint(x, y)
        assert min(abs(lon - a) + abs(lat - b) for a, b in ring) < 1e-6, f"{path}: a corner is not on the outline"


def check_item(path, collection):
    item = load(path)
    assert item["type"] == "Feature" and item["stac_version"] == "1.0.0" and item["collection"] == collection["id"], path
    rels = check_links(item, path)
    assert rels.count("collection") == 1 and rels.count("parent") == 1 and "self" not in rels, path
    p = item["properties"]
    assert p["datetime"] is None and moment(p["start_datetime"]) <= moment(p["end_datetime"]), path
    assert "created" not in p and "updated" not in p, path
    check_assets(item, path)
    names = {e[len(EXTENSIONS):].split("/")[0] for e in item["stac_extensions"]}
    if "mlm" in names:
        assert p["mlm:name"] and p["mlm:architecture"] and p["mlm:tasks"] and p["mlm:input"] and p["mlm:output"], path
        assert any("mlm:model" in a["roles"] for a in item["assets"].values()), path
        return item["id"]
    assert names == {"projection", "raster", "classification", "file", "processing"}, names
    assert p["processing:lineage"] and all(isinstance(v, str) for v in p["processing:software"].values()), path
    asset = item["assets"]["data"]
    assert asset["roles"] == ["data"] and "file:checksum" in asset and asset["type"].startswith("image/tiff; application=geotiff"), path
    raster = gdal.Open(os.path.join(os.path.dirname(path), asset["href"]))
    bands = asset["raster:bands"]
    assert len(bands) == raster.RasterCount, path
    for number, band in enumerate(bands, 1):
        b = raster.GetRasterBand(number)
        assert band["data_type"] == {"Byte": "uint8", "UInt16": "uint16"}[gdal.GetDataTypeName(b.DataType)], path
        assert band.get("nodata") == b.GetNoDataValue() and band["spatial_resolution"] > 0 and band["sampling"] == "area", path
    classed = os.path.basename(path).startswith(("landuse", "change.", "flagged", "trajectory", "year"))
    values = set(raster.GetRasterBand(1).ReadAsArray().flatten().tolist()) - {0}
    # A map of changes in which nothing changed has no class at all.
    assert ("classification:classes" in asset) == (classed and (bool(values) or "classification:classes" in asset)), path
    if "classification:classes" in asset:
        check_classes(asset["classification:classes"], path)
        assert values <= {c["value"] for c in asset["classification:classes"]}, f"{path}: cells of no class"
        palette = raster.GetRasterBand(1).GetColorTable()
        for c in asset["classification:classes"] if palette is not None else []:
            rgb = palette.GetColorEntry(c["value"])[:3]
            assert "%02X%02X%02X" % tuple(rgb) == c["color_hint"], f"{path}: {c} is {rgb} in the palette"
    return item["id"]


collection = load(os.path.join(root, "collection.json"))
assert collection["type"] == "Collection" and collection["stac_version"] == "1.0.0"
assert collection["id"] and collection["description"] and collection["license"]
(box,), (interval,) = collection["extent"]["spatial"]["bbox"], collection["extent"]["temporal"]["interval"]
assert len(box) == 4 and box[0] < box[2] and box[1] < box[3] and len(interval) == 2
check_links(collection, os.path.join(root, "collection.json"))
check_assets(collection, os.path.join(root, "collection.json"))
assert "statistics.json" in collection["assets"] and "manifest.json" not in collection["assets"]
items = [os.path.join(root, link["href"]) for link in collection["links"] if link["rel"] == "item"]
ids = [check_item(path, collection) for path in items]
assert len(set(ids)) == len(ids), ids
rasters = {os.path.relpath(os.path.join(d, f), folder) for d, _, fs in os.walk(folder) for f in fs if f.endswith(".tif")}
rasters = {r for r in rasters if not r.startswith(".work/")}
told = {os.path.relpath(p, root)[:-5] + ".tif" for p in items}
assert rasters <= told, f"no item of {sorted(rasters - told)}"
everything = {os.path.normpath(os.path.join(d, f)) for d, _, fs in os.walk(root) for f in fs}
assert everything == seen, f"nobody leads to {everything - seen}"
