#!/usr/bin/python3
"""painters.py FOLDER [--seed N]: pictures of three painters, to try out training on ordinary photographs.

    FOLDER/train/PAINTER/001.jpg ...    30 pictures of each painter, 4 of them near-duplicates of others
    FOLDER/test/PAINTER/101.png ...     12 others of each, for the end; the first is a near-duplicate of a train picture

strokes paints short strokes that follow a wind, planes sets plain rectangles between black lines, washes lays misty
hills over each other. No two pictures have the same colours, light or shape; JPEG and PNG, 150 to 500 pixels a side.
train/washes/031.jpg is no picture: such files turn up. Needs numpy and GDAL's Python bindings.
"""
import argparse
import pathlib

import numpy as np
from osgeo import gdal

gdal.UseExceptions()
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")


def strokes(rng, height, width):
    ground = rng.uniform(90, 200, 3)
    picture = np.ones((height, width, 3)) * ground
    palette = np.clip(ground + rng.normal(0, 60, (7, 3)), 0, 255)
    wind = rng.uniform(0, np.pi, 3)
    for _ in range(700):
        y, x = rng.uniform(0, height), rng.uniform(0, width)
        angle = wind[0] + np.sin(x / width * 3 + wind[1]) + np.cos(y / height * 3 + wind[2])
        steps = np.arange(0, rng.uniform(8, 22), 0.7)
        color = palette[rng.integers(7)] + rng.normal(0, 12, 3)
        for side in range(-1, 2):
            ys = (y + np.sin(angle) * steps + side * np.cos(angle)).astype(int)
            xs = (x + np.cos(angle) * steps - side * np.sin(angle)).astype(int)
            inside = (ys >= 0) & (ys < height) & (xs >= 0) & (xs < width)
            picture[ys[inside], xs[inside]] = color
    return picture


def planes(rng, height, width):
    white = rng.uniform(215, 245)
    picture = np.full((height, width, 3), white)
    colors = [np.clip(np.array(c) + rng.normal(0, 15, 3), 0, 255)
              for c in ((200, 30, 30), (30, 60, 170), (235, 205, 40), (white, white, white), (white - 25,) * 3)]
    rows = np.unique(np.concatenate([[0, height], rng.integers(10, height - 10, rng.integers(2, 6))]))
    cols = np.unique(np.concatenate([[0, width], rng.integers(10, width - 10, rng.integers(2, 6))]))
    for top, bottom in zip(rows, rows[1:]):
        for left, right in zip(cols, cols[1:]):
            picture[top:bottom, left:right] = colors[rng.integers(5)]
    line = rng.integers(3, 8)
    for y in rows[1:-1]:
        picture[y:y + line] = 20
    for x in cols[1:-1]:
        picture[:, x:x + line] = 20
    return picture


def washes(rng, height, width):
    paper = rng.uniform([200, 195, 180], [235, 230, 220])
    ink = rng.uniform(20, 90, 3)
    picture = np.ones((height, width, 3)) * paper
    x = np.arange(width) / width
    for hill in np.sort(rng.uniform(0.2, 0.9, rng.integers(3, 7))):
        ridge = hill + sum(rng.uniform(0, 0.12) / k * np.sin(2 * np.pi * (k * x + rng.uniform())) for k in (1, 2, 3, 5))
        depth = np.arange(height)[:, None] / height - ridge[None]
        mist = np.where(depth > 0, np.exp(-depth * rng.uniform(4, 9)), 0)[:, :, None] * rng.uniform(0.3, 0.7)
        picture = picture * (1 - mist) + ink * mist
    return picture


def paint(painter, rng):
    height, width = rng.integers(150, 500, 2)
    light, noise = rng.uniform(0.8, 1.15), rng.normal(0, 3, (height, width, 1))
    return np.clip(painter(rng, height, width) * light + noise, 0, 255).astype(np.uint8)


def copy(picture, rng):
    """As it comes back from the web: another size, edges trimmed."""
    trim = picture.shape[0] // 100, picture.shape[1] // 100
    picture = picture[trim[0]:picture.shape[0] - trim[0], trim[1]:picture.shape[1] - trim[1]]
    scale = rng.uniform(0.5, 0.8)
    height, width = (int(n * scale) for n in picture.shape[:2])
    memory = gdal.Translate("", dataset(picture), format="MEM", width=width, height=height, resampleAlg="bilinear")
    return np.moveaxis(memory.ReadAsArray(), 0, 2)


def dataset(picture):
    memory = gdal.GetDriverByName("MEM").Create("", picture.shape[1], picture.shape[0], 3)
    for band in range(3):
        memory.GetRasterBand(band + 1).WriteArray(np.ascontiguousarray(picture[:, :, band]))
    return memory


def save(picture, folder, number, quality):
    folder.mkdir(parents=True, exist_ok=True)
    if quality:
        gdal.GetDriverByName("JPEG").CreateCopy(str(folder / f"{number:03d}.jpg"), dataset(picture),
                                                options=[f"QUALITY={quality}"])
    else:
        gdal.GetDriverByName("PNG").CreateCopy(str(folder / f"{number:03d}.png"), dataset(picture))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for k, painter in enumerate((strokes, planes, washes)):
        rng = np.random.default_rng([arguments.seed, k])
        own = [paint(painter, rng) for _ in range(26)]
        train, test = arguments.folder / "train" / painter.__name__, arguments.folder / "test" / painter.__name__
        for i, picture in enumerate(own, 1):
            save(picture, train, i, 0 if i % 3 == 0 else 90)
        for i in range(4):
            save(copy(own[5 * i], rng), train, 27 + i, 60)
        save(copy(own[1], rng), test, 101, 60)
        for i in range(11):
            save(paint(painter, rng), test, 102 + i, 0 if i % 3 == 0 else 90)
    (arguments.folder / "train" / "washes" / "031.jpg").write_text("This file was saved by mistake.\n")


if __name__ == "__main__":
    main()
