"""What the golden run wrote, against what is kept: see README.md.

usage: golden.py TESTS_GOLDEN SCRATCH VERSION [--update]

sums/RELEASE.txt holds the SHA-256 of every output as that Debian release's libraries write it, texts after masking;
text/*.txt holds what is in them, to be read when a sum differs and to be compared where a release has no sums yet.
"""
import base64
import collections
import csv
import difflib
import hashlib
import io
import json
import pathlib
import re
import sys

from osgeo import gdal, ogr

gdal.UseExceptions()
ogr.UseExceptions()

# Of no interest: locks, kept scores, and samples and patches that the test wrote into.
LEFT_OUT = re.compile(r"/\.work/|/runs\.gpkg$|\.landuse\.lock|\.gpkg\.lock|^(labelled|labelled_change|judged)\.gpkg")
# Many files, one sum: they are the drawn input, not an output.
TOGETHER = {"chips/"}
# Members and columns that tell time or speed.
TIMES = ("finished", "seconds", "chips_per_second")
MASKS = tuple((re.compile(names), re.compile(pattern, re.M), by) for names, pattern, by in (
    # A busy machine tells how far it is.
    (r"told/\w+\.stderr", r"^.+: \d+ of \d+ \(\d+ %\), .*\n", ""),
    # How long, and how fast; how long a machine like this one would take.
    (r"told/\w+\.std", r"in [\d.]+ s \(\d+ chips/s( while scoring)?(, decoding included)?(; reading [\d.]+ s of one thread)?\)", "in <TIME>"),
    (r"told/\w+\.stdout", r"^time +[\d.]+ s( +\d+ chips/s)?$", "time                     <TIME>"),
    (r"told/train", r"made in [\d.]+ s \(\d+ a second\)", "made in <TIME>"),
    (r"told/train", r"(fitted +to \d+ chips) in [\d.]+ s", r"\1 in <TIME>"),
    (r"told/\w+_dry", r"^(time +)about .*", r"\1<TIME>"),
    # What oneDNN's kernels need follows the sizes of a processor's caches.
    (r"told/(\w+_dry|info_network)", r"^(memory +at most about |arena +)[\d.]+", r"\1<MEMORY>"),
    # Leaflet, of whichever version the system has, or none.
    (r".*report\.html", r"(?s)/\* Leaflet: \*/.*?/\* end of Leaflet \*/", "<LEAFLET>"),
    # When a run was, how long it took, and which files and libraries it found.
    (r".*manifest\.json", r'("(?:started|seconds|state)": )("[^"]*"|[\d.e-]+)', r"\1<TIME>"),
    (r".*manifest\.json", r'"libraries": \{[\s\S]*?^  \},?\n', ""),
    # Members of the evaluation and of the run history; of that also lists, the best, and comparisons with their mark.
    (r"told/(evaluate|history)_json|evaluation/evaluation\.json", r'("(?:%s)": )[^,\n]*' % "|".join(TIMES), r"\1<TIME>"),
    (r"told/history\.", r"^( +\d+  )[-\dT:]+Z(  .{34} +\d+) +[\d.]+  ", r"\1<TIME>\2 <TIME>  "),
    (r"told/history_best", r"^(run \d+ \(\w+ \w+, )[-\dT:]+Z", r"\1<TIME>"),
    (r"told/history_(show|compare)", r"^[* ]*((?:%s) +).*" % "|".join(TIMES), r"\1<TIME>"),
))
# What differs from release to release without a meaning, for comparing on one that has no sums.
LOOSE = (
    (re.compile(r"\b[0-9a-f]{16,64}\b"), "<HASH>"),
    (re.compile(r'"bytes": \d+|LANDUSE_INPUTS_SIZE"?[=:] ?.*|\d[\d.]* (kB|MB)'), "<BYTES>"),
)
NUMBER = re.compile(r"(?<![\w<])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
TEXTS = {".csv", ".json", ".geojson", ".md", ".qml", ".xml", ".svg", ".yaml", ".txt", ".html", ".stdout", ".stderr"}
SAME = "the same as "
# Longer texts are kept as a sum of their words and rounded numbers: what alters them shows in those of these names, too.
LONGEST = 6000
# Many of a kind: those of the least run are there to be read.
ALIKE = re.compile(r"(?!least/).*/stac/")
READABLE = re.compile(r"full/|models/|told/(?!.*_json|assess_change)|sample\.gpkg")
# The plan of a network, kernel by kernel, is that of a release's oneDNN: it has no second one to be compared with.
# So are the errors that quantisation measures, and with them its package; and the versions of libraries.
OF_RELEASE = {"told/info_network.stdout", "told/version.stdout", "models/int8/model.json"}
# What training ends at follows the release's OpenBLAS and liblbfgs.
TRAINED = re.compile(r"models/|evaluation/|history|told/(train|evaluate|history)")


def masked(name, text, folders, version):
    """A text without the run's folders, landuse's version, times."""
    for folder, by in folders:
        text = text.replace(folder, by)
    text = re.sub(r"(?<![\d.])%s(?![\d.])" % re.escape(version), "<VERSION>", text)
    for names, pattern, by in MASKS:
        if names.match(name):
            text = pattern.sub(by, text)
    return text


def short(value):
    """JSON with lists and members of plain values on one line."""
    def lines(value, indent):
        whole = json.dumps(value, ensure_ascii=False)
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if len(whole) + indent < 150 or isinstance(value, str) or not any(isinstance(v, (dict, list)) and v for v in inner) and isinstance(value, list):
            return whole
        pad = " " * (indent + 1)
        if isinstance(value, dict):
            return "{\n" + ",\n".join(f"{pad}{json.dumps(k)}: {lines(v, indent + 1)}" for k, v in value.items()) + "}"
        return "[\n" + ",\n".join(pad + lines(v, indent + 1) for v in value) + "]"
    return lines(value, 0)


def picture_view(url):
    """A picture inside a page: the sum of its pixels, of a lossy one its size."""
    gdal.FileFromMemBuffer("/vsimem/picture", base64.b64decode(url.split(",", 1)[1]))
    source = gdal.Open("/vsimem/picture")
    pixels = "" if "jpeg" in url[:20] else " " + hashlib.sha256(source.ReadRaster()).hexdigest()[:16]
    return f"{source.RasterXSize} x {source.RasterYSize}{pixels}"


def page_view(text):
    """The data of a report beside statistics.json: pictures and outlines by their sums."""
    def shown(value):
        if isinstance(value, dict):
            return {k: shown(v) for k, v in value.items() if k != "statistics"}
        if isinstance(value, list):
            return [shown(v) for v in value]
        return picture_view(value) if isinstance(value, str) and value.startswith("data:") else value
    return short(shown(json.loads(re.search(r'id="data">(.*?)</script>', text, re.S)[1])))


def text_view(name, text):
    if name.endswith("report.html"):
        return page_view(text)
    if name.endswith((".json", ".geojson")) or "_json.stdout" in name:
        try:
            value = json.loads(re.sub(r'("\w+": )<TIME>', r'\1"<TIME>"', text))
        except ValueError: # several objects, one after the other
            return text
        if name.endswith("manifest.json"): # their sums are in sums/
            value["outputs"] = [output["path"] for output in value["outputs"]]
            value["inputs"] = [item["path"] for item in value["inputs"]]
        return short(value)
    return text


def raster_view(path):
    """Size, place, names and colours, and the pixels' sum."""
    source = gdal.Open(str(path))
    bands = [source.GetRasterBand(i + 1) for i in range(source.RasterCount)]
    size = f"{source.RasterXSize} x {source.RasterYSize} x {len(bands)} of {gdal.GetDataTypeName(bands[0].DataType)}"
    if path.suffix == ".jpg": # lossy
        return size
    out = [f"{size}, pixels {hashlib.sha256(source.ReadRaster()).hexdigest()[:16]}"]
    if not source.GetSpatialRef():
        return out[0]
    reference = source.GetSpatialRef()
    out.append(f"at {', '.join(f'{v:.6f}' for v in source.GetGeoTransform())} in {reference.GetAuthorityCode(None)}")
    out += [f"{key}={value}" for key, value in sorted(source.GetMetadata().items())]
    for band in bands:
        names, colours = band.GetCategoryNames() or [], band.GetColorTable()
        used = [(i, names[i] if i < len(names) else "", colours.GetColorEntry(i) if colours else None)
                for i in range(max(len(names), colours.GetCount() if colours else 0))]
        used = [f"{i} {name} {colour}" for i, name, colour in used if name or colour not in (None, (0, 0, 0, 255))]
        out.append(f"band: nodata {band.GetNoDataValue()}, {band.GetDescription()} " + "; ".join(used))
    return "\n".join(out)


def package_view(path):
    """The rows of a GeoPackage's layers and tables as CSV."""
    out = io.StringIO()
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR, open_options=["LIST_ALL_TABLES=YES"])
    for number in range(source.GetLayerCount()):
        sheet = source.GetLayer(number)
        fields = [sheet.GetLayerDefn().GetFieldDefn(i) for i in range(sheet.GetLayerDefn().GetFieldCount())]
        out.write(f"-- {sheet.GetName()}: {sheet.GetFeatureCount()} rows\n")
        to = csv.writer(out, lineterminator="\n")
        to.writerow([f.GetName() for f in fields] + ["west east south north area"])
        for row in sheet:
            values = []
            for i, field in enumerate(fields):
                value = row.GetField(i) if row.IsFieldSetAndNotNull(i) else None
                if field.GetName() in TIMES:
                    value = "<TIME>"
                elif field.GetType() == ogr.OFTBinary:
                    value = "<BINARY>"
                elif isinstance(value, float):
                    value = f"{value:.9g}"
                elif isinstance(value, str) and len(value) > 200: # QGIS forms and styles: a sum will do
                    value = hashlib.sha256(value.encode()).hexdigest()[:16]
                values.append(value)
            shape = row.GetGeometryRef()
            to.writerow(values + ["" if shape is None else " ".join(f"{v:.7g}" for v in (*shape.GetEnvelope(), shape.Area()))])
    return out.getvalue()


