"""make_change.py: FOLDER SEED CELLS [RATE [TRUST]]: what two dates of a county may look like after a run: change.tif, change_probability.tif,
and truth.npy, the codes that are true. TRUST 1: P(changed) is as it says; below, it is less sure than it could be, above, surer than it
should. Its own functions are used by tests/bench/change_labels.py, too."""
import sys

import numpy as np

SHARES = np.array([.08, .22, .04, .30, .06, .10, .20])  # classes 1 to 7; 2 is Developed
GAINS = np.array([.05, .5, .05, .1, .05, .1, .15])  # what changed cells become


def county(seed, n, rate=.03, trust=1., gap=3.):
    """Codes of truth and of the maps, and P in whole percent: n x n each."""
    rng = np.random.default_rng(seed)
    before = rng.choice(np.arange(1, 8), (n, n), p=SHARES)
    changed = rng.random((n, n)) < rate
    after = np.where(changed, rng.choice(np.arange(1, 8), (n, n), p=GAINS), before)
    changed = after != before
    share = changed.mean()
    score = rng.standard_normal((n, n)) + gap * changed
    odds = gap * score - gap * gap / 2 + np.log(share / (1 - share))
    p = np.floor(100 / (1 + np.exp(-trust * odds)) + .5).astype(int)
    # The maps see a change where it is likely, and now and then another one, or one where there is none.
    said = np.where(rng.random((n, n)) < .12, rng.choice(np.arange(1, 8), (n, n), p=GAINS), after)
    other = rng.choice(np.arange(1, 8), (n, n), p=GAINS)
    said = np.where(changed, said, np.where((p >= 20) | (rng.random((n, n)) < .03), other, before))
    code = lambda a, b: np.where(a == b, a, 100 * a + b)
    return code(before, after), code(before, said), p


def write(folder, codes, p, cell=50):
    from osgeo import gdal, osr
    gdal.UseExceptions()
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(26918)
    for name, values, kind, nodata in (("change", codes, gdal.GDT_UInt16, 0), ("change_probability", p, gdal.GDT_Byte, 255)):
        out = gdal.GetDriverByName("GTiff").Create(f"{folder}/{name}.tif", values.shape[1], values.shape[0], 1, kind)
        out.SetGeoTransform((500000, cell, 0, 4700000, 0, -cell))
        out.SetProjection(crs.ExportToWkt())
        out.GetRasterBand(1).SetNoDataValue(nodata)
        if name == "change":
            out.SetMetadataItem("LANDUSE_CODES", "before*100+after, unchanged keeps its class")
        out.GetRasterBand(1).WriteArray(values)


def label(path, truth):
    """Label every place of a sample by the truth."""
    import sqlite3
    with sqlite3.connect(path) as db:
        # The triggers of a GeoPackage call functions that this connection lacks.
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        rows = db.execute("SELECT id, row, col FROM sample").fetchall()
        db.executemany("UPDATE sample SET reference = ? WHERE id = ?", [(int(truth[r, c]), i) for i, r, c in rows])


if __name__ == "__main__":
    truth, codes, p = county(int(sys.argv[2]), int(sys.argv[3]), *(float(x) for x in sys.argv[4:]))
    write(sys.argv[1], codes, p)
    np.save(f"{sys.argv[1]}/truth.npy", truth)
