#!/usr/bin/python3
"""Write an image again with another colour cast, and with clouds.

usage: spoil_imagery.py IN OUT [--gain a,b,c] [--offset a,b,c] [--clouds SHARE] [--table JSON]
Clouds are white squares of 224 pixels, thrown with a fixed seed. --table takes three lists of 256 values
instead of gains and offsets. Pixels without data keep their mask.
"""
import argparse
import json
import numpy as np
from osgeo import gdal

gdal.UseExceptions()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("source")
    p.add_argument("target")
    p.add_argument("--gain", default="1,1,1")
    p.add_argument("--offset", default="0,0,0")
    p.add_argument("--clouds", type=float, default=0)
    p.add_argument("--table")
    args = p.parse_args()
    source = gdal.Open(args.source)
    pixels = source.ReadAsArray()
    if args.table:
        out = np.stack([np.array(t, np.uint8)[band] for t, band in zip(json.loads(args.table), pixels)])
    else:
        gain, offset = (np.array([float(v) for v in text.split(",")])[:, None, None] for text in (args.gain, args.offset))
        out = np.rint(np.clip(pixels * gain + offset, 0, 255)).astype(np.uint8)
    random = np.random.default_rng(1)
    side = 224
    for row in range(0, out.shape[1], side):
        for col in range(0, out.shape[2], side):
            if random.random() < args.clouds:
                square = out[:, row:row + side, col:col + side]
                square[:] = np.rint(random.normal(240, 4, square.shape)).clip(0, 255)
    target = gdal.GetDriverByName("GTiff").Create(args.target, out.shape[2], out.shape[1], 3, options=["TILED=YES", "COMPRESS=DEFLATE"])
    target.SetGeoTransform(source.GetGeoTransform())
    target.SetProjection(source.GetProjection())
    target.WriteArray(out)
    mask = source.GetRasterBand(1).GetMaskBand()
    if source.GetRasterBand(1).GetMaskFlags() == gdal.GMF_PER_DATASET:
        gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
        target.CreateMaskBand(gdal.GMF_PER_DATASET)
        target.GetRasterBand(1).GetMaskBand().WriteArray(mask.ReadAsArray())


main()