def look(root, folders, version):
    """Sums and views of all that lies below 'root', by name."""
    sums, views, heaps = {}, {}, collections.defaultdict(hashlib.sha256)
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        name = path.relative_to(root).as_posix()
        name = name[5:] if name.startswith("work/") else name
        if LEFT_OUT.search(name):
            continue
        data = path.read_bytes()
        heap = next((h for h in TOGETHER if name.startswith(h)), None)
        if heap:
            heaps[heap].update(name.encode() + b"\0" + data)
            continue
        if name == "history.gpkg": # times in its rows, and in the pages that hold them
            views[name] = masked(name, package_view(path), folders, version)
            data = views[name].encode()
        elif path.suffix in TEXTS:
            text = masked(name, data.decode(), folders, version)
            data, views[name] = text.encode(), text_view(name, text)
        elif path.suffix in (".tif", ".png", ".jpg"):
            views[name] = masked(name, raster_view(path), folders, version)
        elif path.suffix == ".gpkg":
            views[name] = masked(name, package_view(path), folders, version)
        sums[name] = hashlib.sha256(data).hexdigest()
    sums.update({heap + "*": heap_sum.hexdigest() for heap, heap_sum in heaps.items()})

    def is_shown(name, view):
        return not ALIKE.match(name) and (len(view) <= LONGEST or READABLE.match(name))

    return sums, {name: view.rstrip() if is_shown(name, view) else summed(view.rstrip())
                  for name, view in views.items()}


