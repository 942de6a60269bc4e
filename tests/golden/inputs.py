"""What the golden run reads beside the drawn county: a network of whole numbers, zones, labels, tables.

usage: inputs.py package FOLDER [deeper] | zones | labels SAMPLE.gpkg | review PATCHES.gpkg | tables | deep
"""
import csv
import json
import sys

import numpy as np
import onnx_file as o
from fixtures import layer, raster
from osgeo import gdal, ogr

CLASSES = ("water", "developed", "barren", "forest", "shrub", "herbaceous", "cultivated")
COLOURS = ("#466b9f", "#eb0000", "#b3ac9f", "#68ab5f", "#ccb879", "#dfdfc2", "#ab6c28")
NLCD = ((11, 12), (21, 22, 23, 24), (31,), (41, 42, 43, 90), (51, 52), (71, 72, 73, 74, 95), (81, 82))
# One tap of each channel and differences of two, of every eighth pixel: (channel, row, column, weight) in a 2 x 2 window.
TAPS = (((0, 0, 0, 1),), ((1, 0, 0, 1),), ((2, 0, 0, 1),),
        ((0, 0, 0, 1), (1, 0, 0, -1)), ((1, 0, 0, 1), (0, 0, 0, -1)), ((2, 0, 0, 1), (0, 0, 0, -1)),
        ((1, 0, 0, 1), (1, 0, 1, -1)), ((1, 0, 1, 1), (1, 0, 0, -1)),
        ((1, 0, 0, 1), (1, 1, 0, -1)), ((1, 1, 0, 1), (1, 0, 0, -1)))
# Softmax regression on these features of another drawn county, rounded: of 64.
WEIGHTS = ((0, 1, -3, 8, 9, 50, -23, -19, -34, -26), (-2, -3, 4, -4, -8, -4, 9, 7, 8, 21),
           (1, 1, 8, 15, 5, 15, -4, 1, -12, -1), (-4, -5, -2, -7, -2, -18, 26, -11, 29, 30),
           (2, 3, -2, 18, -7, -13, 31, 34, 27, 29), (2, 4, -8, -27, -1, -11, 1, 9, 14, -4),
           (0, 0, 1, -3, 4, -19, -39, -21, -33, -48))
BIASES = (249, 225, -1419, 928, -874, 375, 515)
CHIP = 64


def package(folder, deeper=False):
    """A network whose every sum is exact in float32, in any order: pixels are whole numbers up to 255, the mean is of 64,
    weights are whole 64ths. So each sum is a multiple of 2**-12 below 2**10. 'deeper': another layer, which alters nothing."""
    conv = np.zeros((len(TAPS), 3, 2, 2), np.float32)
    for i, taps in enumerate(TAPS):
        for channel, row, column, weight in taps:
            conv[i, channel, row, column] = weight
    gemm, biases = np.float32(WEIGHTS) / 64, np.float32(BIASES) / 64
    assert (255 * np.abs(gemm).sum(1) + np.abs(biases)).max() < 2 ** 10
    nodes = [o.node("Conv", ["x", "taps"], ["c"], kernel_shape=[2, 2], strides=[8, 8]), o.node("Relu", ["c"], ["r"]),
             o.node("GlobalAveragePool", ["r"], ["g"]), o.node("Flatten", ["g"], ["features"]),
             o.node("Gemm", ["features", "weights", "biases"], ["y"], transB=1)]
    tensors = {"taps": conv, "weights": gemm, "biases": biases}
    if deeper:
        nodes[1:2] = [o.node("Relu", ["c"], ["p"]), o.node("Conv", ["p", "same"], ["q"], kernel_shape=[1, 1]),
                      o.node("Relu", ["q"], ["r"])]
        tensors["same"] = np.eye(len(TAPS), dtype=np.float32)[..., None, None]
    o.network(f"{folder}/model.onnx", nodes, tensors, (None, 3, CHIP, CHIP))
    confusion = np.full((7, 7), 1) + np.diag([40, 90, 20, 60, 30, 30, 70])
    confusion[3, 4] = confusion[6, 5] = 9
    item = {
        "type": "Feature", "stac_version": "1.0.0", "id": "whole", "geometry": None, "links": [],
        "properties": {
            "title": "Whole numbers", "license": "none", "mlm:name": "whole", "mlm:architecture": "linear",
            "mlm:tasks": ["scene-classification"],
            "mlm:input": [{"name": "x", "bands": ["red", "green", "blue"], "value_scaling": [{"type": "scale", "value": 1}]}],
            "mlm:output": [{"name": "logits", "classification:classes": [
                {"value": i, "name": name, "title": name.title()} for i, name in enumerate(CLASSES)]}],
            "landuse:chip_size_px": CHIP, "landuse:gsd_m": 0.3, "landuse:scheme": "./scheme.yaml",
            "landuse:confusion": {"counts": confusion.tolist()},
        },
        "assets": {"model": {"href": "./model.onnx", "landuse:sha256": o.digest(f"{folder}/model.onnx")}},
    }
    with open(f"{folder}/model.json", "w") as to:
        json.dump(item, to, indent=1)
    with open(f"{folder}/scheme.yaml", "w") as to:
        to.write("name: seven\nversion: 1\ntitle: Seven classes\nclasses:\n")
        for i, name in enumerate(CLASSES):
            to.write(f'  - {{value: {i + 1}, name: {name.title()}, color: "{COLOURS[i]}", nlcd: {list(NLCD[i])}, '
                     f"from: [{name}]}}\n")


