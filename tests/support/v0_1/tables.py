"""The tables that landuse 0.1 wrote, column by column: a labelled sample, the history of training, the runs of a folder.

usage: tables.py MAP.tif    writes sample.gpkg (all of the map's cells), history.gpkg and runs.gpkg here
"""
import sys
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()
KIND = {"i": ogr.OFTInteger64, "r": ogr.OFTReal, "t": ogr.OFTString}


def table(source, name, columns, rows, crs=None):
    """columns: "name:kind ..."; a row: its values, and before them a polygon where crs is given."""
    fields = [c.split(":") for c in columns.split()]
    layer = source.CreateLayer(name, crs, ogr.wkbPolygon if crs else ogr.wkbNone)
    for field, kind in fields:
        layer.CreateField(ogr.FieldDefn(field, KIND[kind]))
    layer.StartTransaction()
    for row in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        if crs:
            feature.SetGeometry(row[0])
            row = row[1:]
        for (field, _), value in zip(fields, row):
            if value is not None:
                feature[field] = value
        layer.CreateFeature(feature)
    layer.CommitTransaction()


def create(name, ledger):
    source = ogr.GetDriverByName("GPKG").CreateDataSource(name)
    if ledger:
        source.SetMetadataItem("LANDUSE_LEDGER_VERSION", "1")
    return source


classed = gdal.Open(sys.argv[1])
cells, at = classed.ReadAsArray(), classed.GetGeoTransform()
names = ["", "Water", "Developed", "Barren", "Forest", "Shrub", "Herbaceous", "Cultivated"]
rows = []
for row, col in zip(*cells.nonzero()):
    x, y = at[0] + col * at[1], at[3] + row * at[5]
    square = ogr.CreateGeometryFromWkt(f"POLYGON (({x} {y},{x + at[1]} {y},{x + at[1]} {y + at[5]},{x} {y + at[5]},{x} {y}))")
    value = int(cells[row, col])
    # Every tenth is something else than the map says.
    reference = value % 7 + 1 if len(rows) % 10 == 9 else value
    rows.append((square, len(rows) + 1, reference, None, value, names[value], value, names[value], int(row), int(col), 0.0, 0.0, 1.0, 1.0))
sample = create("sample.gpkg", False)
table(sample, "sample", "id:i reference:i remark:t stratum:i stratum_name:t map:i map_name:t row:i col:i lon:r lat:r probability:r weight:r",
      rows, classed.GetSpatialRef())
counts = [(v, int((cells == v).sum())) for v in range(1, 8) if (cells == v).any()]
table(sample, "design", "stratum:i name:t cells:i sampled:i area_ha:r expected_accuracy:r probability:r weight:r",
      [(v, names[v], n, n, n * 0.451584, 0.8, 1.0, 1.0) for v, n in counts])
table(sample, "design_classes", "class:i name:t stratum:i cells:i area_ha:r", [(v, names[v], v, n, n * 0.451584) for v, n in counts])
table(sample, "design_facts", "fact:t value:t", [
    ("software", "landuse"), ("software_version", "0.1.0"), ("design", "stratified random sampling of cells, without replacement"),
    ("strata", "class"), ("codes", "class values"), ("allocation", "proportional"), ("seed", "1"), ("size_asked", str(len(rows)))])
print(len(rows), sum(r[2] == r[6] for r in rows))

history = create("history.gpkg", True)
table(history, "runs", "finished:t kind:t name:t model:t model_sha256:t data:t data_sha256:t parameters:t metrics:t chips:i seconds:r "
      "chips_per_second:r landuse:t", [("2026-11-20T19:00:00Z", "train", "roofs", "models/roofs", "0" * 64, "chips", "1" * 64, '{"l2": 0.01}',
                                        '{"f1": 0.875}', 400, 8.5, 47.0, "0.1.0")])
runs = create("runs.gpkg", True)
table(runs, "runs", "finished:t landuse:t fingerprint:t command:t chips:i seconds:r outputs:i alarms:i",
      [("2026-11-20T19:00:00Z", "0.1.0", "2" * 64, "run", 133, 1.5, 12, 0)])
table(runs, "dates", "run:i date:t imagery:t chips:i seconds:r", [(1, "2015", "3" * 64, 133, 1.5)])
table(runs, "areas", "run:i finished:t date:t class:t cells:i hectares:r", [(1, "2026-11-20T19:00:00Z", "2015", "Developed", 17, 7.25)])
table(runs, "changes", "run:i earlier:t later:t from_class:t to_class:t cells:i hectares:r flagged_cells:i flagged_hectares:r", [])
table(runs, "candidates", "run:i pair:t layer:t patches:i hectares:r new_patches:i new_hectares:r", [])
