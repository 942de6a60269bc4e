#!/usr/bin/python3
"""Check the zones of statistics.json against GEOS and PROJ.

usage: zone_areas.py OUTPUT ZONES FIELD BOUNDARY
Every cell of the maps is cut to the boundary and to each zone by GEOS, and each piece measured in
PROJ's cylindrical equal-area projection of the grid's ellipsoid, its edges divided. Classes,
transitions, gains and losses of every zone and what is not mapped must agree to a millionth of the
zone, or to half a square metre. (This takes every cell for itself: for small maps.)
"""
import collections
import csv
import json
import sys
import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()
osr.UseExceptions()


def gis_order(srs):
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return srs


def shapes(path, field, target):
    """Name to union of the polygons, in 'target'; edges are divided first, so that they stay where they are."""
    source = ogr.Open(path)
    layer = source.GetLayer(0)
    crs = gis_order(layer.GetSpatialRef().Clone())
    change = None if crs.IsSame(target) else osr.CoordinateTransformation(crs, target)
    named = {}
    for feature in layer:
        name = feature.GetField(field) if field else ""
        g = feature.GetGeometryRef().Clone()
        if change:
            g.Segmentize(0.0005 if crs.IsGeographic() else 50)
            g.Transform(change)
        named[name] = named[name].Union(g) if name in named else g
    return named