def zones():
    """Two towns over the county, one of two pieces and one with a name to quote."""
    truth = gdal.Open("county/truth_2010.tif")
    x, step, _, y, _, _ = truth.GetGeoTransform()
    width, height = truth.RasterXSize * step, truth.RasterYSize * step

    def box(left, top, right, bottom):
        corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        return "POLYGON((" + ",".join(f"{x + u * width:.3f} {y - v * height:.3f}" for u, v in corners) + "))"

    layer("zones.gpkg", [box(-.1, -.1, .4, .6), box(.4, -.1, 1.1, .6), box(.5, .7, 1.1, 1.1), box(0, .7, .3, .9)],
          "EPSG:26986", {"TOWN": ["Ashby", "Béthel, \"new\"", "Ashby", "Elsewhere"], "KIND": ["t", "t", "t", "no"]}, name="towns")


def truth_at(label):
    """The truth of a date at a place: truth_at('2010')(x, y)."""
    source = gdal.Open(f"county/truth_{label}.tif")
    x0, step, _, y0, _, _ = source.GetGeoTransform()
    cells = source.ReadAsArray()
    return lambda x, y: int(cells[int((y0 - y) / step), int((x - x0) / step)])


def labels(path, dates):
    """Label most of a sample: a class after the truth; of change, each fifth place after the truth, as the map says elsewhere."""
    truths = [truth_at(date) for date in dates]
    package = gdal.OpenEx(path, gdal.OF_UPDATE)
    sheet = package.GetLayer("sample")
    for i, row in enumerate(list(sheet)):
        place = row.GetGeometryRef().Centroid()
        values = [truth(place.GetX(), place.GetY()) or 1 for truth in truths]
        if i % 9 == 8:
            continue
        if len(dates) > 1 and i % 5:
            row["reference"] = row["map"]
        else:
            row["reference"] = values[0] if values[0] == values[-1] else values[0] * 100 + values[1]
        sheet.SetFeature(row)


def review(path):
    """Judge every patch but each fourth."""
    package = gdal.OpenEx(path, gdal.OF_UPDATE)
    sheet = package.GetLayer(0)
    for i, row in enumerate(list(sheet)):
        if i % 4 == 3:
            continue
        row["review_status"] = (1, 2, 1)[i % 3]
        sheet.SetFeature(row)


def tables():
    """An error matrix, areas, strata, and a land-cover raster in another CRS and cell size with codes of NLCD."""
    with open("matrix.csv", "w") as to:
        csv.writer(to, lineterminator="\n").writerows([["map", "Forest", "Field", "Town"], ["Forest", 66, 3, 1], ["Field", 4, 55, 6], ["Town", 0, 2, 40]])
    with open("areas.csv", "w") as to:
        csv.writer(to, lineterminator="\n").writerows([["class", "pixels"], ["Forest", 640000], ["Field", 310000], ["Town", 50000]])
    source = gdal.Open("county/truth_2021.tif")
    cells = source.ReadAsArray()
    codes = np.zeros_like(cells)
    for i, members in enumerate(NLCD):
        codes[cells == i + 1] = members[0]
    codes[1, 1:3] = 250
    x, step, _, y, _, _ = source.GetGeoTransform()
    raster("codes.tif", np.repeat(np.repeat(codes, 4, 0), 4, 1), "EPSG:26986", (x, step / 4, 0, y, 0, -step / 4))
    gdal.Warp("reference.tif", "codes.tif", dstSRS="EPSG:5070", xRes=7, yRes=7, resampleAlg="near")


def deep():
    """The latest date in 16 bits, blue before red, with a corner that has no data."""
    pixels = gdal.Open("county/imagery_2021.tif").ReadAsArray().astype(np.uint16)[::-1] * 8 + 100
    pixels[:, :200, :150] = 0
    raster("deep.tif", pixels, "EPSG:26986", gdal.Open("county/imagery_2021.tif").GetGeoTransform(), 0,
           options=("TILED=YES", "COMPRESS=DEFLATE"))


if __name__ == "__main__":
    {"package": package, "zones": zones, "labels": lambda path, *dates: labels(path, dates), "review": review,
     "tables": tables, "deep": deep}[sys.argv[1]](*sys.argv[2:])