def summed(view):
    for pattern, by in LOOSE:
        view = pattern.sub(by, view)
    view = NUMBER.sub(lambda m: f"{float(m[0]):.6g}", view)
    return f"{view.count(chr(10)) + 1} lines, {hashlib.sha256(view.encode()).hexdigest()[:16]}"


def group(name):
    if name.startswith("told/help") or name.startswith("told/version"):
        return "help"
    return name.split("/")[0] if "/" in name else "files"


def write_views(folder, views):
    groups, first = collections.defaultdict(list), {}
    for name, view in views.items():
        if len(view) > 100 and first.setdefault(view, name) != name:
            view = SAME + first[view]
        groups[group(name)].append(f"=== {name}\n{view.rstrip()}\n")
    for old in folder.glob("*.txt"):
        old.unlink()
    for name, parts in groups.items():
        (folder / f"{name}.txt").write_bytes("".join(parts).encode())


def read_views(folder):
    views = {}
    for path in folder.glob("*.txt"):
        for part in re.split(r"^=== ", path.read_bytes().decode(), flags=re.M)[1:]:
            name, _, view = part.partition("\n")
            views[name] = view.rstrip()
    return {name: views[view[len(SAME):]] if view.startswith(SAME) else view for name, view in views.items()}


def loosely_equal(name, kept, now):
    """The same words, and numbers that are the same but for rounding."""
    for pattern, by in LOOSE:
        kept, now = pattern.sub(by, kept), pattern.sub(by, now)
    if NUMBER.sub("#", kept) != NUMBER.sub("#", now):
        return False
    pairs = zip(map(float, NUMBER.findall(kept)), map(float, NUMBER.findall(now)))
    slack = 2e-3 if TRAINED.match(name) else 1e-5
    return all(abs(a - b) <= slack * max(1, abs(a), abs(b)) for a, b in pairs)


