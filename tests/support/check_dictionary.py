"""Is every column of what was written in the data dictionary? CSV and GeoPackage.

usage: check_dictionary.py docs/outputs.md FOLDER_OR_FILE...
"""
import csv, pathlib, re, sys

from osgeo import ogr

ogr.UseExceptions()
page = pathlib.Path(sys.argv[1])
sections = {"": page.read_text().split("## Data dictionary")[1].split("\n### ")[0]}
for section in page.read_text().split("\n### ")[1:]:
    head, _, text = section.partition("\n")
    for name in re.findall(r"`([^`]+)`", head):
        sections[name] = sections.get(name, "") + text


def words(*names):
    return set(re.findall(r"`([^`\s]+)`", "".join(sections.get(name, "") for name in names)))


def heads(path):
    """(section, column) of each table. Matrices have classes for columns, and zones.gpkg some for classes and dates."""
    if path.suffix == ".csv":
        columns = next(csv.reader(open(path, newline="", encoding="utf-8")), [])
        if re.match(r"rows: |map ?\\ ?reference|cells$", columns[0]):
            return []
        # A figure's other columns follow from its name.
        return [(path.name, re.sub(r"_(se|(low|high)_[\d.]+)$", "", column)) for column in columns]
    source = ogr.Open(str(path))
    name = path.name if path.name in sections else next((s for s in sections if source.GetLayer(0).GetLayerDefn().GetFieldIndex(
        {"new_development.gpkg": "patch", "sample.gpkg": "stratum_name"}.get(s, " ")) >= 0), path.name)
    columns = [(layer.GetName(), field.GetName()) for layer in source if layer.GetName() != "layer_styles"
               for field in map(layer.GetLayerDefn().GetFieldDefn, range(layer.GetLayerDefn().GetFieldCount()))]
    of_dates = ((r"^picture_.*", "picture_DATE"), (r"^class_\d.*", "class_DATE"), (r"^probability_\d.*_percent$", "probability_DATE_percent"),
                (r"^changed_\d.*_percent$", "changed_EARLIER_LATER_percent"), (r"^flagged_\d.*", "flagged_EARLIER_LATER"))
    for pattern, word in of_dates:
        columns = [(layer, re.sub(pattern, word, column)) for layer, column in columns]
    return [(name, column) for layer, column in columns
            if not (layer == "zones" and column.endswith("_ha") and column not in ("area_ha", "own_area_ha"))]


missing, tables = set(), 0
for place in map(pathlib.Path, sys.argv[2:]):
    for path in [place] if place.is_file() else sorted(p for p in place.rglob("*.*") if p.suffix in (".csv", ".gpkg")):
        tables += 1
        missing |= {(str(path), column) for section, column in heads(path) if column not in words("", section)}
if missing:
    sys.exit("\n".join(f"{path}: column '{column}' is not in {page}" for path, column in sorted(missing)))
assert tables > 20, tables
print(f"{tables} tables are in {page}")
