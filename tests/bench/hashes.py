#!/usr/bin/python3
"""hashes.py FOLDER: two perceptual hashes on the pictures below FOLDER, one class of pictures a folder.

Each picture against a changed copy of itself, and every pair of different pictures: how many are within so many bits.
The table in src/chipset/phash.h is of UC Merced's chips. Needs numpy and Pillow.
"""
import io
import pathlib
import sys

import numpy as np
from PIL import Image

BITS = (2, 4, 6, 8, 10, 12)
COSINES = np.cos(np.pi * np.outer(np.arange(8), 2 * np.arange(32) + 1) / 64)


def boxes(picture, rows, cols):
    """Means of the boxes of a grey picture."""
    grey = np.asarray(picture.convert("RGB"), float).mean(2)
    ys, xs = (np.arange(n) * size // n for n, size in ((rows, grey.shape[0]), (cols, grey.shape[1])))
    sums = np.add.reduceat(np.add.reduceat(grey, ys, 0), xs, 1)
    return sums / np.outer(np.diff(np.append(ys, grey.shape[0])), np.diff(np.append(xs, grey.shape[1])))


def dhash(picture):
    values = boxes(picture, 8, 9)
    return (values[:, 1:] > values[:, :-1]).ravel()


def phash(picture):
    low = (COSINES @ boxes(picture, 32, 32) @ COSINES.T).ravel()[1:]
    return low > np.median(low)


def jpeg(picture, quality):
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def cut(picture, share):
    dx, dy = round(picture.width * share / 2), round(picture.height * share / 2)
    return picture.crop((dx, dy, picture.width - dx, picture.height - dy))


def half(picture):
    return picture.resize((picture.width // 2, picture.height // 2), Image.BICUBIC)


CHANGES = {
    "JPEG 50": lambda p: jpeg(p, 50),
    "half the size": half,
    "half the size, JPEG 50": lambda p: jpeg(half(p), 50),
    "edges cut by 2 %": lambda p: cut(p, 0.02),
    "edges cut by 5 %": lambda p: cut(p, 0.05),
    "lighter": lambda p: p.point(lambda v: min(255, int(v * 1.2 + 10))),
}


def main():
    pictures = [Image.open(path).convert("RGB") for path in sorted(pathlib.Path(sys.argv[1]).glob("*/*.*"))]
    for name, hash_of in (("phash", phash), ("dhash", dhash)):
        own = np.array([hash_of(p) for p in pictures])
        print(f"{name:32}" + "".join(f"{'<= ' + str(b):>9}" for b in BITS))
        for change, make in CHANGES.items():
            away = (np.array([hash_of(make(p)) for p in pictures]) != own).sum(1)
            print(f"  {change:30}" + "".join(f"{(away <= b).mean():9.1%}" for b in BITS))
        pairs = np.concatenate([(own[i + 1:] != own[i]).sum(1) for i in range(len(own))])
        print(f"  {f'{len(pairs)} different pairs':30}" + "".join(f"{(pairs <= b).sum():9}" for b in BITS))


if __name__ == "__main__":
    main()