def show(name, kept, now):
    lines = list(difflib.unified_diff(kept.rstrip().split("\n"), now.rstrip().split("\n"), "kept", "now", n=1, lineterm=""))[2:]
    for line in lines[:40]:
        print("    " + line[:200])
    if len(lines) > 40:
        print(f"    ... {len(lines) - 40} lines more")
    if not lines:
        print("    (the bytes alone, or what is not kept as text)")


def main():
    golden, root, version = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    codename = re.search(r"^VERSION_CODENAME=(\w+)", open("/etc/os-release").read(), re.M)[1]
    keep = golden / "sums" / f"{codename}.txt"
    folders = ((f"{root}/work", "<WORK>"), (str(root), "<SCRATCH>"), (str(golden.parent.parent), "<SOURCE>"))
    sums, views = look(root, folders, version)
    kept_views = read_views(golden / "text")
    if sys.argv[4:] == ["--update"]:
        keep.parent.mkdir(exist_ok=True)
        (golden / "text").mkdir(exist_ok=True)
        keep.write_text("".join(f"{value}  {name}\n" for name, value in sorted(sums.items())))
        write_views(golden / "text", views)
        print(f"{keep}: {len(sums)} sums")
        return 0
    changed = []
    if keep.exists():
        kept = {name: value for value, name in (line.rstrip("\n").split("  ", 1) for line in keep.open())}
        for name in sorted(kept.keys() | sums.keys()):
            if kept.get(name) != sums.get(name):
                changed.append(name)
                print(f"{'new' if name not in kept else 'gone' if name not in sums else 'changed'}: {name}")
                if name in kept and name in views and name in kept_views:
                    show(name, kept_views[name], views[name])
        what = f"{len(sums)} outputs by their bytes"
    else:
        for name in sorted(kept_views.keys() | views.keys()):
            if name not in kept_views or name not in views:
                changed.append(name)
                print(f"{'new' if name in views else 'gone'}: {name}")
            elif name not in OF_RELEASE and not loosely_equal(name, kept_views[name], views[name]):
                changed.append(name)
                print(f"changed: {name}")
                show(name, kept_views[name], views[name])
        what = f"{len(views)} outputs by what is in them ({codename} has no sums)"
    print(f"{what}: {len(changed) or 'none'} differ{'s' if len(changed) == 1 else ''}")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
