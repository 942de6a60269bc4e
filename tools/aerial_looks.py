#!/usr/bin/python3
"""aerial_looks.py: the real pictures that the package aerial has learned from, as a labelled set for

    landuse evaluate models/aerial OUT --scheme landcover-7 --keep-reach

which keeps in model.json what they look like. Every chip is there as imagery of 0.3, 0.6 and 1 m shows it, without the
disturbances (light, season, noise) that training adds: imagery beyond the reach may still be mapped well. Drawn chips are
left out: flat colours without a camera's noise, they lie so far from real ones that a reach around both would take in
false-colour imagery, too.

    tools/aerial_looks.py --chips UCMERCED --windows TABLE --imagery NAIP OUT

UCMERCED is a folder of class folders; TABLE (chip, x_px, y_px, size_px, classes) lists
windows of the pictures in NAIP.
"""
import argparse
import csv
import os
import re

from PIL import Image

CENTRE = 224  # px of 0.3 m: the 67.2 m of ground that the network is shown
RESOLUTIONS = (0.3, 0.6, 1.0)


def centre(path):
    picture = Image.open(path).convert("RGB")
    left, top = ((side - CENTRE) // 2 for side in picture.size)
    return picture.crop((left, top, left + CENTRE, top + CENTRE))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    for name in ("--chips", "--windows", "--imagery"):
        parser.add_argument(name, required=True)
    args = parser.parse_args()
    os.makedirs(args.out)
    rows = []

    def keep(picture, label, block):
        name = f"{len(rows):05d}.png"
        picture.save(os.path.join(args.out, name))
        rows.append((name, label, block))

    for label in sorted(os.listdir(args.chips)):
        for name in sorted(os.listdir(os.path.join(args.chips, label))):
            picture = centre(os.path.join(args.chips, label, name))
            number = int(re.findall(r"\d+", name)[-1])
            for gsd in RESOLUTIONS:
                side = round(CENTRE * 0.3 / gsd)
                keep(picture.resize((side, side), Image.BOX), label, f"{label}/{number // 20}")
    with open(args.windows, encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            if row["classes"]:
                picture = Image.open(os.path.join(args.imagery, row["chip"])).convert("RGB")
                x, y, size = (int(row[key]) for key in ("x_px", "y_px", "size_px"))
                # A window's class is one of landcover-7; what it looks like is the same under any name.
                keep(picture.crop((x, y, x + size, y + size)), "agricultural", f"window/{row['chip']}")
    with open(os.path.join(args.out, "index.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("path", "class", "block"))
        writer.writerows(rows)


if __name__ == "__main__":
    main()