def main():
    out, zone_path, field, boundary_path = sys.argv[1:]
    told = json.load(open(f"{out}/statistics.json"))
    dates = [d["label"] for d in told["dates"]]
    maps = {d: gdal.Open(f"{out}/{d}/landuse.tif") for d in dates}
    first = maps[dates[0]]
    grid = gis_order(first.GetSpatialRef())
    a, inverse = grid.GetSemiMajor(), grid.GetInvFlattening()
    equal = osr.SpatialReference()
    equal.ImportFromProj4(f"+proj=cea +a={a} +rf={inverse} +units=m")
    to_equal = osr.CoordinateTransformation(grid, gis_order(equal))
    county = shapes(boundary_path, None, grid)[""]
    zones = shapes(zone_path, field, grid)
    maps = {d: m.ReadAsArray() for d, m in maps.items()}
    t = first.GetGeoTransform()
    rows, cols = maps[dates[0]].shape

    def measure(g):
        g = g.Clone()
        g.Segmentize(50)
        g.Transform(to_equal)
        return g.Area()

    def check(what, got_ha, want_m2, zone_m2):
        # Hectares are written to six decimals.
        assert abs(got_ha * 1e4 - want_m2) <= max(0.5, 1e-6 * zone_m2), f"{what}: {got_ha} ha instead of {want_m2 / 1e4}"

    inside = {name: g.Intersection(county) for name, g in zones.items()}
    inside = {name: g for name, g in inside.items() if g.Area() > 1e-6 * zones[name].Area()}
    assert [z["name"] for z in told["zones"]["zones"]] == list(inside), [z["name"] for z in told["zones"]["zones"]]
    sums = collections.Counter()
    worst = 0
    for z in told["zones"]["zones"]:
        g = inside[z["name"]]
        own = measure(g)
        check(z["name"], z["area_ha"], own, own)
        check(z["name"], z["own_area_ha"], measure(zones[z["name"]]), own)
        x0, x1, y0, y1 = g.GetEnvelope()
        areas = collections.Counter()
        for row in range(rows):
            for col in range(cols):
                left, top = t[0] + col * t[1], t[3] + row * t[5]
                right, bottom = left + t[1], top + t[5]
                if right < x0 or left > x1 or top < y0 or bottom > y1:
                    continue
                cell = ogr.CreateGeometryFromWkt(f"POLYGON(({left} {top},{left} {bottom},{right} {bottom},{right} {top},{left} {top}))")
                piece = cell if cell.Within(g) else cell.Intersection(g)
                if piece.Area() > 0:
                    areas[tuple(int(maps[d][row, col]) for d in dates)] += measure(piece)
        for i, date in enumerate(z["dates"]):
            assert abs(date["reconciles_to"]) < 1e-6, (z["name"], date["reconciles_to"])
            worst = max(worst, abs(date["reconciles_to"]))
            for c in date["classes"]:
                want = sum(m2 for k, m2 in areas.items() if k[i] == c["value"])
                check(f"{z['name']} {date['label']} {c['name']}", c["area_ha"], want, own)
                sums[date["label"], c["value"]] += c["area_ha"]
            check(f"{z['name']} not mapped", date["not_mapped_ha"], sum(m2 for k, m2 in areas.items() if k[i] == 0), own)
            sums[date["label"], 0] += date["not_mapped_ha"]
        for pair in z["pairs"]:
            i, j = dates.index(pair["earlier"]), dates.index(pair["later"])
            moved = collections.Counter()
            for k, m2 in areas.items():
                if k[i] and k[j] and k[i] != k[j]:
                    moved[k[i], k[j]] += m2
            assert {(c["from"], c["to"]) for c in pair["changes"]} == set(moved), (z["name"], moved)
            for c in pair["changes"]:
                check(f"{z['name']} {c['from']} to {c['to']}", c["area_ha"], moved[c["from"], c["to"]], own)
            for c in pair["classes"]:
                gain = sum(m2 for k, m2 in moved.items() if k[1] == c["value"])
                loss = sum(m2 for k, m2 in moved.items() if k[0] == c["value"])
                for key, want in (("gain", gain), ("loss", loss), ("net", gain - loss), ("swap", 2 * min(gain, loss))):
                    check(f"{z['name']} {c['name']} {key}", c["area_ha"][key], want, own)

    # Zones that neither overlap nor leave anything out add up to the county, class by class.
    if told["zones"]["overlap_ha"] == 0 and told["zones"]["in_no_zone_ha"] == 0:
        for date in told["dates"]:
            for value, ha in [(c["value"], c["area_ha"]) for c in date["classes"]] + [(0, date["not_mapped_ha"])]:
                assert abs(sums[date["label"], value] - ha) < 1e-6 * told["county"]["area_ha"], (date["label"], value)

    # The tables say the same, and so do the attributes of zones.gpkg.
    by = {(z["name"], d["label"], c["value"]): c["area_ha"] for z in told["zones"]["zones"] for d in z["dates"] for c in d["classes"]}
    table = {(r["zone"], r["date"], int(r["value"])): float(r["area_ha"]) for r in csv.DictReader(open(f"{out}/zone_areas.csv"))}
    assert by == {k: v for k, v in table.items() if k[2] > 0}, "zone_areas.csv"
    summary = {(r["zone"], r["earlier"], r["later"], int(r["value"])): r for r in csv.DictReader(open(f"{out}/zone_change_summary.csv"))}
    moved = {(r["zone"], r["earlier"], r["later"], int(r["from_code"]), int(r["to_code"])): float(r["area_ha"]) for r in csv.DictReader(open(f"{out}/zone_transitions.csv"))}
    layer = ogr.Open(f"{out}/zones.gpkg")
    rows = {f.GetField("name"): f for f in layer.GetLayerByName("zones")}
    assert layer.GetLayerByName("zones").GetLayerDefn().GetFieldCount() <= 3 + 3 * len(told["scheme"]["classes"]), "zones.gpkg: columns"
    areas_of = {(r["zone"], r["date"], r["class_code"]): r for r in layer.GetLayerByName("class_areas")}
    changes_of = {(r["zone"], r["earlier"], r["later"], r["class_code"]): r for r in layer.GetLayerByName("class_changes") or ()}
    assert len(areas_of) == len(by) and len(changes_of) == len(summary), "zones.gpkg: tables"
    for z in told["zones"]["zones"]:
        f = rows[z["name"]]
        assert abs(f.GetGeometryRef().SymDifference(inside[z["name"]]).Area()) < 1, "zones.gpkg: outlines"
        for d in z["dates"]:
            for c in d["classes"]:
                assert abs(areas_of[z["name"], d["label"], c["value"]]["area_ha"] - c["area_ha"]) < 1e-4
                if d in (z["dates"][0], z["dates"][-1]):
                    assert abs(f.GetField(f"{c['name']}_{d['label']}_ha".replace(" ", "_")) - c["area_ha"]) < 1e-4
        for p in z["pairs"]:
            for c in p["changes"]:
                assert moved[z["name"], p["earlier"], p["later"], c["from"], c["to"]] == c["area_ha"]
            for c in p["classes"]:
                for key in ("gain", "loss", "net", "swap"):
                    assert abs(changes_of[z["name"], p["earlier"], p["later"], c["value"]][f"{key}_ha"] - c["area_ha"][key]) < 1e-4
                    assert abs(float(summary[z["name"], p["earlier"], p["later"], c["value"]][f"{key}_ha"]) - c["area_ha"][key]) < 2e-6
    print(f"{len(inside)} zones agree with GEOS and PROJ; classes + not mapped are their own areas to {worst:.1e}")


main()
